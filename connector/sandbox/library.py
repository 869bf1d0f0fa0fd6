"""What a listener has saved and whom they follow.

One `Shelf` a kind, shared by the old endpoints and by `/me/library`. Entries are named by their position in the
catalogue where they have one, so that a shelf of 100,000 tracks is a dictionary of numbers.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf
from typing import Final

from connector.sandbox.clock import Clock
from connector.sandbox.ids import make_id, position_of
from connector.sandbox.playlists import is_user
from connector.sandbox.traits import spread

Key = int | str

_KINDS: Final = ("track", "album", "artist", "playlist", "episode", "show", "audiobook", "user")
_FIRST_SAVE_S: Final = 1_748_736_000  # 2025-06-01T00:00:00Z
_SAVE_GAP_S: Final = 47 * 60
_LATE_EACH: Final = 2


@dataclass(frozen=True)
class LibraryRules:
    """How the library is told, for tests to change.

    Attributes:
        late_s: every second save is told only so many seconds after it was made, at its own place among newer ones.
        most_followed: of how many followed artists is told, 0 for all: the service once told of 50 for some days.
    """

    late_s: int = 0
    most_followed: int = 0


@dataclass
class Entry:
    """When something was saved, and from when on that is told (s since 1970); and, for a playlist, whether it is
    followed publicly."""

    added_s: float
    is_public: bool = True
    told_s: float = 0.0


class Shelf:
    """Things of one kind, newest first.

    Args:
        kind: a Spotify kind such as "track".
        clock: the sandbox's.

    Attributes:
        late_s: as in `LibraryRules`.
    """

    def __init__(self, kind: str, clock: Clock) -> None:
        self.kind = kind
        self.late_s = 0
        self._clock = clock
        self._saves = 0
        self._entries: dict[Key, Entry] = {}
        self._newest_first: list[Key] | None = None
        self._sorted_ids: list[str] | None = None
        self._until_s = inf

    def __len__(self) -> int:
        return len(self._told())

    def fill(self, count: int, first: int | None = None) -> None:
        """Replace everything by `count` things of the catalogue: those from the position `first` on, or here and there
        among those that lists and searches draw from."""
        self.empty()
        for place in range(count - 1, -1, -1):
            position = spread(place, count, self.kind) if first is None else first + place
            self._entries[position] = Entry(_FIRST_SAVE_S - place * _SAVE_GAP_S)

    def empty(self) -> None:
        """Take everything off the shelf."""
        self._entries = {}
        self._forget_order()

    def find(self, identifier: str) -> Key | None:
        """The key under which `identifier` stands or would stand here; None where no such thing exists."""
        if self.kind == "user":
            return identifier if is_user(identifier) else None
        return position_of(self.kind, identifier)

    def add(self, keys: Iterable[Key], added_s: float, is_public: bool = True) -> None:
        """Put keys on the shelf at `added_s` (s since 1970).

        What is there already comes first again with a new date, but for playlists, which stay where they are.
        """
        for key in keys:
            if self.kind != "playlist":
                self._entries.pop(key, None)
            if key not in self._entries:
                self._saves += 1
                late_s = self.late_s if self._saves % _LATE_EACH == 0 else 0
                self._entries[key] = Entry(added_s, told_s=added_s + late_s)
            self._entries[key].is_public = is_public
        self._forget_order()

    def remove(self, keys: Iterable[Key]) -> None:
        """Take keys off the shelf; what isn't there is passed over."""
        for key in keys:
            self._entries.pop(key, None)
        self._forget_order()

    def holds(self, identifier: str) -> bool:
        """Whether `identifier` is on the shelf."""
        return self.find(identifier) in self._entries

    def newest(self, start: int, count: int) -> Sequence[tuple[Key, Entry]]:
        """`count` entries from `start` on, newest first."""
        return [(key, self._entries[key]) for key in self._told()[start : start + count]]

    def after(self, cursor: str | None, count: int, most: int | None = None) -> tuple[list[str], bool]:
        """Ids behind `cursor` in id order, as `GET /me/following` gives them.

        Args:
            cursor: an id, which need not be on the shelf any more; None starts at the beginning.
            count: how many at most.
            most: of how many ids anything is told, None for all.

        Returns:
            The ids, and whether more follow.
        """
        told = self._told()
        if self._sorted_ids is None:
            self._sorted_ids = sorted(key if isinstance(key, str) else make_id(self.kind, key) for key in told)
        ids = self._sorted_ids[:most]
        start = 0 if cursor is None else bisect_right(ids, cursor)
        return ids[start : start + count], start + count < len(ids)

    def _told(self) -> list[Key]:
        """What is told at this time, newest first."""
        now_s = self._clock.now_s()
        if now_s >= self._until_s:
            self._forget_order()
        if self._newest_first is None:
            told = [key for key, entry in self._entries.items() if entry.told_s <= now_s]
            self._newest_first = told[::-1]
            self._until_s = min((entry.told_s for entry in self._entries.values() if entry.told_s > now_s), default=inf)
        return self._newest_first

    def _forget_order(self) -> None:
        self._newest_first = None
        self._sorted_ids = None


class Library:
    """A listener's shelves: `library["track"]`.

    Args:
        clock: the sandbox's.
    """

    def __init__(self, clock: Clock) -> None:
        self._shelves = {kind: Shelf(kind, clock) for kind in _KINDS}
        self._rules = LibraryRules()

    @property
    def rules(self) -> LibraryRules:
        """How the library is told."""
        return self._rules

    @rules.setter
    def rules(self, rules: LibraryRules) -> None:
        self._rules = rules
        for shelf in self._shelves.values():
            shelf.late_s = rules.late_s

    def __getitem__(self, kind: str) -> Shelf:
        return self._shelves[kind]

    def __contains__(self, kind: object) -> bool:
        return kind in self._shelves

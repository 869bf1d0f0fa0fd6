"""What a listener has saved and whom they follow.

One `Shelf` a kind, shared by the old endpoints and by `/me/library`. Entries are named by their position in the
catalogue where they have one, so that a shelf of 100,000 tracks is a dictionary of numbers.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from connector.sandbox.ids import make_id, position_of
from connector.sandbox.playlists import is_user
from connector.sandbox.traits import spread

Key = int | str

_KINDS: Final = ("track", "album", "artist", "playlist", "episode", "show", "audiobook", "user")
_FIRST_SAVE_S: Final = 1_748_736_000  # 2025-06-01T00:00:00Z
_SAVE_GAP_S: Final = 47 * 60


@dataclass
class Entry:
    """When something was saved (s since 1970) and, for a playlist, whether it is followed publicly."""

    added_s: float
    is_public: bool = True


class Shelf:
    """Things of one kind, newest first.

    Args:
        kind: a Spotify kind such as "track".
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._entries: dict[Key, Entry] = {}
        self._newest_first: list[Key] | None = None
        self._sorted_ids: list[str] | None = None

    def __len__(self) -> int:
        return len(self._entries)

    def fill(self, count: int) -> None:
        """Replace everything by `count` things of the catalogue."""
        self.empty()
        places = range(count - 1, -1, -1)
        self._entries = {
            spread(place, count, self.kind): Entry(_FIRST_SAVE_S - place * _SAVE_GAP_S) for place in places
        }

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
            self._entries.setdefault(key, Entry(added_s)).is_public = is_public
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
        if self._newest_first is None:
            self._newest_first = list(reversed(self._entries))
        return [(key, self._entries[key]) for key in self._newest_first[start : start + count]]

    def after(self, cursor: str | None, count: int) -> tuple[list[str], bool]:
        """Ids behind `cursor` in id order, as `GET /me/following` gives them.

        Args:
            cursor: an id, which need not be on the shelf any more; None starts at the beginning.
            count: how many at most.

        Returns:
            The ids, and whether more follow.
        """
        if self._sorted_ids is None:
            self._sorted_ids = sorted(key if isinstance(key, str) else make_id(self.kind, key) for key in self._entries)
        start = 0 if cursor is None else bisect_right(self._sorted_ids, cursor)
        return self._sorted_ids[start : start + count], start + count < len(self._sorted_ids)

    def _forget_order(self) -> None:
        self._newest_first = None
        self._sorted_ids = None


class Library:
    """A listener's shelves: `library["track"]`."""

    def __init__(self) -> None:
        self._shelves = {kind: Shelf(kind) for kind in _KINDS}

    def __getitem__(self, kind: str) -> Shelf:
        return self._shelves[kind]

    def __contains__(self, kind: object) -> bool:
        return kind in self._shelves

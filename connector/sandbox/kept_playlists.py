"""What a playlist holds, and what becomes of one that is made or changed: its details, items and snapshots.

A `snapshot_id` is what clients see of a playlist's version. The service's reads lag behind its writes, so that for a
while after a write they may show the one before, or one that nobody has seen.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from connector.sandbox.playables import Playable

_SNAPSHOT: Final = "sandbox-snapshot"


@dataclass(frozen=True)
class PlaylistRules:
    """How playlists behave, for tests to change.

    Attributes:
        snapshot_delay_s: how long after a write reads show old and unknown snapshots by turns, in seconds.
        max_items: with how many items a playlist is full.
        full_status: what adding to a full one is answered with, 500 or 403.
        first_items: how many items at most are on one that nobody changed.
    """

    snapshot_delay_s: int = 0
    max_items: int = 10_000
    full_status: int = 500
    first_items: int = 140


@dataclass(frozen=True)
class Item:
    """One entry of a playlist.

    Attributes:
        content: a track or an episode; a number for the listener's own file of that name; None where nothing is left.
        added_s: when it was added, in seconds since 1970; None where nobody knows any more.
        added_by: the user who did.
    """

    content: Playable | int | None
    added_s: float | None
    added_by: str


@dataclass
class KeptPlaylist:
    """A playlist that was made or changed.

    Attributes:
        position: its position among the playlists.
        items: what is on it, in order.
        details: fields that were set, e.g. `name`.
        cover: the JPEG that was uploaded, None without one.
    """

    position: int
    items: list[Item]
    details: dict[str, Any] = field(default_factory=dict)
    cover: bytes | None = None
    _version: int = 0
    _changed_s: float = 0.0
    _reads: int = 0

    def touch(self, now_s: float) -> str:
        """Note a change at `now_s` (s since 1970), and give the new snapshot."""
        self._version += 1
        self._changed_s = now_s
        self._reads = 0
        return self._snapshot(self._version)

    def read_snapshot(self, now_s: float, delay_s: float) -> str:
        """The snapshot that a read at `now_s` shows, where reads lag behind by up to `delay_s` seconds."""
        newest = self._snapshot(self._version)
        if now_s >= self._changed_s + delay_s:
            return newest
        self._reads += 1
        return (self._snapshot(self._version - 1), f"{newest}-unsettled", newest)[(self._reads - 1) % 3]

    def knows(self, snapshot_id: str) -> bool:
        """Whether the playlist ever had this snapshot, or showed it."""
        found = re.fullmatch(rf"{_SNAPSHOT}-{self.position}(?:-([0-9]+)(?:-unsettled)?)?", snapshot_id)
        return found is not None and int(found[1] or 0) <= self._version

    def _snapshot(self, version: int) -> str:
        return first_snapshot(self.position) + (f"-{version}" if version else "")

    def insert(self, items: Sequence[Item], place: int) -> None:
        """Put items in before the one at `place`, from 0."""
        self.items[place:place] = items

    def move(self, start: int, length: int, before: int) -> None:
        """Move `length` items from place `start` to before the one that is at place `before` now."""
        moved = self.items[start : start + length]
        rest_before = before if before <= start else max(start, before - length)
        del self.items[start : start + length]
        self.items[rest_before:rest_before] = moved

    def remove(self, contents: Sequence[Playable]) -> None:
        """Take every copy of these off."""
        self.items = [item for item in self.items if item.content not in contents]


def first_snapshot(position: int) -> str:
    """The snapshot of the playlist at `position` before any change."""
    return f"{_SNAPSHOT}-{position}"

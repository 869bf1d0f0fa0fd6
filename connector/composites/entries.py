"""Entries of lists as planning sees them: what tells each apart, and which are the same thing."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

#: What the key of an entry begins with that nothing tells apart; its place follows.
UNREADABLE: Final = "\0"
#: Lengths of one recording differ by less.
_NEAR_MS: Final = 3_000


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a list. `key` is what the list's keeper knows it by, `names` all that say what it is, the key among
    them; an entry that `is_fixed` could not be put back once it is removed, so it never is. `added` is when it came,
    where that is known; `title` is what it is called; `data` is the entry as its block gives it."""

    key: str
    names: frozenset[str]
    is_fixed: bool = False
    added: str | None = None
    data: Any = field(default=None, repr=False)
    title: str | None = None


def name_recording(isrc: Any, title: Any, artist: Any, length_ms: Any) -> Iterator[str]:
    """Names that entries of one recording share: its code, or else title, artist and about its length. Two lengths that
    lie less than a second and a half apart share one of two names."""
    if isinstance(isrc, str) and isrc:
        yield f"isrc {isrc.upper()}"
    if isinstance(title, str) and isinstance(artist, str) and isinstance(length_ms, int):
        song = " ".join(f"{artist} {title}".casefold().split())
        yield f"a {length_ms // _NEAR_MS} {song}"
        yield f"b {(length_ms + _NEAR_MS // 2) // _NEAR_MS} {song}"


class Sameness:
    """Which entries are the same: those that share a name, and those that do so with a third one."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._parents: dict[str, str] = {}
        for entry in entries:
            first, *rest = sorted(entry.names)
            for name in rest:
                self._parents[self._find(name)] = self._find(first)

    def identify(self, entry: Entry) -> str:
        """What is equal for entries that are the same."""
        return self._find(min(entry.names))

    def _find(self, name: str) -> str:
        root = name
        while (parent := self._parents.get(root, root)) != root:
            root = parent
        while (parent := self._parents.get(name, name)) != root:
            self._parents[name], name = root, parent
        return root


def match_copies(current: Sequence[Entry], wanted: Sequence[Entry], same: Sameness) -> list[int | None]:
    """For each of `wanted` the place in `current` of an entry that is the same, each place once and the first ones
    first; `None` where there is none left."""
    places: dict[str, deque[int]] = defaultdict(deque)
    for place, entry in enumerate(current):
        places[same.identify(entry)].append(place)
    found: list[int | None] = []
    for entry in wanted:
        left = places.get(same.identify(entry))
        found.append(left.popleft() if left else None)
    return found


def drop_copies(entries: Iterable[Entry], same: Sameness) -> Iterator[Entry]:
    """The entries without those that are the same as an earlier one."""
    seen: set[str] = set()
    for entry in entries:
        name = same.identify(entry)
        if name not in seen:
            seen.add(name)
            yield entry

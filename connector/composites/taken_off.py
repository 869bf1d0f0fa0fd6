"""What is off a list for a moment, because its copies had to go or all is put there anew, and has to come back."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Sequence

from connector.composites.entries import Entry


class TakenOff:
    """Entries that were, or may have been, taken off a list on its way to what it shall hold."""

    def __init__(self) -> None:
        #: By their places in what the list shall hold.
        self._entries: dict[int, Entry] = {}
        #: The keys that it shall hold, from when something is taken off until all stands at its place.
        self._after: Sequence[str] = ()
        #: How many of those that share a key with one of them stand on the list again.
        self._back: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def entries(self) -> list[Entry]:
        """What is off, in its order."""
        return [self._entries[goal] for goal in sorted(self._entries)]

    @property
    def is_begun(self) -> bool:
        """Whether anything was taken off that isn't back at its place, or may not be."""
        return bool(self._after)

    def copy(self) -> TakenOff:
        """The same, which is changed for itself."""
        made = TakenOff()
        made._entries, made._after, made._back = dict(self._entries), self._after, Counter(self._back)
        return made

    def take(self, entries: Iterable[tuple[int, Entry]], after: Sequence[str]) -> None:
        """These are taken off, with every copy of them, on the way to a list that holds the keys `after`."""
        self._after = after
        for goal, entry in entries:
            self._entries[goal] = entry
            del self._back[entry.key]

    def put_back(self, keys: Iterable[str]) -> None:
        """So many of them are on the list again."""
        self._back.update(self._drop(Counter(keys)))

    def finish(self) -> None:
        """All is written."""
        self._after = ()

    def look(self, entries: Sequence[Entry]) -> None:
        """Those that are found on the list, as often as it holds their keys, are not off, or not any more."""
        there = Counter(entry.key for entry in entries)
        self._drop(there - self._back)
        self._back = Counter({entry.key: there[entry.key] for entry in self._entries.values()})

    def find_places(self, there: Sequence[Entry]) -> list[int]:
        """The places of `there`, and those behind them for `entries`, in the order in which all should stand. What
        others have put there stands behind what it stands behind."""
        places: dict[str, deque[int]] = defaultdict(deque)
        for place, entry in enumerate(there):
            places[entry.key].append(place)
        # What was not meant to be there stands in a group with what is in front of it.
        groups: dict[int, list[int]] = {-1: []}
        off = {goal: len(there) + index for index, goal in enumerate(sorted(self._entries))}
        order = [-1]
        for goal, key in enumerate(self._after):
            if goal in off or places[key]:
                order.append(off[goal] if goal in off else places[key].popleft())
        known, last = set(order), -1
        for place in range(len(there)):
            last = place if place in known else last
            groups.setdefault(last, []).append(place)
        return [each for place in order for each in groups.get(place, [place])]

    def _drop(self, found: Counter[str]) -> list[str]:
        left, dropped = Counter(found), []
        for goal in sorted(self._entries):
            key = self._entries[goal].key
            if left[key] > 0:
                left[key] -= 1
                dropped.append(key)
                del self._entries[goal]
        return dropped

"""Additions to a list that has the newest in front, as a rule by reading its first page alone.

The memory is the newest 200 entries that were told, each with its time. An entry that is not among them is new where
it bears a later time than the oldest of them, wherever in the list it stands: entries arrive late, with older times,
and many may bear one time. The total tells whether the first page is all that need be read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from connector.triggers.reader import Part
from connector.triggers.watch import Entry, Happening, Seen, Watch, sign

_KEPT: Final = 200
#: How many times a list is read anew that changes while it is read.
_TRIES: Final = 3
#: Entries of one time that are looked through at most; who saves more at once is told of the rest by the total.
_DEEPEST: Final = 2_000


class _Memory(NamedTuple):
    """Marks and times of the newest entries, the newest first; how many entries the list has from those on; the time
    after which all that there was is among them, empty where they are the whole list; and whether the list kept still
    while it was read."""

    marks: list[str]
    times: list[str]
    total: int
    floor: str
    is_settled: bool = True

    @property
    def newest(self) -> str:
        return max(self.times, default="")

    def is_new(self, entry: Entry) -> bool:
        return entry.mark not in self.marks and ((entry.time or "") > self.floor or not self.floor)


def look(watch: Watch, memory: Any) -> Seen:
    """What came into the list since `memory`."""
    if memory is None:
        return _begin(watch)
    known = _Memory(*memory)
    head = watch.reader.read_part()
    fresh, above, is_settled = _find_fresh(watch, known, head)
    told = fresh[-watch.most :]
    above += len(fresh) - len(told)
    total = known.total if head.total is None else head.total
    return Seen(
        [Happening(entry.key, entry.time, entry.data) for entry in reversed(told)],
        _remember(told, known, total - above, is_settled=is_settled),
        more=above > 0,
    )


def _begin(watch: Watch) -> Seen:
    entries: list[Entry] = []
    part = watch.reader.read_part()
    entries += _identify(watch, part)
    ghosts = list(_iter_ghosts(watch, part))
    while not part.is_last and (len(entries) < watch.also_last or not _ends(entries)) and part.offset < _DEEPEST:
        part = watch.reader.read_part(part.offset + len(part.entries))
        entries += _identify(watch, part)
        ghosts += _iter_ghosts(watch, part)
    total = part.total if part.total is not None else len(entries)
    # Where more follows, others may bear the last one's time.
    floor = "" if part.is_last or not entries else entries[-1].time or ""
    memory = _Memory([], [], total, floor)
    told = [Happening(entry.key, entry.time, entry.data) for entry in entries[: watch.also_last]]
    return Seen(told[::-1], _remember([*entries, *ghosts], memory, total))


def _ends(entries: Sequence[Entry]) -> bool:
    """Whether all entries of the newest time are among these."""
    return bool(entries) and entries[-1].time != entries[0].time


def _find_fresh(watch: Watch, known: _Memory, head: Part) -> tuple[list[Entry], int, bool]:
    """New entries in the list's order, the oldest of them at least; how many stand above these; and whether the list
    kept still meanwhile."""
    grown = _count_growth(known, head)
    start = 0
    if grown > watch.most + watch.reader.size:
        # Too many to tell at once: the oldest of them, which come first, stand about here.
        start = grown - watch.most
    is_still = True
    for _ in range(_TRIES):
        parts = _read_down(watch, known, head, start, grown)
        fresh = _unite(watch, known, parts)
        while start and len(fresh) < watch.most:
            # There are fewer new ones below than the total let expect: some were taken out meanwhile.
            start = max(0, start - watch.reader.size)
            part = watch.reader.read_part(start)
            fresh = _unite(watch, known, [part, *parts])
            parts = [part, *parts]
        is_still = len(parts) == 1
        if is_still:
            break
        again = watch.reader.read_part()
        is_still = _look_alike(head, again)
        head = again
        if is_still:
            break
        grown = _count_growth(known, head)
    return fresh, start, is_still


def _count_growth(known: _Memory, head: Part) -> int:
    return 0 if head.total is None else head.total - known.total


def _read_down(watch: Watch, known: _Memory, head: Part, start: int, grown: int) -> list[Part]:
    """The pages from `start` on, down to where nothing new can stand."""
    parts = [head if start == 0 else watch.reader.read_part(start)]
    while not parts[-1].is_last and parts[-1].entries:
        fresh = len(_unite(watch, known, parts))
        last = next((e for e in reversed(_identify(watch, parts[-1]))), None)
        is_below = last is not None and (last.mark in known.marks or (last.time or "") < known.newest)
        is_short = not start and fresh < min(grown, watch.most)
        is_bottom = last is not None and (last.time or "") <= known.floor
        if is_below and (is_bottom or not (is_short or watch.is_thorough or not known.is_settled)):
            break
        parts.append(watch.reader.read_part(parts[-1].offset + len(parts[-1].entries)))
    return parts


def _unite(watch: Watch, known: _Memory, parts: Sequence[Part]) -> list[Entry]:
    """What is new in these pages, the newest first; not what was there before and only showed nothing."""
    ghosts = {ghost.mark for part in parts for ghost in _iter_ghosts(watch, part)}
    found = {entry.mark: entry for part in parts for entry in _identify(watch, part) if known.is_new(entry)}
    fresh = [entry for entry in found.values() if (ghost := _to_ghost(entry)) not in known.marks or ghost in ghosts]
    return sorted(fresh, key=lambda entry: entry.time or "", reverse=True)


def _identify(watch: Watch, part: Part) -> list[Entry]:
    return [entry for data in part.entries if (entry := watch.identify(data)) is not None]


def _iter_ghosts(watch: Watch, part: Part) -> Iterator[Entry]:
    """Entries that show nothing but when they came: null stands for them, for now or for good."""
    for data in part.entries:
        key = None if data is None else watch.find("key", data)
        if isinstance(key, list) and key[0] is None and any(key[1:]):
            yield Entry(None, key, sign(key), watch.find("time", data))


def _to_ghost(entry: Entry) -> str | None:
    return sign([None, *entry.key[1:]]) if isinstance(entry.key, list) else None


def _look_alike(one: Part, other: Part) -> bool:
    return (one.total, one.entries) == (other.total, other.entries)


def _remember(told: Sequence[Entry], known: _Memory, total: int, *, is_settled: bool = True) -> list[Any]:
    pairs = [(entry.mark, entry.time or "") for entry in told] + list(zip(known.marks, known.times, strict=True))
    pairs.sort(key=lambda pair: pair[1], reverse=True)
    end = next((at for at in range(_KEPT, len(pairs)) if pairs[at][1] != pairs[at - 1][1]), len(pairs))
    floor = pairs[end][1] if end < len(pairs) else known.floor
    return [[mark for mark, _ in pairs[:end]], [time for _, time in pairs[:end]], total, floor, is_settled]

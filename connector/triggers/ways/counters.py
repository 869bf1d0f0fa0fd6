"""Which of many things changed, as one list of them tells by a count or a version each; where there is more to read of
a thing, it is read only then.

The memory is, for each thing, its count and, once it was read, the newest entries of it. Its entries may stand with the
newest in front or at the end, as their dates tell. A version may waver after a change: it counts when it is seen twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, takewhile
from typing import Any, Final

from connector.triggers.watch import Entry, Happening, Seen, Watch, find, take_latest

#: How many entries of a thing are remembered.
_KEPT: Final = 10
#: Of how many things at most the latest entries are read for the first look.
_MOST_READ: Final = 25
#: Seconds after which a version, or a list that changes while it is read, has settled.
_SETTLED_S: Final = 60
#: How many looks an entry is waited for that is null when it comes.
_PATIENCE: Final = 20


def look(watch: Watch, memory: Any) -> Seen:
    """What came to the things whose count is another than in `memory`, or the things whose version is."""
    known: dict[str, list[Any]] = memory or {}

    def name_of(data: Any) -> Any:
        return find(watch.words["thing"], data)

    whole = watch.reader.read_steadily(name_of, lambda names: bool(known) and known.keys() <= set(names))
    if whole is None:
        return Seen([], memory, next_s=_SETTLED_S)
    things = {name: data for data in whole.entries if isinstance(name := name_of(data), str)}
    counts = {name: find(watch.words["count"], data) for name, data in things.items()}
    if memory is None:
        return _begin(watch, counts)
    return _look_into(watch, known, counts) if "each" in watch.words else _compare(watch, known, counts, things)


def _begin(watch: Watch, counts: dict[str, Any]) -> Seen:
    """Sets the mark, and tells the latest entries of all things where that is asked and takes few enough calls. Which
    thing changed last, no list of them tells."""
    now: dict[str, list[Any]] = {name: [count, []] for name, count in counts.items()}
    if not watch.also_last or "each" not in watch.words or len(counts) > _MOST_READ:
        return Seen([], now)
    latest: list[Happening] = []
    for name, count in counts.items():
        found, total = _read_latest(watch, name, None)
        entries = [entry for data in found if (entry := watch.identify(data))]
        latest += [Happening([name, entry.key], entry.time, entry.data) for entry in entries[: watch.also_last]]
        now[name] = [max(count, total) if isinstance(count, int) else count, [entry.mark for entry in entries[:_KEPT]]]
    return Seen(take_latest(latest, watch.also_last), now)


def _compare(watch: Watch, known: dict[str, list[Any]], versions: dict[str, Any], things: dict[str, Any]) -> Seen:
    now: dict[str, list[Any]] = {}
    happenings: list[Happening] = []
    is_settled, more = True, False
    for name, version in versions.items():
        before, wavering = known.get(name, [version, []])
        # Where none is told for once, the one before stands.
        is_changed = version not in (before, None) and wavering == [version]
        if is_changed and len(happenings) < watch.most:
            happenings.append(Happening([name, version], watch.find("time", things[name]), things[name]))
            now[name] = [version, []]
        else:
            now[name] = [before, [] if version in (before, None) else [version]]
            more = more or is_changed
            is_settled = is_settled and version in (before, None)
    return Seen(happenings, now, more, None if is_settled else _SETTLED_S)


def _look_into(watch: Watch, known: dict[str, list[Any]], counts: dict[str, Any]) -> Seen:
    now: dict[str, list[Any]] = {}
    happenings: list[Happening] = []
    more = False
    for name, count in counts.items():
        before, marks, waited = [*known.get(name, [count, []]), 0][:3]
        is_read = isinstance(count, int) and isinstance(before, int) and (count > before or (marks and count < before))
        if not is_read:
            now[name] = [count, marks]
        elif len(happenings) >= watch.most:
            # Its turn comes with the next look, for which it must seem as it was.
            now[name] = known[name]
            more = True
        else:
            line, come, nulls, total = _read_news(watch, name, count, before, marks)
            # More may have come since the list of things was read.
            count = max(count, total)
            told = come[::-1][: watch.most - len(happenings)]
            happenings += [Happening([name, entry.key], entry.time, entry.data) for entry in told]
            later = len(come) - len(told)
            more = more or later > 0
            marks = [entry.mark for entry in line[later:]][:_KEPT]
            is_awaited = nulls > 0 and waited < _PATIENCE
            now[name] = [count - later - nulls, marks, waited + 1] if is_awaited else [count - later, marks]
    return Seen(happenings, now, more)


def _read_news(
    watch: Watch, name: str, count: int, before: int, marks: Sequence[str]
) -> tuple[list[Entry], list[Entry], int, int]:
    """The latest entries of a thing, the newest first; those of them that are new; how many new ones are null; and how
    many entries it has."""
    found, total = _read_latest(watch, name, before)
    grown = max(count, total) - before
    entries: list[tuple[Any, Entry | None]] = []
    for data in found:
        entry = watch.identify(data)
        # Where the list shifts while it is read, two pages show one entry.
        if entry is None or all(other is None or other.mark != entry.mark for _, other in entries):
            entries.append((data, entry))
    if any(entry and entry.mark in marks for _, entry in entries):
        new = list(takewhile(lambda pair: not (pair[1] and pair[1].mark in marks), entries))
    else:
        new = entries[: max(0, grown)]
    line = [entry for _, entry in entries if entry]
    return line, [entry for _, entry in new if entry], sum(data is None for data, _ in new), total


def _read_latest(watch: Watch, name: str, before: int | None) -> tuple[list[Any], int]:
    """A page of a thing's latest entries, or as many pages as hold all that came since it had `before`, the newest
    first; and how many entries it had with the newest of these."""
    each = watch.words["each"]
    args = {each["field"]: name}
    head = watch.reader.read_other_part(each["block"], args)
    times = [watch.find("time", data) or "" for data in head.entries if data is not None]
    is_rising = sum(a < b for a, b in pairwise(times)) > sum(a > b for a, b in pairwise(times))
    found, total = list(head.entries), head.total or len(head.entries)
    before = total if before is None else before
    if head.is_last or not found:
        return found[::-1] if is_rising else found, total
    if not is_rising:
        # What comes meanwhile moves the rest on: later pages show as many entries again.
        latest = total
        while len(found) <= latest - before:
            part = watch.reader.read_other_part(each["block"], args, len(found))
            found += part.entries
            latest = max(latest, part.total or 0)
            if part.is_last or not part.entries:
                break
        return found, total
    # Where the oldest stand in front, the newest are on the last pages, of which one is read beyond what is new.
    start = max(0, min(total - len(head.entries), before - 1))
    found = []
    while start + len(found) < total:
        part = watch.reader.read_other_part(each["block"], args, start + len(found))
        found += part.entries
        if part.is_last or not part.entries:
            break
    return found[::-1], start + len(found)

"""Changes in many things that each need a call of their own: some of them at each look, all of them in turn.

The memory is what is left of the round, of each thing the newest time and the entries that stood on its first page, and
what was told last. An entry is new where it isn't among those and bears no time long before the newest: re-issues are
dated back.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from connector.manifest.polling_costs import PER_LOOK
from connector.triggers.watch import Entry, Happening, Seen, Watch, find

#: How many entries of a thing are remembered, and how many that were told.
_KEPT: Final = 20
_TOLD: Final = 200


def look(watch: Watch, memory: Any) -> Seen:
    """What came to the things whose turn it is."""
    things: dict[str, list[Any]] = dict(memory["things"]) if memory else {}
    told: list[str] = list(memory["told"]) if memory else []
    left: list[str] = list(memory["left"]) if memory else []
    if not left:
        left = list(dict.fromkeys(_iter_turns(watch)))
        things = {turn: things[turn] for turn in left if turn in things}
    count = watch.words.get("per_look", PER_LOOK)
    happenings: list[Happening] = []
    for turn in left[:count]:
        entries = _read(watch, turn)
        newest, marks = things.get(turn, ["", []])
        if turn in things:
            come = [
                entry for entry in entries if entry.mark not in (*marks, *told) and not _is_older(entry.time, newest)
            ]
            happenings += [Happening(e.key, e.time, e.data) for e in sorted(come, key=lambda entry: entry.time or "")]
            told += [entry.mark for entry in come]
        here = [entry.mark for entry in entries]
        times = [newest, *(entry.time or "" for entry in entries)]
        things[turn] = [max(times), [*here, *(mark for mark in marks if mark not in here)][:_KEPT]]
    return Seen(happenings, {"things": things, "told": told[-_TOLD:], "left": left[count:]})


def _iter_turns(watch: Watch) -> Iterator[str]:
    """The things, each as often as it has kinds of entries that are asked for one by one."""
    kinds = watch.options.get("kinds") or watch.words["each"].get("kinds", [""])
    for data in watch.reader.read_all().entries:
        name = find(watch.words["thing"], data)
        if isinstance(name, str):
            yield from (f"{name} {kind}" for kind in kinds)


def _read(watch: Watch, turn: str) -> list[Entry]:
    each = watch.words["each"]
    name, _, kind = turn.partition(" ")
    args = {each["field"]: name, **({each["kind"]: [kind]} if kind else {})}
    found = watch.reader.read_other_part(each["block"], args).entries
    return list({entry.mark: entry for data in found if (entry := watch.identify(data))}.values())


def _is_older(time: str | None, newest: str) -> bool:
    """Whether `time` lies a month or more before `newest`, as far as both tell: `2026`, `2026-11` or `2026-11-27`."""
    return bool(newest) and _count_months(time or "", newest) < _count_months(newest, time or "") - 1


def _count_months(time: str, other: str) -> int:
    """Months since the year 0; by the year alone where either tells no more."""
    year, month = time[:4], time[5:7] if len(time) > 4 and len(other) > 4 else ""
    return int(year or 0) * 12 + int(month or 0) if (year + month).isdecimal() or not year else 0

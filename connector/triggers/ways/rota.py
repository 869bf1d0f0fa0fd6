"""Changes in many things that each need a call of their own: some of them at each look, all of them in turn.

The memory is what is left of the round, of each thing the newest time and the entries that stood on its first page, and
what was told last. An entry is new where it isn't among those and bears no time long before the newest: re-issues are
dated back.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from connector.manifest.polling_costs import PER_LOOK
from connector.triggers.watch import Entry, Happening, Seen, Watch, find, take_latest

#: How many entries of a thing are remembered, and how many that were told.
_KEPT: Final = 20
_TOLD: Final = 200
#: For how many rounds a thing is remembered that the list doesn't show: it was cut for some days once.
_ROUNDS_MISSED: Final = 14
#: How many pages of new entries are read at most.
_DEEPEST: Final = 5
#: Seconds after which a list may keep still that changes while it is read.
_STILL_S: Final = 60


def look(watch: Watch, memory: Any) -> Seen:
    """What came to the things whose turn it is."""
    things: dict[str, list[Any]] = dict(memory["things"]) if memory else {}
    told: list[str] = list(memory["told"]) if memory else []
    left: list[str] = list(memory["left"]) if memory else []
    if not left:
        turns = _find_turns(watch, things)
        if turns is None:
            return Seen([], memory, next_s=_STILL_S)
        left = list(dict.fromkeys(turns))
        missed = {turn: thing[2] + 1 for turn, thing in things.items() if turn not in left}
        things = {
            turn: [*thing[:2], missed.get(turn, 0)]
            for turn, thing in things.items()
            if missed.get(turn, 0) <= _ROUNDS_MISSED
        }
    happenings: list[Happening] = []
    begun: list[Happening] = []
    for turn in left[: watch.words.get("per_look", PER_LOOK)]:
        newest, marks, _ = things.get(turn, ["", [], 0])
        entries, come = _read(watch, turn, newest, {*marks, *told} if turn in things else None)
        told_now = come[: watch.most - len(happenings)]
        later = frozenset(entry.mark for entry in come[len(told_now) :])
        happenings += [Happening(entry.key, entry.time, entry.data) for entry in told_now]
        told += [entry.mark for entry in told_now]
        here = [entry.mark for entry in entries if entry.mark not in later]
        times = [newest, *(entry.time or "" for entry in entries if entry.mark not in later)]
        things[turn] = [max(times), [*here, *(mark for mark in marks if mark not in here)][:_KEPT], 0]
        if later:
            return Seen(happenings, {"things": things, "told": told[-_TOLD:], "left": left}, more=True)
        left = left[1:]
        if memory is None:
            begun += [Happening(entry.key, entry.time, entry.data) for entry in entries[: watch.also_last]]
    if not left:
        # Which are the latest is known where the first look read all.
        happenings += take_latest(begun, watch.also_last)
    return Seen(happenings, {"things": things, "told": told[-_TOLD:], "left": left})


def migrate(_memory: Any) -> Any:
    """In place of a memory of version 1, which told entries apart otherwise: the next round sets the mark anew."""
    return {"things": {}, "told": [], "left": []}


def _find_turns(watch: Watch, known: Mapping[str, Any]) -> list[str] | None:
    """The things, each as often as it has kinds of entries that are asked for one by one; `None` where their list
    doesn't keep still."""
    kinds = watch.options.get("kinds") or watch.words["each"].get("kinds", [""])
    names = {turn.partition(" ")[0] for turn in known}

    def name_of(data: Any) -> Any:
        return find(watch.words["thing"], data)

    whole = watch.reader.read_steadily(name_of, lambda found: bool(names) and names <= set(found))
    if whole is None:
        return None
    return [f"{name} {kind}" for data in whole.entries if isinstance(name := name_of(data), str) for kind in kinds]


def _read(watch: Watch, turn: str, newest: str, known: Collection[str] | None) -> tuple[list[Entry], list[Entry]]:
    """The first entries of a thing, and those of them that are neither `known` nor old, the oldest first; none where
    nothing is known of it. Where a whole page is new, the next one may be, too."""
    each = watch.words["each"]
    name, _, kind = turn.partition(" ")
    args = {each["field"]: name, **({each["kind"]: [kind]} if kind else {})}
    found: dict[str, Entry] = {}
    offset = 0
    for _ in range(_DEEPEST):
        part = watch.reader.read_other_part(each["block"], args, offset)
        page = [entry for data in part.entries if (entry := watch.identify(data))]
        found.update((entry.mark, entry) for entry in page)
        is_new = known is not None and not any(entry.mark in known or _is_older(entry.time, newest) for entry in page)
        if part.is_last or not page or not is_new:
            break
        offset += len(part.entries)
    entries = list(found.values())
    come = [] if known is None else [e for e in entries if e.mark not in known and not _is_older(e.time, newest)]
    # Of one day the last ones on the list are the oldest; what is told first must be what stands deepest, for a page
    # that shows something known ends the next reading.
    come.reverse()
    come.sort(key=lambda entry: entry.time or "")
    return entries, come


def _is_older(time: str | None, newest: str) -> bool:
    """Whether `time` lies a month or more before `newest`, as far as both tell: `2026`, `2026-11` or `2026-11-27`."""
    return bool(newest) and _count_months(time or "", newest) < _count_months(newest, time or "") - 1


def _count_months(time: str, other: str) -> int:
    """Months since the year 0; by the year alone where either tells no more."""
    year, month = time[:4], time[5:7] if len(time) > 4 and len(other) > 4 else ""
    return int(year or 0) * 12 + int(month or 0) if (year + month).isdecimal() or not year else 0

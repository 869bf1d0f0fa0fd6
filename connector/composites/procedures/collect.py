"""Puts what came in each month, week or year on a list of its own, which is made once and gets each thing once."""

from __future__ import annotations

from datetime import UTC, datetime, time, tzinfo
from functools import partial
from typing import Any, Final
from zoneinfo import ZoneInfo

from connector.composites.entries import Entry
from connector.composites.kept_list import KeptList
from connector.composites.named_lists import refuse
from connector.composites.periods import NAMES, Period, find_fault, group_by_period, name_period, read_moment
from connector.composites.several import Fillings, Wish
from connector.composites.task import Task, read_day
from connector.composites.told import tell_left_out, tell_why
from connector.composites.wanted import add_missing
from connector.manifest.procedures import ListKind

#: How many entries are read at first of a list that has the newest first; twice as many each time then.
_FIRST_READ: Final = 100


def run(task: Task) -> dict[str, Any]:
    """Each period's list gets what came in it and isn't there yet, in the order of time. Raises `InvocationFailed`."""
    every: Period = task.args.get("every", "month")
    template = task.args.get("name", NAMES[every])
    if fault := find_fault(template, every):
        raise refuse("name", fault, f"a name such as {NAMES[every]}")
    zone = _read_zone(task.args.get("time_zone", "UTC"))
    source = task.open(task.procedure.lists[task.args.get("source", task.words["source"])])
    entries = _read_since(source, _read_since_day(task, zone))
    # Many that were added at once have one moment: of them the list itself says which came first.
    in_time = entries[::-1] if source.kind.is_newest_first else entries
    usable = [entry for entry in in_time if not _tell_why(source.kind, entry)]
    groups = group_by_period(usable, every, zone)
    names = {first: name_period(first, every, template) for first in groups}
    # Names of several lists are found before anything is written.
    found = {first: task.find_by_name("target", "name", name) for first, name in names.items()}
    wishes = [
        Wish(names[first], found[first], own, partial(_add, own), {"since": first.isoformat()})
        for first, own in groups.items()
    ]
    fillings = Fillings(task, "target", wishes)
    left = [(entry, why) for entry in entries if (why := _tell_why(source.kind, entry))]

    def tell(task: Task) -> dict[str, Any]:
        periods = fillings.tell()
        task.did = _say(periods, is_dry=task.is_dry)
        return {
            "periods": periods,
            "left_out": tell_left_out(source.kind, left),
            "calls": {"read": task.reads, "write": fillings.writes if task.is_dry else task.writes},
            "dry_run": task.is_dry,
        }

    task.propose(tell)
    fillings.write()
    return tell(task)


def _add(entries: list[Entry], before: list[Entry]) -> list[int | str]:
    return add_missing(before, entries)


def _read_zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        fits = "a name of the tz database, such as Europe/Berlin"
        raise refuse("time_zone", "is no time zone that is known here", fits) from None


def _read_since_day(task: Task, zone: tzinfo) -> datetime | None:
    day = read_day(task.args, "since")
    return datetime.combine(day, time(), zone) if day else None


def _read_since(source: KeptList, since: datetime | None) -> list[Entry]:
    """What the list holds that came since then; all of it without a moment. Entries of which nobody knows when they
    came are among them."""
    if since is None:
        return source.read()
    entries: list[Entry] = []
    most = _FIRST_READ
    while True:
        part = source.read(len(entries), most if source.kind.is_newest_first else None)
        entries += part
        if len(part) < most or not source.kind.is_newest_first or _came_before(part[-1], since):
            return [entry for entry in entries if not _came_before(entry, since)]
        most *= 2


def _came_before(entry: Entry, since: datetime) -> bool:
    return (read_moment(entry.added) or datetime.max.replace(tzinfo=UTC)) < since


def _tell_why(kind: ListKind, entry: Entry) -> str | None:
    """Why an entry is left out; `None` where it isn't."""
    if entry.is_fixed:
        return tell_why(kind, entry)
    return None if read_moment(entry.added) else "Nobody knows when it came."


def _say(periods: list[dict[str, Any]], *, is_dry: bool) -> str:
    added = sum(len(period["added"]) for period in periods)
    filled = sum(bool(period["added"]) for period in periods)
    new = sum(period["created"] for period in periods)
    told = f"{added} added; lists filled: {filled}, of which new: {new}" if added else "nothing to add"
    return f"{'Would be: ' if is_dry else ''}{told}"

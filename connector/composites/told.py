"""What a block made of blocks tells of what it did, or would do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from connector.composites.entries import UNREADABLE, Entry
from connector.composites.kept_list import find
from connector.composites.list_plans import Plan
from connector.composites.task import Task
from connector.manifest.procedures import ListKind


def tell_plan(
    task: Task, plan: Plan, kind: ListKind, chosen: Sequence[Entry] = (), left_out: Sequence[dict[str, Any]] = ()
) -> dict[str, Any]:
    """What is added, removed, moved, kept and left out, each with its place, and the calls that it took or takes. What
    is added was `chosen` among these."""
    places = {each: place for place, each in enumerate(plan.wanted) if isinstance(each, int)}
    added = tell_added(plan, chosen)
    removed = [_tell(kind, entry, place) for place, entry in enumerate(plan.before) if place not in places]
    moved = [{**_tell(kind, plan.before[place], place), "to": places[place]} for place in plan.edits.moved]
    if plan.is_anew:
        task.warn("All counts as added now, for it was put there anew.")
    elif plan.edits.anew:
        count = len(plan.edits.anew)
        task.warn(f"{count} of what stays counts as added now, for removing takes every copy at once.")
    task.did = _say(len(added), len(removed), len(moved), len(places), is_anew=plan.is_anew, is_dry=task.is_dry)
    writes = {"write": plan.writes} if task.is_dry else {"write": task.writes}
    return {
        "added": added,
        "removed": removed,
        "moved": [] if plan.is_anew else moved,
        "kept": len(places),
        "left_out": list(left_out),
        "calls": {"read": task.reads, **writes},
        "ways": plan.costs,
        "dry_run": task.is_dry,
    }


def tell_added(plan: Plan, chosen: Sequence[Entry]) -> list[dict[str, Any]]:
    """What comes in, each with its place; it was `chosen` among these."""
    titles = {entry.key: entry.title for entry in chosen}
    return [
        {"uri": each, "position": place, **({"name": title} if (title := titles.get(each)) else {})}
        for place, each in enumerate(plan.wanted)
        if isinstance(each, str)
    ]


def _say(added: int, removed: int, moved: int, kept: int, *, is_anew: bool, is_dry: bool) -> str:
    """In words what was done, or would be."""
    counts = (("added", added), ("removed", removed), ("put there anew", kept) if is_anew else ("moved", moved))
    told = ", ".join(f"{count} {what}" for what, count in counts if count)
    would = "Would be: " if is_dry else ""
    return f"{would}{told or 'nothing to change'}{'' if is_anew else f'; {kept} kept'}"


def tell_entries(kind: ListKind, entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """Entries that have no place."""
    return [_tell(kind, entry, None) for entry in entries]


def tell_left_out(kind: ListKind, entries: Sequence[tuple[Entry, str]]) -> list[dict[str, Any]]:
    """Entries that could not be taken along, each with `why`."""
    return [{**_tell(kind, entry, None), "why": why} for entry, why in entries]


def tell_why(kind: ListKind, entry: Entry, done: str = "put on another list") -> str:
    """Why an entry of such a list that could not be put back can't be put elsewhere, or what else is to be `done`."""
    if entry.key.startswith(UNREADABLE):
        return "It can't be read."
    return f"{kind.fixed_title} can't be {done}."


def _tell(kind: ListKind, entry: Entry, place: int | None) -> dict[str, Any]:
    at = {} if place is None else {"position": place}
    title = find(kind.entry["title"], entry.data) if "title" in kind.entry else None
    key = None if entry.key.startswith(UNREADABLE) else entry.key
    return {"uri": key, **at, **({"name": title} if isinstance(title, str) else {})}

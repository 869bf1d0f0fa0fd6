"""Brings a list to what other lists hold: the same, what it lacks of them, their newest, all of them, or a part.

The manifest's `as` says which. What there is in the target and could not be put back stays; what of a source can't be
put elsewhere, such as files of one's own, is left out and told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from connector.composites.entries import Entry
from connector.composites.filling import Target
from connector.composites.task import Task
from connector.composites.told import tell_left_out, tell_why
from connector.composites.wanted import (
    Wanted,
    add_missing,
    intersect,
    leave_fixed,
    mirror,
    subtract,
    take_newest,
    unite,
)
from connector.manifest.procedures import ListKind

_Lists = Sequence[Sequence[Entry]]
#: What of the lists that are read is wanted, in order.
_CHOICES: Final[Mapping[str, Callable[[_Lists, Mapping[str, Any]], list[Entry]]]] = {
    "same": lambda lists, _: unite(lists, once=False),
    "newest": lambda lists, args: take_newest(unite(lists, once=False), args["count"]),
    "union": lambda lists, args: unite(lists, once=not args.get("duplicates", False)),
    "difference": lambda lists, _: subtract(lists[0], lists[1:]),
    "intersection": lambda lists, _: intersect(lists),
}


def run(task: Task) -> dict[str, Any]:
    """The target's entries become what is wanted. Raises `InvocationFailed`."""
    target = Target(task)
    source, read = _read_sources(task)
    chosen = _CHOICES[task.words["as"]](read, task.args) if task.words["as"] != "missing" else unite(read, once=True)
    usable = [entry for entry in chosen if not entry.is_fixed]
    left_out = tell_left_out(source, [(entry, tell_why(entry)) for entry in chosen if entry.is_fixed])

    def choose(before: list[Entry]) -> Wanted:
        if task.words["as"] == "missing":
            return add_missing(before, usable, task.args.get("position"))
        return mirror(before, leave_fixed(before, chosen))

    return target.fill(choose, chosen, left_out)[1]


def _read_sources(task: Task) -> tuple[ListKind, list[list[Entry]]]:
    """What the lists hold that are given, or else the default one, and of which kind they are."""
    lists = task.procedure.lists
    if "uris" in task.args:
        return lists["given"], [_read_given(task, task.args["uris"])]
    if "sources" in task.args:
        sources = [task.require_list("source", "sources", text) for text in task.args["sources"]]
    elif "source" in task.args:
        sources = [task.require_list("source", "source")]
    else:
        sources = [task.open(lists.get("default", lists["source"]))]
    kind = sources[0].kind
    most = task.args["count"] if task.words["as"] == "newest" and kind.is_newest_first else None
    return kind, [kept.read(most=most) for kept in sources]


def _read_given(task: Task, uris: list[str]) -> list[Entry]:
    """Entries of these `uris`. What else they go by is looked up where that can make them the same as others."""
    kind = task.procedure.lists["given"]
    names: dict[str, frozenset[str]] = {}
    if task.args.get("same") == "recording":
        known = [uri for uri in dict.fromkeys(uris) if task.is_reference(uri, task.words["looks_up"])]
        found = task.open(kind, known).read() if known else []
        names = {uri: entry.names for uri, entry in zip(known, found, strict=True) if not entry.is_fixed}
    return [Entry(uri, names.get(uri, frozenset()) | {uri}) for uri in uris]

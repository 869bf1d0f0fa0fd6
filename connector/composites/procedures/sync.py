"""Brings a list to what other lists hold: the same, what it lacks of them, their newest, all of them, or a part.

The manifest's `as` says which. What there is in the target and could not be put back stays; what of a source can't be
put elsewhere, such as files of one's own, is left out and told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from connector.composites.entries import Entry
from connector.composites.filling import Target
from connector.composites.kept_list import KeptList
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
    sources = _find_sources(task)
    target = Target(task)
    read = [kept.read() for kept in sources]
    chosen = _CHOICES[task.words["as"]](read, task.args) if task.words["as"] != "missing" else unite(read, once=True)
    usable = [entry for entry in chosen if not entry.is_fixed]
    left_out = tell_left_out(sources[0].kind, [(entry, tell_why(entry)) for entry in chosen if entry.is_fixed])

    def choose(before: list[Entry]) -> Wanted:
        if task.words["as"] == "missing":
            return add_missing(before, usable, task.args.get("position"))
        return mirror(before, leave_fixed(before, chosen))

    return target.fill(choose, chosen, left_out)[1]


def _find_sources(task: Task) -> list[KeptList]:
    kind = task.procedure.lists["source"]
    if kind.field is None:
        return [task.open(kind)]
    texts = task.args["sources"] if "sources" in task.args else [task.args["source"]]
    return [task.require_list("source", "sources" if "sources" in task.args else "source", text) for text in texts]

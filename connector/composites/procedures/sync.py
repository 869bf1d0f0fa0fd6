"""Brings a list to what other lists hold: the same, what it lacks of them, their newest, all of them, or a part.

The manifest's `as` says which. What there is in the target and could not be put back stays; what of a source can't be
put elsewhere, such as files of one's own, is left out and told. A target may be one of the lists: it is taken as it is
when it is written to, and what others do to it meanwhile counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from connector.composites.entries import Entry
from connector.composites.filling import Target
from connector.composites.kept_list import KeptList
from connector.composites.named_lists import refuse
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

_OTHER: Final = "another playlist"
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
    sources = _find_sources(task)
    own = [kept.id is not None and kept.id == target.id for kept in sources]
    _check_target(task, own)
    if sources:
        kind = sources[0].kind
        most = task.args["count"] if task.words["as"] == "newest" and kind.is_newest_first else None
        read = [kept.read(most=most) for kept in sources]
    else:
        kind, own, read = task.procedure.lists["given"], [False], [_read_given(task)]

    def find_chosen(lists: _Lists) -> list[Entry]:
        words = task.words["as"]
        return unite(lists, once=True) if words == "missing" else _CHOICES[words](lists, task.args)

    def choose(before: list[Entry]) -> Wanted:
        now = [before if is_own else entries for is_own, entries in zip(own, read, strict=True)]
        chosen = find_chosen(now)
        if task.words["as"] == "missing":
            return add_missing(before, [entry for entry in chosen if not entry.is_fixed], task.args.get("position"))
        return mirror(before, leave_fixed(before, chosen))

    chosen = find_chosen(read)
    left_out = tell_left_out(kind, [(entry, tell_why(kind, entry)) for entry in chosen if entry.is_fixed])
    return target.fill(choose, chosen, left_out)


def _find_sources(task: Task) -> list[KeptList]:
    """The lists that are given, or else the default one; none where things themselves are given."""
    lists = task.procedure.lists
    if "uris" in task.args:
        return []
    if "sources" in task.args:
        return task.require_lists("source", "sources")
    if "source" in task.args:
        return [task.require_list("source", "source")]
    return [task.open(lists.get("default", lists["source"]))]


def _check_target(task: Task, own: Sequence[bool]) -> None:
    """Raises `InvocationFailed` (`invalid_fields`) where the target is one of the lists in such a way that it would be
    another one after each run, and one that breaks off could not be finished."""
    if task.words["as"] == "difference" and any(own[1:]):
        raise refuse("target", "is a list of what is taken away, and would be another one each time", _OTHER)
    if task.words["as"] == "union" and task.args.get("duplicates", False) and any(own):
        raise refuse("target", "is one of the lists, and would grow each time with duplicates", _OTHER)


def _read_given(task: Task) -> list[Entry]:
    """Entries of what is given. What else they go by is looked up where that can make them the same as others."""
    kind = task.procedure.lists["given"]
    # A key is text here, also where the service has numbers.
    uris = [str(key) for key in task.args["uris"]]
    names: dict[str, frozenset[str]] = {}
    if task.args.get("same") == "recording":
        known = [uri for uri in dict.fromkeys(uris) if task.is_reference(uri, task.words["looks_up"])]
        found = task.open(kind, known).read() if known else []
        names = {uri: entry.names for uri, entry in zip(known, found, strict=True) if not entry.is_fixed}
    return [Entry(uri, names.get(uri, frozenset()) | {uri}) for uri in uris]

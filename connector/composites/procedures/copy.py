"""Copies what one connection keeps to another: things, the oldest first, so that their order stays, and lists.

What there is already stays and is not added anew, so that running it again finishes the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from connector.composites.entries import Entry, Sameness, drop_copies
from connector.composites.kept_list import Invoke, KeptList, find
from connector.composites.named_lists import fold_name, list_own, refuse
from connector.composites.several import Fillings, Wish
from connector.composites.task import Task
from connector.composites.told import tell_entries, tell_left_out, tell_why
from connector.composites.wanted import Wanted, add_copies
from connector.errors import InvocationFailed
from connector.manifest.procedures import ListKind

#: What comes by one call counts as added at one moment, and moments are told in seconds: two calls in one second would
#: leave open which came first.
_PAUSE_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class _Shelf:
    """What is put on the only list of a kind, in order, and how many things of the source's are there already."""

    part: str
    kind: ListKind
    new: list[Entry]
    kept: int


def run(task: Task) -> dict[str, Any]:
    """What the connection `source` keeps is kept by the one that calls, too. Raises `InvocationFailed`."""
    read = partial(task.read_as, task.args["source"])
    lists = task.procedure.lists
    chosen = [part for part in lists if part in task.args.get("what", lists)]
    _check_accounts(task, read)
    shelves: list[_Shelf] = []
    wishes: list[Wish] = []
    left: list[tuple[ListKind, Entry]] = []
    for part in chosen:
        kind = lists[part]
        if "create" in kind.blocks:
            wishes += _plan_lists(task, kind, read, left)
        else:
            shelves.append(_plan_shelf(task, part, kind, read, left))
    writes = sum(shelf.kind.count_calls("insert", len(shelf.new)) for shelf in shelves)
    fillings = _read_lists(task, shelves, wishes)

    def tell(task: Task) -> dict[str, Any]:
        told = fillings.tell()
        library = [
            {"kind": shelf.part, "added": tell_entries(shelf.kind, shelf.new), "kept": shelf.kept} for shelf in shelves
        ]
        task.did = _say(shelves, told, is_dry=task.is_dry)
        return {
            "library": library,
            **{part: told for part, kind in lists.items() if "create" in kind.blocks},
            "left_out": [one for kind, entry in left for one in tell_left_out(kind, [(entry, tell_why(kind, entry))])],
            "calls": {"read": task.reads, "write": writes + fillings.writes if task.is_dry else task.writes},
            "dry_run": task.is_dry,
        }

    task.propose(tell)
    if not task.is_dry:
        _fill_shelves(task, shelves, [key for wish in wishes for key in wish.keys])
        _fill_lists(shelves, fillings)
    return tell(task)


def pair_by_name(source: Sequence[str], target: Sequence[str]) -> list[int | None]:
    """For each name of the `source` the place of one of the `target` that has it, each place once; `None` where there
    is none left. Of several of one name the last ones are paired, for they are copied first."""
    places: dict[str, list[int]] = {}
    for place, name in enumerate(target):
        places.setdefault(fold_name(name), []).append(place)
    return [left.pop() if (left := places.get(fold_name(name))) else None for name in reversed(source)][::-1]


def plan_shelf(kind: ListKind, source: Sequence[Entry], there: Sequence[Entry]) -> list[Entry]:
    """What of `source` isn't `there`, once each, the oldest first."""
    same = Sameness([*source, *there])
    known = {same.identify(entry) for entry in there}
    new = [entry for entry in drop_copies(source, same) if not entry.is_fixed and same.identify(entry) not in known]
    return new[::-1] if kind.is_newest_first else new


def _check_accounts(task: Task, read: Invoke) -> None:
    """Raises `InvocationFailed` (`invalid_fields`) where both connections are one account's."""
    block, at = task.procedure.blocks["me"], task.words["me"]
    if find(at, read(block, {}).output) == find(at, task.read(block, {}).output):
        raise refuse("source", "is a connection of the account that is copied to", "a connection of another account")


def _plan_shelf(task: Task, part: str, kind: ListKind, read: Invoke, left: list[tuple[ListKind, Entry]]) -> _Shelf:
    source = KeptList(kind, None, read, task.write).read()
    left += [(kind, entry) for entry in source if entry.is_fixed]
    new = plan_shelf(kind, source, task.open(kind).read())
    return _Shelf(part, kind, new, sum(not entry.is_fixed for entry in source) - len(new))


def _plan_lists(task: Task, kind: ListKind, read: Invoke, left: list[tuple[ListKind, Entry]]) -> list[Wish]:
    source, target = list_own(kind, read), list_own(kind, task.read)
    places = pair_by_name([title for _, title in source], [title for _, title in target])
    wishes: list[Wish] = []
    for (id_, title), place in zip(source, places, strict=True):
        entries = KeptList(kind, id_, read, task.write).read()
        left += [(kind, entry) for entry in entries if entry.is_fixed]
        usable = [entry for entry in entries if not entry.is_fixed]
        there = None if place is None else task.open(kind, target[place][0])
        wishes.append(Wish(title, there, usable, partial(_add, usable)))
    # The one made last stands first among one's lists.
    return wishes[::-1]


def _add(entries: list[Entry], before: list[Entry]) -> Wanted:
    return add_copies(before, entries)


def _fill_shelves(task: Task, shelves: Sequence[_Shelf], later: Sequence[str]) -> None:
    """Raises `InvocationFailed`, with what was done of all that is to be done, `later` included."""
    batches = [
        (shelf, tuple(entry.key for entry in part))
        for shelf in shelves
        for part in shelf.kind.split("insert", shelf.new)
    ]
    done: list[str] = []
    for place, (shelf, keys) in enumerate(batches):
        try:
            if place and batches[place - 1][0] is shelf and shelf.kind.is_newest_first:
                task.sleep(_PAUSE_S)
            task.open(shelf.kind).insert(keys)
        except InvocationFailed as failure:
            error = failure.error
            own = () if error.done or error.not_done or error.uncertain or error.is_uncertain else keys
            left = [key for _, other in batches[place + 1 :] for key in other]
            failure.error = replace(error, done=(*done, *error.done), not_done=(*error.not_done, *own, *left, *later))
            raise
        done += keys


def _read_lists(task: Task, shelves: Sequence[_Shelf], wishes: Sequence[Wish]) -> Fillings:
    part = next((name for name, kind in task.procedure.lists.items() if "create" in kind.blocks), "")
    try:
        return Fillings(task, part, wishes)
    except InvocationFailed as failure:
        before = tuple(entry.key for shelf in shelves for entry in shelf.new)
        failure.error = replace(failure.error, not_done=(*before, *failure.error.not_done))
        raise


def _fill_lists(shelves: Sequence[_Shelf], fillings: Fillings) -> None:
    try:
        fillings.write()
    except InvocationFailed as failure:
        before = tuple(entry.key for shelf in shelves for entry in shelf.new)
        failure.error = replace(failure.error, done=(*before, *failure.error.done))
        raise


def _say(shelves: Sequence[_Shelf], lists: Sequence[dict[str, Any]], *, is_dry: bool) -> str:
    counts = [f"{len(shelf.new)} {shelf.kind.title}" for shelf in shelves if shelf.new]
    filled = sum(bool(one["added"] or one["created"]) for one in lists)
    counts += [f"{filled} list{'s' if filled > 1 else ''}"] if filled else []
    return f"{'Would be: ' if is_dry else ''}{', '.join(counts) + ' copied' if counts else 'nothing to copy'}"

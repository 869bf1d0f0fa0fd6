"""Brings a list into order by what it holds itself: without copies, sorted, or shuffled."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from connector.composites.editing import Choose
from connector.composites.entries import Entry
from connector.composites.filling import Filling
from connector.composites.kept_list import find
from connector.composites.task import Task
from connector.composites.told import tell_plan
from connector.composites.wanted import dedupe, shuffle, sort
from connector.manifest.procedures import ListKind

#: What makes of the list how it shall be, by the manifest's `as`; chance is the same for the whole run, though the list
#: may have to be read again.
_CHOICES: Final[Mapping[str, Callable[[Task, ListKind], Choose]]] = {
    "once": lambda task, _: partial(dedupe, keep_first=task.args.get("keep") == "first"),
    "sorted": lambda task, kind: partial(
        sort, by=partial(_rank, kind.sorts[task.args["by"]]), descending=task.args.get("descending", False)
    ),
    "shuffled": lambda task, kind: partial(
        shuffle, group=partial(_group, kind), seed=task.args.get("seed") or secrets.token_hex()
    ),
}


def run(task: Task) -> dict[str, Any]:
    """The list's own entries in another order, or fewer of them. Raises `InvocationFailed`."""
    (part,) = task.procedure.lists
    kept = task.require_list(part, part)
    default = "moves" if task.words["as"] == "once" else "auto"
    choose, how = _CHOICES[task.words["as"]](task, kept.kind), task.args.get("how", default)
    filling = Filling(task, part, kept, str(task.args[part]), choose, how)

    def tell(task: Task) -> dict[str, Any]:
        plan = filling.plan
        return {**tell_plan(task, plan, kept.kind, plan.before), part: filling.target}

    filling.propose(tell)
    filling.write()
    return tell(task)


def _rank(expressions: list[str], entry: Entry) -> Any:
    """What an entry is sorted by: the first value goes before the others; `None` where it has none."""
    values = [find(expression, entry.data) for expression in expressions]
    if values[0] is None:
        return None
    return [(value is None, value.casefold() if isinstance(value, str) else value or 0) for value in values]


def _group(kind: ListKind, entry: Entry) -> str | None:
    found = find(kind.entry["group"], entry.data) if "group" in kind.entry else None
    return found if isinstance(found, str) else None

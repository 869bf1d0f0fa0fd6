"""Several lists that get what they lack in one run: the account of all where one of them fails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from connector.composites.editing import Choose
from connector.composites.entries import Entry
from connector.composites.filling import fill
from connector.composites.kept_list import KeptList
from connector.composites.task import Task
from connector.composites.told import tell_added
from connector.errors import InvocationFailed


@dataclass(slots=True)
class Filling:
    """What a list called `name` gets: `choose` says what it shall be, made of what it holds and of `entries`. `target`
    is `None` where it has to be made; `facts` are told of it besides."""

    name: str
    target: KeptList | None
    entries: Sequence[Entry]
    choose: Choose
    facts: dict[str, Any] = field(default_factory=dict)


def fill_lists(task: Task, part: str, fillings: Sequence[Filling]) -> tuple[list[dict[str, Any]], int]:
    """What each list got, or would get, in order, and how many calls that write it takes. Raises `InvocationFailed`,
    with the keys of what was done in all of them and of what was not."""
    told: list[dict[str, Any]] = []
    writes = 0
    done: list[str] = []
    for place, filling in enumerate(fillings):
        try:
            one, calls = _fill(task, part, filling)
        except InvocationFailed as failure:
            error = failure.error
            own = error.not_done or (() if error.done or error.is_uncertain else _keys(filling))
            left = [key for other in fillings[place + 1 :] for key in _keys(other)]
            failure.error = replace(error, done=(*done, *error.done), not_done=(*own, *left))
            raise
        told.append(one)
        writes += calls
        done += [entry["uri"] for entry in one["added"]]
    return told, writes


def _fill(task: Task, part: str, filling: Filling) -> tuple[dict[str, Any], int]:
    filled = fill(task, part, filling.target, filling.name, filling.choose)
    one = {
        **filling.facts,
        "target": filled.target,
        "created": filled.is_new,
        "added": tell_added(filled.plan, filling.entries),
        "kept": sum(isinstance(each, int) for each in filled.plan.wanted),
    }
    return one, filled.plan.writes + filled.is_new


def _keys(filling: Filling) -> tuple[str, ...]:
    return tuple(entry.key for entry in filling.entries)

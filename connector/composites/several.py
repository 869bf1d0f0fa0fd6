"""Several lists that get what they lack in one run: the account of all where one of them fails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from connector.composites.editing import Choose
from connector.composites.entries import Entry
from connector.composites.filling import Filling
from connector.composites.kept_list import KeptList
from connector.composites.task import Task
from connector.composites.told import tell_added
from connector.errors import InvocationFailed


@dataclass(slots=True)
class Wish:
    """What a list called `name` shall get: `choose` says what it shall be, made of what it holds and of `entries`.
    `target` is `None` where it has to be made; `facts` are told of it besides."""

    name: str
    target: KeptList | None
    entries: Sequence[Entry]
    choose: Choose
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(entry.key for entry in self.entries)


class Fillings:
    """The lists of the task's kind `part` that get what is wished, all read and planned before any is written; unless
    they `may_be_empty`, none is made to which nothing comes. Raises `InvocationFailed`, with all as not done."""

    def __init__(self, task: Task, part: str, wishes: Sequence[Wish], *, may_be_empty: bool = True) -> None:
        self._wishes = wishes
        self._fillings = [
            Filling(task, part, wish.target, wish.name, wish.choose, may_be_empty=may_be_empty) for wish in wishes
        ]
        try:
            for filling in self._fillings:
                filling.read()
        except InvocationFailed as failure:
            failure.error = replace(failure.error, not_done=tuple(key for wish in wishes for key in wish.keys))
            raise

    @property
    def writes(self) -> int:
        """How many calls that write it takes."""
        return sum(filling.writes for filling in self._fillings)

    def tell(self) -> list[dict[str, Any]]:
        """What each list got, or will get, in order."""
        return [
            {
                **wish.facts,
                "target": filling.target,
                "created": filling.is_new,
                "added": tell_added(filling.plan, wish.entries),
                "kept": sum(isinstance(each, int) for each in filling.plan.wanted),
            }
            for wish, filling in zip(self._wishes, self._fillings, strict=True)
        ]

    def write(self) -> None:
        """Fills them; nothing where the task is dry. Raises `InvocationFailed`, with the keys of what was done in all
        of them and of what was not."""
        done: list[str] = []
        for place, (wish, filling) in enumerate(zip(self._wishes, self._fillings, strict=True)):
            try:
                filling.write()
            except InvocationFailed as failure:
                error = failure.error
                own = error.not_done or (() if error.done or error.is_uncertain else wish.keys)
                left = [key for other in self._wishes[place + 1 :] for key in other.keys]
                failure.error = replace(error, done=(*done, *error.done), not_done=(*own, *left))
                raise
            done += [each for each in filling.plan.wanted if isinstance(each, str)]

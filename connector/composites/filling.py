"""A list that is filled: planned first, made where there is none, and told what was done to it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any, Final

from connector.composites.editing import Choose, Editing, fail_changing
from connector.composites.entries import Entry
from connector.composites.kept_list import KeptList
from connector.composites.list_plans import How, Plan, plan_list
from connector.composites.task import Task
from connector.composites.told import tell_plan

#: Seconds for which a plan holds that somebody thinks about; after them the list is looked at again.
_FRESH_S: Final = 5.0
#: How often a plan is told anew that others have overtaken meanwhile.
_ROUNDS: Final = 3


class Filling:
    """The list `kept`, or a new one of that `name`, on its way to what `choose` makes of what it holds. `plan` is there
    once it is planned. Unless one `may_be_empty`, none is made to which nothing comes."""

    plan: Plan

    def __init__(
        self,
        task: Task,
        part: str,
        kept: KeptList | None,
        name: str,
        choose: Choose,
        how: How = "moves",
        *,
        may_be_empty: bool = True,
    ) -> None:
        self._task, self._part, self._choose, self._how = task, part, choose, how
        self._name = name
        self._id = kept.id if kept else None
        self._editing = Editing(kept, choose, how) if kept else None
        self._is_missing, self._may_be_empty = kept is None, may_be_empty

    @property
    def is_new(self) -> bool:
        """Whether it is made for this; known once it is planned."""
        return self._is_missing and (self._may_be_empty or bool(self.plan.wanted))

    @property
    def target(self) -> dict[str, Any]:
        """Which list it is; without an id where it is not made yet."""
        title = self._editing.title if self._editing else None
        return {"id": self._id, "name": title or self._name}

    @property
    def writes(self) -> int:
        """How many calls that write the plan takes."""
        return self.plan.writes + self.is_new

    def read(self) -> None:
        """Reads the list, and plans. Raises `InvocationFailed`."""
        if self._editing:
            self.plan = self._editing.plan()
        else:
            # What it will be is known before it is made.
            self.plan = plan_list(self._task.procedure.lists[self._part], [], self._choose([]), "moves")

    def propose(self, tell: Callable[[Task], dict[str, Any]]) -> None:
        """Reads, plans, and proposes what `tell` makes of it; again where the list has changed while somebody thought
        about it, so that nothing is done that was not told. Raises `InvocationFailed`."""
        for _ in range(_ROUNDS):
            self.read()
            began = time.monotonic()
            self._task.propose(tell)
            if time.monotonic() - began < _FRESH_S or self._editing is None or self._editing.is_current():
                return
        raise fail_changing()

    def write(self) -> None:
        """Does what was planned; nothing where the task is dry. Raises `InvocationFailed`."""
        if self._task.is_dry or (self._editing is None and not self.is_new):
            return
        first: Plan | None = self.plan
        if self._editing is None:
            kept = self._task.make_list(self._part, self._name)
            self._id, first = kept.id, None
            self._editing = Editing(kept, self._choose, self._how)
        self.plan = self._editing.run(first)


class Target:
    """The list that the task's field `target` names; nothing is made before `fill`. Raises `InvocationFailed` for one
    that there is not where none shall be made."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._kept = task.find_list("target", "target")
        if self._kept is None and not task.args.get("create", True):
            self._kept = task.require_list("target", "target")
        self.kind = task.procedure.lists["target"]

    @property
    def id(self) -> str | list[str] | None:
        """Its id; `None` as long as it is to be made."""
        return self._kept.id if self._kept else None

    def fill(
        self,
        choose: Choose,
        chosen: Sequence[Entry],
        left_out: Sequence[dict[str, Any]],
        tell_more: Callable[[Task, Plan], dict[str, Any]] = lambda *_: {},
        *,
        may_be_empty: bool = True,
    ) -> dict[str, Any]:
        """Brings the list to what `choose` makes of what it holds, or only plans that; gives what is told of it, with
        what `tell_more` has to say. What comes in is told as it was `chosen`; unless it `may_be_empty`, no list is made
        to which nothing comes. Raises `InvocationFailed`."""
        task = self._task
        name, how = str(task.args.get("target", self.kind.title)), task.args.get("how", "moves")
        filling = Filling(task, "target", self._kept, name, choose, how, may_be_empty=may_be_empty)

        def tell(task: Task) -> dict[str, Any]:
            told = tell_plan(task, filling.plan, self.kind, chosen, left_out)
            if task.is_dry:
                told["calls"]["write"] = filling.writes
            more = tell_more(task, filling.plan)
            return {**told, "created": filling.is_new, "target": filling.target, **more}

        filling.propose(tell)
        filling.write()
        return tell(task)

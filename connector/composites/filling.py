"""A target that is filled: looked up by whatever names it, made where there is none, and told what was done to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from connector.composites.editing import Editing, Plan, plan_list
from connector.composites.entries import Entry
from connector.composites.task import Task
from connector.composites.told import tell_plan
from connector.composites.wanted import Wanted


class Target:
    """The list that the task's field `target` names; nothing is made before `fill`. Raises `InvocationFailed` for one
    that there is not where none shall be made."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._title = str(task.args["target"])
        self._kept = task.find_list("target", "target")
        self._is_new = self._kept is None
        if self._is_new and not task.args.get("create", True):
            self._kept = task.require_list("target", "target")
        self.kind = task.procedure.lists["target"]

    def fill(
        self, choose: Callable[[list[Entry]], Wanted], chosen: Sequence[Entry], left_out: Sequence[dict[str, Any]]
    ) -> tuple[Plan, dict[str, Any]]:
        """Brings the list to what `choose` makes of what it holds, or only plans that; gives the plan, and what is told
        of it. What comes in is told as it was `chosen`. Raises `InvocationFailed`."""
        task = self._task
        if self._kept is None:
            # What it would be is known before it is made.
            plan = plan_list(self.kind, [], choose([]), "moves")
        if self._kept is None and task.is_dry:
            told = tell_plan(task, plan, self.kind, chosen, left_out)
            told["calls"]["write"] += 1
            return plan, {**told, "created": True, "target": {"id": None, "name": self._title}}
        if self._kept is None:
            self._kept = task.make_list("target", self._title)
        editing = Editing(self._kept, choose, task.args.get("how", "moves"))
        plan = editing.plan() if task.is_dry else editing.run()
        return plan, {
            **tell_plan(task, plan, self.kind, chosen, left_out),
            "created": self._is_new,
            "target": {"id": self._kept.id, "name": editing.title or self._title},
        }

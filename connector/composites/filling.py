"""A list that is filled: made where there is none, and told what was done to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from connector.composites.editing import Choose, Editing, How, Plan, plan_list
from connector.composites.entries import Entry
from connector.composites.kept_list import KeptList
from connector.composites.task import Task
from connector.composites.told import tell_plan


@dataclass(frozen=True, slots=True)
class Filled:
    """What was done to a list, or would be: the `plan`, which list the `target` is, and whether it was made for it."""

    plan: Plan
    target: dict[str, Any]
    is_new: bool


def fill(task: Task, part: str, kept: KeptList | None, name: str, choose: Choose, how: How = "moves") -> Filled:
    """Brings the list `kept`, or a new one of that `name`, to what `choose` makes of what it holds; only plans that
    where the task is dry. Raises `InvocationFailed`."""
    is_new = kept is None
    if kept is None:
        # What it would be is known before it is made.
        plan = plan_list(task.procedure.lists[part], [], choose([]), "moves")
        if task.is_dry:
            return Filled(plan, {"id": None, "name": name}, is_new)
        kept = task.make_list(part, name)
    editing = Editing(kept, choose, how)
    plan = editing.plan() if task.is_dry else editing.run()
    return Filled(plan, {"id": kept.id, "name": editing.title or name}, is_new)


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
        self, choose: Choose, chosen: Sequence[Entry], left_out: Sequence[dict[str, Any]]
    ) -> tuple[Plan, dict[str, Any]]:
        """Brings the list to what `choose` makes of what it holds, or only plans that; gives the plan, and what is told
        of it. What comes in is told as it was `chosen`. Raises `InvocationFailed`."""
        task = self._task
        filled = fill(task, "target", self._kept, str(task.args["target"]), choose, task.args.get("how", "moves"))
        told = tell_plan(task, filled.plan, self.kind, chosen, left_out)
        if task.is_dry:
            told["calls"]["write"] += filled.is_new
        return filled.plan, {**told, "created": filled.is_new, "target": filled.target}

"""Brings a list to what is wanted: read, plan, write in order, verify by reading back.

Somebody may edit the list meanwhile, and a write may fail so that nobody knows whether it took effect. Then the list is
read anew and planned anew, for what is wanted follows from what there is: nothing is done twice, and nothing is lost.
What was taken off to be put back is remembered until it is there again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from connector.composites.edits import Edit, Insert, Move, Remove, Replace, apply_edits, plan_edits
from connector.composites.entries import UNREADABLE, Entry
from connector.composites.kept_list import Glance, KeptList
from connector.composites.list_plans import How, Plan, find_means, plan_list
from connector.composites.taken_off import TakenOff
from connector.composites.wanted import Wanted
from connector.errors import PUT_BACK_WORDS, ErrorDetail, InvocationFailed
from connector.manifest.procedures import ListKind

#: How often a list is planned anew that others edit meanwhile.
_ROUNDS: Final = 3
#: Failures that may be over when what was taken off is put back once more.
_PASSING: Final = frozenset({"network", "timeout", "server_error", "bad_answer", "bad_request"})
#: What of a former list is wanted, and what else.
Choose = Callable[[list[Entry]], Wanted]


@dataclass(slots=True)
class Editing:
    """The list `target` on its way to what `choose` makes of what it holds. `title` is what it is called, once read."""

    target: KeptList
    choose: Choose
    how: How = "moves"
    title: str | None = None
    _done: list[str] = field(default_factory=list)
    _off: TakenOff = field(default_factory=TakenOff)
    _seen: Glance | None = None

    def plan(self) -> Plan:
        """Reads the list, and plans. What is off the list comes back first, and is planned with as if it had been where
        it shall stand."""
        before = self._read()
        self._off.look(before)
        kind, there = self.target.kind, [*before, *self._off.entries]
        places = self._off.find_places(before)
        if "move" not in kind.blocks:
            # It can't come back at the end, all at once, and be moved from there.
            there, places = [there[place] for place in places], list(range(len(there)))
        wanted = self.choose([there[place] for place in places])
        plan = plan_list(kind, there, [each if isinstance(each, str) else places[each] for each in wanted], self.how)
        back = _plan_back(kind, before, there)
        return replace(plan, edits=replace(plan.edits, steps=(*back, *plan.edits.steps)))

    def is_current(self) -> bool:
        """Whether the list is still what it was when it was planned last."""
        return self._seen is None or self.target.look() == self._seen

    def run(self, first: Plan | None = None) -> Plan:
        """Plans and does it, or does the plan that was made `first`; gives the first plan. Raises `InvocationFailed`,
        with the keys of what was `done`, what was not, and what is `uncertain`; where others edit the list all the
        time, too."""
        plan = first
        failure: InvocationFailed | None = None
        for _ in range(_ROUNDS):
            try:
                plan = plan or self.plan()
                first = first or plan
                if not plan.writes:
                    return first
                failure = self._write(plan)
                if failure is None and self._is_so(plan.after):
                    return first
                plan = None
            except InvocationFailed as problem:
                raise self._tell(problem, failure) from None
        raise self._tell(failure or fail_changing())

    def _read(self) -> list[Entry]:
        """The whole list, as it was at one moment. Raises `InvocationFailed` where it never is the same twice."""
        if self.target.is_new:
            self.target.is_new = False
            return []
        glance = self.target.look()
        self.title = glance.title
        seen: list[str] | None = None
        for _ in range(_ROUNDS):
            entries = self.target.read() if glance.total != 0 else []
            before, glance = glance, self.target.look() if self.target.kind.reads_in_parts(len(entries)) else glance
            # Versions are told late, and change with the title: the entries themselves say it, too.
            if before == glance or seen == (seen := [entry.key for entry in entries]):
                self._seen = glance
                return entries
        raise fail_changing()

    def _write(self, plan: Plan) -> InvocationFailed | None:
        """Writes it all; gives the failure after which the list is to be looked at anew. Raises any other one."""
        for at, edit in enumerate(plan.edits.steps):
            off = self._off.copy()
            is_due = len(self._off) > 0
            if going := _find_off(plan, edit):
                self._off.take(going, plan.after)
            try:
                if going and isinstance(edit, Remove):
                    self.target.check_room()
                self.target.apply(edit, is_due=is_due)
            except InvocationFailed as failure:
                error = failure.error
                if not error.is_uncertain:
                    self._off = off
                if is_due and error.kind == "bad_request" and not self._has_changed(plan, at):
                    self._put_back_each(edit)
                uncertain = _keys(edit) if error.is_uncertain else ()
                left = _find_left(plan, at + error.is_uncertain)
                failure.error = replace(error, done=(), not_done=left, uncertain=uncertain)
                # Another run would finish, but where something was taken off and is not back at its place.
                is_passing = self._off.is_begun and error.kind in _PASSING
                if error.is_uncertain or is_passing or (error.kind == "bad_request" and self._has_changed(plan, at)):
                    return failure
                raise
            self._done += _keys(edit)
            if isinstance(edit, Insert | Replace):
                self._off.put_back(edit.keys)
        self._off.finish()
        return None

    def _put_back_each(self, edit: Edit) -> None:
        """Puts back one by one what was refused together, but for what is refused alone."""
        place = edit.at if isinstance(edit, Insert) else 0
        for key in edit.keys if isinstance(edit, Insert) and len(edit.keys) > 1 else ():
            try:
                self.target.insert([key], place, is_due=True)
            except InvocationFailed as failure:
                if failure.error.kind != "bad_request":
                    raise
            else:
                self._off.put_back([key])
                place += 1

    def _has_changed(self, plan: Plan, steps: int) -> bool:
        """Whether the list is of another length than after so many steps of the plan: places in it mean others then."""
        expected = apply_edits([entry.key for entry in plan.before], plan.edits.steps[:steps])
        try:
            return self.target.look().total != len(expected)
        except InvocationFailed:
            return False

    def _tell(self, failure: InvocationFailed, earlier: InvocationFailed | None = None) -> InvocationFailed:
        """`failure` with what is known of the list; what failed `earlier` may have left doubt."""
        error, doubt = failure.error, (earlier or failure).error
        not_done, uncertain = error.not_done or doubt.not_done, error.uncertain or doubt.uncertain
        where = "not_done lists was" if not uncertain else "not_done and uncertain list may have been"
        words = f" {len(self._off)} of what {where} taken off, {PUT_BACK_WORDS}" if self._off else ""
        failure.error = replace(
            error,
            message=f"{error.message}{words}",
            done=tuple(self._done),
            not_done=not_done,
            uncertain=uncertain,
            is_uncertain=error.is_uncertain or doubt.is_uncertain,
        )
        return failure

    def _is_so(self, after: Sequence[str]) -> bool:
        """Whether the list ends as it should. One entry more is asked for, which shouldn't be there."""
        most = self.target.kind.part_size
        start = 0 if most is None else max(0, len(after) - most + 1)
        tail = [entry.key for entry in self.target.read(start, most)]
        return _blank(tail) == _blank(after[start:])


def _plan_back(kind: ListKind, before: Sequence[Entry], there: Sequence[Entry]) -> tuple[Edit, ...]:
    """The edits that put in what `before` lacks of `there`."""
    places = {id(entry): place for place, entry in enumerate(before)}
    wanted: Wanted = [places.get(id(entry), entry.key) for entry in there]
    return plan_edits([entry.key for entry in before], wanted, find_means(kind)).steps


def _find_off(plan: Plan, edit: Edit) -> list[tuple[int, Entry]]:
    """What the edit takes off that is to be put back, each with its place then."""
    if not isinstance(edit, Remove | Replace):
        return []
    goals = {place: goal for goal, place in enumerate(plan.wanted)}
    back = [(goals[place], plan.before[place]) for place in plan.edits.anew]
    return [(goal, entry) for goal, entry in back if isinstance(edit, Replace) or entry.key in edit.keys]


def _find_left(plan: Plan, at: int) -> tuple[str, ...]:
    """The keys of the steps from that one on."""
    return tuple(key for edit in plan.edits.steps[at:] for key in _keys(edit))


def fail_changing() -> InvocationFailed:
    """The error for a list that others edit all the time."""
    text = "the list changes all the time; run it again when nobody else edits it, to finish."
    return InvocationFailed(ErrorDetail("bad_answer", text))


def _blank(keys: Sequence[str]) -> list[str]:
    """`keys`, of which those of entries that nothing tells apart are alike: they are named by their places."""
    return [UNREADABLE if key.startswith(UNREADABLE) else key for key in keys]


def _keys(edit: Edit) -> tuple[str, ...]:
    return () if isinstance(edit, Move) else edit.keys

"""Brings a list to what is wanted: read, plan, write in order, verify by reading back.

Somebody may edit the list meanwhile, and a write may fail so that nobody knows whether it took effect. Then the list is
read anew and planned anew, for what is wanted follows from what there is: nothing is done twice, and nothing is lost.
What was taken off and has to come back counts as there until it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final, Literal

from connector.composites.edits import Edit, Edits, Means, Move, Remove, plan_edits
from connector.composites.entries import UNREADABLE, Entry
from connector.composites.kept_list import KeptList
from connector.composites.wanted import Wanted, go_on, keep_order_of_fixed, mirror
from connector.errors import ErrorDetail, InvocationFailed
from connector.manifest.procedures import ListKind

#: How often a list is planned anew that others edit meanwhile.
_ROUNDS: Final = 3
#: `moves` keeps when each entry was added; `replace` takes everything off and puts it on anew; `auto` is what takes
#: fewer calls, but never a `replace` by several, of which a crash in between would leave a part alone.
How = Literal["moves", "replace", "auto"]
#: What of a former list is wanted, and what else.
Choose = Callable[[list[Entry]], Wanted]


@dataclass(frozen=True, slots=True)
class Plan:
    """What makes of `before` what is `wanted`: `edits`, or where it is put there anew, `replace`. `costs` are the calls
    that each way takes; `replace` is not among them where it can't be done."""

    before: list[Entry]
    wanted: Wanted
    edits: Edits
    costs: dict[str, int]
    is_anew: bool

    @property
    def after(self) -> list[str]:
        """The keys that the list holds then."""
        return [self.before[each].key if isinstance(each, int) else each for each in self.wanted]

    @property
    def writes(self) -> int:
        return self.costs["replace" if self.is_anew else "moves"]

    def find_back(self, edit: Edit | None) -> set[str]:
        """The keys of what comes in again after the edit has taken it off; without an edit all is put there anew."""
        if edit is None:
            return set(self.after)
        anew = {self.before[place].key for place in self.edits.anew}
        return anew.intersection(edit.keys) if isinstance(edit, Remove) else set()


def plan_list(kind: ListKind, before: Sequence[Entry], wanted: Wanted, how: How) -> Plan:
    """The plan. Raises `InvocationFailed` (`invalid_fields`) where all should be put there anew and can't be."""
    means = Means(kind.sizes.get("remove"), kind.sizes.get("insert"), "move" in kind.blocks)
    wanted = wanted if means.moves else keep_order_of_fixed(before, wanted)
    fixed = {place for place, entry in enumerate(before) if entry.is_fixed}
    edits = plan_edits([entry.key for entry in before], wanted, means, fixed)
    costs = {"moves": len(edits.steps)}
    if "replace" in kind.blocks and not any(entry.is_fixed for entry in before):
        costs["replace"] = max(1, kind.count_calls("replace", len(wanted))) if edits.steps else 0
    if how == "replace" and "replace" not in costs:
        raise InvocationFailed(
            ErrorDetail(
                "invalid_fields",
                "the list holds what could not be put back: let it be edited entry by entry.",
            )
        )
    is_anew = how == "replace" or (how == "auto" and costs["moves"] > costs.get("replace", 2) == 1)
    return Plan(list(before), wanted, edits, costs, is_anew and bool(edits.steps))


@dataclass(slots=True)
class Editing:
    """The list `target` on its way to what `choose` makes of what it holds. `title` is what it is called, once read."""

    target: KeptList
    choose: Choose
    how: How = "moves"
    title: str | None = None
    _done: list[str] = field(default_factory=list)
    #: What the list is to hold where that was begun, and the keys of what of it was taken off and isn't back yet.
    _former: list[Entry] = field(default_factory=list)
    _owed: set[str] = field(default_factory=set)

    def plan(self) -> Plan:
        """Reads the list, and plans."""
        before = self._read()
        whole = go_on(before, self._former, self._owed)
        wanted = [_find_there(each, whole) for each in self.choose([entry for _, entry in whole])]
        return plan_list(self.target.kind, before, wanted, self.how)

    def run(self) -> Plan:
        """Plans and does it; gives the first plan. Raises `InvocationFailed`, with the keys of what was `done` and what
        was not; where others edit the list all the time, too."""
        first: Plan | None = None
        error = ErrorDetail(
            "bad_answer", "the list changes all the time; run it again when nobody else edits it, to finish."
        )
        for _ in range(_ROUNDS):
            try:
                plan = self.plan()
                first = first or plan
                if not plan.writes or (self._write(plan) and self._is_so(plan.after)):
                    return first
            except InvocationFailed as failure:
                # Another run would finish, but where something was taken off and is not back at its place.
                if not self._former:
                    raise
                error = failure.error
        raise InvocationFailed(self._tell_off(error))

    def _read(self) -> list[Entry]:
        """The whole list, as it was at one moment."""
        glance = self.target.look()
        self.title = glance.title
        entries: list[Entry] = []
        for _ in range(_ROUNDS):
            entries = self.target.read() if glance.total != 0 else []
            before, glance = glance, self.target.look() if self.target.kind.reads_in_parts(len(entries)) else glance
            if before == glance:
                break
        return entries

    def _write(self, plan: Plan) -> bool:
        """Whether all was written; `False` where something may have been."""
        steps: Sequence[Edit | None] = [None] if plan.is_anew else plan.edits.steps
        known = {entry.key: entry for entry in self._former}
        self._former = [
            plan.before[each] if isinstance(each, int) else known.get(each) or Entry(each, frozenset([each]))
            for each in plan.wanted
        ]
        for at, edit in enumerate(steps):
            back = plan.find_back(edit)
            self._owed |= back
            try:
                if edit is None:
                    # What is taken off can't be read again: from here on this is what is wanted.
                    self.choose, self.how = partial(_mirror_keys, plan.after), "moves"
                    self.target.replace(plan.after)
                else:
                    self.target.apply(edit)
            except InvocationFailed as failure:
                if failure.error.is_uncertain:
                    return False
                self._owed.difference_update(failure.error.done or back)
                if not self._owed and not (at and plan.edits.anew):
                    self._former = []
                if edit is not None:
                    left = [key for other in steps[at:] for key in _keys(other)]
                    failure.error = replace(failure.error, done=tuple(self._done), not_done=tuple(left))
                raise
            self._done += _keys(edit)
            if not isinstance(edit, Remove):
                self._owed.difference_update(_keys(edit) if edit else back)
        self._former = []
        return True

    def _tell_off(self, error: ErrorDetail) -> ErrorDetail:
        """`error` with what was taken off the list, should be back, and isn't."""
        off = [entry.key for entry in self._former if entry.key in self._owed]
        if not off:
            return error
        words = f" {len(off)} of what not_done lists was taken off, to be put in again: put it back."
        more = (key for key in off if key not in error.not_done)
        return replace(error, message=f"{error.message}{words}", not_done=(*more, *error.not_done))

    def _is_so(self, after: Sequence[str]) -> bool:
        """Whether the list ends as it should. One entry more is asked for, which shouldn't be there."""
        most = self.target.kind.part_size
        start = 0 if most is None else max(0, len(after) - most + 1)
        tail = [entry.key for entry in self.target.read(start, most)]
        return _blank(tail) == _blank(after[start:])


def _find_there(each: int | str, whole: Sequence[tuple[int | None, Entry]]) -> int | str:
    """The place in the list of what is wanted of the `whole`, or its key where it isn't there."""
    if isinstance(each, str):
        return each
    place, entry = whole[each]
    return entry.key if place is None else place


def _mirror_keys(keys: Sequence[str], before: list[Entry]) -> Wanted:
    return mirror(before, [Entry(key, frozenset([key])) for key in keys])


def _blank(keys: Sequence[str]) -> list[str]:
    """`keys`, of which those of entries that nothing tells apart are alike: they are named by their places."""
    return [UNREADABLE if key.startswith(UNREADABLE) else key for key in keys]


def _keys(edit: Edit | None) -> tuple[str, ...]:
    return () if edit is None or isinstance(edit, Move) else edit.keys

"""Brings a list to what is wanted: read, plan, write in order, verify by reading back.

Somebody may edit the list meanwhile, and a write may fail so that nobody knows whether it took effect. Then the list is
read anew and planned anew, for what is wanted follows from what there is: nothing is done twice, and nothing is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final, Literal

from connector.composites.edits import Edit, Edits, Move, plan_edits
from connector.composites.entries import UNREADABLE, Entry
from connector.composites.kept_list import KeptList
from connector.composites.wanted import Wanted, mirror
from connector.errors import ErrorDetail, InvocationFailed
from connector.manifest.procedures import ListKind

#: How often a list is planned anew that others edit meanwhile.
_ROUNDS: Final = 3
#: How many entries at the end are read back; a list of no more is read whole by one call.
_TAIL: Final = 50
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


def plan_list(kind: ListKind, before: Sequence[Entry], wanted: Wanted, how: How) -> Plan:
    """The plan. Raises `InvocationFailed` (`invalid_fields`) where it would be more than the list takes, and where all
    should be put there anew and can't be."""
    if kind.most is not None and len(wanted) > max(kind.most, len(before)):
        text = f"it would hold {len(wanted):,} entries, and a {kind.title} takes {kind.most:,} at most: take fewer."
        raise InvocationFailed(ErrorDetail("invalid_fields", text))
    keys = [entry.key for entry in before]
    edits = plan_edits(keys, wanted, kind.size)
    costs = {"moves": len(edits.steps)}
    if "replace" in kind.blocks and not any(entry.is_fixed for entry in before):
        costs["replace"] = max(1, kind.count_calls("replace", len(wanted))) if edits.steps else 0
    if how == "replace" and "replace" not in costs:
        raise InvocationFailed(
            ErrorDetail(
                "invalid_fields",
                "the list holds files of one's own, or what can't be read, which can't be put back: let it be moved.",
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

    def plan(self) -> Plan:
        """Reads the list, and plans."""
        before = self._read()
        return plan_list(self.target.kind, before, self.choose(before), self.how)

    def run(self) -> Plan:
        """Plans and does it; gives the first plan. Raises `InvocationFailed`, with the keys of what was `done` and what
        was not; where others edit the list all the time, too."""
        first: Plan | None = None
        for _ in range(_ROUNDS):
            plan = self.plan()
            first = first or plan
            if not plan.writes or (self._write(plan) and self._is_so(plan.after)):
                return first
        raise InvocationFailed(
            ErrorDetail(
                "bad_answer", "the list changes all the time; run it again when nobody else edits it, to finish."
            )
        )

    def _read(self) -> list[Entry]:
        """The whole list, as it was at one moment."""
        glance = self.target.look()
        self.title = glance.title
        entries: list[Entry] = []
        for _ in range(_ROUNDS):
            entries = self.target.read() if glance.total != 0 else []
            before, glance = glance, glance if len(entries) <= _TAIL else self.target.look()
            if before == glance:
                break
        return entries

    def _write(self, plan: Plan) -> bool:
        """Whether all was written; `False` where something may have been."""
        steps: Sequence[Edit | None] = [None] if plan.is_anew else plan.edits.steps
        for at, edit in enumerate(steps):
            try:
                if edit is None:
                    # What is taken off can't be read again: from here on this is what is wanted.
                    self.choose = partial(_mirror_keys, plan.after)
                    self.how = "moves"
                    self.target.replace(plan.after)
                else:
                    self.target.apply(edit)
            except InvocationFailed as failure:
                if failure.error.is_uncertain:
                    return False
                if edit is not None:
                    left = [key for other in steps[at:] for key in _keys(other)]
                    failure.error = replace(failure.error, done=tuple(self._done), not_done=tuple(left))
                raise
            self._done += _keys(edit)
        return True

    def _is_so(self, after: Sequence[str]) -> bool:
        """Whether the list ends as it should. One entry more is asked for, which shouldn't be there."""
        start = max(0, len(after) - _TAIL + 1)
        tail = [entry.key for entry in self.target.read(start, _TAIL)]
        return _blank(tail) == _blank(after[start:])


def _mirror_keys(keys: Sequence[str], before: list[Entry]) -> Wanted:
    return mirror(before, [Entry(key, frozenset([key])) for key in keys])


def _blank(keys: Sequence[str]) -> list[str]:
    """`keys`, of which those of entries that nothing tells apart are alike: they are named by their places."""
    return [UNREADABLE if key.startswith(UNREADABLE) else key for key in keys]


def _keys(edit: Edit | None) -> tuple[str, ...]:
    return () if edit is None or isinstance(edit, Move) else edit.keys

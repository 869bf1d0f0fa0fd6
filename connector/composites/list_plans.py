"""The plan of what brings a list to what is wanted, one way or the other, and what each takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from connector.composites.edits import Edits, Means, plan_anew, plan_edits
from connector.composites.entries import Entry
from connector.composites.wanted import Wanted, keep_order_of_fixed
from connector.errors import ErrorDetail, InvocationFailed
from connector.manifest.procedures import ListKind

#: `moves` keeps when each entry was added; `replace` takes everything off and puts it on anew; `auto` is what takes
#: fewer calls, but never a `replace` by several, of which a crash in between would leave a part off the list.
How = Literal["moves", "replace", "auto"]


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
        return len(self.edits.steps)


def plan_list(kind: ListKind, before: Sequence[Entry], wanted: Wanted, how: How) -> Plan:
    """The plan. Raises `InvocationFailed` (`invalid_fields`) where it would be more than the list takes, and where all
    should be put there anew and can't be."""
    if kind.most is not None and len(wanted) > max(kind.most, len(before)):
        text = f"it would hold {len(wanted):,} entries, and a {kind.title} takes {kind.most:,} at most: take fewer."
        raise InvocationFailed(ErrorDetail("invalid_fields", text))
    means = find_means(kind)
    wanted = wanted if means.moves else keep_order_of_fixed(before, wanted)
    fixed = {place for place, entry in enumerate(before) if entry.is_fixed}
    keys = [entry.key for entry in before]
    edits = plan_edits(keys, wanted, means, fixed)
    costs = {"moves": len(edits.steps)}
    anew: Edits | None = None
    if "replace" in kind.blocks and not fixed:
        anew = plan_anew(keys, wanted, means, kind.sizes.get("replace"))
        costs["replace"] = len(anew.steps) if edits.steps else 0
    if how == "replace" and anew is None:
        text = "the list holds what could not be put back: let it be edited entry by entry."
        raise InvocationFailed(ErrorDetail("invalid_fields", text))
    is_anew = how == "replace" or (how == "auto" and costs["moves"] > costs.get("replace", 2) == 1)
    if anew and is_anew and edits.steps:
        return Plan(list(before), wanted, anew, costs, is_anew=True)
    return Plan(list(before), wanted, edits, costs, is_anew=False)


def find_means(kind: ListKind) -> Means:
    """What the blocks of that kind of list can do to it."""
    return Means(kind.sizes.get("remove"), kind.sizes.get("insert"), "move" in kind.blocks)

"""What whoever fills in a block's form should know beforehand: for whom it is closed, and what it costs in calls."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from connector.manifest.blocks import Block
from connector.manifest.closed_blocks import tell_closed
from connector.manifest.procedure_costs import tell_procedure_cost
from connector.manifest.routes import APP_MODES, AppMode, Route


def tell_beforehand(block: Block, call: Callable[[str], str] = str) -> list[str]:
    """Sentences that say for whom `block` is closed, and what it takes where that can be more than one call; empty
    where there is nothing to say. `call` makes of a field's name what it is called there."""
    return [*tell_closed(block), *tell_cost(block, call)]


def tell_cost(block: Block, call: Callable[[str], str] = str) -> list[str]:
    """Sentences that say what `block` takes where it can be more than one call: for each piece of a list, for each
    value, or for what it reads before."""
    if block.procedure:
        return [tell_procedure_cost(block, block.procedure, call)]
    firsts = {mode: route for mode in APP_MODES if (route := next(_iter_open(block, mode), None))}
    costs = {mode: cost for mode, route in firsts.items() if (cost := _tell_route(route, mode, call))}
    by_cost = {cost: [mode for mode, other in costs.items() if other == cost] for cost in costs.values()}
    if list(by_cost.values()) == [list(firsts)]:
        told = [f"Costs {cost}." for cost in by_cost]
    else:
        parts = [f"{cost} in {' and '.join(modes)} mode" for cost, modes in by_cost.items()]
        told = [f"Costs {', '.join(parts)}."] if parts else []
    if reuse := block.reuse:
        told += [
            f"With {call(name)} {json.dumps(value)} it looks first what {reuse.block} lists."
            for name, value in reuse.when.items()
        ]
    told += [f"A name as {call(name)} costs a call more." for name in sorted(block.named_fields)]
    told += [f"A sign before {call(name)} costs a call more." for name in sorted(block.relative_fields)]
    return told


def _iter_open(block: Block, mode: AppMode) -> Iterator[Route]:
    return (route for route in block.routes if mode not in route.closed)


def _tell_route(route: Route, mode: AppMode, call: Callable[[str], str]) -> str:
    if route.each:
        return f"a call for each of {call(route.each)}"
    if route.page and not route.page.is_all:
        return f"a call per {route.page.for_mode(mode).size} entries"
    if route.batch:
        return f"a call per {route.batch.size} of {call(route.batch.field)}"
    return f"{len(route.first) + 1} calls" if route.first else ""

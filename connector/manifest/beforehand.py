"""What whoever fills in a block's form should know beforehand: for whom it is closed, and what it costs in calls."""

from __future__ import annotations

from collections.abc import Iterator

from connector.manifest.blocks import Block
from connector.manifest.closed_blocks import tell_closed
from connector.manifest.routes import APP_MODES, Route


def tell_beforehand(block: Block) -> list[str]:
    """Sentences that say for whom `block` is closed, and where it takes more calls than one looks for; empty where
    there is nothing to say."""
    return [*tell_closed(block), *tell_cost(block)]


def tell_cost(block: Block) -> list[str]:
    """Sentences that say where `block` takes a call for each value, or one more than it seems to."""
    firsts = {mode: route for mode in APP_MODES if (route := next(_iter_open(block, mode), None))}
    told: list[str] = []
    costs = {mode: cost for mode, route in firsts.items() if (cost := _tell_route(route))}
    for cost in dict.fromkeys(costs.values()):
        modes = [mode for mode, other in costs.items() if other == cost]
        where = "" if len(modes) == len(firsts) else f"In {' and '.join(modes)} mode it"
        told.append(f"{where or 'It'} {cost}.")
    told += [f"A {name} that is given by its name takes a call more." for name in sorted(block.named_fields)]
    told += [f"A {name} with a sign in front takes a call more." for name in sorted(block.relative_fields)]
    return told


def _iter_open(block: Block, mode: str) -> Iterator[Route]:
    return (route for route in block.routes if mode not in route.closed)


def _tell_route(route: Route) -> str:
    if route.each:
        return f"takes a call for each of {route.each}"
    return f"takes {len(route.first) + 1} calls" if route.first else ""

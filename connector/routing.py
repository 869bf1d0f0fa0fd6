"""Which of a block's routes to try, and in which order."""

from __future__ import annotations

from typing import Literal

from connector.blocks import Block, Route
from connector.validation import Args

QuotaMode = Literal["auto", "development", "extended"]


def choose_routes(block: Block, args: Args, mode: QuotaMode) -> tuple[Route, ...]:
    """The block's routes that can carry `args` and are open to the quota `mode`, in the manifest's order.

    In `auto` nothing is known of the app, so every route is open until the service says otherwise.
    """
    return tuple(
        route
        for route in block.routes
        if mode not in route.closed and not any(args.get(name) == value for name, value in route.cannot.items())
    )


def describe_detour(block: Block, args: Args) -> str:
    """What to leave out so that a route that can't carry it may be taken; empty where that would change nothing."""
    hindering = {name for route in block.routes for name, value in route.cannot.items() if args.get(name) == value}
    return f"It can be done without {' and '.join(sorted(hindering))}." if hindering else ""

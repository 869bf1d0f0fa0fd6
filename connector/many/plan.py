"""A block's route and arguments → the requests that they take, as a value: the one place where they are bound."""

from __future__ import annotations

from connector.arguments.validation import Args
from connector.manifest.blocks import Block, Route
from connector.many.batching import Batches, iter_batches
from connector.many.paging import Pages
from connector.wire.request import build_request

Plan = Pages | Batches


def plan_requests(block: Block, route: Route, args: Args) -> Plan:
    """The requests by which `route` does what `block` does with `args`, which are valid and in normal form.

    A paged route gives `Pages`, whose later requests depend on the answers; any other gives `Batches`, which is one
    request where the list in the arguments, if any, fits into one.
    """
    if route.page:
        own = dict(args)
        max_items, resume = own.pop("max_items", None), own.pop("resume", None)
        return Pages(build_request(route, own), route.page, max_items, resume)
    parts = list(iter_batches(route, args))
    return Batches(
        requests=tuple(build_request(route, part) for part in parts),
        values=tuple(_get_values(route, part) for part in parts),
        is_read=block.effect == "read",
        has_detour=len(block.routes) > 1,
    )


def _get_values(route: Route, args: Args) -> list[object] | None:
    """The values of the route's list that one request carries; `None` where no list is split."""
    values = args.get(route.batch_field) if route.batch_field else None
    return values if isinstance(values, list) else None

"""A block's route and arguments → the requests that they take, as a value: the one place where they are bound."""

from __future__ import annotations

from dataclasses import replace

from connector.arguments.validation import Args
from connector.manifest.blocks import Block
from connector.manifest.routes import QuotaMode, Route
from connector.many.batching import Batches, iter_batches
from connector.many.paging import Pages
from connector.wire.request import Request, build_request

Plan = Pages | Batches


def plan_requests(block: Block, route: Route, args: Args, mode: QuotaMode = "auto") -> Plan:
    """The requests by which `route` does what `block` does with `args`, which are valid and in normal form, for an app
    in the quota `mode`.

    A paged route gives `Pages`, whose later requests depend on the answers; any other gives `Batches`, which is one
    request where the list in the arguments, if any, fits into one.
    """
    if route.page:
        own = dict(args)
        max_items, resume = own.pop("max_items", None), own.pop("resume", None)
        return Pages(build_request(route, own), route.page.for_mode(mode), max_items, resume)
    first, *others = parts = list(iter_batches(route, args))
    return Batches(
        requests=(_build(block, route, first), *(_build(block, _follow_up(route), part) for part in others)),
        values=tuple(_get_values(route, part) for part in parts),
        is_read=block.effect == "read",
        has_detour=len(block.routes) > 1,
        list_at=block.listing.at if block.listing else (),
        is_one_each=route.each is not None,
        by=route.batch.by if route.batch else None,
    )


def _build(block: Block, route: Route, args: Args) -> Request:
    return build_request(route, args, is_repeatable=block.is_idempotent and not route.is_follow_up)


def _follow_up(route: Route) -> Route:
    """The way that all requests take but the first."""
    if route.batch is None or route.batch.then is None:
        return route
    method, path = route.batch.then
    return replace(route, method=method, path=path, is_follow_up=True)


def _get_values(route: Route, args: Args) -> list[object] | None:
    """The values of the route's list that one request carries; `None` where no list is split."""
    if route.each:
        return [args[route.each]]
    values = args.get(route.batch.field) if route.batch else None
    return values if isinstance(values, list) else None

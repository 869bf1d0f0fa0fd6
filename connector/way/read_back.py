"""What became of the part of a list whose answer was lost: the list is read, where that can tell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from connector.arguments.validation import Args
from connector.errors import ErrorDetail, InvocationFailed
from connector.manifest.dotted_paths import follow
from connector.manifest.manifest import Manifest
from connector.manifest.routes import Batch, Route
from connector.many.page import get_items, get_page, get_total
from connector.result import Listing, Result


def settle_doubt(
    route: Route, args: Args, error: ErrorDetail, ask: Callable[[str, Args], Result], manifest: Manifest
) -> ErrorDetail:
    """`error` with its uncertain values told as done or not done, where reading the list back tells which it was.

    They were done where the list holds them at their place, and the part that went before stands right in front of
    them: entries that were there from before would not. They were not done where it holds none of them there, and that
    part where it was put. Otherwise, and where the list can't be read, nobody can tell, and the error says as before.
    """
    batch = route.batch
    if batch is None or batch.read_back is None or not error.uncertain:
        return error
    try:
        is_done = _find_out(batch, args, error, ask, manifest)
    except InvocationFailed:
        return error
    if is_done is None:
        return error
    done, not_done = (error.uncertain, ()) if is_done else ((), error.uncertain)
    was = "was done" if is_done else "was not done"
    return replace(
        error,
        message=f"{error.message} The list was read back: what was uncertain {was}.",
        done=(*error.done, *done),
        not_done=(*not_done, *error.not_done),
        uncertain=(),
        is_uncertain=False,
    )


def _find_out(
    batch: Batch, args: Args, error: ErrorDetail, ask: Callable[[str, Args], Result], manifest: Manifest
) -> bool | None:
    """Whether the uncertain values are in the list; `None` where it doesn't tell."""
    rule, page = batch.read_back, manifest.block(batch.read_back.block).page if batch.read_back else None
    if rule is None or page is None:
        return None
    given = {name: args[field] for name, field in rule.given.items()}
    wanted = list(error.uncertain)
    before = list(error.done[-len(wanted) :])
    place = args.get(batch.advance) if batch.advance else None
    if place is not None:
        start = place + len(error.done) - len(before)
    else:
        total = get_total(get_page(ask(rule.block, {**given, "max_items": 1}).output, page), page)
        if total is None or total < len(before):
            return None
        start = max(0, total - len(wanted) - len(before))
    size = len(before) + len(wanted)
    told = ask(rule.block, {**given, "max_items": size, "resume": str(start)})
    listing = told.listing or Listing(())
    # With its nulls: each has a place in the list.
    found = map(listing.read, get_items(get_page(told.output, page), page))
    values: list[Any] = [follow(entry, rule.at.split(".")) for entry in found]
    if not all(isinstance(value, str) for value in values):
        # What has no name may be any of them.
        return None
    there = values[len(before) :] if place is not None or len(values) == size else values[-len(wanted) :]
    if there == wanted:
        # A list that is the same over and over looks alike one part earlier.
        return True if values[: len(before)] == before != [] and before[-len(wanted) :] != wanted else None
    neighbours = values[: len(before)] if place is not None else values[-len(before) :]
    # Where somebody else has changed the list meanwhile, its places say nothing.
    is_moved = not set(there).isdisjoint(wanted) or (before != [] and neighbours != before)
    return None if is_moved else False

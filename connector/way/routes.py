"""Which of a block's routes to try, in which order, and what it means when none was open.

A route is left aside where it can't carry the arguments or the app's quota mode is closed to it. In `auto` the service
says so itself, and the way that worked is remembered for the app.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Final

from connector.arguments.validation import Args
from connector.errors import ErrorDetail, FieldProblem
from connector.manifest.blocks import Block
from connector.manifest.closed_blocks import describe_closing, tell_closed
from connector.manifest.routes import GIVEN, QuotaMode, Route

_REMEMBERED: Final = 10_000


class RouteMemory:
    """The detours that worked: for an app and a block, the route to try first. Shared by threads; holds the latest."""

    def __init__(self) -> None:
        # Each step on it is one of the interpreter's own, so it needs no lock, which a fork might leave held.
        self._worked: OrderedDict[tuple[str, str], Route] = OrderedDict()

    def order(self, app: str, block: Block, routes: Sequence[Route]) -> Sequence[Route]:
        """`routes` with the one that worked last for `app` in front."""
        key = app, block.name
        worked = self._worked.get(key)
        if worked is None:
            return routes
        with suppress(KeyError):
            self._worked.move_to_end(key)
        return sorted(routes, key=lambda route: route is not worked)

    def note(self, app: str, block: Block, route: Route, *, is_detour: bool) -> None:
        """`route` worked; `is_detour`: others were refused before."""
        if not is_detour:
            return
        self._worked[app, block.name] = route
        if len(self._worked) > _REMEMBERED:
            self._worked.popitem(last=False)


def choose_routes(block: Block, args: Args, mode: QuotaMode, substitutes: Collection[str] = ()) -> tuple[Route, ...]:
    """The block's routes that can carry `args` and are open to the quota `mode`, in the manifest's order, with those of
    the `substitutes` that the operator has turned on.

    In `auto` nothing is known of the app, so every route is open until the service says otherwise.
    """
    return tuple(route for route in _find_open(block, mode, substitutes) if not _find_uncarried(route, args))


def leads_on(route: Route, error: ErrorDetail) -> bool:
    """Whether, after `error` on `route`, the next route may do it; never where something was done already."""
    is_refused = error.kind == "unavailable" or error.status in route.falls_back_on
    return is_refused and not error.done and not error.came


def sum_up(
    block: Block, args: Args, mode: QuotaMode, refusals: Sequence[ErrorDetail], substitutes: Collection[str] = ()
) -> ErrorDetail:
    """The one error to show when no route did it: what the service said of the request itself wins over that a way is
    closed; either names what to leave out where that would open a way."""
    told = [error for error in refusals if error.kind != "unavailable"]
    closed = {closed: since for route in block.routes for closed, since in route.closed.items()}
    hindering = _find_hindering(args, _find_open(block, mode, substitutes))
    if told or refusals:
        error = (told or refusals[-1:])[0]
    elif closed:
        error = ErrorDetail("unavailable", " ".join(tell_closed(block, closed)))
    else:
        problems = tuple(FieldProblem(name, "can't be sent on any way", "leave it out") for name in hindering)
        error = ErrorDetail("invalid_fields", f"{'; '.join(map(str, problems))}.", problems)
    words = [error.message]
    if hindering:
        words.append(f"It can be done without {' and '.join(hindering)}.")
    if told:
        words += [
            f"The other way, {route.name}, is {describe_closing(route.closed)}."
            for route in block.routes
            if route.closed
        ]
    return keep_doubt(replace(error, message=" ".join(words)), refusals)


def keep_doubt(error: ErrorDetail, refusals: Sequence[ErrorDetail]) -> ErrorDetail:
    """`error` of one route, which is uncertain too where an earlier one's try may have taken effect before its refusal;
    what of a list was uncertain then is so still, unless it was done since."""
    earlier = [value for refusal in refusals for value in refusal.uncertain]
    if not any(refusal.is_uncertain for refusal in refusals):
        return error
    return replace(
        error,
        is_uncertain=True,
        not_done=tuple(value for value in error.not_done if value not in earlier),
        uncertain=(*error.uncertain, *(value for value in error.not_done if value in earlier)),
    )


def _find_open(block: Block, mode: QuotaMode, substitutes: Collection[str]) -> list[Route]:
    return [
        route
        for route in block.routes
        if mode not in route.closed and (route.consent is None or route.consent.name in substitutes)
    ]


def _find_hindering(args: Args, open_routes: Sequence[Route]) -> list[str]:
    """The arguments that some of the `open_routes` can't carry."""
    return sorted({name for route in open_routes for name in _find_uncarried(route, args)})


def _find_uncarried(route: Route, args: Args) -> list[str]:
    """The arguments that `route` can't carry: those with a certain value, or whatever is given."""
    return [name for name, value in route.cannot.items() if name in args and value in (args[name], GIVEN)]

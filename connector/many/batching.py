"""A list longer than one request may carry → several requests' arguments, and their outputs joined in order.

Reads are sent side by side, writes one after the other; after a failure the error says how far it came. How a request
is sent is the caller's business.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from connector.arguments.validation import Args
from connector.errors import ErrorDetail, InvocationFailed
from connector.manifest.blocks import Block, Route
from connector.many.side_by_side import map_in_order

if TYPE_CHECKING:
    from connector.wire.deadline import Cancel


def send_batches(
    block: Block,
    route: Route,
    args: Args,
    send: Callable[[Args], Any],
    *,
    width: int = 8,
    stop: Cancel | None = None,
    pressure: Callable[[], int] | None = None,
) -> Any:
    """What `send` answers for `args`, in as many requests as `route` needs, joined.

    Reads are sent from up to `width` threads, fewer while `pressure` (see `map_in_order`) grows; a failure sets `stop`
    where others are still under way. Raises what `send` raises, or `InvocationFailed` (`bad_answer`) for an answer
    that would move others' places. A write's error tells what was done (see `tell_apart`); a read's error says how
    many values `came` before it, which are `not_done`, and holds what came in `partial`.
    """
    batches = list(iter_batches(route, args))
    if block.effect != "read":
        return join_outputs(_write_batches(route, batches, send))
    if len(batches) == 1:
        output = send(args)
        check_output(route, args, output, None)
        return output
    outputs: list[Any] = []
    # Where another route may take over, the first batch finds out alone.
    parts = [batches[:1], batches[1:]] if len(block.routes) > 1 else [batches]
    try:
        for part in parts:
            answers = map_in_order(send, part, width, pressure=pressure, on_stop=stop.set if stop else None)
            with closing(answers):
                for batch, output in zip(part, answers, strict=True):
                    check_output(route, batch, output, outputs[-1] if outputs else None)
                    outputs.append(output)
    except InvocationFailed as failure:
        if outputs:
            failure.error = _tell_how_far(failure.error, route, batches, outputs)
        raise
    return join_outputs(outputs)


def _write_batches(route: Route, batches: list[Args], send: Callable[[Args], Any]) -> Iterator[Any]:
    for position, batch in enumerate(batches):
        try:
            output = send(batch)
        except InvocationFailed as failure:
            parts = (batches[:position], [batch], batches[position + 1 :])
            # Where one request was refused, there is nothing to tell apart.
            if _holds_list(route, batch) and (len(batches) > 1 or failure.error.is_uncertain):
                failure.error = tell_apart(failure.error, *(_values(route, part) for part in parts))
            raise
        yield output


def _tell_how_far(error: ErrorDetail, route: Route, batches: list[Args], outputs: list[Any]) -> ErrorDetail:
    """`error` with word of the values that were answered before it, and of those that were not."""
    came = len(_values(route, batches[: len(outputs)]))
    left = _values(route, batches[len(outputs) :])
    words = f"{error.message} Of {came + len(left)} values {came} were answered before that."
    return replace(error, message=words, came=came, not_done=tuple(left), partial=join_outputs(outputs))


def _values(route: Route, batches: list[Args]) -> list[Any]:
    return [value for batch in batches for value in batch[str(route.batch_field)]]


def iter_batches(route: Route, args: Args) -> Iterator[Args]:
    """`args` once for each request: the batched field cut into pieces of the route's size, the rest the same."""
    if not _holds_list(route, args):
        yield args
        return
    values = args[str(route.batch_field)]
    for start in range(0, len(values), route.batch_size):
        yield {**args, route.batch_field: values[start : start + route.batch_size]}  # type: ignore[dict-item]


def _holds_list(route: Route, args: Args) -> bool:
    return route.batch_field is not None and isinstance(args.get(route.batch_field), list)


def check_output(route: Route, batch: Args, output: Any, before: Any) -> None:
    """That what was read for a batch can be joined to `before`, the output of the batch before it (or `None`).

    Raises `InvocationFailed` (`bad_answer`) for a list that has not one entry for each of the batch's values, and for
    another type than before: either would move every later entry to the wrong place.
    """
    values = batch.get(route.batch_field) if route.batch_field else None
    if not isinstance(values, list):
        return
    is_short = isinstance(output, list) and len(output) != len(values)
    if is_short or (before is not None and type(before) is not type(output)):
        message = f"The answer does not hold one entry for each of the {len(values)} values that were sent."
        raise InvocationFailed(ErrorDetail("bad_answer", message))


def join_outputs(outputs: Iterable[Any]) -> Any:
    """The outputs of all batches as one: lists end to end, objects by joining the lists in them."""
    joined: Any = None
    for output in outputs:
        if joined is None:
            joined = output
        elif isinstance(joined, list) and isinstance(output, list):
            joined = joined + output
        elif isinstance(joined, dict) and isinstance(output, dict):
            for key, value in output.items():
                if isinstance(before := joined.get(key), list):
                    joined[key] = before + value if isinstance(value, list) else before
                else:
                    joined[key] = value
    return joined


def tell_apart(error: ErrorDetail, done: list[Any], failed: list[Any], left: list[Any]) -> ErrorDetail:
    """`error` with word of which values were `done` before it; the `failed` batch counts as not done, or as uncertain
    where the service may have done it and only its answer was lost."""
    uncertain, not_done = (failed, left) if error.is_uncertain else ([], failed + left)
    message = error.message
    if (count := len(done) + len(failed) + len(left)) > 1:
        message += f" Of {count} values {len(done)} were done and {len(not_done)} were not"
        message += f"; for {len(uncertain)} it is uncertain." if uncertain else "."
    return replace(
        error,
        message=message,
        done=tuple(done),
        not_done=tuple(not_done),
        uncertain=tuple(uncertain),
    )

"""A list longer than one request may carry → several requests' arguments, and their outputs joined in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from connector.blocks import Route
from connector.errors import UNCERTAIN, ErrorDetail, InvocationFailed
from connector.validation import Args


def iter_batches(route: Route, args: Args) -> Iterator[Args]:
    """`args` once for each request: the batched field cut into pieces of the route's size, the rest the same."""
    values = args.get(route.batch_field) if route.batch_field else None
    if not isinstance(values, list):
        yield args
        return
    for start in range(0, len(values), route.batch_size):
        yield {**args, route.batch_field: values[start : start + route.batch_size]}  # type: ignore[dict-item]


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
    is_uncertain = error.kind in UNCERTAIN
    uncertain, not_done = (failed, left) if is_uncertain else ([], failed + left)
    words = f"Of {len(done) + len(failed) + len(left)} values {len(done)} were done and {len(not_done)} were not"
    words += f"; for {len(uncertain)} it is uncertain." if uncertain else "."
    return replace(
        error,
        message=f"{error.message} {words}",
        done=tuple(done),
        not_done=tuple(not_done),
        uncertain=tuple(uncertain),
    )


def send_batches(block: Any, route: Route, args: Args, send: Any, *, width: int, stop: Any) -> Any:
    outputs: list[Any] = []
    batches = list(iter_batches(route, args))
    for position, batch in enumerate(batches):
        try:
            output = send(batch)
            if block.effect == "read":
                check_output(route, batch, output, outputs[-1] if outputs else None)
            outputs.append(output)
        except InvocationFailed as failure:
            if block.effect == "read" or route.batch_field is None:
                raise
            done, failed, left = (
                [value for part in parts for value in part[route.batch_field]]
                for parts in (batches[:position], [batch], batches[position + 1 :])
            )
            raise InvocationFailed(tell_apart(failure.error, done, failed, left)) from None
    return join_outputs(outputs)

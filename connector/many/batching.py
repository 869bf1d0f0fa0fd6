"""A list longer than one request may carry → several requests, and their answers joined in order.

Reads are sent side by side, writes one after the other; after a failure the error says how far it came.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from connector.arguments.validation import Args
from connector.errors import ErrorDetail, InvocationFailed
from connector.manifest.dotted_paths import follow
from connector.manifest.routes import Route
from connector.many.sender import Sender
from connector.many.side_by_side import map_in_order
from connector.wire.request import Request


@dataclass(frozen=True, slots=True)
class Batches:
    """The requests of one call, in order, and the `values` that each carries of the list that was split (`None` where
    none was). `has_detour`: another route may take over where this one is refused. `list_at` is where the output has
    its list; `is_one_each`: each request asks for one entry of it, because the service no longer gives many at once;
    `by` names what in an entry of that list is the value that it belongs to, where the answer may leave entries out."""

    requests: Sequence[Request]
    values: Sequence[list[Any] | None]
    is_read: bool
    has_detour: bool = False
    list_at: tuple[str, ...] = ()
    is_one_each: bool = False
    by: str | None = None

    @property
    def is_many(self) -> bool:
        return len(self.requests) > 1

    @property
    def calls(self) -> int:
        """How many requests it takes, known before any is sent."""
        return len(self.requests)

    def send(self, sender: Sender) -> Generator[Any, None, None]:
        """The answers, in the order of the requests.

        Raises what `sender` raises, and `InvocationFailed` (`bad_answer`) for an answer that would move others' places,
        or is of something else than was asked for. A write's error tells what was done (see `tell_apart`); a read's
        says how many values `came` before it and which are `not_done`. A read's failure, and closing the iterator, end
        what is under way.
        """
        return self._read(sender) if self.is_read else self._write(sender)

    def measure(self, answer: Any, place: int) -> tuple[int, int | None]:  # noqa: ARG002 - what was sent tells it
        """How many values of the list that was split the answer at a `place` is about, and how many there are in all;
        none where no list was split."""
        values = [0 if carried is None else len(carried) for carried in self.values]
        return values[place], sum(values) or None

    def join(self, answers: Sequence[Any]) -> Any:
        """The answers as one: lists end to end, objects by joining the lists in them, single entries as a list under
        its name."""
        return {self.list_at[-1]: list(answers)} if self.is_one_each else join_outputs(answers)

    def iter_entries(self, answers: Iterable[Any]) -> Iterator[Any]:
        """The entries of the list that is answered, or the one answer."""
        if self.is_one_each:
            yield from answers
            return
        output = join_outputs(list(answers))
        found = follow(output, self.list_at) if self.list_at else output
        yield from found if isinstance(found, list) else [output]

    def _read(self, sender: Sender) -> Generator[Any, None, None]:
        ask = partial(_ask_for_one, sender) if self.is_one_each else sender.send
        if not self.is_many:
            answer = ask(self.requests[0])
            self._check(answer, 0)
            yield self._place(answer, 0)
            return
        # Where another route may take over, the first one finds out alone.
        parts = [self.requests[:1], self.requests[1:]] if self.has_detour else [self.requests]
        came = 0
        try:
            for part in parts:
                answers = map_in_order(
                    ask, part, sender.width, pressure=sender.feel_pressure, on_stop=sender.cancel.set
                )
                with closing(answers):
                    for answer in answers:
                        self._check(answer, came)
                        came += 1
                        yield self._place(answer, came - 1)
        except InvocationFailed as failure:
            if came:
                failure.error = self._tell_how_far(failure.error, came)
            raise

    def _write(self, sender: Sender) -> Generator[Any, None, None]:
        for position, request in enumerate(self.requests):
            try:
                answer = sender.send(request)
            except InvocationFailed as failure:
                # Where one request was refused, there is nothing to tell apart.
                if self.values[position] is not None and (len(self.requests) > 1 or failure.error.is_uncertain):
                    parts = (slice(position), slice(position, position + 1), slice(position + 1, None))
                    failure.error = tell_apart(failure.error, *map(self._values_of, parts))
                raise
            yield answer

    def _place(self, answer: Any, position: int) -> Any:
        """The answer to the request at `position` with each entry of its list in the place of the value that it belongs
        to, and null where it left one out."""
        if self.by is None:
            return answer
        values = self.values[position] or []
        by_value: dict[Any, Any] = {}
        for entry in follow(answer, self.list_at):
            if entry is None:
                continue
            value = entry.get(self.by) if isinstance(entry, dict) else None
            if value is None or value not in values:
                message = "The answer holds an entry of something else than was asked for."
                raise InvocationFailed(ErrorDetail("bad_answer", message))
            by_value[value] = entry
        placed: Any = [by_value.get(value) for value in values]
        for name in reversed(self.list_at):
            placed = {name: placed}
        return placed

    def _check(self, answer: Any, position: int) -> None:
        """Raises `InvocationFailed` (`bad_answer`) where what was read has not one entry, which may be null, for each
        of the values that were sent: every later entry would move to the wrong place."""
        values = self.values[position]
        if values is None or self.is_one_each:
            return
        entries = follow(answer, self.list_at)
        if not isinstance(entries, list) or (self.by is None and len(entries) != len(values)):
            message = f"The answer does not hold one entry for each of the {len(values)} values that were sent."
            raise InvocationFailed(ErrorDetail("bad_answer", message))

    def _tell_how_far(self, error: ErrorDetail, answered: int) -> ErrorDetail:
        """`error` with word of the values that were answered before it, and of those that were not."""
        came, left = len(self._values_of(slice(answered))), self._values_of(slice(answered, None))
        words = f"{error.message} Of {came + len(left)} values {came} were answered before that."
        return replace(error, message=words, came=came, not_done=tuple(left))

    def _values_of(self, part: slice) -> list[Any]:
        return [value for values in self.values[part] for value in values or ()]


def _ask_for_one(sender: Sender, request: Request) -> Any:
    """One entry, or `None` where the service doesn't have it: it would not fail for one of many either."""
    try:
        return sender.send(request)
    except InvocationFailed as failure:
        if failure.error.kind != "not_found":
            raise
        return None


def iter_batches(route: Route, args: Args) -> Iterator[Args]:
    """`args` once for each request: the batched field cut into pieces of the route's size, a position moved on by what
    went before, the rest the same."""
    if route.each:
        yield from ({**args, route.each: value} for value in args[route.each])
        return
    batch = route.batch
    values = args.get(batch.field) if batch else None
    if batch is None or not isinstance(values, list):
        yield args
        return
    for start in range(0, len(values), batch.size):
        moved = {batch.advance: args[batch.advance] + start} if batch.advance in args else {}
        yield {**args, batch.field: values[start : start + batch.size], **moved}


def join_outputs(outputs: Sequence[Any]) -> Any:
    """The outputs of all batches as one: lists end to end, objects by joining the lists in them. The first output is
    changed in place."""
    joined: Any = None
    for output in outputs:
        if joined is None:
            joined = output
        elif isinstance(joined, list) and isinstance(output, list):
            joined += output
        elif isinstance(joined, dict) and isinstance(output, dict):
            for key, value in output.items():
                if isinstance(before := joined.get(key), list):
                    before += value if isinstance(value, list) else ()
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

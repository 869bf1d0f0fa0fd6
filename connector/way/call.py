"""One invocation under way: what it was given, the time it has, and the account of what it did.

Knows the steps between valid arguments and the output: who calls, which route, one request or many.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from connector.arguments.validation import Args
from connector.errors import ErrorDetail, InvocationFailed
from connector.manifest.blocks import Block, Page, QuotaMode, Route
from connector.manifest.manifest import Manifest
from connector.many.batching import send_batches
from connector.many.paging import get_page, iter_pages, merge_pages
from connector.many.twins import add_twins
from connector.result import Meta
from connector.sending.service_errors import describe_scopes
from connector.way.credentials import Caller, ConnectedCaller, GivenCaller
from connector.way.routes import RouteMemory, choose_routes, keep_doubt, leads_on, sum_up
from connector.way.telemetry import NO_SPAN, Span
from connector.wire.deadline import Deadline
from connector.wire.request import build_request

if TYPE_CHECKING:
    from connector.auth import Connection, Keeper
    from connector.limits.local_gate import Gate
    from connector.way.one_request import Exchange
    from connector.wire.transport import Transport

OnProgress = Callable[[Meta], None]
T = TypeVar("T")
#: Requests begun for each that the service may see at once: while some wait to be taken in order, or read what has
#: come, others are on their way.
AHEAD: Final = 2


class Resources(Protocol):
    """What the invocations of one connector share."""

    manifest: Manifest
    memory: RouteMemory
    max_wait: float
    concurrency: int
    quota_mode: QuotaMode

    @property
    def transport(self) -> Transport: ...

    @property
    def gate(self) -> Gate: ...

    @property
    def keeper(self) -> Keeper: ...


@dataclass(slots=True)
class Invocation:
    """A block about to be run with `args`, which are valid and in normal form.

    `connection` stands in for the fields that tell who calls, where they are not among `args`.
    """

    shared: Resources
    block: Block
    args: Args
    connection: str | Connection | None
    deadline: Deadline
    meta: Meta
    on_progress: OnProgress | None = None
    span: Span = NO_SPAN

    def run(self) -> Any:
        """The output, by the first route that is open."""
        args, max_items, resume = self._split_args()

        def take(exchange: Exchange, route: Route) -> Any:
            if route.page:
                answers = self._iter_pages(exchange, route, route.page, args, max_items, resume)
                return _merge(answers, route.page, max_items)
            send = partial(self._send, exchange, route)
            return send_batches(
                self.block,
                route,
                args,
                send,
                width=self.shared.concurrency * AHEAD,
                stop=self.deadline.cancel,
                pressure=self._feel_pressure,
            )

        return self._by_open_route(args, take)

    def stream(self) -> Iterator[Any]:
        """The entries of a paged block one by one; a list's entries, or the one output, of any other block."""
        if self.block.page is None:
            output = self.run()
            yield from output if isinstance(output, list) else [output]
            return
        args, max_items, resume = self._split_args()

        def take(exchange: Exchange, route: Route) -> Iterator[Any]:
            page = route.page or self.block.page
            assert page is not None  # noqa: S101 - the linter sees to it that all routes of a block are paged alike
            answers = self._iter_pages(exchange, route, page, args, max_items, resume)
            items = (item for answer in answers for item in get_page(answer, page)[page.names["items"]])
            if max_items is not None:
                items = islice(items, max_items)  # type: ignore[assignment]
            # The first entry is asked for here, where another route can still be taken.
            return chain(list(islice(items, 1)), items)

        yield from self._by_open_route(args, take)

    def _split_args(self) -> tuple[Args, int | None, str | None]:
        """The block's own arguments, and those that say where a reading stops and goes on."""
        if self.block.page is None:
            return self.args, None, None
        args = dict(self.args)
        return args, args.pop("max_items", None), args.pop("resume", None)

    def _by_open_route(self, args: Args, take: Callable[[Exchange, Route], T]) -> T:
        shared, block = self.shared, self.block
        caller = self._find_caller(args)
        mode = shared.quota_mode
        if isinstance(caller, ConnectedCaller) and caller.connection.quota_mode != "auto":
            mode = caller.connection.quota_mode
        routes = shared.memory.order(caller.app, block, choose_routes(block, args, mode))
        refused: list[Route] = []
        refusals: list[ErrorDetail] = []
        try:
            for route in routes:
                self.meta.route = route.name
                try:
                    taken = take(self._open_exchange(caller, route), route)
                except InvocationFailed as failure:
                    if not leads_on(route, failure.error):
                        failure.error = keep_doubt(failure.error, refusals)
                        raise
                    refused.append(route)
                    refusals.append(failure.error)
                else:
                    shared.memory.note(caller.app, block, route, refused)
                    return taken
        finally:
            caller.report(self.meta)
        raise InvocationFailed(sum_up(block, args, refusals))

    def _find_caller(self, args: Args) -> Caller:
        """Who calls. Raises `InvocationFailed` where a connection has no live token, or lacks a scope."""
        manifest = self.shared.manifest
        auth = manifest.auth[self.block.routes[0].server]
        if self.connection is None or auth is None or all(name in args for name in auth.fields):
            return GivenCaller(auth, args)
        caller = ConnectedCaller(auth, self.shared.keeper, self.connection, self.deadline)
        granted = caller.connection.scopes
        if granted is not None and (missing := self.block.find_missing_scopes(granted)):
            name = caller.connection.name
            caller.report(self.meta)
            raise InvocationFailed(
                ErrorDetail(
                    "forbidden",
                    f"The user of the connection {name} has not granted all that is needed. "
                    f"{describe_scopes(self.block, missing, manifest, name)}",
                )
            )
        return caller

    def _open_exchange(self, caller: Caller, route: Route) -> Exchange:
        from connector.way.one_request import Exchange

        secrets = tuple(
            str(self.args[name]) for name, field in self.block.fields.items() if field.secret and name in self.args
        )
        shared = self.shared
        return Exchange(
            self.block,
            shared.manifest,
            shared.transport,
            shared.gate,
            caller,
            self.deadline,
            shared.max_wait,
            self.meta,
            secrets,
            self.span,
            threading.Semaphore(shared.concurrency) if route.page or route.batch_field else None,
        )

    def _send(self, exchange: Exchange, route: Route, args: Args) -> Any:
        output = exchange.send(route, build_request(route, args))
        self._report()
        return output

    def _iter_pages(
        self, exchange: Exchange, route: Route, page: Page, args: Args, max_items: int | None, resume: str | None
    ) -> Iterator[Any]:
        pages = iter_pages(
            build_request(route, args),
            page,
            partial(exchange.send, route),
            max_items,
            width=self.shared.concurrency * AHEAD,
            resume=resume,
            cancel=self.deadline.cancel,
            pressure=self._feel_pressure,
        )
        for answer in pages:
            self.meta.pages += 1
            add_twins(get_page(answer, page)[page.names["items"]], self.block.twins)
            self._report()
            yield answer
            # The time that whoever reads the stream takes over a page is not the service's.
            self.deadline.renew()

    def _feel_pressure(self) -> int:
        """How often the service, or the way to it, has pushed back so far."""
        return self.meta.retries

    def _report(self) -> None:
        if self.on_progress:
            self.on_progress(self.meta)


def _merge(answers: Iterator[Any], page: Page, max_items: int | None) -> Any:
    """All pages as one; where one fails, what came before it goes into the error."""
    came: list[Any] = []
    try:
        came.extend(answers)
    except InvocationFailed as failure:
        partial_output = merge_pages(iter(came), page, max_items) if came else None
        raise InvocationFailed(replace(failure.error, partial=partial_output)) from None
    return merge_pages(iter(came), page, max_items)

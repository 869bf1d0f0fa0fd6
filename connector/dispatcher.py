"""The way of an invocation: args → validate → choose route → bind → send → page or batch → `Result`.

`Connector` is what everything else calls: the command line, the runners, the builders, and people who import it.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Self, TypeVar

from connector.answers import describe_closed, parse_answer
from connector.batching import check_output, iter_batches, join_outputs, tell_apart
from connector.binding import Request, build_request
from connector.blocks import Block, Page, Route
from connector.deadline import Deadline
from connector.errors import ErrorDetail, InvocationFailed
from connector.manifest import Manifest
from connector.paging import get_page, iter_pages, merge_pages
from connector.result import Meta, Result
from connector.routing import QuotaMode, choose_routes, describe_detour
from connector.validation import Args, InputValidator
from connector.version import __version__

if TYPE_CHECKING:
    from connector.transport import Transport

OnProgress = Callable[[Meta], None]
T = TypeVar("T")


class Connector:
    """All blocks of one manifest, ready to be invoked; safe to share between threads and cheap to call.

    Get one with `Connector.load()`; close it, or use it in a `with` statement, to close its connections.
    """

    def __init__(
        self,
        manifest: Manifest,
        *,
        servers: Mapping[str, str] | None = None,
        quota_mode: QuotaMode = "auto",
        timeout: float = 60,
        deadline: float | None = None,
    ) -> None:
        self.manifest = manifest
        self.servers = _choose_servers(manifest, servers or {})
        self._quota_mode: QuotaMode = quota_mode
        self._timeout = timeout
        self._deadline = deadline
        self._validators: dict[str, InputValidator] = {}
        self._transport: Transport | None = None
        self._lock = threading.Lock()

    @classmethod
    def load(
        cls,
        path: str | os.PathLike[str] | None = None,
        *,
        servers: Mapping[str, str] | None = None,
        quota_mode: QuotaMode = "auto",
        timeout: float = 60,
        deadline: float | None = None,
    ) -> Self:
        """A connector for the manifest at `path`, or for the packaged one.

        `servers` says where the manifest's servers are, by name, before the environment (`CONNECTOR_SERVER_API` and
        so on) and the manifest; `quota_mode` is what the app may call: `auto` finds out. `timeout` (s) is the longest
        that an invocation may go without finishing a request; `deadline` (s) bounds a whole invocation. Raises
        `ManifestError` for a manifest that can't be used.
        """
        manifest = Manifest.load(path)
        return cls(manifest, servers=servers, quota_mode=quota_mode, timeout=timeout, deadline=deadline)

    def invoke(
        self, block: str, args: Mapping[str, Any] | None = None, *, on_progress: OnProgress | None = None
    ) -> Result:
        """Runs the block and gives its `Result`; what a user or a server did wrong is in it, and never raised.

        `on_progress` is called with the account so far after each page or batch. Raises `UnknownBlock` where there
        is no such block.
        """
        call = _Call(self, self.manifest.block(block), args, on_progress)
        try:
            return call.finish(output=call.run())
        except InvocationFailed as failure:
            return call.finish(error=failure.error)

    def stream(self, block: str, args: Mapping[str, Any] | None = None) -> Iterator[Any]:
        """The entries of a paged block one by one, in the memory of a page; a list's entries, or the one output, of
        any other block.

        Raises `UnknownBlock`, and `InvocationFailed` where `invoke` would give an error.
        """
        return _Call(self, self.manifest.block(block), args).stream()

    def close(self) -> None:
        """Closes the kept connections. The connector may be used again."""
        if self._transport is not None:
            self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Connector {self.manifest.package.get('name', '')} with {len(self.manifest)} blocks>"

    def _validator(self, block: Block) -> InputValidator:
        if block.name not in self._validators:
            self._validators[block.name] = InputValidator(block, self.manifest.references)
        return self._validators[block.name]

    @property
    def _sender(self) -> Transport:
        with self._lock:
            if self._transport is None:
                from connector.transport import Transport

                self._transport = Transport(self.servers, f"connector/{__version__}")
            return self._transport


class _Call:
    """One invocation under way: what it was given, the time it has, and the account of what it did."""

    def __init__(
        self,
        connector: Connector,
        block: Block,
        args: Mapping[str, Any] | None,
        on_progress: OnProgress | None = None,
    ) -> None:
        self._connector = connector
        self._block = block
        self._given = {} if args is None else args
        self._on_progress = on_progress
        self._started = time.monotonic()
        self._deadline = Deadline(connector._timeout, connector._deadline)
        self._meta = Meta()
        self._secrets: list[str] = []

    def run(self) -> Any:
        """The output, by the first route that is open."""
        args, max_items = self._prepare()

        def take(route: Route) -> Any:
            if route.page:
                return merge_pages(self._pages(route, route.page, args, max_items), route.page, max_items)
            return self._take_batches(route, args)

        return self._by_open_route(args, take)

    def stream(self) -> Iterator[Any]:
        """The entries one by one, by the first route that is open."""
        try:
            yield from self._iter_items()
        except InvocationFailed as failure:
            raise InvocationFailed(self._named(failure.error)) from None

    def _iter_items(self) -> Iterator[Any]:
        page = self._block.page
        if page is None:
            output = self.run()
            yield from output if isinstance(output, list) else [output]
            return
        args, max_items = self._prepare()

        def take(route: Route) -> Iterator[Any]:
            items = self._iter_page_items(route, page, args, max_items)
            return chain(list(islice(items, 1)), items)

        yield from self._by_open_route(args, take)

    def finish(self, output: Any = None, error: ErrorDetail | None = None) -> Result:
        self._meta.duration = time.monotonic() - self._started
        return Result(self._block.name, output, error and self._named(error), self._meta)

    def _named(self, error: ErrorDetail) -> ErrorDetail:
        """The error with the block's name in front, which the steps further down don't know."""
        name = f"{self._block.name}: "
        return error if error.message.startswith(name) else replace(error, message=name + error.message)

    def _prepare(self) -> tuple[Args, int | None]:
        args = self._connector._validator(self._block).validate(self._given)
        self._secrets = [str(args[name]) for name, field in self._block.fields.items() if field.secret and name in args]
        return args, args.pop("max_items", None) if self._block.page else None

    def _by_open_route(self, args: Args, take: Callable[[Route], T]) -> T:
        closed = ErrorDetail("unavailable", describe_closed(self._block, self._connector.manifest))
        for route in choose_routes(self._block, args, self._connector._quota_mode):
            self._meta.route = route.name
            try:
                return take(route)
            except InvocationFailed as failure:
                if failure.error.kind != "unavailable" or failure.error.done:
                    raise
                closed = failure.error
        raise InvocationFailed(
            replace(closed, message=f"{closed.message} {describe_detour(self._block, args)}".strip())
        )

    def _bind(self, route: Route, args: Args) -> Request:
        return build_request(route, args, self._connector.manifest.auth[route.server])

    def _send(self, route: Route, request: Request) -> Any:
        self._meta.requests += 1
        response = self._connector._sender.send(request, self._deadline)
        secrets = [
            *self._secrets,
            *(value.split()[-1] for name, value in request.headers if name == "Authorization"),
        ]
        return parse_answer(response, self._block, route, self._connector.manifest, secrets)

    def _pages(self, route: Route, page: Page, args: Args, max_items: int | None) -> Iterator[Any]:
        def fetch(request: Request) -> Any:
            return self._send(route, request)

        for answer in iter_pages(self._bind(route, args), page, fetch, max_items):
            self._meta.pages += 1
            self._report()
            yield answer
            # The time that whoever reads the stream takes over a page is not the service's.
            self._deadline.renew()

    def _iter_page_items(self, route: Route, page: Page, args: Args, max_items: int | None) -> Iterator[Any]:
        answers = self._pages(route, page, args, max_items)
        items = (item for answer in answers for item in get_page(answer, page)[page.names["items"]])
        return items if max_items is None else islice(items, max_items)

    def _report(self) -> None:
        if self._on_progress:
            self._on_progress(self._meta)

    def _take_batches(self, route: Route, args: Args) -> Any:
        outputs: list[Any] = []
        batches = list(iter_batches(route, args))
        for position, batch in enumerate(batches):
            try:
                output = self._send(route, self._bind(route, batch))
                if self._block.effect == "read":
                    check_output(route, batch, output, outputs[-1] if outputs else None)
                outputs.append(output)
                self._report()
            except InvocationFailed as failure:
                if self._block.effect == "read" or route.batch_field is None:
                    raise
                done, failed, left = (
                    [value for part in parts for value in part[route.batch_field]]
                    for parts in (batches[:position], [batch], batches[position + 1 :])
                )
                raise InvocationFailed(tell_apart(failure.error, done, failed, left)) from None
        return join_outputs(outputs)


def _choose_servers(manifest: Manifest, given: Mapping[str, str]) -> dict[str, str]:
    if unknown := given.keys() - manifest.servers.keys():
        raise ValueError(
            f"The manifest has no server {', '.join(sorted(unknown))}; it has {', '.join(manifest.servers)}."
        )
    return {
        name: (given.get(name) or os.environ.get(f"CONNECTOR_SERVER_{name.upper()}") or url).rstrip("/")
        for name, url in manifest.servers.items()
    }

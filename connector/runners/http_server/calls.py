"""From an endpoint to the engine: a thread of the pool, a connection that the key may use, a client that may leave."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse

from connector.brief_entries import make_brief
from connector.errors import ErrorDetail, InvocationFailed
from connector.manifest.blocks import Block
from connector.result import Choices, Meta, Result
from connector.runners.http_server import problems
from connector.runners.http_server.keys import Key
from connector.runners.http_server.lines import Lines, ReaderGone
from connector.runners.http_server.metrics import Metrics
from connector.runners.http_server.pool import Full, Pool
from connector.runners.http_server.problems import Refused, build_busy
from connector.runners.http_server.settings import Settings
from connector.triggers import Poll
from connector.way.connector import Connector
from connector.wire.deadline import Cancel

#: How long a call may run before the server looks whether its client is still there; most are over by then.
_LOOK_AFTER_S: Final = 0.05
LINES_TYPE: Final = "application/x-ndjson"
#: Proxies that heed these hand on what has come, instead of holding it back to fill a buffer or to compress it.
_UNBUFFERED: Final = {"X-Accel-Buffering": "no", "Cache-Control": "no-store, no-transform"}


@dataclass(frozen=True, slots=True)
class Call:
    """An invocation as it was asked for: `connection` is a name, or `None` for the server's own choice; where it
    `is_brief`, only what a person wants of each entry is told."""

    block: Block
    args: Any = field(repr=False)
    connection: str | None = None
    is_brief: bool = False


class Caller:
    """Runs calls in the pool and counts them.

    A client that leaves ends its read; a write goes on, for nobody could tell how far it got.
    """

    def __init__(self, connector: Connector, pool: Pool, metrics: Metrics, settings: Settings) -> None:
        self._connector = connector
        self._pool = pool
        self._metrics = metrics
        self._settings = settings

    async def invoke(self, request: Request, call: Call, render: Callable[[Result], Response]) -> Response:
        """The response that `render` makes of the result; it is called in the thread that has the result.

        Raises `Refused` (`busy`, `connection`), and `ClientDisconnect` where the client left before the end.
        """
        key, cancel = request.state.key, Cancel() if call.block.effect == "read" else None

        def work(connection: str | None) -> Response:
            how = {"connection": connection, "cancel": cancel, "may_use": key.may_use}
            result = self._connector.invoke(call.block.name, call.args, **how)
            response = render(result)
            self._count(call.block.name, result.error, response.status_code, result.meta)
            return response

        connection = self.choose_connection(key, call.connection)
        return await self.run(request, partial(work, connection), cancel)

    async def list_choices(
        self, request: Request, block: Block, field: str, how: Mapping[str, Any], render: Callable[[Choices], Response]
    ) -> Response:
        """The response that `render` makes of what a field may hold; `how` is what `Connector.choices` takes besides.
        Counts as a call of the block that lists it. Raises like `invoke`, and `UnknownField`."""
        lister, cancel = block.find_choices(field).block, Cancel()

        def work(connection: str | None) -> Response:
            found = self._connector.choices(block.name, field, connection=connection, cancel=cancel, **how)
            response = render(found)
            self._count(lister, found.error, response.status_code, found.meta)
            return response

        connection = self.choose_connection(request.state.key, request.headers.get("x-connection") or None)
        return await self.run(request, partial(work, connection), cancel)

    async def poll(
        self, request: Request, trigger: str, how: Mapping[str, Any], render: Callable[[Poll], Response]
    ) -> Response:
        """The response that `render` makes of one look of a trigger; `how` are the `args`, the `state` and the
        `connection`, as `Connector.poll` takes them. Counts as a call of the trigger's name. Raises like `invoke`."""
        cancel = Cancel()

        def work(connection: str | None) -> Response:
            seen = self._connector.poll(trigger, how["args"], how["state"], connection=connection, cancel=cancel)
            response = render(seen)
            self._count(trigger, seen.error, response.status_code, seen.meta)
            return response

        connection = self.choose_connection(request.state.key, how["connection"])
        return await self.run(request, partial(work, connection), cancel)

    async def run(self, request: Request, work: Callable[[], Response], cancel: Cancel | None) -> Response:
        """What `work` gives, in a thread of the pool; without `cancel` it goes on when the client leaves. Raises what
        `work` raises, `Refused` (`busy`), and `ClientDisconnect`."""
        response: Response = await self._wait(request, self._submit(request.state.key, work, cancel), cancel)
        return response

    async def stream(self, request: Request, call: Call) -> Response:
        """The entries of a paged block, one a line as they come. Where reading fails before the first one, a problem
        document; where it fails later, a last line with `error`. Raises like `invoke`."""
        key: Key = request.state.key
        connection = self.choose_connection(key, call.connection)
        cancel, lines = Cancel(), Lines(self._settings.timeout)

        def work() -> ErrorDetail | None:
            """Writes the lines; gives the error that came before the first."""
            meta = Meta()
            error: ErrorDetail | None = None
            count = 0
            entries = self._connector.stream(
                call.block.name, call.args, connection=connection, cancel=cancel, meta=meta, may_use=key.may_use
            )
            try:
                with closing(entries):
                    for entry in entries:
                        told = make_brief(entry, call.block.brief) if call.is_brief else entry
                        lines.write(to_json(told))
                        count += 1
            except InvocationFailed as failure:
                error = failure.error
                if count:
                    # A reader that is gone misses nothing.
                    with suppress(ReaderGone):
                        lines.write(to_json({"error": problems.build_problem(error)}))
            except ReaderGone:
                error = ErrorDetail("cancelled", "the reader left, or took nothing for too long.")
            status = 200 if count or error is None else problems.status_of(error.kind)
            self._count(call.block.name, error, status, meta)
            return None if count else error

        future = self._submit(key, work, cancel)
        # However the work ends, and also where it never begins.
        future.add_done_callback(lambda _: lines.end())
        cancel.subscribe(lines.hurry)
        reading = asyncio.ensure_future(lines.read())
        try:
            first: bytes = await self._wait(request, reading, cancel)
        except ClientDisconnect:
            future.cancel()
            lines.leave()
            raise
        if not first and (error := await _settle(future)) is not None:
            return problems.to_response(error)

        async def send() -> AsyncIterator[bytes]:
            try:
                part = first
                while part:
                    yield part
                    part = await lines.read()
                # What the engine does not expect is raised here, so that the answer breaks off visibly.
                await future
            finally:
                cancel.set()
                lines.leave()

        return StreamingResponse(send(), media_type=LINES_TYPE, headers=_UNBUFFERED)

    def _submit(self, key: Key, work: Callable[[], Any], cancel: Cancel | None) -> asyncio.Future[Any]:
        try:
            return self._pool.submit(key.name, work, cancel.set if cancel else None)
        except Full:
            raise build_busy() from None

    async def _wait(self, request: Request, future: asyncio.Future[Any], cancel: Cancel | None) -> Any:
        """What the future gives. Where the client leaves first, a call that still waits or only reads is given up."""
        await asyncio.wait({future}, timeout=_LOOK_AFTER_S)
        if not future.done():
            leaving = asyncio.ensure_future(_wait_until_left(request))
            try:
                await asyncio.wait({future, leaving}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                leaving.cancel()
        if not future.done():
            if cancel is not None:
                cancel.set()
            future.cancel()
            raise ClientDisconnect
        return await _settle(future)

    def choose_connection(self, key: Key, named: str | None) -> str | None:
        """The connection to use. Raises `Refused` (`connection`) for one that the key may not use; the server's own
        choice is left out then, since a call may bring its own token."""
        if named is not None:
            check_connection(key, named)
            return named
        chosen = self._settings.connection
        return chosen if chosen is not None and key.may_use(chosen) else None

    def _count(self, block: str, error: ErrorDetail | None, status: int, meta: Meta) -> None:
        self._metrics.count(block, error.kind if error else None, status, meta)


async def _settle(future: asyncio.Future[Any]) -> Any:
    """What the future gives; `Refused` where its work had to make way before it began."""
    try:
        return await future
    except Full:
        raise build_busy() from None


async def _wait_until_left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def check_connection(key: Key, connection: str) -> None:
    """Raises `Refused` (`connection`) where the key may not use the connection."""
    if not key.may_use(connection):
        raise Refused("connection", f"The API key {key.name} may not use this connection; name one that it may use.")


def to_json(value: Any) -> bytes:
    """`value` as JSON, in letters; in escapes where it holds halves of characters."""
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":")).encode()


def split_connection(request: Request, block: Block, body: Mapping[str, Any]) -> tuple[dict[str, Any], str | None]:
    """What `body` holds besides `connection`, and the connection that it, or else the header, names.

    Raises `Refused` (`bad_json`) for a connection that is no name.
    """
    rest = dict(body)
    named: Any = request.headers.get("x-connection")
    if "connection" not in block.fields:
        named = rest.pop("connection", None) or named
    if named is not None and not isinstance(named, str):
        raise Refused("bad_json", "`connection` is the name of a connection, a text.")
    return rest, named or None

"""From an endpoint to the engine: a thread of the pool, a connection that the key may use, a client that may leave."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from connector.blocks import Block
from connector.dispatcher import Connector
from connector.result import Result
from connector.runners.http_server.keys import Key
from connector.runners.http_server.metrics import Metrics
from connector.runners.http_server.pool import Full, Pool
from connector.runners.http_server.problems import Refused

#: How long a call may run before the server looks whether its client is still there; most are over by then.
_LOOK_AFTER_S: Final = 0.05
_RETRY_AFTER_S: Final = 1


@dataclass(frozen=True, slots=True)
class Call:
    """An invocation as it was asked for: `connection` is a name, or `None` for none."""

    block: Block
    args: Any
    connection: str | None = None


class Caller:
    """Runs calls in the pool and counts them."""

    def __init__(self, connector: Connector, pool: Pool, metrics: Metrics) -> None:
        self._connector = connector
        self._pool = pool
        self._metrics = metrics

    async def invoke(self, request: Request, call: Call, render: Callable[[Result], Response]) -> Response:
        """The response that `render` makes of the result; it is called in the thread that has the result.

        Raises `Refused` (`busy`, `connection`), and `ClientDisconnect` where the client left before the end.
        """
        key: Key = request.state.key
        check_connection(key, call.connection)

        def work() -> Response:
            result = self._connector.invoke(call.block.name, call.args)
            response = render(result)
            kind = result.error.kind if result.error else None
            self._metrics.count(result.block, kind, response.status_code, result.meta)
            return response

        try:
            future = self._pool.submit(key.name, work)
            response: Response = await self._wait(request, future)
        except Full:
            raise Refused(
                "busy", "The server has all the calls that it can take; come back later.", retry_after=_RETRY_AFTER_S
            ) from None
        return response

    async def _wait(self, request: Request, future: asyncio.Future[Any]) -> Any:
        await asyncio.wait({future}, timeout=_LOOK_AFTER_S)
        if future.done():
            return future.result()
        leaving = asyncio.ensure_future(_wait_until_left(request))
        try:
            await asyncio.wait({future, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            leaving.cancel()
        if future.done():
            return future.result()
        future.cancel()
        raise ClientDisconnect


async def _wait_until_left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def check_connection(key: Key, connection: str | None) -> None:
    """Raises `Refused` (`connection`) where the key may not use the connection."""
    if connection is not None and not key.may_use(connection):
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

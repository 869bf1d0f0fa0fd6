"""`/mcp`: MCP clients call the blocks by streamable HTTP, with the server's keys, connections and pool."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final

from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from mcp.server.auth.provider import AccessToken
from mcp_types.version import HANDSHAKE_PROTOCOL_VERSIONS
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from connector.errors import ErrorDetail, InvocationFailed
from connector.manifest.blocks import Block
from connector.runners.http_server import problems
from connector.runners.http_server.bodies import Bodies
from connector.runners.http_server.calls import Caller
from connector.runners.http_server.keys import Key
from connector.runners.http_server.mcp_sessions import McpSessions
from connector.runners.http_server.metrics import Metrics
from connector.runners.http_server.pool import Full, Pool
from connector.runners.http_server.problems import RETRY_AFTER_S, Refused
from connector.runners.http_server.settings import Settings
from connector.runners.mcp_server.begun_writes import SESSION_HEADER
from connector.runners.mcp_server.door import Outcome
from connector.runners.mcp_server.offer import Offer
from connector.runners.mcp_server.server import build_mcp_app
from connector.way.connector import Connector
from connector.wire.deadline import Cancel

#: Sessions of all keys together, as a multiple of what one may have.
_KEYS: Final = 10
#: Words among the tools that name no group and no block.
_ALL, _DYNAMIC = "all", "dynamic"


def _may_name(request: Request | None, connection: str) -> bool:
    assert request is not None  # noqa: S101 - only standard input brings none
    key: Key = request.state.key
    return key.may_use(connection)


class McpEndpoint:
    """The endpoint; `run()` of its `app` is entered while the server lives."""

    def __init__(
        self, connector: Connector, caller: Caller, pool: Pool, metrics: Metrics, bodies: Bodies, settings: Settings
    ) -> None:
        self._caller = caller
        self._pool = pool
        self._metrics = metrics
        self._bodies = bodies
        self._sessions = McpSessions(settings.mcp_sessions, settings.mcp_idle)
        # The guard before all endpoints looks at hosts and origins.
        self.app = build_mcp_app(
            connector,
            find_connection=self._find_connection,
            may_name=_may_name,
            run=self._run,
            offer=_build_offer(settings),
            allowed_hosts=None,
            max_body=settings.max_body,
            max_sessions=_KEYS * settings.mcp_sessions,
            session_idle_s=settings.mcp_idle,
        )

    @property
    def route(self) -> Route:
        return Route("/mcp", _Asgi(self._answer))

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request, within the key's sessions. Raises `Refused` (`mcp_sessions`, `too_large`)."""
        request = Request(scope, receive)
        key: Key = request.state.key
        session_id = request.headers.get(SESSION_HEADER)
        version = request.headers.get("mcp-protocol-version")
        is_opening = session_id is None and (version is None or version in HANDSHAKE_PROTOCOL_VERSIONS)

        sessions = self._sessions.opening(key.name) if is_opening else self._sessions.using(key.name, session_id or "")
        # The library answers to another's session as to one that it doesn't know.
        scope["user"] = AuthenticatedUser(AccessToken(token="", client_id=key.name, scopes=[]))
        with sessions as begin:

            async def send_on(message: Message) -> None:
                if message["type"] == "http.response.start":
                    status, opened = message["status"], Headers(raw=message["headers"]).get(SESSION_HEADER)
                    if begin and opened and status < 400:
                        begin(opened)
                    elif session_id and (status == 404 or (request.method == "DELETE" and status < 400)):
                        self._sessions.end(key.name, session_id)
                await send(message)

            if request.method != "POST":
                await self.app(scope, receive, send_on)
                return
            # A client that leaves before its request has wholly come is none of the library's.
            body = await self._bodies.read(request)
            with self._bodies.working_on(body):
                await self.app(scope, _replay(body, receive), send_on)

    def _find_connection(self, request: Request | None) -> str | None:
        assert request is not None  # noqa: S101 - only standard input brings none
        try:
            return self._caller.choose_connection(request.state.key, request.headers.get("x-connection") or None)
        except Refused as refusal:
            raise InvocationFailed(ErrorDetail("forbidden", refusal.message)) from None

    async def _run(
        self, request: Request | None, block: Block, work: Callable[[], Outcome], cancel: Cancel, /
    ) -> Outcome:
        """Like every call, a read may be given up when the server ends, and a write is finished."""
        assert request is not None  # noqa: S101 - only standard input brings none

        def work_and_count() -> Outcome:
            result = work()
            kind = result.error.kind if result.error else None
            self._metrics.count(block.name, kind, problems.status_of(kind) if kind else 200, result.meta)
            return result

        cancel_read = cancel.set if block.effect == "read" else None
        try:
            result: Outcome = await self._pool.submit(request.state.key.name, work_and_count, cancel_read)
        except Full:
            self._metrics.count_refusal("busy")
            message = "The server has all the calls that it can take."
            raise InvocationFailed(ErrorDetail("rate_limited", message, retry_after=RETRY_AFTER_S)) from None
        return result


def _build_offer(settings: Settings) -> Offer:
    names = tuple(word for word in settings.mcp_tools if word not in (_ALL, _DYNAMIC))
    is_dynamic = _DYNAMIC in settings.mcp_tools
    return Offer(
        names,
        # Three tools cost a model no more for all blocks.
        is_whole=_ALL in settings.mcp_tools or is_dynamic,
        is_read_only=settings.mcp_read_only,
        is_dynamic=is_dynamic,
        dialect=settings.mcp_dialect,
        has_output_schemas=settings.mcp_output_schemas,
    )


class _Asgi:
    """An ASGI application, which a route tells from a function that answers a request."""

    def __init__(self, answer: Callable[[Scope, Receive, Send], Awaitable[None]]) -> None:
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._answer(scope, receive, send)


def _replay(body: bytes, receive: Receive) -> Receive:
    """Gives the body that was read already, then what `receive` gives."""
    read: deque[Message] = deque([{"type": "http.request", "body": body, "more_body": False}])

    async def receive_on() -> Message:
        return read.popleft() if read else await receive()

    return receive_on

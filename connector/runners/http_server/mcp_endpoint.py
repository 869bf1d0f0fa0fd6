"""`/mcp`: MCP clients call the blocks by streamable HTTP, with the server's keys, connections and pool."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.routing import Route

from connector.errors import ErrorDetail, InvocationFailed
from connector.manifest.blocks import Block
from connector.result import Result
from connector.runners.http_server import problems
from connector.runners.http_server.calls import RETRY_AFTER_S, Caller
from connector.runners.http_server.metrics import Metrics
from connector.runners.http_server.pool import Full, Pool
from connector.runners.http_server.problems import Refused
from connector.runners.http_server.settings import Settings
from connector.runners.mcp_server.server import build_mcp_app
from connector.way.connector import Connector
from connector.wire.deadline import Cancel


class McpEndpoint:
    """The endpoint; `run()` of its `app` is entered while the server lives."""

    def __init__(self, connector: Connector, caller: Caller, pool: Pool, metrics: Metrics, settings: Settings) -> None:
        self._caller = caller
        self._pool = pool
        self._metrics = metrics
        # The guard before all endpoints looks at hosts and origins.
        self.app = build_mcp_app(
            connector,
            find_connection=self._find_connection,
            run=self._run,
            allowed_hosts=None,
            max_body=settings.max_body,
        )

    @property
    def route(self) -> Route:
        return Route("/mcp", self.app)

    def _find_connection(self, request: Request | None) -> str | None:
        assert request is not None  # noqa: S101 - only standard input brings none
        try:
            return self._caller.choose_connection(request.state.key, request.headers.get("x-connection") or None)
        except Refused as refusal:
            raise InvocationFailed(ErrorDetail("forbidden", refusal.message)) from None

    async def _run(self, request: Request | None, block: Block, work: Callable[[], Result], cancel: Cancel) -> Result:
        """Like every call, a read may be given up when the server ends, and a write is finished."""
        assert request is not None  # noqa: S101 - only standard input brings none
        try:
            future = self._pool.submit(request.state.key.name, work, cancel.set if block.effect == "read" else None)
            result: Result = await future
        except Full:
            message = "The server has all the calls that it can take."
            raise InvocationFailed(ErrorDetail("rate_limited", message, retry_after=RETRY_AFTER_S)) from None
        kind = result.error.kind if result.error else None
        self._metrics.count(block.name, kind, problems.status_of(kind) if kind else 200, result.meta)
        return result

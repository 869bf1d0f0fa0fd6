"""The ASGI application: which endpoints there are, and what they share."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from starlette.applications import Starlette
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from connector.auth import SignIn, Store
from connector.errors import UnknownBlock
from connector.export.openapi import build_openapi
from connector.runners.http_server import metrics
from connector.runners.http_server.blocks import DID, WARNINGS, BlockEndpoints, build_listing
from connector.runners.http_server.bodies import Bodies
from connector.runners.http_server.calls import Caller, to_json
from connector.runners.http_server.connecting import ConnectionEndpoints
from connector.runners.http_server.docs_endpoints import DocsEndpoints
from connector.runners.http_server.exporting import ExportEndpoints
from connector.runners.http_server.guard import Guard
from connector.runners.http_server.keys import KeyRing
from connector.runners.http_server.marketplace import MarketplaceEndpoints
from connector.runners.http_server.metrics import Metrics
from connector.runners.http_server.pool import Pool
from connector.runners.http_server.problems import Refused
from connector.runners.http_server.proxies import BehindProxies
from connector.runners.http_server.readiness import StoreCheck
from connector.runners.http_server.refusals import HANDLERS
from connector.runners.http_server.settings import CannotServe, Settings
from connector.runners.http_server.subscribing import Subscribing
from connector.runners.http_server.subscriptions import SubscriptionEndpoints
from connector.runners.http_server.surroundings import Surroundings
from connector.runners.http_server.triggers import TriggerEndpoints
from connector.subscriptions.places import Place
from connector.way.connector import Connector

if TYPE_CHECKING:
    from connector.runners.http_server.mcp_endpoint import McpEndpoint

_STORE_TIMEOUT_S: Final = 5.0
#: Headers that MCP clients send.
_MCP_HEADERS: Final = ("Mcp-Session-Id", "MCP-Protocol-Version", "Mcp-Method", "Mcp-Name", "Last-Event-ID")


class App:
    """The HTTP runner of one connector: `asgi` is the application, `router` what leads to its endpoints,
    `pool` what runs its invocations, `metrics` what it counts.

    `store` is where the connector's connections are; without it nobody can sign in here. `surroundings` say where
    browsers reach the server, and what stands between. `place` is where subscriptions are kept, if any are.
    """

    def __init__(
        self,
        connector: Connector,
        settings: Settings,
        keys: KeyRing,
        store: Store | None,
        surroundings: Surroundings,
        place: Place | None = None,
    ) -> None:
        self.pool = Pool(settings.threads, settings.per_key, settings.queue)
        self._connector = connector
        self._manifest = connector.manifest
        self.metrics = Metrics(lambda: self.pool.running, lambda: self.pool.waiting)
        self._openapi: bytes | None = None
        self._store_check = StoreCheck(store, _STORE_TIMEOUT_S) if store is not None else None
        caller = Caller(connector, self.pool, self.metrics, settings)
        # What was read takes more room than it took on its way.
        bodies = Bodies(settings.max_body, 4 * settings.max_bodies)
        sign_in = SignIn.from_manifest(self._manifest)
        connections = (
            ConnectionEndpoints(connector, store, sign_in, self.pool, settings, surroundings.address).routes
            if store is not None and sign_in is not None
            else []
        )
        self._mcp = _build_mcp(connector, caller, self.pool, self.metrics, bodies, settings)
        self.subscribing = (
            Subscribing(connector, place, settings, keys, self.metrics)
            if place is not None and self._manifest.data.get("triggers")
            else None
        )
        subscriptions = (
            SubscriptionEndpoints(self._manifest, caller, bodies, self.subscribing, settings.subscriptions).routes
            if self.subscribing
            else []
        )
        docs = DocsEndpoints(
            connector,
            needs_key=keys.is_required,
            has_connections=bool(connections),
            has_subscriptions=bool(subscriptions),
            own_connection=settings.connection,
        )
        inner = Starlette(
            routes=[
                *BlockEndpoints(self._manifest, caller, bodies).routes,
                *TriggerEndpoints(self._manifest, caller, bodies).routes,
                *subscriptions,
                *MarketplaceEndpoints(self._manifest, caller, bodies).routes,
                *connections,
                *ExportEndpoints(self._manifest).routes,
                *docs.routes,
                *([self._mcp.route] if self._mcp else []),
                Route("/", _lead_to_docs),
                Route("/openapi.json", self._show_openapi),
                Route("/healthz", self._tell_health),
                Route("/readyz", self._tell_readiness),
                Route("/metrics", self._show_metrics),
            ],
            exception_handlers={
                Refused: self._refuse,
                **HANDLERS,
            },
            lifespan=self._live,
        )
        self.router = inner.router
        self.router.redirect_slashes = False
        origins = surroundings.origins
        guarded = Guard(inner, keys, [*origins, *surroundings.own_origins], is_logging=settings.access_log)
        self._public = surroundings.public
        self.asgi: ASGIApp = BehindProxies(
            _allow_origins(guarded, origins) if origins else guarded,
            surroundings.proxies,
            surroundings.public,
            {route.path.split("/")[1] for route in inner.routes if isinstance(route, Route)},
        )

    @asynccontextmanager
    async def _live(self, _app: Starlette) -> AsyncIterator[None]:
        await asyncio.to_thread(self._warm_up)
        async with self._mcp.app.run() if self._mcp else nullcontext():
            if self.subscribing:
                self.subscribing.start()
            yield
            await self.pool.finish()
            if self.subscribing:
                await asyncio.to_thread(self.subscribing.close)

    def close_doors(self) -> None:
        """Begins nothing more; waits for nothing."""
        self.pool.close()
        if self.subscribing:
            self.subscribing.stop()

    def give_up(self) -> None:
        """Ends early all that can be done again."""
        self.pool.cancel()
        if self.subscribing:
            self.subscribing.hurry()

    def _warm_up(self) -> None:
        """Loads and builds what the first calls would otherwise wait for."""
        build_listing(self._manifest)
        _ = self._connector.transport

    async def _show_openapi(self, request: Request) -> Response:
        if self._openapi is None:
            document = build_openapi(self._manifest, has_subscriptions=self.subscribing is not None)
            self._openapi = to_json({name: part for name, part in document.items() if name != "servers"})
        here = self._public.url if self._public else request.state.base_path or "/"
        # Written once, for anyone may ask for it as often as they like; only where it is served differs.
        servers = to_json({"servers": [{"url": here}]})
        return Response(servers[:-1] + b"," + self._openapi[1:], media_type="application/json")

    async def _tell_health(self, _request: Request) -> Response:
        return Response(to_json({"status": "alive"}), media_type="application/json")

    async def _tell_readiness(self, _request: Request) -> Response:
        if self.pool.is_closed:
            return Response(to_json({"status": "ending"}), 503, media_type="application/json")
        if self._store_check is not None and not await self._store_check.can_be_read():
            return Response(to_json({"status": "no store"}), 503, media_type="application/json")
        return Response(to_json({"status": "ready", "blocks": len(self._manifest)}), media_type="application/json")

    async def _show_metrics(self, _request: Request) -> Response:
        return Response(self.metrics.render(), media_type=metrics.MEDIA_TYPE)

    async def _refuse(self, _request: Request, refusal: Any) -> Response:
        self.metrics.count_refusal(refusal.kind)
        response: Response = refusal.to_response()
        return response


def _build_mcp(
    connector: Connector, caller: Caller, pool: Pool, metrics: Metrics, bodies: Bodies, settings: Settings
) -> McpEndpoint | None:
    """The endpoint for MCP clients, where its library is there."""
    if find_spec("mcp") is None:
        return None
    from connector.runners.http_server.mcp_endpoint import McpEndpoint

    try:
        return McpEndpoint(connector, caller, pool, metrics, bodies, settings)
    except UnknownBlock as problem:
        groups = ", ".join(connector.manifest.groups)
        raise CannotServe(
            f"The setting mcp_tools (--mcp-tools or CONNECTOR_SERVE_MCP_TOOLS): {problem} It takes all, dynamic, "
            f"blocks and groups: {groups}."
        ) from None


async def _lead_to_docs(request: Request) -> Response:
    return RedirectResponse(f"{request.state.base_path}/docs", 307)


def _allow_origins(app: ASGIApp, origins: tuple[str, ...]) -> ASGIApp:
    return CORSMiddleware(
        app,
        allow_origins=origins,
        allow_methods=["GET", "POST", "DELETE"],
        allow_headers=["Authorization", "Content-Type", "X-API-Key", "X-Connection", *_MCP_HEADERS],
        expose_headers=["Retry-After", DID, WARNINGS, "Mcp-Session-Id"],
    )

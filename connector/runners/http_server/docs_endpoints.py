"""`/docs`, the files that it loads, and what it shows of each block and trigger. Nothing of it is about a connection,
so it needs no API key."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache, partial
from importlib.resources import files
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from connector.manifest.triggers import find_trigger
from connector.runners.http_server.calls import to_json
from connector.runners.http_server.docs_block import build_block
from connector.runners.http_server.docs_page import SCRIPTS, build_docs, build_policy
from connector.runners.http_server.docs_trigger import build_trigger
from connector.way.connector import Connector

_TYPES = {**dict.fromkeys(SCRIPTS, "text/javascript"), "page.css": "text/css"}


class DocsEndpoints:
    """`GET /docs`, `GET /docs/{file}`, `GET /docs/blocks/{block}` and `GET /docs/triggers/{trigger}`.

    The arguments but `connector` are those of `build_docs`; each answer is built when it is first asked for.
    """

    def __init__(
        self,
        connector: Connector,
        *,
        needs_key: bool,
        has_connections: bool,
        has_subscriptions: bool,
        own_connection: str | None,
    ) -> None:
        self._manifest = connector.manifest
        self._policy = build_policy(iter(connector.servers.values()))
        self._build_page: Callable[[], str] = partial(
            build_docs,
            connector.manifest,
            needs_key=needs_key,
            has_connections=has_connections,
            has_subscriptions=has_subscriptions,
            own_connection=None if needs_key else own_connection,
        )
        self._page: str | None = None
        self._told: dict[str, bytes] = {}

    @property
    def routes(self) -> list[Route]:
        return [
            Route("/docs", self._show, methods=["GET"]),
            Route("/docs/{file}", self._send_file, methods=["GET"]),
            Route("/docs/blocks/{block}", self._describe_block, methods=["GET"]),
            Route("/docs/triggers/{trigger}", self._describe_trigger, methods=["GET"]),
        ]

    async def _show(self, _request: Request) -> Response:
        if self._page is None:
            self._page = self._build_page()
        return HTMLResponse(self._page, headers={"Content-Security-Policy": self._policy})

    async def _send_file(self, request: Request) -> Response:
        name = request.path_params["file"]
        if name not in _TYPES:
            raise HTTPException(404)
        content, tag = _read(name)
        # Asked for again each time, so that a new version is whole at once, and sent again only where it is new.
        headers = {"Cache-Control": "no-cache", "ETag": tag}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        return Response(content, media_type=_TYPES[name], headers=headers)

    async def _describe_block(self, request: Request) -> Response:
        block = self._manifest.block(request.path_params["block"])
        return self._tell(block.name, lambda: build_block(self._manifest, block))

    async def _describe_trigger(self, request: Request) -> Response:
        trigger = find_trigger(self._manifest, request.path_params["trigger"])
        return self._tell(trigger.name, lambda: build_trigger(self._manifest, trigger))

    def _tell(self, name: str, build: Callable[[], dict[str, Any]]) -> Response:
        if name not in self._told:
            self._told[name] = to_json(build())
        return Response(self._told[name], media_type="application/json")


@cache
def _read(name: str) -> tuple[bytes, str]:
    content = (files(__package__) / "page_files" / name).read_bytes()
    return content, f'"{hashlib.sha256(content).hexdigest()[:16]}"'

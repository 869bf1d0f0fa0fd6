"""What stands before all endpoints: who calls and from where, headers for browsers, and a line in the log.

A plain ASGI application, since nothing of a request may get past it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connector.runners.http_server.addresses import Address, find_origin, is_loopback
from connector.runners.http_server.keys import ANYONE, Key, KeyRing
from connector.runners.http_server.problems import Refused
from connector.runners.http_server.proxies import names_stranger

#: What anyone may read: nothing of it is about a connection. Sign-in checks its visitors itself.
_OPEN: Final = frozenset({"/", "/docs", "/openapi.json", "/healthz", "/readyz", "/callback"})
_OPEN_BELOW: Final = ("/connect/", "/docs/", "/export/")

_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}
_LOG = logging.getLogger("connector.http.access")


class Guard:
    """Lets a request through to `app` with its `Key` in the scope's state, or answers with a problem document.

    Args:
        app: what answers.
        keys: the API keys; without any, whoever is on this computer may call.
        origins: origins of pages, besides the server's own, that may call.
        is_logging: whether each request is logged.
    """

    def __init__(self, app: ASGIApp, keys: KeyRing, origins: Iterable[str], *, is_logging: bool) -> None:
        self._app = app
        self._keys = keys
        self._origins = frozenset(origins)
        self._is_logging = is_logging

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request; what is no request goes through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 0
        headers = Headers(scope=scope)
        key: Key | None = None

        async def send_guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                answer = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    answer.setdefault(name, value)
            await send(message)

        try:
            try:
                self._check_place(scope, headers)
                key = self._find_key(scope["path"], headers)
                scope.setdefault("state", {})["key"] = key
            except Refused as refusal:
                await refusal.to_response()(scope, receive, send_guarded)
            else:
                await self._app(scope, receive, send_guarded)
        finally:
            if self._is_logging:
                _LOG.info(
                    "%s %s %d %.1f ms %s %s",
                    scope["method"],
                    scope.get("raw_path", b"").decode("ascii", "backslashreplace"),
                    status,
                    (time.perf_counter() - started) * 1000,
                    (scope.get("client") or "-")[0],
                    key.name if key else "-",
                )

    def _check_place(self, scope: Scope, headers: Headers) -> None:
        """Refuses what a page elsewhere made a browser on this computer send, and what a proxy before may have read as
        sent to another host."""
        if len(headers.getlist("host")) > 1:
            raise Refused("bad_http", "The request names two hosts; send one header Host.", is_last=True)
        own = find_origin(scope["scheme"], headers.get("host", ""))
        if not self._keys.is_required:
            if own is None or not is_loopback(Address(own).host):
                raise Refused(
                    "origin", "Without an API key the server answers to its loopback name only, such as 127.0.0.1."
                )
            if names_stranger(headers):
                raise Refused(
                    "origin", "The call came through a proxy from elsewhere: start the server with API keys for that."
                )
        origin = headers.get("origin")
        if origin is not None and origin not in self._origins and origin != own:
            raise Refused(
                "origin", "Pages of this origin may not call the server; the setting cors_origin lists those that may."
            )

    def _find_key(self, path: str, headers: Headers) -> Key | None:
        if not self._keys.is_required:
            return ANYONE
        presented = _present(headers)
        if presented is None:
            if path in _OPEN or path.startswith(_OPEN_BELOW):
                return None
            raise _no_key("The call needs an API key: send Authorization: Bearer KEY, or X-API-Key: KEY.")
        key = self._keys.find(presented)
        if key is None:
            raise _no_key("The API key is not valid (any more); ask whoever runs the server for another.")
        return key


def _present(headers: Headers) -> str | None:
    """The API key that a request brings."""
    if "x-api-key" in headers:
        return headers["x-api-key"].strip()
    scheme, _, rest = headers.get("authorization", "").partition(" ")
    return rest.strip() if scheme.lower() == "bearer" else None


def _no_key(message: str) -> Refused:
    return Refused("api_key", message, headers={"WWW-Authenticate": "Bearer"})

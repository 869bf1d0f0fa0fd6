"""Connections over HTTP: which there are, and signing in to one in a browser.

A sign-in is begun by whoever has a key that may use the connection, by a link that such a key was given, or, where
no keys are configured, by someone on this computer. Between its two halves the browser keeps what belongs to it, in a
cookie that is signed, expires, and that scripts and other sites can't use.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from dataclasses import asdict
from html import escape
from typing import Any, Final
from urllib.parse import quote, urlsplit

from itsdangerous import BadData, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from connector.auth import Connection, SignIn, SignInAttempt, SignInFailed, Store, StoreFailed, check_name
from connector.auth.environment_secrets import read_secret, variable_for
from connector.errors import InvocationFailed
from connector.runners.http_server.calls import RETRY_AFTER_S, build_busy, check_connection, to_json
from connector.runners.http_server.docs_page import build_page, build_policy
from connector.runners.http_server.keys import Key
from connector.runners.http_server.pool import Full, Pool
from connector.runners.http_server.problems import Refused, status_of, to_retry_header
from connector.runners.http_server.settings import Settings
from connector.way.connector import Connector
from connector.wire.deadline import Deadline

#: How long a link and a sign-in under way are good for, in seconds.
LIFETIME_S: Final = 600
_COOKIE: Final = "sign_in"
_CALLBACK: Final = "/callback"
_LOCK_WAIT_S: Final = 10.0
_SIGN_IN_TIMEOUT_S: Final = 30.0
_KEPT: Final = ("state", "verifier", "redirect_uri", "client_id", "scopes")


class _Page(Exception):
    """What a browser is shown instead of going on: a `status`, a heading and a text; `retry_after` is in seconds."""

    def __init__(self, status: int, heading: str, text: str, retry_after: float | None = None) -> None:
        super().__init__(text)
        self.status = status
        self.heading = heading
        self.text = text
        self.retry_after = retry_after


class ConnectionEndpoints:
    """`GET /connections`, `POST /connect/{name}` (a link), `GET /connect/{name}` (a sign-in) and `GET /callback`.

    `address` is where browsers reach the server, `None` where nobody said so.
    """

    def __init__(
        self, connector: Connector, store: Store, sign_in: SignIn, pool: Pool, settings: Settings, address: str | None
    ) -> None:
        self._connector = connector
        self._manifest = connector.manifest
        self._store = store
        self._sign_in = sign_in
        self._pool = pool
        self._settings = settings
        self._address = address
        secret = settings.cookie_secret or secrets.token_hex(32)
        self._tickets = URLSafeTimedSerializer(secret, salt="ticket")
        self._attempts = URLSafeTimedSerializer(secret, salt="attempt")

    @property
    def routes(self) -> list[Route]:
        return [
            Route("/connections", self._list, methods=["GET"]),
            Route("/connect/{name}", self._make_link_or_begin, methods=["GET", "POST"]),
            Route(_CALLBACK, self._finish, methods=["GET"]),
        ]

    async def _list(self, request: Request) -> Response:
        key: Key = request.state.key

        def read() -> list[dict[str, Any]]:
            names = [name for name in self._store.names() if key.may_use(name)]
            loaded = [connection for name in names if (connection := self._store.load(name))]
            return [self._describe(connection) for connection in loaded]

        return Response(to_json({"connections": await self._run(read)}), media_type="application/json")

    def _describe(self, connection: Connection) -> dict[str, Any]:
        return {
            "name": connection.name,
            "scopes": None if connection.scopes is None else list(connection.scopes),
            "days_left": connection.days_left(self._sign_in.lifetime_days, time.time()),
            "needs_sign_in": connection.refresh_token is None and not connection.is_alive(time.time()),
        }

    async def _make_link_or_begin(self, request: Request) -> Response:
        return await (self._make_link(request) if request.method == "POST" else self._begin(request))

    async def _make_link(self, request: Request) -> Response:
        key: Key | None = request.state.key
        name = request.path_params["name"]
        if key is None:
            raise Refused("api_key", "A link to sign in needs an API key.", headers={"WWW-Authenticate": "Bearer"})
        check_connection(key, _check_name(name))
        link = f"{self._need_address()}/connect/{quote(name)}?ticket={self._tickets.dumps(name)}"
        return Response(to_json({"url": link, "expires_in": LIFETIME_S}), media_type="application/json")

    async def _begin(self, request: Request) -> Response:
        try:
            name = request.path_params["name"]
            _check_name(name)
            self._check_visitor(request, name)
            address = self._need_address()
            if request.headers.get("host") != urlsplit(address).netloc:
                # The cookie has to be there when the service leads back.
                query = f"?{request.url.query}" if request.url.query else ""
                return RedirectResponse(f"{address}{request.url.path}{query}", 307)
            client_id, client_secret = await self._run(lambda: self._find_app(name))
            attempt = self._sign_in.begin(
                self._connector.servers,
                client_id=client_id,
                client_secret=client_secret,
                scopes=tuple(self._manifest.data.get("scopes", ())),
                redirect_uri=address + _CALLBACK,
            )
        except _Page as page:
            return self._show(page)
        except Refused as refusal:
            return self._show(_explain(refusal))
        response = RedirectResponse(attempt.url, 303)
        kept = {key: value for key, value in asdict(attempt).items() if key in _KEPT}
        response.set_cookie(
            _COOKIE,
            str(self._attempts.dumps({**kept, "name": name})),
            max_age=LIFETIME_S,
            path=_CALLBACK,
            secure=address.startswith("https:"),
            httponly=True,
            samesite="lax",
        )
        return response

    async def _finish(self, request: Request) -> Response:
        try:
            kept = self._read_cookie(request)
            name = kept["name"]
            await self._run(lambda: self._connect(kept, str(request.url)))
        except SignInFailed as failure:
            page = _Page(400, "Not connected", str(failure))
        except InvocationFailed as failure:
            error = failure.error
            page = _Page(status_of(error.kind), "Not connected", error.message, error.retry_after)
        except _Page as problem:
            page = problem
        except Refused as refusal:
            page = _explain(refusal)
        else:
            page = _Page(200, "Connected", f"The connection {name} can be used now. This window can be closed.")
        response = self._show(page)
        response.delete_cookie(_COOKIE, path=_CALLBACK)
        return response

    def _check_visitor(self, request: Request, name: str) -> None:
        """Raises `_Page` or `Refused` where this visitor may not sign in to the connection `name`."""
        if ticket := request.query_params.get("ticket"):
            try:
                is_valid = self._tickets.loads(ticket, max_age=LIFETIME_S) == name
            except BadData:
                is_valid = False
            if not is_valid:
                raise _Page(403, "Not connected", "This link has expired or is for something else; ask for a new one.")
            return
        key: Key | None = request.state.key
        if key is None:
            raise _Page(401, "Not connected", f"Open a link that an API key was given: POST /connect/{name}.")
        check_connection(key, name)
        if request.headers.get("sec-fetch-site") == "cross-site":
            raise _Page(403, "Not connected", "Another site led here. Open the address yourself.")

    def _find_app(self, name: str) -> tuple[str, str | None]:
        """Id and secret of the app that the connection `name` belongs to; for a new one the app of the server's own
        connection, else the environment's."""
        for candidate in (name, self._settings.connection):
            if candidate is not None and (known := self._store.load(candidate)) is not None:
                return known.client_id, known.client_secret
        fields = self._sign_in.id_field, self._sign_in.secret_field
        if client_id := read_secret(fields[0]):
            return client_id, read_secret(fields[1])
        id_variable, secret_variable = map(variable_for, fields)
        raise _Page(
            503,
            "Not connected",
            f"The server does not know which app to sign in with: set {id_variable}, and {secret_variable} for an app "
            "with a secret, and start it anew.",
        )

    def _read_cookie(self, request: Request) -> dict[str, Any]:
        try:
            kept: dict[str, Any] = self._attempts.loads(request.cookies.get(_COOKIE, ""), max_age=LIFETIME_S)
        except BadData:
            raise _Page(
                400, "Not connected", "This browser has no sign-in under way, or it took too long. Begin anew."
            ) from None
        return kept

    def _connect(self, kept: dict[str, Any], url: str) -> None:
        """Ends the sign-in that the cookie `kept`, with the address that the browser was sent back to."""
        name = kept["name"]
        client_id, client_secret = self._find_app(name)
        if client_id != kept["client_id"]:
            raise _Page(400, "Not connected", "The connection's app has changed meanwhile. Begin anew.")
        attempt = SignInAttempt(
            url="",
            state=kept["state"],
            verifier=kept["verifier"],
            redirect_uri=kept["redirect_uri"],
            client_id=client_id,
            client_secret=client_secret,
            scopes=tuple(kept["scopes"]),
        )
        connection = self._sign_in.finish(
            attempt,
            attempt.parse_callback(url),
            self._connector.transport.send,
            Deadline(_SIGN_IN_TIMEOUT_S),
            name=name,
            quota_mode=self._settings.quota_mode,
        )
        with self._store.lock(name, _LOCK_WAIT_S):
            self._store.save(connection)

    async def _run(self, work: Any) -> Any:
        """What `work` gives, done by the pool. A store that fails becomes a refusal."""
        try:
            return await asyncio.shield(self._pool.submit("sign-in", work))
        except Full:
            raise build_busy() from None
        except StoreFailed as problem:
            raise Refused("store", str(problem)) from None
        except TimeoutError:
            raise Refused(
                "busy", "The connection is in use elsewhere; come back later.", retry_after=RETRY_AFTER_S
            ) from None

    def _need_address(self) -> str:
        if self._address is None:
            raise Refused("public_url", "The server does not know its address: start it with --public-url.")
        return self._address

    def _show(self, page: _Page) -> Response:
        title = self._manifest.package["title"]
        content = (
            f"<main><h1>{escape(page.heading)}</h1><p>{escape(page.text)}</p>"
            f'<p><a href="/docs">{escape(title)}</a></p></main>'
        )
        return HTMLResponse(
            build_page(f"{title}: {page.heading}", content),
            page.status,
            headers={"Content-Security-Policy": build_policy(), **to_retry_header(page.retry_after)},
        )


def _explain(refusal: Refused) -> _Page:
    return _Page(status_of(refusal.kind), "Not connected", refusal.message, refusal.retry_after)


def _check_name(name: str) -> str:
    try:
        return check_name(name)
    except InvocationFailed as failure:
        raise Refused("connection_name", str(failure)) from None

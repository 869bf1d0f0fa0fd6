"""Connections over HTTP: which there are, and signing in to one in a browser.

A sign-in is begun by whoever has a key that may use the connection, by a link that such a key was given, or, where
no keys are configured, by someone on this computer. Between its two halves the browser keeps what belongs to it, in a
cookie that is signed, expires, and that scripts and other sites can't use.
"""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import asdict
from typing import Any, Final
from urllib.parse import quote

from itsdangerous import BadData, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from connector.auth import SignIn, SignInFailed, Store, StoreFailed, check_name
from connector.errors import InvocationFailed
from connector.runners.http_server.addresses import Address
from connector.runners.http_server.calls import check_connection, to_json
from connector.runners.http_server.keys import Key
from connector.runners.http_server.pool import Full, Pool
from connector.runners.http_server.problems import RETRY_AFTER_S, Refused, build_busy, status_of
from connector.runners.http_server.settings import Settings
from connector.runners.http_server.sign_in_page import SignInPage
from connector.runners.http_server.sign_ins import KEPT, SignIns
from connector.way.connector import Connector

#: How long a link and a sign-in under way are good for, in seconds.
LIFETIME_S: Final = 600
_COOKIE: Final = "sign_in"
#: The path to which the service leads a browser back.
CALLBACK: Final = "/callback"
#: Query parameter of a browser that has been led to the public address.
_LED: Final = "led"


class ConnectionEndpoints:
    """`GET /connections`, `POST /connect/{name}` (a link), `GET /connect/{name}` (a sign-in) and `GET /callback`.

    `address` is where browsers reach the server, `None` where nobody said so.
    """

    def __init__(
        self,
        connector: Connector,
        store: Store,
        sign_in: SignIn,
        pool: Pool,
        settings: Settings,
        address: Address | None,
    ) -> None:
        self._sign_ins = SignIns(connector, store, sign_in, settings)
        self._pool = pool
        self._address = address
        self._title = connector.manifest.package["title"]
        self._cookie_path = f"{address.path if address else ''}{CALLBACK}"
        secret = settings.cookie_secret or secrets.token_hex(32)
        self._tickets = URLSafeTimedSerializer(secret, salt="ticket")
        self._attempts = URLSafeTimedSerializer(secret, salt="attempt")

    @property
    def routes(self) -> list[Route]:
        return [
            Route("/connections", self._list, methods=["GET"]),
            Route("/connect/{name}", self._make_link_or_begin, methods=["GET", "POST"]),
            Route(CALLBACK, self._finish, methods=["GET"]),
        ]

    async def _list(self, request: Request) -> Response:
        key: Key = request.state.key
        found = await self._run(lambda: self._sign_ins.describe(key.may_use))
        return Response(to_json({"connections": found}), media_type="application/json")

    async def _make_link_or_begin(self, request: Request) -> Response:
        return await (self._make_link(request) if request.method == "POST" else self._begin(request))

    async def _make_link(self, request: Request) -> Response:
        key: Key | None = request.state.key
        name = request.path_params["name"]
        if key is None:
            raise Refused("api_key", "A link to sign in needs an API key.", headers={"WWW-Authenticate": "Bearer"})
        check_connection(key, _check_name(name))
        link = f"{self._need_address().url}/connect/{quote(name)}?ticket={self._tickets.dumps(name)}"
        return Response(to_json({"url": link, "expires_in": LIFETIME_S}), media_type="application/json")

    async def _begin(self, request: Request) -> Response:
        try:
            name = request.path_params["name"]
            _check_name(name)
            self._check_visitor(request, name)
            address = self._need_address()
            if not _is_at(request, address) and _LED not in request.query_params:
                # The cookie has to be there when the service leads back. Once is enough: what still looks as if it came
                # to another address was sent on by a proxy that rewrites Host.
                query = f"{request.url.query}&" if request.url.query else ""
                return RedirectResponse(f"{address.url}/connect/{quote(name)}?{query}{_LED}=1", 307)
            attempt = await self._run(lambda: self._sign_ins.begin(name, address.url + CALLBACK))
        except SignInPage as page:
            return page.to_response(self._title, "../docs")
        except Refused as refusal:
            return SignInPage.of_refusal(refusal).to_response(self._title, "../docs")
        response = RedirectResponse(attempt.url, 303)
        kept = {key: value for key, value in asdict(attempt).items() if key in KEPT}
        response.set_cookie(
            _COOKIE,
            str(self._attempts.dumps({**kept, "name": name})),
            max_age=LIFETIME_S,
            path=self._cookie_path,
            secure=address.scheme == "https",
            httponly=True,
            samesite="lax",
        )
        return response

    async def _finish(self, request: Request) -> Response:
        is_over = True
        try:
            kept = self._read_cookie(request)
            name = kept["name"]
            await self._run(lambda: self._sign_ins.finish(kept, request.url.query))
        except SignInFailed as failure:
            # Any page can lead a browser here: an answer from elsewhere must not end the sign-in.
            is_over = failure.reason != "state"
            page = SignInPage.refusing(str(failure), 400)
        except InvocationFailed as failure:
            error = failure.error
            page = SignInPage.refusing(error.message, status_of(error.kind), error.retry_after)
        except SignInPage as problem:
            page = problem
        except Refused as refusal:
            # The code wasn't traded yet: to load the page again is enough.
            is_over = False
            page = SignInPage.of_refusal(refusal)
        else:
            until = "" if self._sign_ins.is_lasting else ", until the server ends: CONNECTOR_STORE would keep it"
            text = f"The connection {name} can be used now{until}. This window can be closed."
            page = SignInPage(200, "Connected", text)
        response = page.to_response(self._title, "docs")
        if is_over:
            response.delete_cookie(_COOKIE, path=self._cookie_path)
        return response

    def _check_visitor(self, request: Request, name: str) -> None:
        """Raises `SignInPage` or `Refused` where this visitor may not sign in to the connection `name`."""
        if ticket := request.query_params.get("ticket"):
            try:
                is_valid = self._tickets.loads(ticket, max_age=LIFETIME_S) == name
            except BadData:
                is_valid = False
            if not is_valid:
                raise SignInPage.refusing("This link has expired or is for something else; ask for a new one.", 403)
            return
        key: Key | None = request.state.key
        if key is None:
            raise SignInPage.refusing(f"Open a link that an API key was given: POST /connect/{name}.", 401)
        check_connection(key, name)
        if request.headers.get("sec-fetch-site") == "cross-site":
            raise SignInPage.refusing("Another site led here. Open the address yourself.", 403)

    def _read_cookie(self, request: Request) -> dict[str, Any]:
        try:
            kept: dict[str, Any] = self._attempts.loads(request.cookies.get(_COOKIE, ""), max_age=LIFETIME_S)
        except BadData:
            raise SignInPage.refusing(
                "This browser has no sign-in under way, or it took too long. Begin anew.", 400
            ) from None
        return kept

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

    def _need_address(self) -> Address:
        if self._address is None:
            raise Refused("public_url", "The server does not know its address: start it with --public-url.")
        return self._address


def _check_name(name: str) -> str:
    try:
        return check_name(name)
    except InvocationFailed as failure:
        raise Refused("connection_name", str(failure)) from None


def _is_at(request: Request, address: Address) -> bool:
    """Whether the browser came to `address`, as far as the server is told: of a proxy's own name for the server nobody
    knows what the browser asked for, and of the scheme only what a trusted proxy says."""
    is_scheme = not request.state.is_told or request.scope["scheme"] == address.scheme
    return is_scheme and address.is_at(request.headers.get("host", ""))

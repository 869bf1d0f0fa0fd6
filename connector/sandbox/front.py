"""What stands before all endpoints: requests are recorded and faults strike.

A plain ASGI application around Starlette, because a fault may send nothing at all.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connector.sandbox import accounts, api, control, covers, reccobeats
from connector.sandbox.answers import api_error
from connector.sandbox.api import to_response
from connector.sandbox.calls import Call, parse_body, parse_query
from connector.sandbox.images import draw
from connector.sandbox.state import State

_RECORDED: Final = ("/v1/", "/api/token", "/authorize", reccobeats.PATH)
_MAX_BODY: Final = 10_000_000
_MAX_IMAGE: Final = 2_000


class Front:
    """The sandbox's ASGI application.

    Args:
        state: the sandbox's state.
        hang_up: closes the connection of an ASGI scope at once.
    """

    def __init__(self, state: State, hang_up: Callable[[Scope], None]) -> None:
        self._state = state
        self._hang_up = hang_up
        self._endpoints = build_endpoints(state)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        body = await _read_body(receive)
        if body is None:
            return
        # The live service takes `/me/tracks/` for `/me/tracks`.
        path = scope["path"].rstrip("/") or "/"
        scope = {**scope, "path": path, "raw_path": scope["raw_path"].rstrip(b"/") or b"/"}
        call = self._record(scope, body)
        exchange = _Exchange(body, receive, send, call)
        fault = self._state.faults.take(scope["method"], path)
        if fault is None:
            await self._endpoints(scope, exchange.receive, exchange.send)
            return
        if fault.is_applied and (fault.is_drop or fault.answer() is not None):
            await self._endpoints(scope, exchange.receive, _discard)
        if fault.is_drop or (fault.delay_s > 0 and await exchange.is_left_within(fault.delay_s)):
            self._hang_up(scope)
            await exchange.wait_until_left()
            return
        answer = fault.answer()
        endpoint = self._endpoints if answer is None else to_response(answer)
        await endpoint(scope, exchange.receive, exchange.send)

    def _record(self, scope: Scope, body: bytes) -> Call:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        authorization = headers.get("authorization")
        call = Call(
            method=scope["method"],
            path=scope["path"],
            query=parse_query(scope["query_string"].decode("latin-1")),
            body=parse_body(body, headers.get("content-type", "")),
            authorization=authorization.split(" ")[0].lower() if authorization else None,
            at_s=self._state.clock.now_s(),
        )
        if call.path.startswith(_RECORDED):
            self._state.calls.record(call)
        return call


def build_endpoints(state: State) -> ASGIApp:
    """All endpoints: accounts service, Web API, ReccoBeats, control, images."""
    routes = [
        *accounts.build_routes(state),
        *api.build_routes(state),
        *reccobeats.build_routes(state),
        *control.build_routes(state),
        *covers.build_routes(state),
        Route("/images/{id}/{size:int}", _image, methods=["GET"]),
    ]
    handlers: dict[Any, Any] = {404: _no_such_endpoint, 405: _no_such_endpoint}
    application = Starlette(routes=routes, exception_handlers=handlers)
    application.router.redirect_slashes = False
    return application


class _Exchange:
    """One request whose body was read already, and whose answer is watched."""

    def __init__(self, body: bytes, receive: Receive, send: Send, call: Call) -> None:
        self._body: bytes | None = body
        self._receive = receive
        self._send = send
        self._call = call

    async def receive(self) -> Message:
        """The body once, then whatever the connection brings."""
        if self._body is None:
            return await self._receive()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(self, message: Message) -> None:
        """Pass on, and note the status."""
        if message["type"] == "http.response.start":
            self._call.status = message["status"]
        await self._send(message)

    async def wait_until_left(self) -> None:
        """Wait until the connection is closed."""
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def is_left_within(self, seconds: float) -> bool:
        """Wait `seconds`, or until the client goes away: then true."""
        try:
            await asyncio.wait_for(self.wait_until_left(), seconds)
        except TimeoutError:
            return False
        return True


async def _read_body(receive: Receive) -> bytes | None:
    """The whole body, None where the client went away; what exceeds 10 MB is left out."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        if len(body) < _MAX_BODY:
            body += message.get("body", b"")
        if not message.get("more_body", False):
            return bytes(body)


async def _discard(_: Message) -> None:
    """Send nothing: the answer is lost on its way."""


async def _image(request: Request) -> Response:
    size = min(int(request.path_params["size"]), _MAX_IMAGE)
    return Response(draw(request.path_params["id"], size), media_type="image/svg+xml")


async def _no_such_endpoint(request: Request, error: HTTPException) -> Response:
    if error.status_code == 404:
        return to_response(api_error(404, "Service not found"))
    routes = [route for route in request.app.routes if route.matches(request.scope)[0] is not Match.NONE]
    allowed = sorted({method for route in routes for method in route.methods})
    return to_response(replace(api_error(405, "Method not allowed"), headers={"Allow": ", ".join(allowed)}))

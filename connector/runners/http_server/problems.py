"""What went wrong → a problem document (RFC 9457) with a fitting status. Invocations' errors and the server's own
refusals have the same form, so a caller reads one.
"""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus
from typing import Any, Final

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from connector.errors import ErrorDetail, FieldProblem

MEDIA_TYPE: Final = "application/problem+json"
#: When to come back to a server that has no room, in seconds.
RETRY_AFTER_S: Final = 1
#: How long what a client still sends is thrown away so that it reads why it was refused.
_LINGER_S: Final = 5.0

#: Kinds after which a user signs in, or signs in again.
_SIGN_IN_KINDS: Final = frozenset({"unauthorized", "reauthorize"})

#: Status and title of each kind: first those of `ErrorDetail`, then those that only this server has.
KINDS: Final[Mapping[str, tuple[int, str]]] = {
    "missing_fields": (422, "Fields are missing"),
    "invalid_fields": (422, "Fields don't fit"),
    "unauthorized": (401, "The access token is not valid"),
    "reauthorize": (401, "The user has to sign in again"),
    "forbidden": (403, "The service does not allow it"),
    "unavailable": (403, "Closed to this app"),
    "not_found": (404, "The service knows no such thing"),
    "bad_request": (400, "The service refused the request"),
    "rate_limited": (429, "Too many calls"),
    "server_error": (502, "The service failed"),
    "network": (502, "The service can't be reached"),
    "bad_answer": (502, "The service's answer can't be used"),
    "timeout": (504, "The service took too long"),
    "cancelled": (503, "Cancelled"),
    "api_key": (401, "An API key is needed"),
    "connection": (403, "The connection can't be used"),
    "origin": (403, "Called from elsewhere"),
    "unknown_block": (404, "No such block"),
    "unknown_field": (404, "No such field, or nothing lists what it may hold"),
    "unknown_trigger": (404, "No such trigger"),
    "unknown_subscription": (404, "No such subscription"),
    "subscriptions": (429, "Too many subscriptions"),
    "unknown_path": (404, "Nothing is here"),
    "method": (405, "Another method is needed"),
    "bad_http": (400, "The request can't be read"),
    "head_timeout": (408, "The headers took too long"),
    "head_too_large": (431, "The headers are too large"),
    "body_timeout": (408, "The body took too long"),
    "too_large": (413, "The body is too large"),
    "bad_json": (400, "The body can't be read"),
    "bad_detail": (400, "The address asks for another detail than there is"),
    "mcp_sessions": (429, "Too many sessions"),
    "busy": (503, "Busy"),
    "store": (503, "The connections can't be read"),
    "subscription_store": (503, "The subscriptions can't be read"),
    "public_url": (503, "The server's address is not known"),
    "connection_name": (422, "No name for a connection"),
    "internal": (500, "The server failed"),
}


class _LastResponse(Response):
    """An answer to a request that is still coming, after which its connection ends. A connection that is closed with
    something unread is reset, and the client may lose the answer: so what it still sends is thrown away for a while."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": self.body, "more_body": True})
        if "expect" not in Headers(scope=scope):
            with suppress(TimeoutError):
                async with asyncio.timeout(_LINGER_S):
                    while (await receive()).get("more_body"):
                        pass
        await send({"type": "http.response.body"})


class Refused(Exception):
    """The server itself turns a request down: `kind` is a key of `KINDS`, `message` says what to do instead.

    `retry_after` is in seconds; `headers` go with the answer, and `is_last` ends its connection.
    """

    def __init__(
        self,
        kind: str,
        message: str,
        *,
        retry_after: float | None = None,
        headers: Mapping[str, str] | None = None,
        is_last: bool = False,
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.retry_after = retry_after
        self.headers = dict(headers or {})
        self.is_last = is_last

    def to_response(self) -> Response:
        headers = {**self.headers, **to_retry_header(self.retry_after)}
        if self.is_last:
            headers["Connection"] = "close"
        answer = _LastResponse if self.is_last else Response
        return _respond(build_refusal(self.kind, self.message, self.retry_after), headers, answer)

    def to_bytes(self) -> bytes:
        """The answer as it goes over a connection that ends after it."""
        response = self.to_response()
        status = HTTPStatus(response.status_code)
        lines = [
            f"HTTP/1.1 {status.value} {status.phrase}".encode(),
            *(b": ".join(header) for header in response.raw_headers),
        ]
        return b"\r\n".join([*lines, b"", bytes(response.body)])


def build_busy() -> Refused:
    """The refusal of a call for which there is no room."""
    return Refused("busy", "The server has all the calls that it can take; come back later.", retry_after=RETRY_AFTER_S)


def status_of(kind: str) -> int:
    """The HTTP status that an error of this kind is answered with."""
    return KINDS[kind][0]


def build_refusal(kind: str, message: str, retry_after: float | None = None) -> dict[str, Any]:
    """The problem document of a refusal by the server itself."""
    status, title = KINDS[kind]
    document = {
        "type": f"urn:connector:error:{kind}",
        "title": title,
        "status": status,
        "detail": message,
        "kind": kind,
    }
    return document if retry_after is None else {**document, "retry_after": retry_after}


def build_problem(error: ErrorDetail) -> dict[str, Any]:
    """The problem document of an invocation's error. What is absent is left out: `fields` (`name`, `problem`, `fits`),
    and the facts that `ErrorDetail.to_facts` gives, where the service's own status is `upstream_status`."""
    document: dict[str, Any] = {**build_refusal(error.kind, error.message), "code": error.code}
    if error.fields:
        document["fields"] = [_to_plain(problem) for problem in error.fields]
    facts = error.to_facts()
    if (status := facts.pop("status", None)) is not None:
        document["upstream_status"] = status
    return document | facts


def to_response(error: ErrorDetail, sign_in: str | None = None, next_s: float | None = None) -> Response:
    """The answer to an invocation that failed, with `Retry-After` where it is known; with the address at which to
    `sign_in`, where that is what it takes, and to a poll with the seconds until another is worth it (`next_s`)."""
    document = build_problem(error)
    if next_s is not None:
        document["next_s"] = next_s
    if sign_in and error.kind in _SIGN_IN_KINDS:
        document["sign_in"] = sign_in
    return _respond(document, to_retry_header(error.retry_after))


def _respond(document: Mapping[str, Any], headers: Mapping[str, str], answer: type[Response] = Response) -> Response:
    content = json.dumps(document).encode()
    return answer(content, int(document["status"]), headers=dict(headers), media_type=MEDIA_TYPE)


def to_retry_header(retry_after: float | None) -> dict[str, str]:
    """The header `Retry-After` for a wait in seconds, in whole ones; no header where the wait is not known."""
    return {} if retry_after is None else {"Retry-After": str(max(0, math.ceil(retry_after)))}


def _to_plain(problem: FieldProblem) -> dict[str, str]:
    return {name: value for name, value in problem.to_dict().items() if value is not None}

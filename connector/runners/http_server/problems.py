"""What went wrong → a problem document (RFC 9457) with a fitting status. Invocations' errors and the server's own
refusals have the same form, so a caller reads one.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import Response

from connector.errors import ErrorDetail, FieldProblem

MEDIA_TYPE: Final = "application/problem+json"

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
    "unknown_path": (404, "Nothing is here"),
    "method": (405, "Another method is needed"),
    "body_timeout": (408, "The body took too long"),
    "too_large": (413, "The body is too large"),
    "bad_json": (400, "The body can't be read"),
    "busy": (503, "Busy"),
    "store": (503, "The connections can't be read"),
    "public_url": (503, "The server's address is not known"),
    "connection_name": (422, "No name for a connection"),
    "internal": (500, "The server failed"),
}


class Refused(Exception):
    """The server itself turns a request down: `kind` is a key of `KINDS`, `message` says what to do instead.

    `retry_after` is in seconds; `headers` go with the answer.
    """

    def __init__(
        self, kind: str, message: str, *, retry_after: float | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.retry_after = retry_after
        self.headers = dict(headers or {})

    def to_response(self) -> Response:
        return _respond(
            build_refusal(self.kind, self.message, self.retry_after),
            {**self.headers, **to_retry_header(self.retry_after)},
        )


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


def to_response(error: ErrorDetail) -> Response:
    """The answer to an invocation that failed, with `Retry-After` where it is known."""
    return _respond(build_problem(error), to_retry_header(error.retry_after))


def _respond(document: Mapping[str, Any], headers: Mapping[str, str]) -> Response:
    content = json.dumps(document).encode()
    return Response(content, int(document["status"]), headers=dict(headers), media_type=MEDIA_TYPE)


def to_retry_header(retry_after: float | None) -> dict[str, str]:
    """The header `Retry-After` for a wait in seconds, in whole ones; no header where the wait is not known."""
    return {} if retry_after is None else {"Retry-After": str(max(0, math.ceil(retry_after)))}


def _to_plain(problem: FieldProblem) -> dict[str, str]:
    return {name: value for name, value in problem.to_dict().items() if value is not None}

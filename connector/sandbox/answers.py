"""What the sandbox answers, as values: a status, headers and a body.

The Web API wraps an error as `{"error": {"status", "message"}}`, the token endpoint writes it flat as
`{"error", "error_description"}`. No other module writes error bodies.
"""

import json
from dataclasses import dataclass, field
from typing import Any, Final

JSON: Final = "application/json; charset=utf-8"
"""The content type of JSON."""


@dataclass(frozen=True)
class Answer:
    """One HTTP answer.

    Attributes:
        status: the HTTP status.
        body: the bytes sent.
        media_type: the content type, None where there is no body.
        headers: further headers.
    """

    status: int = 200
    body: bytes = b""
    media_type: str | None = None
    headers: dict[str, str] = field(default_factory=dict)


class Refused(Exception):
    """A request that the sandbox turns down.

    Attributes:
        answer: what is sent.
    """

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def json_answer(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    """A JSON value."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return Answer(status, body, JSON, headers or {})


def text_answer(status: int, text: str, headers: dict[str, str] | None = None) -> Answer:
    """Plain text."""
    return Answer(status, text.encode(), "text/plain; charset=utf-8", headers or {})


def html_answer(status: int, html: str) -> Answer:
    """A web page."""
    return Answer(status, html.encode(), "text/html; charset=utf-8")


def api_error(status: int, message: str | None, reason: str | None = None) -> Answer:
    """An error of the Web API; `message` None leaves it out, as some live answers do, `reason` is the player's."""
    error: dict[str, Any] = {"status": status}
    if message is not None:
        error["message"] = message
    if reason is not None:
        error["reason"] = reason
    return json_answer({"error": error}, status)


def unauthorized(message: str) -> Answer:
    """401 of the Web API, with the challenge that RFC 6750 (section 3) asks for."""
    error = "invalid_request" if message == "No token provided" else "invalid_token"
    challenge = f'Bearer realm="spotify", error="{error}", error_description="{message}"'
    return json_answer({"error": {"status": 401, "message": message}}, 401, headers={"WWW-Authenticate": challenge})


def rate_limited(retry_after: str | None) -> Answer:
    """429 as plain text; `retry_after` in seconds, None leaves the header out."""
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    return text_answer(429, "Too many requests", headers)


def quota_exceeded(retry_after: str | None) -> Answer:
    """429 of a developer account whose quota is used up; `retry_after` in seconds, None leaves the header out."""
    error = {"status": 429, "message": "Too many requests", "reason": "QUOTA_EXCEEDED"}
    return json_answer({"error": error}, 429, {} if retry_after is None else {"Retry-After": retry_after})


def token_error(error: str, description: str | None, status: int = 400) -> Answer:
    """An error of the token endpoint."""
    body = {"error": error}
    if description is not None:
        body["error_description"] = description
    return json_answer(body, status)

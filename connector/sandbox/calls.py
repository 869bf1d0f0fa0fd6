"""A record of the requests that reached the sandbox, for tests that count and read them.

Secrets are not kept: an authorisation is recorded by its kind, and form fields that carry one are blanked.
"""

import json
from collections import deque
from dataclasses import asdict, dataclass
from typing import Any, Final
from urllib.parse import parse_qsl

_KEPT: Final = 20_000
_SECRET_FIELDS: Final = frozenset({"client_secret", "code", "code_verifier", "refresh_token", "access_token"})
_BLANK: Final = "(not recorded)"


@dataclass
class Call:
    """One request.

    Attributes:
        method: "GET", "PUT" …
        path: with the `/v1`, percent-decoded.
        query: parameter to value, the last one where a name repeats.
        body: JSON as it was sent, a form as a mapping without secrets, other text as it is, None for none.
        authorization: the scheme in lower case ("bearer", "basic"), None without the header.
        status: what was answered, None while it is on its way or where the connection was dropped.
        at_s: when, in sandbox seconds since 1970.
    """

    method: str
    path: str
    query: dict[str, str]
    body: Any
    authorization: str | None
    at_s: float
    status: int | None = None


class Calls:
    """The latest 20,000 requests, oldest first."""

    def __init__(self) -> None:
        self._calls: deque[Call] = deque(maxlen=_KEPT)

    def record(self, call: Call) -> None:
        """Add a request."""
        self._calls.append(call)

    def to_list(self) -> list[dict[str, Any]]:
        """All requests, as JSON objects with the attributes of `Call`."""
        return [asdict(call) for call in self._calls]


def parse_query(query: str) -> dict[str, str]:
    """Parameter to value, the last one where a name repeats; secrets blanked."""
    return _without_secrets(dict(parse_qsl(query, keep_blank_values=True)))


def parse_body(body: bytes, content_type: str) -> Any:
    """What `Call.body` holds for these bytes."""
    if not body:
        return None
    text = body.decode("utf-8", "replace")
    if content_type.startswith("application/x-www-form-urlencoded"):
        return parse_query(text)
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _without_secrets(fields: dict[str, str]) -> dict[str, str]:
    return {name: _BLANK if name in _SECRET_FIELDS else value for name, value in fields.items()}

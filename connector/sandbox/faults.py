"""Answers that go wrong on demand.

A fault is queued, waits for requests that it fits, and takes the place of the sandbox's own answer. The bodies are
those that clients of the live service have reported, word for word.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from connector.sandbox.answers import (
    Answer,
    api_error,
    html_answer,
    quota_exceeded,
    rate_limited,
    text_answer,
    token_error,
    unauthorized,
)

_PREMIUM: Final = (
    "Active premium subscription required for the owner of the app. When the subscription status changes, "
    "it can take a few hours before requests are allowed again."
)
_PROXY_PAGE: Final = "<html><head><title>{0}</title></head><body><center><h1>{0}</h1></center></body></html>"

_API: Final = ("/v1/",)
_ACCOUNTS: Final = ("/api/token",)
_ALL: Final = (*_API, *_ACCOUNTS, "/reccobeats/v1/")

Options = Mapping[str, Any]


def _custom(options: Options) -> Answer:
    body = options.get("body", "")
    headers = {str(name): str(value) for name, value in options.get("headers", {}).items()}
    text = body if isinstance(body, str) else json.dumps(body)
    is_typed = any(name.lower() == "content-type" for name in headers)
    default_type = "text/plain" if isinstance(body, str) else "application/json"
    return Answer(int(options["status"]), text.encode(), None if is_typed else default_type, headers)


def _rate_limited(options: Options) -> Answer:
    retry_after = options.get("retry_after", "7")
    return rate_limited(None if retry_after is None else str(retry_after))


def _quota_exceeded(options: Options) -> Answer:
    retry_after = options.get("retry_after", 43_200)
    return quota_exceeded(None if retry_after is None else str(retry_after))


_ANSWERS: Final[dict[str, tuple[tuple[str, ...], Callable[[Options], Answer]]]] = {
    "expired_token": (_API, lambda _: unauthorized("The access token expired")),
    "invalid_token": (_API, lambda _: unauthorized("Invalid access token")),
    "no_token": (_API, lambda _: unauthorized("No token provided")),
    "insufficient_scope": (_API, lambda _: api_error(403, "Insufficient client scope")),
    "forbidden_no_message": (_API, lambda _: api_error(403, None)),
    "forbidden": (_API, lambda _: api_error(403, "Forbidden")),
    "not_registered": (_API, lambda _: text_answer(403, "User not registered in the Developer Dashboard")),
    "premium_required": (_API, lambda _: text_answer(403, _PREMIUM)),
    "not_found": (_API, lambda _: api_error(404, "Resource not found")),
    "bad_request": (_API, lambda _: api_error(400, "Bad request")),
    "rate_limited": (_ALL, _rate_limited),
    "quota_exceeded": (_API, _quota_exceeded),
    "server_error": (_ALL, lambda _: api_error(500, "Server error.")),
    "bad_gateway": (_ALL, lambda _: api_error(502, "Bad gateway.")),
    "unavailable": (_ALL, lambda _: Answer(503)),
    "html": (_ALL, lambda _: html_answer(200, _PROXY_PAGE.format("Welcome to the network"))),
    "html_502": (_ALL, lambda _: html_answer(502, _PROXY_PAGE.format("502 Bad Gateway"))),
    "no_json": (_ALL, lambda _: Answer(200, b'{"items": [{"id": "4iV5W9', "application/json")),
    "invalid_grant_revoked": (_ACCOUNTS, lambda _: token_error("invalid_grant", "Refresh token revoked")),
    "invalid_grant_expired": (_ACCOUNTS, lambda _: token_error("invalid_grant", "Refresh token expired")),
    "invalid_client": (_ACCOUNTS, lambda _: token_error("invalid_client", "Invalid client")),
    "custom": (_ALL, _custom),
}

_DISTURBANCES: Final = ("slow", "drop")

FAULT_NAMES: Final = (*_ANSWERS, *_DISTURBANCES)
"""Every fault that can be queued."""

_OPTION_NAMES: Final[dict[str, frozenset[str]]] = {
    "rate_limited": frozenset({"retry_after"}),
    "quota_exceeded": frozenset({"retry_after"}),
    "custom": frozenset({"status", "headers", "body"}),
    "slow": frozenset({"seconds"}),
}


@dataclass
class Fault:
    """One queued fault.

    Attributes:
        name: one of `FAULT_NAMES`.
        times: how many requests it meets; None is all until the next reset.
        match: `"METHOD /path-prefix"`, `"METHOD"` or `"/path-prefix"`, the path with or without `/v1`.
        after: how many fitting requests pass first.
        is_applied: whether a write takes effect before the fault answers, as when an answer is lost on its way.
        options: what the fault itself takes: `retry_after`, `seconds`, or `status`, `headers` and `body`.
    """

    name: str
    times: int | None = 1
    match: str | None = None
    after: int = 0
    is_applied: bool = False
    options: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.name not in FAULT_NAMES:
            raise ValueError(f"no fault {self.name!r}; there are {', '.join(FAULT_NAMES)}")
        if self.times is not None and self.times < 1:
            raise ValueError(f"times must be at least 1, or null for no end, not {self.times}")
        unknown = self.options.keys() - _OPTION_NAMES.get(self.name, frozenset())
        if unknown:
            raise ValueError(f"fault {self.name!r} does not take {', '.join(sorted(unknown))}")
        required = {"custom": "status", "slow": "seconds"}.get(self.name)
        if required is not None and required not in self.options:
            raise ValueError(f"fault {self.name!r} needs {required}")

    @property
    def delay_s(self) -> float:
        """Seconds that the answer is held back."""
        return float(self.options["seconds"]) if self.name == "slow" else 0.0

    @property
    def is_drop(self) -> bool:
        """Whether the connection is closed without an answer."""
        return self.name == "drop"

    def answer(self) -> Answer | None:
        """What is sent instead of the sandbox's own answer; None where that one stands."""
        entry = _ANSWERS.get(self.name)
        return None if entry is None else entry[1](self.options)

    def fits(self, method: str, path: str) -> bool:
        """Whether the fault is meant for a request of this method and path (with `/v1`)."""
        prefixes = _ANSWERS[self.name][0] if self.name in _ANSWERS else _ALL
        if not path.startswith(prefixes):
            return False
        wanted_method, _, wanted_path = (self.match or "").rpartition(" ")
        if not wanted_path.startswith("/"):
            wanted_method, wanted_path = wanted_path, ""
        if wanted_method and wanted_method.upper() != method:
            return False
        return path.removeprefix("/v1").startswith(wanted_path.removeprefix("/v1"))


class Faults:
    """The queue."""

    def __init__(self) -> None:
        self._queue: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Queue a fault behind those that wait already."""
        self._queue.append(fault)

    def take(self, method: str, path: str) -> Fault | None:
        """The fault that meets this request, the first in the queue that fits; None lets it through."""
        for fault in self._queue:
            if not fault.fits(method, path):
                continue
            if fault.after > 0:
                fault.after -= 1
                continue
            if fault.times is not None:
                fault.times -= 1
                if fault.times == 0:
                    self._queue.remove(fault)
            return fault
        return None

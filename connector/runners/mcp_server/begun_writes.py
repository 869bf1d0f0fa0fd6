"""The writes that have begun, which a client can't cancel any more.

A write under way is finished, whoever leaves. The protocol lets a server ignore that such a request is cancelled, and
only so can the client be told what became of it: a request that the library takes for cancelled gets no result.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from mcp_types import RequestId

#: The header that names the session over HTTP.
SESSION_HEADER: Final = "mcp-session-id"
_CANCELLED: Final = "notifications/cancelled"
#: The most of a message (bytes) that is read for its sake: it holds a method, an id and a reason.
_LONGEST: Final = 100_000


class BegunWrites:
    """Requests by their id, and by the session that it is one's own in; `None` where there is but one client."""

    def __init__(self) -> None:
        self._begun: set[tuple[str | None, str]] = set()

    @contextmanager
    def hold(self, session: str | None, request_id: RequestId | None) -> Iterator[None]:
        """While it is entered, from any thread, the request's write is under way."""
        key = session, str(request_id)
        self._begun.add(key)
        try:
            yield
        finally:
            self._begun.discard(key)

    def is_meant(self, session: str | None, method: str, params: Mapping[str, Any] | None) -> bool:
        """Whether a client's notification would cancel one of them."""
        return method == _CANCELLED and (session, str((params or {}).get("requestId"))) in self._begun

    def is_meant_by(self, session: str | None, body: bytes) -> bool:
        """Whether a message, as it came, is such a notification."""
        if not self._begun or len(body) > _LONGEST or _CANCELLED.encode() not in body:
            return False
        try:
            message = json.loads(body)
            return self.is_meant(session, message["method"], message["params"])
        except (ValueError, RecursionError, TypeError, KeyError, AttributeError):
            # The library says what is wrong with it.
            return False

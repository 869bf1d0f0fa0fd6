"""The sessions that MCP clients have open, counted by API key, and the key that each belongs to.

The library keeps the sessions, and bounds them all together; it does not say when one ends by itself. Here the same
rule is kept: a session ends when no request of it was under way for a time.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from connector.runners.http_server.problems import Refused


@dataclass(slots=True)
class _Session:
    under_way: int = 0
    used_at: float = field(default_factory=time.monotonic)


class McpSessions:
    """Sessions by key: at most `per_key` (number), each of which ends after `idle_s` (seconds) without a request."""

    def __init__(self, per_key: int, idle_s: float) -> None:
        self._per_key = per_key
        self._idle_s = idle_s
        self._sessions: dict[str, dict[str, _Session]] = {}
        self._opening: Counter[str] = Counter()

    @contextmanager
    def opening(self, key: str) -> Iterator[Callable[[str], None]]:
        """While it is entered, the key opens a session; what it gives is called with the session's id once it is open.

        Raises `Refused` (`mcp_sessions`) where the key has enough.
        """
        sessions = self._forget_ended(key)
        if len(sessions) + self._opening[key] >= self._per_key:
            ends_in = min([self._idle_s, *(self._left(session) for session in sessions.values())])
            raise Refused(
                "mcp_sessions",
                f"The API key {key} has all the sessions open that it may have ({self._per_key}): end one by DELETE "
                f"/mcp with its Mcp-Session-Id, or wait; a session ends when unused for {self._idle_s:g} s.",
                retry_after=ends_in,
            )
        with ExitStack() as stack:
            self._opening[key] += 1
            stack.callback(self._end_opening, key)

            def begin(session_id: str) -> None:
                stack.close()
                self._sessions.setdefault(key, {})[session_id] = _Session()

            yield begin

    def end(self, key: str, session_id: str) -> None:
        """The session is over."""
        sessions = self._sessions.get(key, {})
        sessions.pop(session_id, None)
        if not sessions:
            self._sessions.pop(key, None)

    @contextmanager
    def using(self, key: str, session_id: str) -> Iterator[Callable[[str], None] | None]:
        """While it is entered, a request of the session is under way; gives `None`, for no session is opened by it."""
        session = self._sessions.get(key, {}).get(session_id, _Session())
        session.under_way += 1
        try:
            yield None
        finally:
            session.under_way -= 1
            session.used_at = time.monotonic()

    def _end_opening(self, key: str) -> None:
        self._opening[key] -= 1
        if not self._opening[key]:
            del self._opening[key]

    def _forget_ended(self, key: str) -> dict[str, _Session]:
        sessions = self._sessions.get(key, {})
        for session_id in [name for name, session in sessions.items() if self._left(session) <= 0]:
            self.end(key, session_id)
        return sessions

    def _left(self, session: _Session) -> float:
        return self._idle_s if session.under_way else session.used_at + self._idle_s - time.monotonic()

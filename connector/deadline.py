"""How long an invocation may still take: a stall limit that each finished request renews, and an end for the whole."""

from __future__ import annotations

import time


class Deadline:
    """Counts down for one invocation.

    `timeout` (s) is the longest time without a finished request; `total` (s), where given, bounds everything.
    """

    __slots__ = ("_end", "_stall_end", "_timeout")

    def __init__(self, timeout: float, total: float | None = None) -> None:
        now = time.monotonic()
        self._timeout = timeout
        self._stall_end = now + timeout
        self._end = now + total if total is not None else None

    @property
    def left(self) -> float:
        """Seconds left; zero or less when time is up."""
        end = self._stall_end if self._end is None else min(self._stall_end, self._end)
        return end - time.monotonic()

    def renew(self) -> None:
        """A request was finished: the stall limit starts anew."""
        self._stall_end = time.monotonic() + self._timeout

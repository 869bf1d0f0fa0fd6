"""The sandbox's own clock: it runs like the wall clock and can be put forward."""

import time
from datetime import UTC, datetime, timedelta
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Clock:
    """Wall-clock time plus what it was put forward by."""

    def __init__(self) -> None:
        self._ahead_s = 0.0

    def now_s(self) -> float:
        """Seconds since 1970, sandbox time."""
        return time.time() + self._ahead_s

    def advance(self, seconds: float) -> None:
        """Put the clock forward.

        Args:
            seconds: how far; not below 0.

        Raises:
            ValueError: `seconds` is negative, for time that runs backwards would revive dead tokens.
        """
        if seconds < 0:
            raise ValueError("advance_s must not be negative")
        self._ahead_s += seconds


def to_iso(seconds: float) -> str:
    """Seconds since 1970 as the Web API writes a moment: `2026-11-24T05:00:00Z`."""
    return (_EPOCH + timedelta(seconds=int(seconds))).strftime("%Y-%m-%dT%H:%M:%SZ")

"""The sandbox's own clock: it runs like the wall clock, and can be put forward and stopped."""

import time
from datetime import UTC, datetime, timedelta
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Clock:
    """Wall-clock time plus what it was put forward by, standing still while it is stopped."""

    def __init__(self) -> None:
        self._ahead_s = 0.0
        self._stopped_s: float | None = None

    def now_s(self) -> float:
        """Seconds since 1970, sandbox time."""
        return (time.time() if self._stopped_s is None else self._stopped_s) + self._ahead_s

    def run(self, is_running: bool) -> None:
        """Let the clock run, or stop it; either way it goes on from where it is."""
        now_s = self.now_s()
        self._stopped_s = None if is_running else time.time()
        self._ahead_s += now_s - self.now_s()

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


def to_iso(seconds: float, precision: str = "seconds") -> str:
    """Seconds since 1970 as the Web API writes a moment: `2026-11-24T05:00:00Z`, or with `milliseconds`."""
    moment = _EPOCH + timedelta(milliseconds=int(seconds * 1000))
    return moment.isoformat(timespec=precision).replace("+00:00", "Z")

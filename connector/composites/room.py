"""Whether there is room for what must not stop halfway: time, and calls of the day, for two calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from connector.errors import ErrorDetail, InvocationFailed

#: How many calls as long as the longest so far have to fit into the time that is left.
_SPARE_CALLS: Final = 4
#: Calls that take something off a list and put it back.
_PAIR: Final = 2


class Room:
    """What is left of a run, of which `time_left` says how many seconds there are."""

    def __init__(self, time_left: Callable[[], float]) -> None:
        self._time_left = time_left
        self._longest_s = 0.0
        self._calls_left: int | None = None

    def note(self, spent_s: float, calls_left: int | None) -> None:
        """A call took so many seconds, and so many calls of the day are left, where they are counted."""
        self._longest_s = max(self._longest_s, spent_s)
        self._calls_left = calls_left

    def check(self) -> None:
        """Raises `InvocationFailed` where there is none for a call that takes something off a list, and for the one
        that has to put it back."""
        if self._time_left() <= _SPARE_CALLS * self._longest_s:
            text = "too little time is left to take anything off the list and put it back: give it more."
            raise InvocationFailed(ErrorDetail("timeout", text))
        if self._calls_left is not None and self._calls_left < _PAIR:
            text = "too few of the day's calls are left to take anything off and put it back: call again later."
            raise InvocationFailed(ErrorDetail("rate_limited", text))

"""What answers to an app in development mode leave out, and the windows in which calls are counted.

The rate limit is an app's, of 30 s; the quota of development mode is a developer account's, of a day (blog of
2026-07-23; users report a window of about 24 hours).

Source: migration guide of February 2026. Extended mode keeps everything. What is closed stands at each operation.
"""

from collections import deque
from math import ceil
from typing import Any, Final

RATE_WINDOW_S: Final = 30
DAY_S: Final = 86_400

_OMITTED: Final[dict[str, tuple[str, ...]]] = {
    "album": ("available_markets", "popularity"),
    "track": ("available_markets", "popularity"),
    "show": ("available_markets", "publisher"),
    "audiobook": ("available_markets", "publisher"),
    "chapter": ("available_markets",),
    "artist": ("followers", "popularity", "genres"),
    "user": ("country", "email", "explicit_content", "followers", "product"),
    "playlist": ("tracks",),
}


_PROGRESS: Final = ("resume_point",)


def omit_fields(value: Any, is_development: bool, sees_progress: bool) -> Any:
    """A copy of a JSON value without the fields that an app isn't given, at any depth.

    Args:
        value: the answer.
        is_development: whether the app is in development mode.
        sees_progress: whether it may know how far the user got in episodes and chapters.
    """
    if isinstance(value, list):
        return [omit_fields(item, is_development, sees_progress) for item in value]
    if not isinstance(value, dict):
        return value
    omitted = _OMITTED.get(str(value.get("type")), ()) if is_development else ()
    if not sees_progress:
        omitted += _PROGRESS
    return {
        name: omit_fields(item, is_development, sees_progress) for name, item in value.items() if name not in omitted
    }


class RollingWindow:
    """Counts calls in a window of time that moves along.

    Args:
        length_s: how long the window is, in seconds.
        counts_refused: whether refused calls count too, so that whoever goes on calling waits longer.
    """

    def __init__(self, length_s: int, *, counts_refused: bool) -> None:
        self._length_s = length_s
        self._counts_refused = counts_refused
        self._calls_s: dict[str, deque[float]] = {}

    def admit(self, name: str, limit: int, now_s: float) -> int | None:
        """Count one call.

        Args:
            name: whose calls are counted together, an app's or a developer account's.
            limit: calls allowed in the window.
            now_s: sandbox time, seconds since 1970.

        Returns:
            None where the call is admitted, else the whole seconds after which one will be, at least 1.
        """
        calls = self._calls_s.setdefault(name, deque())
        while calls and calls[0] <= now_s - self._length_s:
            calls.popleft()
        if len(calls) < limit:
            calls.append(now_s)
            return None
        if self._counts_refused:
            calls.append(now_s)
        # There is room again once the oldest calls have left and fewer than `limit` remain.
        blocking = calls[len(calls) - max(limit, 1)] if calls else now_s
        return max(1, ceil(blocking + self._length_s - now_s))

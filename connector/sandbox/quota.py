"""What answers to an app in development mode leave out, and the rate window of any app.

Source: migration guide of February 2026. Extended mode keeps everything. What is closed stands at each operation.
"""

from collections import deque
from math import ceil
from typing import Any, Final

WINDOW_S: Final = 30

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


class RateWindow:
    """Counts an app's calls in a rolling 30-second window.

    Refused calls count too: whoever goes on calling waits longer.
    """

    def __init__(self) -> None:
        self._calls_s: dict[str, deque[float]] = {}

    def admit(self, client_id: str, limit: int, now_s: float) -> int | None:
        """Count one call of an app.

        Args:
            client_id: the app.
            limit: calls allowed in 30 s.
            now_s: sandbox time, seconds since 1970.

        Returns:
            None where the call is admitted, else the whole seconds after which one will be, at least 1.
        """
        calls = self._calls_s.setdefault(client_id, deque())
        while calls and calls[0] <= now_s - WINDOW_S:
            calls.popleft()
        calls.append(now_s)
        if len(calls) <= limit:
            return None
        # There is room again once the oldest calls have left and fewer than `limit` remain.
        blocking = calls[len(calls) - max(limit, 1)]
        return max(1, ceil(blocking + WINDOW_S - now_s))

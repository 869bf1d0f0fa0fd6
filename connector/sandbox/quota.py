"""What an app in development mode may not call, what its answers leave out, and the rate window of any app.

Sources: developer.spotify.com blog of 2024-11-27 and 2026-02-06, Web API changelogs of February and March 2026 and the
migration guide of February 2026. Extended mode keeps everything.
"""

from collections import deque
from math import ceil
from typing import Any, Final

WINDOW_S: Final = 30

_GONE: Final = 404
_FORBIDDEN: Final = 403

CLOSED_TO_DEVELOPMENT: Final[dict[str, int]] = {
    # 2024-11-27
    "GET /audio-features/{id}": _FORBIDDEN,
    "GET /browse/featured-playlists": _FORBIDDEN,
    "GET /browse/categories/{id}/playlists": _FORBIDDEN,
    "GET /recommendations": _GONE,
    # 2026-03-09
    "GET /browse/new-releases": _FORBIDDEN,
    "GET /browse/categories": _FORBIDDEN,
    "GET /browse/categories/{id}": _FORBIDDEN,
    "GET /users/{id}": _FORBIDDEN,
    "GET /playlists/{id}/tracks": _FORBIDDEN,
    "PUT /playlists/{id}/followers": _FORBIDDEN,
    "DELETE /playlists/{id}/followers": _FORBIDDEN,
    "PUT /me/following": _FORBIDDEN,
    "DELETE /me/following": _FORBIDDEN,
    "GET /me/following/contains": _FORBIDDEN,
    "PUT /me/tracks": _FORBIDDEN,
    "DELETE /me/tracks": _FORBIDDEN,
    "GET /me/tracks/contains": _FORBIDDEN,
    "PUT /me/albums": _FORBIDDEN,
    "DELETE /me/albums": _FORBIDDEN,
    "GET /me/albums/contains": _FORBIDDEN,
}
"""Operation to the status it answers in development mode."""

_OMITTED: Final[dict[str, tuple[str, ...]]] = {
    "album": ("available_markets", "popularity"),
    "track": ("available_markets", "popularity"),
    "artist": ("followers", "popularity", "genres"),
    "user": ("country", "email", "explicit_content", "followers", "product"),
    "playlist": ("tracks",),
}


def omit_fields(value: Any) -> Any:
    """A copy of a JSON value without the fields that development mode omits, at any depth."""
    if isinstance(value, list):
        return [omit_fields(item) for item in value]
    if not isinstance(value, dict):
        return value
    omitted = _OMITTED.get(str(value.get("type")), ())
    return {name: omit_fields(item) for name, item in value.items() if name not in omitted}


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

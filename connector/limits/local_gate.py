"""The gate before an app's calls: closed for all of them while the service wants none.

`retry` asks the gate right before each request and closes it after an answer that says "too many". A gate never
waits; who asks decides whether the wait is worth it. What an app is called (its client id) is the caller's affair.
"""

from __future__ import annotations

import hashlib
import threading
import time
from typing import TYPE_CHECKING, Protocol

from connector.limits.shared_redis import Outages

if TYPE_CHECKING:
    from limits import RateLimitItem
    from limits.strategies import MovingWindowRateLimiter
    from redis import Redis


class Gate(Protocol):
    """What stands between an app and the service; used by many threads at once."""

    def left(self, app: str) -> float:
        """Seconds until `app` may send a request; 0 lets one request pass, which a pacing gate counts."""
        ...

    def close(self, app: str, seconds: float) -> None:
        """No request of `app` may pass for `seconds`; a gate that is closed for longer stays so."""
        ...


class LocalGate:
    """A gate for the threads of this process. An app that was never refused costs one look into an empty dict."""

    def __init__(self) -> None:
        self._opens_at: dict[str, float] = {}
        self._lock = threading.Lock()

    def left(self, app: str) -> float:
        opens_at = self._opens_at.get(app)
        return 0.0 if opens_at is None else max(0.0, opens_at - time.monotonic())

    def close(self, app: str, seconds: float) -> None:
        now = time.monotonic()
        with self._lock:
            # The rest is history, and apps come and go.
            self._opens_at = {name: moment for name, moment in self._opens_at.items() if moment > now}
            self._opens_at[app] = max(self._opens_at.get(app, 0.0), now + seconds)


class Pace:
    """A gate that lets at most `calls` requests of an app pass in any `seconds`, so that the service need not refuse.

    What the service says all the same is kept by `gate`, by default one for this process. `seconds` is a whole number.
    With `redis`, everyone who names it counts together; while it is away each counts alone. Raises `ImportError`
    where the extra `pace` is not installed.
    """

    def __init__(self, calls: int, seconds: int, gate: Gate | None = None, redis: Redis | None = None) -> None:
        from limits import RateLimitItemPerSecond
        from limits.storage import MemoryStorage, RedisStorage
        from limits.strategies import MovingWindowRateLimiter

        self._rate: RateLimitItem = RateLimitItemPerSecond(calls, seconds, namespace="connector:pace")
        self._gate: Gate = gate or LocalGate()
        self._own = MovingWindowRateLimiter(MemoryStorage())
        self._shared: MovingWindowRateLimiter | None = None
        if redis:
            # What the library's storage connects with is the pool; the address is only looked at for its scheme.
            self._shared = MovingWindowRateLimiter(RedisStorage("redis://", connection_pool=redis.connection_pool))
        self._outages = Outages("the pace")

    def left(self, app: str) -> float:
        if closed := self._gate.left(app):
            return closed
        # Redis shall hold no client ids.
        name = hashlib.sha256(app.encode()).hexdigest()[:32]
        left = None
        if shared := self._shared:
            left = self._outages.ask(lambda: self._ask(shared, name))
        return self._ask(self._own, name) if left is None else left

    def close(self, app: str, seconds: float) -> None:
        self._gate.close(app, seconds)

    def _ask(self, window: MovingWindowRateLimiter, name: str) -> float:
        if window.hit(self._rate, name):
            return 0.0
        # The window's clock is the one of the wall.
        return max(_SOON_S, window.get_window_stats(self._rate, name).reset_time - time.time())


#: The shortest wait for a place in the window, in seconds: one may have become free between the two questions.
_SOON_S = 0.005

"""The gate of a rate limit on Redis, so that all processes and machines of one app stop and go as one.

An open gate costs one `PTTL` for each call. Nothing older would do: a worker that trusted what it read a moment ago
would send into a gate that another worker has just closed, and the service makes the wait longer for whoever does.
What a process has learnt it keeps as well, tells a Redis that has forgotten it, and goes by alone while Redis is away.
"""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections.abc import Callable
from math import ceil
from typing import TYPE_CHECKING, Any, Final

from redis.exceptions import RedisError

from connector.ratelimit import Gate, LocalGate

if TYPE_CHECKING:
    from redis import Redis

_LOG: Final = logging.getLogger(__name__)
#: How long (s) a Redis that failed is not asked again, so that an outage doesn't slow every call.
REST_S: Final = 1.0
#: A difference (s) below this between what is known here and there comes from the way between.
_SLACK_S: Final = 0.05
#: Closes KEYS[1] for ARGV[1] ms, and never shortens the time for which it is closed already.
_CLOSE: Final = """
if tonumber(ARGV[1]) > redis.call('PTTL', KEYS[1]) then
    redis.call('SET', KEYS[1], '', 'PX', ARGV[1])
end
"""


class RedisGate:
    """A `Gate` that everyone shares who names the same Redis and the same `package`.

    Redis sees a hash of the app's name and a time to live, nothing else. No method raises: without Redis the gate is
    this process's own, and a warning is logged once for each outage. Safe to share between threads.
    """

    def __init__(self, redis: Redis, package: str) -> None:
        self._redis = redis
        self._prefix = f"connector:{package}:gate:"
        self._local: Gate = LocalGate()
        self._close = redis.register_script(_CLOSE)
        self._lock = threading.Lock()
        self._asks_again_at = 0.0
        self._is_away = False

    def left(self, app: str) -> float:
        """Seconds until `app` may call again; 0 where it may now."""
        known = self._local.left(app)
        shared_ms = self._ask(lambda: self._redis.pttl(self._key(app)))
        if not isinstance(shared_ms, int):
            return known
        shared = max(0.0, shared_ms / 1000)
        if known > shared + _SLACK_S:
            self._tell(app, known)
        elif shared > known + _SLACK_S:
            self._local.close(app, shared)
        return max(known, shared)

    def close(self, app: str, seconds: float) -> None:
        """Nobody calls for `app` during the next `seconds`; a longer closure that stands already stays."""
        self._local.close(app, seconds)
        self._tell(app, seconds)

    def _tell(self, app: str, seconds: float) -> None:
        self._ask(lambda: self._close(keys=[self._key(app)], args=[max(1, ceil(seconds * 1000))]))

    def _key(self, app: str) -> str:
        return self._prefix + hashlib.sha256(app.encode()).hexdigest()[:32]

    def _ask(self, question: Callable[[], Any]) -> Any:
        """What Redis answers to `question`; `None` while it is away."""
        if time.monotonic() < self._asks_again_at:
            return None
        try:
            answer = question()
        except (RedisError, OSError) as problem:
            self._note_outage(problem)
            return None
        if self._is_away:
            with self._lock:
                self._is_away = False
            _LOG.warning("Redis answers again: the rate limit's gate is shared.")
        return answer

    def _note_outage(self, problem: Exception) -> None:
        with self._lock:
            is_new, self._is_away = not self._is_away, True
            self._asks_again_at = time.monotonic() + REST_S
        if is_new:
            # The text of Redis's own errors may hold its address with a password in it.
            _LOG.warning(
                "Redis doesn't answer (%s): until it does, this process minds the rate limit by itself.",
                type(problem).__name__,
            )

"""The gate of a rate limit on Redis, so that all processes and machines of one app stop and go as one.

An open gate costs one `PTTL` for each call. Nothing older would do: a worker that trusted what it read a moment ago
would send into a gate that another worker has just closed, and the service makes the wait longer for whoever does.
What a process has learnt it keeps as well, tells a Redis that has forgotten it, and goes by alone while Redis is away.
"""

from __future__ import annotations

import hashlib
from math import ceil
from typing import TYPE_CHECKING, Final

from connector.limits.local_gate import Gate, LocalGate
from connector.limits.shared_redis import Outages

if TYPE_CHECKING:
    from redis import Redis

#: As good as for ever (s), and still a time that Redis can keep.
FOR_GOOD_S: Final = 1e9
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
        self.redis = redis
        self.package = package
        self._prefix = f"connector:{package}:gate:"
        self._local: Gate = LocalGate()
        self._close = redis.register_script(_CLOSE)
        self._outages = Outages("the rate limit", redis)

    def left(self, app: str) -> float:
        """Seconds until `app` may call again; 0 where it may now."""
        known = self._local.left(app)
        shared_ms = self._outages.ask(lambda: self.redis.pttl(self._key(app)))
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
        milliseconds = max(1, ceil(min(seconds, FOR_GOOD_S) * 1000))
        self._outages.ask(lambda: self._close(keys=[self._key(app)], args=[milliseconds]))

    def _key(self, app: str) -> str:
        return self._prefix + hashlib.sha256(app.encode()).hexdigest()[:32]

"""A known rate that an app's calls stay below, so that the service need not refuse any."""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict, deque
from itertools import islice
from typing import TYPE_CHECKING, Final

from connector.forks import renew_in_child
from connector.limits.local_gate import MOST_APPS, Gate, LocalGate
from connector.limits.shared_redis import Outages

if TYPE_CHECKING:
    from redis import Redis

#: Counts a call at KEYS[1] where fewer than ARGV[1] were counted in the last ARGV[2] µs, by Redis's clock; else gives
#: the µs until there is room. The newest moment comes first; one that lies ahead is of a clock that was set back.
_COUNT_CALL: Final = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local first = redis.call('LINDEX', KEYS[1], ARGV[1] - 1)
if first and now >= tonumber(first) and now - first < tonumber(ARGV[2]) then
    return ARGV[2] - (now - first)
end
redis.call('LPUSH', KEYS[1], string.format('%.0f', now))
redis.call('LTRIM', KEYS[1], 0, ARGV[1] - 1)
redis.call('PEXPIRE', KEYS[1], math.ceil(ARGV[2] / 1000))
return 0
"""


class Pace:
    """A gate that lets at most `calls` requests of an app pass in any `seconds`, so that the service need not refuse.

    What the service says all the same is kept by `gate`, by default one for this process. With `redis`, everyone who
    names it counts together, by its clock; while it is away each counts alone. Raises `ValueError` for a rate that is
    none.
    """

    def __init__(self, calls: int, seconds: float, gate: Gate | None = None, redis: Redis | None = None) -> None:
        if not (calls >= 1 and 0 < seconds < float("inf")):
            raise ValueError("A pace is a number of calls in a number of seconds, both above zero.")
        #: What keeps the service's own word, and counts nothing.
        self.gate: Gate = gate or LocalGate()
        self._own = _Window(calls, seconds)
        self._prefix = f"connector:pace:{calls}/{seconds:g}:"
        self._rate = [calls, round(seconds * 1e6)]
        self._shared = redis.register_script(_COUNT_CALL) if redis else None
        self._outages = Outages("the pace", redis)

    def left(self, app: str) -> float:
        if closed := self.gate.left(app):
            return closed
        left = None
        if shared := self._shared:
            # Redis shall hold no client ids.
            key = self._prefix + hashlib.sha256(app.encode()).hexdigest()[:32]
            left = self._outages.ask(lambda: shared(keys=[key], args=self._rate))
        return self._own.left(app) if left is None else left / 1e6

    def close(self, app: str, seconds: float) -> None:
        self.gate.close(app, seconds)


class _Window:
    """Counts the calls of the last `seconds`, each app's by itself."""

    def __init__(self, calls: int, seconds: float) -> None:
        self._calls = calls
        self._seconds = seconds
        #: When an app called, the newest moment last; the app that called least recently comes first.
        self._called_at: OrderedDict[str, deque[float]] = OrderedDict()
        self._begin_anew()
        renew_in_child(self._begin_anew)

    def left(self, app: str) -> float:
        """Seconds until there is room for a call; 0 counts one."""
        now = time.monotonic()
        with self._lock:
            moments = self._called_at.get(app)
            if moments is None:
                moments = self._called_at[app] = deque(maxlen=self._calls)
            elif len(moments) == self._calls and now - moments[0] < self._seconds:
                return self._seconds - (now - moments[0])
            moments.append(now)
            self._called_at.move_to_end(app)
            # Apps come and go: each that comes takes two with it that are history.
            for oldest in list(islice(self._called_at, 2)):
                if now - self._called_at[oldest][-1] >= self._seconds or len(self._called_at) > MOST_APPS:
                    del self._called_at[oldest]
        return 0.0

    def _begin_anew(self) -> None:
        self._lock = threading.Lock()

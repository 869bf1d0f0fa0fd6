"""The gate before an app's calls: closed for all of them while the service wants none.

`retry` asks the gate right before each request and closes it after an answer that says "too many". A gate never
waits; who asks decides whether the wait is worth it. What an app is called (its client id) is the caller's affair.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from itertools import islice
from typing import Final, Protocol

from connector.forks import renew_in_child

#: The most apps that are minded at a time; beyond them, the one that was heard of least recently is forgotten.
MOST_APPS: Final = 50_000


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
        #: The one that was heard of least recently comes first.
        self._opens_at: OrderedDict[str, float] = OrderedDict()
        self._begin_anew()
        renew_in_child(self._begin_anew)

    def left(self, app: str) -> float:
        if app not in self._opens_at:
            return 0.0
        with self._lock:
            left = self._opens_at.get(app, 0.0) - time.monotonic()
            if left > 0:
                self._opens_at.move_to_end(app)
            else:
                self._opens_at.pop(app, None)
        return max(0.0, left)

    def close(self, app: str, seconds: float) -> None:
        now = time.monotonic()
        with self._lock:
            self._opens_at[app] = max(self._opens_at.get(app, 0.0), now + seconds)
            self._opens_at.move_to_end(app)
            # Apps come and go: each that comes takes two with it that are history.
            for oldest in list(islice(self._opens_at, 2)):
                if self._opens_at[oldest] <= now or len(self._opens_at) > MOST_APPS:
                    del self._opens_at[oldest]

    def _begin_anew(self) -> None:
        self._lock = threading.Lock()

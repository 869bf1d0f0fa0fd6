"""Receivers that may take long, of which only so many are called at once, however many of them there are.

What a receiver is, is known by its last call. One that was never called may be anything, so that who makes a thousand
subscriptions to addresses that never answer holds up those alone that are as new.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from urllib.parse import urlsplit

#: A call that ends within so many seconds is quick, whatever comes of it.
_QUICK_S: Final = 3.0
#: How many receivers are remembered.
_MOST_KNOWN: Final = 10_000


class SlowReceivers:
    """Keeps threads free for receivers that are quick: used by `threads` at once.

    The slow take half of the threads at most, and together with those that nobody knows three quarters; all of one
    owner one less.
    """

    def __init__(self, threads: int) -> None:
        self._most_slow = max(1, threads // 2)
        self._most = max(1, threads * 3 // 4)
        self._lock = threading.Lock()
        #: The owners of the calls under way that may take long, and how many of these are known to be slow.
        self._owners: Counter[str] = Counter()
        self._slow = 0
        #: Whether a receiver's server is quick. All of its paths hang where one does.
        self._known: OrderedDict[str, bool] = OrderedDict()

    @contextmanager
    def call(self, url: str, owner: str) -> Iterator[bool]:
        """Tells whether the receiver at `url` may be called now, for a subscription of `owner`. What happens within is
        the call."""
        server = urlsplit(url).netloc
        with self._lock:
            is_quick = self._known.get(server)
            may_be_called = is_quick or self._has_room(owner, is_slow=is_quick is False)
            if may_be_called and not is_quick:
                self._owners[owner] += 1
                self._slow += is_quick is False
        started = time.monotonic()
        try:
            yield may_be_called
        finally:
            if may_be_called:
                with self._lock:
                    if not is_quick:
                        self._owners -= Counter({owner: 1})
                        self._slow -= is_quick is False
                    self._note(server, time.monotonic() - started < _QUICK_S)

    def _has_room(self, owner: str, *, is_slow: bool) -> bool:
        if is_slow and self._slow >= self._most_slow:
            return False
        return self._owners.total() < self._most and self._owners[owner] < max(1, self._most - 1)

    def _note(self, server: str, is_quick: bool) -> None:
        self._known.pop(server, None)
        self._known[server] = is_quick
        if len(self._known) > _MOST_KNOWN:
            self._known.popitem(last=False)

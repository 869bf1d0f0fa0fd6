"""Ends what outlasts its time: one daemon thread for the whole process, however many requests are under way.

A socket's own timeout starts anew with each byte, so a server that drips would never meet it. The thread sleeps until
the earliest end of anything it watches, which costs a request two operations on a dict; it goes away when it has had
nothing to watch for a while, and a forked process starts its own.
"""

from __future__ import annotations

import logging
import threading
import time
from math import inf
from typing import Final, Protocol

from connector.bounded_wait import NoThreadError
from connector.forks import renew_in_child

_LOG: Final = logging.getLogger(__name__)
#: How long the thread stays without anything to watch, in seconds.
IDLE_S: Final = 30.0
#: It looks after this long in any case, in seconds: locks can't be waited for without end.
LONGEST_WAIT_S: Final = 3600.0


class Watched(Protocol):
    """Something under way, which must be over at `end` on `time.monotonic()`'s clock."""

    end: float

    def expire(self) -> None:
        """Ends it. Called from the watchdog's thread; must be quick and raise nothing."""
        ...


class Watchdog:
    """Watches any number of things from one thread.

    Whoever takes a thing out, by `release`, owns it: so an end and an expiry never both take place.
    """

    def __init__(self) -> None:
        self._begin_anew()
        renew_in_child(self._begin_anew)

    def watch(self, thing: Watched) -> None:
        """Expires `thing` at its end unless it is released before.

        Raises `NoThreadError` where nothing can be watched, for the system gives no thread; `thing` isn't watched then.
        """
        self._watched[thing] = None
        thread = self._thread
        # Read after the thing was put in: the thread looks at the two in the opposite order.
        if thing.end < self._wakes_at or thread is None or not thread.is_alive():
            try:
                self._wake()
            except NoThreadError:
                self.release(thing)
                raise

    def release(self, thing: Watched) -> bool:
        """Takes `thing` out; `False` where somebody else has done so."""
        return self._watched.pop(thing, self) is not self

    def _begin_anew(self) -> None:
        self._watched: dict[Watched, object] = {}
        self._wakes_at = inf
        self._condition = threading.Condition()
        self._thread: threading.Thread | None = None

    def _wake(self) -> None:
        with self._condition:
            if self._thread is not None and self._thread.is_alive():
                self._condition.notify()
                return
            thread = threading.Thread(target=self._run, name="connector-watchdog", daemon=True)
            try:
                thread.start()
            except RuntimeError:
                raise NoThreadError("no thread could be started to watch the time") from None
            self._thread = thread

    def _run(self) -> None:
        idle_since = time.monotonic()
        while True:
            with self._condition:
                self._wakes_at = inf
                now = time.monotonic()
                under_way = list(self._watched)
                if under_way:
                    idle_since = now
                elif now - idle_since >= IDLE_S:
                    self._thread = None
                    return
                expired = [thing for thing in under_way if thing.end <= now]
                if not expired:
                    self._wakes_at = min((thing.end for thing in under_way), default=idle_since + IDLE_S)
                    self._condition.wait(min(LONGEST_WAIT_S, self._wakes_at - now))
            for thing in expired:
                if self.release(thing):
                    self._expire(thing)

    def _expire(self, thing: Watched) -> None:
        try:
            thing.expire()
        except Exception:
            # Whatever is wrong with one thing, the others are still watched.
            _LOG.exception("What had outlasted its time could not be ended.")


#: The process's only one.
WATCHDOG: Final = Watchdog()

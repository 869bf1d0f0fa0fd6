"""Turns taken as they come due, in a bounded number of threads, until the end is told.

Several loops, in one process or in many, share a store: a lease keeps each turn one loop's own. Subscriptions that were
slow last time get half of the threads at most, so that however many of them there are the others are taken in time.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from connector.subscriptions.store import Leased, SubscriptionStore, SubscriptionsUnreachable
from connector.subscriptions.turn import LEASE_S, Turns
from connector.wire.deadline import Cancel

_LOG: Final = logging.getLogger("connector.subscriptions")
#: How long (s) until the store is asked again for what other processes have put there.
_GLANCE_S: Final = 5.0
#: The shortest wait (s) for what is due: many loops that share a store ask for several at a time, and not for each.
_LEAST_S: Final = 0.05
#: How long (s) a store that can't be used is left alone.
_REST_S: Final = 5.0
#: A turn that takes so many seconds is a slow one.
_SLOW_S: Final = 3.0
#: How long (s) a slow one is put off while others like it are under way.
_PUT_OFF_S: Final = 5.0
#: How many slow ones are remembered.
_MOST_SLOW: Final = 10_000


class SubscriptionLoop:
    """Takes `turns` of the subscriptions in `store` in at most `threads` threads. `now` is the time in Unix seconds."""

    def __init__(
        self, store: SubscriptionStore, turns: Turns, threads: int, now: Callable[[], float] = time.time
    ) -> None:
        self._store = store
        self._turns = turns
        self._now = now
        self._cancel = Cancel()
        self._hurry = Cancel()
        #: One thread at a time looks for what is due; the others wait for it to find something.
        self._looking = threading.Lock()
        self._woken = threading.Event()
        self._counting = threading.Lock()
        self._most_slow = max(1, threads // 2)
        self._slow_running = 0
        self._slow: OrderedDict[str, None] = OrderedDict()
        self._is_said = False
        self._threads = [
            threading.Thread(target=self._run, name=f"subscriptions-{number}", daemon=True) for number in range(threads)
        ]

    def start(self) -> None:
        """Begins to take turns."""
        for thread in self._threads:
            thread.start()

    def wake(self) -> None:
        """Something may be due that was not there before."""
        self._woken.set()

    def stop(self) -> None:
        """Begins no more turns, and ends the polls that are under way; deliveries under way go on. Waits for none."""
        self._cancel.set()
        self.wake()

    def hurry(self) -> None:
        """Ends the deliveries that are under way too; what nobody knows to have arrived is sent again later."""
        self.stop()
        self._hurry.set()

    def close(self) -> None:
        """Ends, and waits for the turns under way."""
        self.stop()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join()

    def _run(self) -> None:
        while not self._cancel.is_set:
            with self._looking:
                leased = self._wait_for_one()
            if leased is not None:
                self._take(leased)
                # It may be due again before what the thread that looks is waiting for.
                self.wake()

    def _wait_for_one(self) -> Leased | None:
        """The next that is due; `None` where all is to end."""
        while not self._cancel.is_set:
            self._woken.clear()
            pause = _REST_S
            try:
                if found := self._store.lease(self._now(), 1, LEASE_S):
                    return found[0]
                due = self._store.read_next_due()
                pause = _GLANCE_S if due is None else min(_GLANCE_S, max(_LEAST_S, due - self._now()))
                self._is_said = False
            except SubscriptionsUnreachable as problem:
                if not self._is_said:
                    _LOG.warning("%s Until then no trigger is looked at.", problem)
                self._is_said = True
            except Exception:
                _LOG.exception("What is due could not be found; it is tried again in %d s.", _REST_S)
            # The end may have been told before the event was cleared.
            if not self._cancel.is_set:
                self._woken.wait(pause)
        return None

    def _take(self, leased: Leased) -> None:
        name = leased.subscription.id
        with self._counting:
            is_slow = name in self._slow
            is_put_off = is_slow and self._slow_running >= self._most_slow
            self._slow_running += is_slow and not is_put_off
        started = time.monotonic()
        try:
            if is_put_off:
                self._store.keep(leased, leased.progress, lease_until=self._now() + _PUT_OFF_S)
                return
            self._turns.take(leased, self._cancel, self._hurry)
        except SubscriptionsUnreachable as problem:
            _LOG.warning("%s The subscription %s is taken again later.", problem, name)
        except Exception:
            _LOG.exception("A turn of the subscription %s failed; it is taken again in %d s.", name, LEASE_S)
        if not is_put_off:
            with self._counting:
                self._slow_running -= is_slow
                self._slow.pop(name, None)
                if time.monotonic() - started >= _SLOW_S:
                    self._slow[name] = None
                    if len(self._slow) > _MOST_SLOW:
                        self._slow.popitem(last=False)

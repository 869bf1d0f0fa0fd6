"""One turn of one subscription: what waits is delivered, what is due is polled, and how far it came is kept.

What a poll gave is kept together with the state that it leads to, before any of it is delivered, and each event is
kept as delivered before the next one is sent. So a crash at any point loses nothing; what comes twice has the same id.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, NoReturn

from connector.errors import ConnectorError, InvocationFailed
from connector.manifest.triggers import find_trigger
from connector.subscriptions.deliveries import explain_rest, plan_retry

if TYPE_CHECKING:
    from connector.subscriptions.deliveries import Delivery
    from connector.subscriptions.store import Leased, SubscriptionStore
    from connector.subscriptions.subscription import Progress, Subscription
    from connector.triggers import Poll
    from connector.way.connector import Connector
    from connector.wire.deadline import Cancel

_LOG: Final = logging.getLogger("connector.subscriptions")
#: For how long (s) a subscription is a turn's own without a word from it: longer than a poll and a delivery together.
LEASE_S: Final = 180.0
#: The longest time (s) of a poll.
_POLL_S: Final = 90.0
#: How long (s) a turn goes on to deliver, so that one with much to tell doesn't hold up the others.
_SHARE_S: Final = 5.0
#: How long (s) a subscription is left to other processes which this one doesn't serve.
_LEFT_S: Final = 60.0
#: With so many events that wait, nothing more is polled.
_FULL: Final = 200
#: How often (s) all is read, where less does otherwise.
_THOROUGH_S: Final = 86_400.0
#: Those that met an error together come back one by one over so many seconds, in which each has its own moment.
_SPREAD_S: Final = 300.0
#: The part of its interval by which a poll comes later, by chance: what came together doesn't stay together.
_JITTER: Final = 0.05
#: The longest reason that is kept, in characters.
_LONGEST_WHY: Final = 1_000
_THOROUGH: Final = "thorough"
#: Kinds of errors that pass by themselves.
PASSING: Final = frozenset({"rate_limited", "server_error", "network", "timeout", "bad_answer", "cancelled"})
#: How long (s) an event waits that can't be sent now, for those that are slow are being called.
_HELD_S: Final = 3.0

#: Sends an event to a subscription's receiver, once and within a quarter of a minute, unless it is cancelled; gives
#: `None` where that is not to be done now. Raises `InvocationFailed` (`cancelled`), and `ConnectorError` where it can't
#: be sent at all.
Deliver = Callable[["Subscription", Mapping[str, Any], "Cancel"], "Delivery | None"]


@dataclass(frozen=True)
class Turns:
    """Takes turns; used by many threads at once.

    Args:
        connector: polls.
        store: keeps how far each came.
        deliver: sends an event.
        find_objection: why a subscription may not go on, in words, or `None`; raises `NotServed` for one that is left
            as it is.
        note_poll, note_delivery: are told what came of it.
        now: the time, in Unix seconds.
        draw: a number from 0 to 1, by chance.
    """

    connector: Connector
    store: SubscriptionStore
    deliver: Deliver
    find_objection: Callable[[Subscription], str | None] = lambda _: None
    note_poll: Callable[[Poll], object] = lambda _: None
    note_delivery: Callable[[Subscription, Delivery], object] = lambda _one, _delivery: None
    now: Callable[[], float] = time.time
    draw: Callable[[], float] = random.random

    def take(self, leased: Leased, cancel: Cancel, hurry: Cancel) -> None:
        """Takes one turn and gives the lease back. After `cancel` no poll goes on and no delivery begins, after `hurry`
        none goes on; nothing is lost by either. Raises `SubscriptionsUnreachable`: the lease ends by itself then."""
        _Turn(self, leased, cancel, hurry).run()

    def poll(self, subscription: Subscription, progress: Progress, cancel: Cancel) -> tuple[Poll, Progress]:
        """Looks once, and gives what was seen and how far the subscription came by it, which is not kept yet.

        Raises `ConnectorError` where there is no such trigger (any more).
        """
        asked = self.now()
        is_thorough = progress.thorough_at is None or asked - progress.thorough_at >= _THOROUGH_S
        args = dict(subscription.args)
        if is_thorough and progress.state is not None and self._may_be_thorough(subscription):
            args.setdefault(_THOROUGH, True)
        seen = self.connector.poll(
            subscription.trigger,
            args,
            progress.state,
            connection=subscription.connection,
            deadline=_POLL_S,
            cancel=cancel,
        )
        self.note_poll(seen)
        # From its beginning, for a slow service shall not make the intervals longer.
        next_poll = max(self.now(), asked + self._find_pause(subscription, seen))
        if seen.error is not None:
            return seen, replace(progress, next_poll=next_poll)
        return seen, replace(
            progress,
            state=seen.state,
            events=(*progress.events, *(event.to_dict() for event in seen.events)),
            next_poll=next_poll,
            polled_at=asked,
            thorough_at=asked if is_thorough else progress.thorough_at,
        )

    def _may_be_thorough(self, subscription: Subscription) -> bool:
        return _THOROUGH in find_trigger(self.connector.manifest, subscription.trigger).form.fields

    def _find_pause(self, subscription: Subscription, seen: Poll) -> float:
        """Seconds until the next poll, at the soonest; after a closure at the poll's own moment, whatever `every`."""
        every = subscription.every
        if seen.error is not None:
            wait = seen.error.retry_after and max(seen.error.retry_after, seen.next_s)
            pause = max(wait or 0.0, seen.next_s if every is None else every)
            return pause + self.draw() * min(pause, _SPREAD_S)
        if seen.more:
            return 0.0
        pause = max(1.0, seen.next_s) if every is None else every
        return pause * (1 + _JITTER * self.draw())


class NotServed(Exception):
    """The subscription is for other processes to look after."""


class _TurnOverError(Exception):
    """The subscription rests, or is another's by now, or nobody's."""


class _Turn:
    def __init__(self, turns: Turns, leased: Leased, cancel: Cancel, hurry: Cancel) -> None:
        self._turns = turns
        self._store = turns.store
        self._leased = leased
        self._cancel = cancel
        self._hurry = hurry
        self._subscription = leased.subscription
        self._progress = self._kept = leased.progress
        self._ends = turns.now() + _SHARE_S
        #: Somebody had it go on: what waits is tried at once.
        self._is_woken = turns.now() < leased.progress.due

    def run(self) -> None:
        with suppress(_TurnOverError):
            try:
                why = self._turns.find_objection(self._subscription)
            except NotServed:
                self._store.keep(self._leased, self._progress, lease_until=self._turns.now() + _LEFT_S)
                return
            if why:
                self._rest(why)
            self._deliver()
            if self._turns.now() >= self._progress.next_poll and len(self._progress.events) < _FULL:
                self._poll()
                self._deliver()
            if len(self._progress.events) >= _FULL:
                # There is nothing to do before there is room.
                later = max(self._progress.next_poll, self._progress.next_delivery)
                self._progress = replace(self._progress, next_poll=later)
            self._keep(is_last=True)

    def _poll(self) -> None:
        if self._cancel.is_set or not self._goes_on():
            return
        if self._progress is not self._kept:
            # A poll takes long: what was delivered before it shall not come again where it ends in a crash.
            self._keep()
        try:
            seen, come = self._turns.poll(self._subscription, self._progress, self._cancel)
        except ConnectorError as problem:
            self._rest(str(problem))
        if seen.error is not None and seen.error.kind not in PASSING:
            self._rest(f"{seen.error.message} Mend it, then resume the subscription.")
        if seen.error is None or seen.error.kind != "cancelled":
            self._progress = come
        if seen.events:
            self._keep()

    def _deliver(self) -> None:
        """Delivers what waits, in order, until one fails, the turn has had its share, or all is to end."""
        while self._progress.events and (self._is_woken or self._turns.now() >= self._progress.next_delivery):
            self._is_woken = False
            if self._cancel.is_set or not self._goes_on():
                return
            try:
                delivery = self._turns.deliver(self._subscription, self._progress.events[0], self._hurry)
            except ConnectorError as problem:
                if isinstance(problem, InvocationFailed) and problem.error.kind == "cancelled":
                    return
                self._rest(str(problem))
            if delivery is None:
                self._progress = replace(self._progress, next_delivery=self._turns.now() + _HELD_S)
                return
            self._turns.note_delivery(self._subscription, delivery)
            if delivery.ok:
                self._note_arrival()
            else:
                self._put_off(delivery)
            if self._turns.now() >= self._ends:
                return

    def _note_arrival(self) -> None:
        now, events = self._turns.now(), self._progress.events[1:]
        self._progress = replace(
            self._progress, events=events, next_delivery=now, failures=0, failing_since=None, delivered_at=now
        )
        if events:
            self._keep()

    def _put_off(self, delivery: Delivery) -> None:
        now, failures = self._turns.now(), self._progress.failures + 1
        since = now if self._progress.failing_since is None else self._progress.failing_since
        again = plan_retry(delivery, failures, since, now)
        if again is None:
            self._rest(explain_rest(delivery, failures))
        self._progress = replace(self._progress, next_delivery=again, failures=failures, failing_since=since)

    def _goes_on(self) -> bool:
        """Whether nobody has paused or removed it meanwhile."""
        found = self._store.get(self._subscription.id)
        return found is not None and found[0].status == "active"

    def _rest(self, why: str) -> NoReturn:
        """Has the subscription rest; when it goes on, everything is tried at once."""
        _LOG.warning("The subscription %s rests: %s", self._subscription.id, why)
        self._store.set_status(self._subscription.id, "resting", why[:_LONGEST_WHY])
        self._progress = replace(self._progress, next_poll=0.0, next_delivery=0.0, failures=0, failing_since=None)
        self._keep(is_last=True)
        raise _TurnOverError

    def _keep(self, *, is_last: bool = False) -> None:
        until = None if is_last else self._turns.now() + LEASE_S
        if not self._store.keep(self._leased, self._progress, lease_until=until):
            raise _TurnOverError
        self._kept = self._progress

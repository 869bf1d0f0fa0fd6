"""Lives of a subscription by chance: crashes at any point, failing polls, receivers that are away, pauses, two takers.
However they go, all that happened is told, in order, and what came twice had been on its way in a crash."""

import contextlib
import random

import pytest
from subscriptions.kept import BEGUN, build

from connector.errors import ErrorDetail
from connector.result import Meta
from connector.subscriptions.deliveries import Delivery
from connector.subscriptions.sqlite_store import SqliteSubscriptions
from connector.subscriptions.turn import LEASE_S, Turns
from connector.triggers import Event, Poll
from connector.wire.deadline import Cancel

STEPS = 60


class Crash(BaseException):
    """The process ends here."""


class Life:
    """A service in which things happen, a receiver, and processes that take turns of one subscription between them."""

    def __init__(self, file, manifest, seed):
        self.chance = random.Random(seed)  # noqa: S311 - no secret
        self.manifest = manifest
        self.stores = [SqliteSubscriptions(file) for _ in range(2)]
        assert self.stores[0].add(build("one", every=60.0), BEGUN, 1)
        self.now = 10_000.0
        self.happened = 0
        self.told = []
        #: What may have come without anybody knowing it.
        self.uncertain = 0
        self.trouble = 0.3
        self.turns = [
            Turns(self, _Crashing(store, self), self.deliver, now=lambda: self.now, draw=self.chance.random)
            for store in self.stores
        ]

    def is_so(self, share):
        return self.chance.random() < share * self.trouble

    def crash(self, share):
        if self.is_so(share):
            raise Crash

    def poll(self, trigger, _args, state, **_how):
        self.crash(0.2)
        self.now += self.chance.random()
        if self.is_so(0.4):
            kind = self.chance.choice(["network", "rate_limited", "server_error", "not_found"])
            return Poll(
                trigger, state=state, error=ErrorDetail(kind, "it failed", retry_after=5.0), meta=Meta(next_s=5)
            )
        # At most five at a time, as a trigger does that has `max_events`.
        first = 0 if state is None else state["seen"]
        last = min(self.happened, first + 5)
        events = tuple(Event(f"e{number}", trigger, None, {}) for number in range(first, last))
        return Poll(trigger, events, {"seen": last}, more=last < self.happened, meta=Meta(next_s=60))

    def deliver(self, _subscription, event, _hurry):
        self.crash(0.1)
        self.now += self.chance.random()
        if self.is_so(0.5):
            return Delivery(None, "it is away")
        self.told.append(event["id"])
        if self.is_so(0.2):
            self.uncertain += 1
            raise Crash
        return Delivery(204)

    def step(self):
        self.happened += self.chance.choice([0, 0, 1, 3])
        self.now += self.chance.choice([1.0, 30.0, LEASE_S])
        which = self.chance.randrange(2)
        for leased in self.stores[which].lease(self.now, 1, LEASE_S):
            with contextlib.suppress(Crash):
                self.turns[which].take(leased, Cancel(), Cancel())
        subscription, _ = self.stores[0].get("one")
        if subscription.status != "active" and self.chance.random() < 0.5:
            self.stores[0].set_status("one", "active")
        elif self.is_so(0.1):
            self.stores[0].set_status("one", "paused")


class _Crashing:
    """A store before or after whose `keep` the process may end."""

    def __init__(self, store, life):
        self._store, self._life = store, life

    def __getattr__(self, name):
        return getattr(self._store, name)

    def keep(self, leased, progress, *, lease_until):
        before = self._store.get(leased.subscription.id)[1]
        if self._life.is_so(0.1):
            # That the last event has arrived is not known then.
            self._life.uncertain += len(before.events) - len(progress.events) == 1
            raise Crash
        kept = self._store.keep(leased, progress, lease_until=lease_until)
        self._life.crash(0.1)
        return kept


@pytest.mark.parametrize("seed", range(25))
def test_however_it_goes_all_is_told_in_order(tmp_path, manifest, seed):
    life = Life(tmp_path / "subscriptions.db", manifest, seed)
    try:
        for _ in range(STEPS):
            life.step()
        assert life.told
        # All troubles end, and there is time.
        life.trouble = 0.0
        for _ in range(STEPS):
            life.step()
            life.now += 7200.0
        assert list(dict.fromkeys(life.told)) == [f"e{number}" for number in range(life.happened)]
        assert len(life.told) - life.happened <= life.uncertain
    finally:
        for store in life.stores:
            store.close()

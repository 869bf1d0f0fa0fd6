"""A worker's part in subscriptions: threads in the worker's own process, beside its pool, that take what is due.

They take it from Redis's sorted set with a lease, and not as tasks from the queue. A task for each turn would be a
second queue, which has to agree with the first after every death and every restart, and would say again what a lease
says; it would wait behind blocks that take minutes, or keep them waiting. So the pool runs blocks alone, whichever pool
it is, and a poll takes no place in it.

A process of a pool that died is forked anew from one with these threads. It shares nothing with them: connector, store
and connections are the threads' own, and locks that many share are made anew in a child.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from contextlib import ExitStack
from importlib import import_module
from typing import Any, Final

from celery import bootsteps

from connector.errors import ConnectorError
from connector.runners.subscription_owners import read_owners
from connector.subscriptions.deliveries import Delivery
from connector.subscriptions.loop import SubscriptionLoop
from connector.subscriptions.receivers import Receivers
from connector.subscriptions.sealing import open_sealer
from connector.subscriptions.store import SubscriptionStore
from connector.subscriptions.subscription import Subscription
from connector.subscriptions.turn import Turns
from connector.triggers import Poll
from connector.way.connector import Connector

_LOG: Final = logging.getLogger("connector.worker")
#: What deliveries are made and signed with.
_PACKAGES: Final = ("cloudevents", "standardwebhooks")


def build_step(
    load: Callable[[], Connector], open_store: Callable[[], SubscriptionStore], threads: int
) -> type[bootsteps.StartStopStep]:
    """The step by which a worker takes part in the subscriptions of a store, in at most `threads` threads.

    A worker that could deliver nothing, for want of the keys in `CONNECTOR_STORE_KEY` or of a package, leaves them to
    others and says so. Where the environment has the HTTP runner's API keys, those of other owners are left alone.
    `load` gives a connector of its own.
    """
    return type("Subscriptions", (_SubscriptionStep,), {"_parts": (load, open_store, threads)})


class _SubscriptionStep(bootsteps.StartStopStep):  # type: ignore[misc]
    # After the pool, whose processes are forks of one that has no threads yet.
    requires = ("celery.worker.components:Pool",)
    _parts: tuple[Callable[[], Connector], Callable[[], SubscriptionStore], int]

    def __init__(self, worker: Any, **options: Any) -> None:
        super().__init__(worker, **options)
        self._loop: SubscriptionLoop | None = None
        self._opened = ExitStack()

    def start(self, _worker: Any) -> None:
        load, open_store, threads = self._parts
        if not threads:
            return
        try:
            for package in _PACKAGES:
                import_module(package)
            open_sealer(None)
            owners = read_owners(os.environ)
            connector = self._opened.enter_context(load())
            store = open_store()
        except (ConnectorError, ImportError) as problem:
            _LOG.info("Subscriptions are left to other workers. %s", problem)
            return
        self._opened.callback(store.close)
        receivers = Receivers(connector.manifest.command, None, threads)
        self._opened.callback(receivers.close)
        turns = Turns(
            connector,
            store,
            receivers.deliver_in_turn,
            owners.find_objection if owners else lambda _: None,
            _note_poll,
            _note_delivery,
        )
        self._loop = SubscriptionLoop(store, turns, threads)
        self._loop.start()

    def close(self, _worker: Any) -> None:
        """The worker is about to stop: begins nothing more."""
        if self._loop:
            self._loop.stop()

    def stop(self, _worker: Any) -> None:
        """Waits for the deliveries under way."""
        if self._loop:
            self._loop.close()
        self._opened.close()

    def terminate(self, worker: Any) -> None:
        if self._loop:
            self._loop.hurry()
        self.stop(worker)


def _note_poll(seen: Poll) -> None:
    if seen.error and seen.error.kind != "cancelled":
        _LOG.info("%s: %s, %d requests", seen.trigger, seen.error.kind, seen.meta.requests)


def _note_delivery(subscription: Subscription, delivery: Delivery) -> None:
    if not delivery.ok:
        _LOG.info("%s for subscription %s: not delivered. %s", subscription.trigger, subscription.id, delivery.why)

"""The subscriptions that this server serves: those of its API keys, looked at by its own loop or left to workers."""

from __future__ import annotations

from connector.runners.http_server.keys import KeyRing
from connector.runners.http_server.metrics import Metrics
from connector.runners.http_server.problems import status_of
from connector.runners.http_server.settings import Settings
from connector.runners.subscription_owners import Owners
from connector.subscriptions.deliveries import Delivery
from connector.subscriptions.loop import SubscriptionLoop
from connector.subscriptions.places import Place
from connector.subscriptions.receivers import Receivers
from connector.subscriptions.subscription import Subscription
from connector.subscriptions.turn import Turns
from connector.triggers import Poll
from connector.way.connector import Connector


class Subscribing:
    """What is done with the subscriptions in `place`. `store`, `receivers` and `turns` are for the endpoints."""

    def __init__(self, connector: Connector, place: Place, settings: Settings, keys: KeyRing, metrics: Metrics) -> None:
        self.store = place.store
        self.receivers = Receivers(connector.manifest.command, place.folder, settings.subscription_threads)
        self._metrics = metrics
        self.turns = Turns(
            connector,
            self.store,
            self.receivers.deliver_in_turn,
            Owners(keys).find_objection,
            self._note_poll,
            self._note_delivery,
        )
        threads = settings.subscription_threads
        self._loop = SubscriptionLoop(self.store, self.turns, threads) if threads else None

    def start(self) -> None:
        """Begins to take turns, where it isn't left to workers."""
        if self._loop:
            self._loop.start()

    def wake(self) -> None:
        """A subscription is new, or goes on."""
        if self._loop:
            self._loop.wake()

    def stop(self) -> None:
        """Begins no more turns; waits for none."""
        if self._loop:
            self._loop.stop()

    def hurry(self) -> None:
        """Ends the deliveries that are under way; waits for none."""
        if self._loop:
            self._loop.hurry()

    def close(self) -> None:
        """Waits for the turns under way, and lets go of files and connections."""
        if self._loop:
            self._loop.close()
        self.receivers.close()
        self.store.close()

    def _note_poll(self, seen: Poll) -> None:
        kind = seen.error.kind if seen.error else None
        self._metrics.count(seen.trigger, kind, status_of(kind) if kind else 200, seen.meta)

    def _note_delivery(self, subscription: Subscription, delivery: Delivery) -> None:
        self._metrics.count_delivery(subscription.trigger, delivery.ok)

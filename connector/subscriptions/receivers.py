"""Those who are called when something has happened: each with a secret that its deliveries are signed with."""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from connector.errors import ConnectorError
from connector.subscriptions.deliveries import DELIVERY_S, Delivery, WebhookSender
from connector.subscriptions.sealing import Sealer, make_secret, open_sealer
from connector.subscriptions.subscription import Subscription
from connector.wire.deadline import Cancel, Deadline

_LOG: Final = logging.getLogger("connector.subscriptions")
#: A delivery that takes so many seconds is a slow one.
_SLOW_S: Final = 3.0
#: How many slow hosts are remembered.
_MOST_SLOW: Final = 10_000
#: What the sources of events begin with.
SOURCE: Final = "/subscriptions/"


class Receivers:
    """The receivers of a manifest's subscriptions; used by many threads at once. `command` is the manifest's, `folder`
    that of the key which seals secrets."""

    def __init__(self, command: str, folder: Path | None) -> None:
        self._sender = WebhookSender(command)
        self._folder = folder
        self._opening = threading.Lock()
        self._timing = threading.Lock()
        self._slow: OrderedDict[str, None] = OrderedDict()
        self._sealer: Sealer | None = None

    def make_secret(self, name: str) -> tuple[str, str]:
        """A new secret for the subscription of this id, and the same one sealed. Raises `ConnectorError` where nothing
        can be sealed."""
        secret = make_secret()
        return secret, self._open().seal(secret, name)

    def deliver(self, subscription: Subscription, event: Mapping[str, Any], cancel: Cancel) -> Delivery:
        """Sends an event once. Without the key that opens its secret none is sent, and it is tried again as after any
        failure: whoever has begun this server with other keys can still put that right. Raises `InvocationFailed`
        (`cancelled`)."""
        try:
            secret = self._open().unseal(subscription.secret, subscription.id)
        except ConnectorError as problem:
            _LOG.warning("%s", problem)
            return Delivery(None, str(problem))
        started = time.monotonic()
        delivery = self._sender.deliver(
            event,
            subscription.url,
            secret,
            source=SOURCE + subscription.id,
            trigger=subscription.trigger,
            deadline=Deadline(DELIVERY_S, cancel=cancel),
        )
        self._note_time(subscription, time.monotonic() - started)
        return delivery

    def is_slow(self, subscription: Subscription) -> bool:
        """Whether the host that its events go to took long for the last one, whoever's that was."""
        return _find_host(subscription) in self._slow

    def close(self) -> None:
        """Closes the connections that are kept."""
        self._sender.close()

    def _note_time(self, subscription: Subscription, seconds: float) -> None:
        host = _find_host(subscription)
        with self._timing:
            self._slow.pop(host, None)
            if seconds >= _SLOW_S:
                self._slow[host] = None
                if len(self._slow) > _MOST_SLOW:
                    self._slow.popitem(last=False)

    def _open(self) -> Sealer:
        # With the first secret: a server that has no subscription makes no key.
        with self._opening:
            if self._sealer is None:
                self._sealer = open_sealer(self._folder)
            return self._sealer


def _find_host(subscription: Subscription) -> str:
    return urlsplit(subscription.url).netloc.lower()

"""Those who are called when something has happened: each with a secret that its deliveries are signed with."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from connector.errors import ConnectorError
from connector.subscriptions.deliveries import DELIVERY_S, Delivery, WebhookSender
from connector.subscriptions.sealing import Sealer, make_secret, open_sealer
from connector.subscriptions.slow_receivers import SlowReceivers
from connector.subscriptions.subscription import Subscription
from connector.wire.deadline import Cancel, Deadline

_LOG: Final = logging.getLogger("connector.subscriptions")
#: What the sources of events begin with.
SOURCE: Final = "/subscriptions/"


class Receivers:
    """The receivers of a manifest's subscriptions; used by many threads at once. `command` is the manifest's, `folder`
    that of the key which seals secrets; `threads` deliver in turns."""

    def __init__(self, command: str, folder: Path | None, threads: int) -> None:
        self._sender = WebhookSender(command)
        self._slow = SlowReceivers(threads)
        self._folder = folder
        self._opening = threading.Lock()
        self._sealer: Sealer | None = None

    def make_secret(self, name: str) -> tuple[str, str]:
        """A new secret for the subscription of this id, and the same one sealed. Raises `ConnectorError` where nothing
        can be sealed."""
        secret = make_secret()
        return secret, self._open().seal(secret, name)

    def deliver_in_turn(self, subscription: Subscription, event: Mapping[str, Any], cancel: Cancel) -> Delivery | None:
        """Like `deliver`; `None` where the receiver may be slow, and enough of those are being called now."""
        with self._slow.call(subscription.url, subscription.owner) as may_be_called:
            return self.deliver(subscription, event, cancel) if may_be_called else None

    def deliver(self, subscription: Subscription, event: Mapping[str, Any], cancel: Cancel) -> Delivery:
        """Sends an event once. Without the key that opens its secret none is sent, and it is tried again as after any
        failure: whoever has begun this server with other keys can still put that right. Raises `InvocationFailed`
        (`cancelled`)."""
        try:
            secret = self._open().unseal(subscription.secret, subscription.id)
        except ConnectorError as problem:
            _LOG.warning("%s", problem)
            return Delivery(None, str(problem))
        return self._sender.deliver(
            event,
            subscription.url,
            secret,
            source=SOURCE + subscription.id,
            trigger=subscription.trigger,
            deadline=Deadline(DELIVERY_S, cancel=cancel),
        )

    def close(self) -> None:
        """Closes the connections that are kept."""
        self._sender.close()

    def _open(self) -> Sealer:
        # With the first secret: a server that has no subscription makes no key.
        with self._opening:
            if self._sealer is None:
                self._sealer = open_sealer(self._folder)
            return self._sealer

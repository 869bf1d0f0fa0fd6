"""Events posted to a webhook of one's own from a shell: on and on until it takes them, in order."""

from __future__ import annotations

import os
import time
from types import TracebackType
from typing import Final, Self

from connector.cli.arguments import WrongUsage
from connector.cli.terminal import say
from connector.errors import ConnectorError, tell_wait
from connector.subscriptions.deliveries import DELIVERY_S, WebhookSender, plan_retry
from connector.subscriptions.sealing import check_secret, make_secret
from connector.triggers import Event
from connector.wire.deadline import Deadline
from connector.wire.outside import read_address

#: The environment variable that holds what signs the deliveries.
SECRET_VARIABLE: Final = "CONNECTOR_WEBHOOK_SECRET"  # noqa: S105 - its name


class Webhook:
    """The webhook at `url`, which may be on this computer and its network, for who types it sits there.

    Deliveries are signed with the secret in `CONNECTOR_WEBHOOK_SECRET`; without one they are with a new one, which is
    told on standard error. Raises `WrongUsage` for an address that is none, `ConnectorError` for such a secret and for
    packages that aren't installed.
    """

    def __init__(self, url: str, command: str) -> None:
        try:
            read_address(url)
        except ValueError as problem:
            raise WrongUsage(f"The address of --webhook {problem}.") from None
        given = os.environ.get(SECRET_VARIABLE)
        self._sender = WebhookSender(command, is_own=True)
        self._url = url
        self._secret = check_secret(given, SECRET_VARIABLE) if given else make_secret()
        if not given:
            say(f"Deliveries are signed with {self._secret} this time; set {SECRET_VARIABLE} to choose the secret.")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._sender.close()

    def deliver(self, event: Event, trigger: str) -> None:
        """Posts the event, again and again with growing pauses where it isn't taken. Raises `ConnectorError` where the
        receiver is gone, or has taken it for three days in no try."""
        since, failures = time.time(), 0
        while True:
            done = self._sender.deliver(
                event.to_dict(),
                self._url,
                self._secret,
                source=f"/triggers/{trigger}",
                trigger=trigger,
                deadline=Deadline(DELIVERY_S),
            )
            if done.ok:
                return
            failures += 1
            now = time.time()
            again = plan_retry(done, failures, since, now)
            if again is None:
                raise ConnectorError(f"--webhook: {done.why} The event {event.id} comes again the next time.")
            say(f"{done.why} The event {event.id} is sent again in {tell_wait(again - now)}.", style="yellow")
            time.sleep(max(0.0, again - now))

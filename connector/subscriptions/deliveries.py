"""Events sent to webhooks: each a CloudEvent in JSON, signed as Standard Webhooks says, tried again after a while.

The libraries `cloudevents` and `standardwebhooks` make and sign what is sent; they are loaded with the first delivery.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from typing import Any, Final

from connector.errors import ConnectorError, InvocationFailed, tell_extra, tell_wait
from connector.sending.service_errors import parse_retry_after
from connector.subscriptions.destinations import check_destination
from connector.wire.deadline import Deadline
from connector.wire.outside import Poster, read_address

#: The longest time (s) that a receiver has for one event, and that an event is tried for in all.
DELIVERY_S: Final = 15.0
GIVEN_UP_S: Final = 3 * 86_400.0
#: The pause (s) after the first failure, which doubles with each one in a row up to the longest; each is made longer or
#: shorter by chance, by up to this part of it, so that what failed together doesn't come back together.
_FIRST_PAUSE_S: Final = 5.0
_LONGEST_PAUSE_S: Final = 2 * 3600.0
_JITTER: Final = 0.2
#: The longest time (s) that a receiver is left alone for because it asks for that.
_LONGEST_ASKED_S: Final = 86_400.0
#: Fewer tries than these, a few hours' worth, are not enough: for most of the time this machine may have been off.
_LEAST_TRIES: Final = 12
#: Statuses that may say when to come back (RFC 6585, 4; RFC 9110, 15.6.4).
_WAITING: Final = frozenset({429, 503})
_GONE: Final = 410
#: A moment as CloudEvents has it (RFC 3339, 5.6).
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)")


@dataclass(frozen=True, slots=True)
class Delivery:
    """What came of sending an event once. `status` is what the receiver answered, `None` where it didn't; `why` says
    in words what is wrong, `None` where nothing is. `is_gone`: the receiver wants no further event. `retry_after` (s)
    is how long it wants to be left alone, where it says so."""

    status: int | None
    why: str | None = None
    is_gone: bool = False
    retry_after: float | None = None

    @property
    def ok(self) -> bool:
        """Whether the event has arrived."""
        return self.why is None


class WebhookSender:
    """Sends events to webhooks; used by many threads at once.

    Args:
        command: the manifest's own, which the types of events begin with.
        is_own: whoever gives the addresses owns this computer, and may name it and its network.

    Raises:
        ConnectorError: where a package that makes or signs deliveries isn't installed.
    """

    def __init__(self, command: str, *, is_own: bool = False) -> None:
        for package in ("cloudevents", "standardwebhooks"):
            if find_spec(package) is None:
                raise ConnectorError(f"Deliveries need the package {package}: {tell_extra('serve')}.")
        self._command = command
        self._is_own = is_own
        self._poster = Poster(is_own=is_own)

    def deliver(
        self, event: Mapping[str, Any], url: str, secret: str, *, source: str, trigger: str, deadline: Deadline
    ) -> Delivery:
        """Sends an event once, within `DELIVERY_S` seconds and the `deadline`.

        Args:
            event: as every door gives it: `id`, `type`, `time`, `data`.
            url: where to; it is judged anew each time.
            secret: what signs it, `whsec_…`.
            source: what tells it from other subscriptions' events, such as `/subscriptions/ID`.
            trigger: the trigger's name.
            deadline: may also cancel it.

        Raises:
            InvocationFailed: `cancelled`; nobody knows whether it arrived then, unless `is_unsent`.
        """
        message = build_message(event, source=source, trigger=trigger, command=self._command)
        within = Deadline(max(0.0, min(DELIVERY_S, deadline.left)), cancel=deadline.cancel)
        try:
            address = read_address(url) if self._is_own else check_destination(url)
            answer = self._poster.post(
                address, message, sign(message, _name_message(source, event["id"]), secret), within
            )
        except InvocationFailed as failure:
            if failure.error.kind == "cancelled":
                raise
            return Delivery(None, failure.error.message)
        status = answer.status
        if 200 <= status < 300:
            return Delivery(status)
        why = f"{address.host} answered {status}"
        if 300 <= status < 400:
            why += ": it leads elsewhere, and no redirect is followed; give the address that it leads to"
        retry_after = parse_retry_after(answer.headers.get("Retry-After")) if status in _WAITING else None
        return Delivery(status, f"{why}.", status == _GONE, retry_after)

    def close(self) -> None:
        """Closes the connections that are kept."""
        self._poster.close()


def build_message(event: Mapping[str, Any], *, source: str, trigger: str, command: str) -> bytes:
    """An event as a CloudEvent 1.0 in JSON (structured mode); arguments as for `WebhookSender.deliver`. Its `time`
    stands there only where the service told a whole moment."""
    from cloudevents.core.formats.json import JSONFormat
    from cloudevents.core.v1.event import CloudEvent

    attributes = {
        "specversion": "1.0",
        "id": event["id"],
        "source": source,
        "type": f"{command}.{event['type']}",
        "subject": trigger,
        "datacontenttype": "application/json",
        "time": _read_moment(event["time"]),
    }
    made = CloudEvent({name: value for name, value in attributes.items() if value is not None}, dict(event))
    if attributes["time"] is None:
        # The library would tell when the event was written down, and who reads it takes that for when it happened.
        made.get_attributes().pop("time", None)
    return JSONFormat().write(made)


def sign(message: bytes, message_id: str, secret: str) -> list[tuple[str, str]]:
    """The headers of a `message`, signed with `secret` (`whsec_…`) as of now."""
    from standardwebhooks import Webhook

    now = datetime.now(UTC)
    return [
        ("Content-Type", "application/cloudevents+json"),
        ("webhook-id", message_id),
        ("webhook-timestamp", str(int(now.timestamp()))),
        ("webhook-signature", Webhook(secret).sign(message_id, now, message.decode())),
    ]


def plan_retry(delivery: Delivery, failures: int, failing_since: float, now: float) -> float | None:
    """When to send an event again.

    Args:
        delivery: what came of the last try, which failed.
        failures: how many tries in a row have failed, that one included.
        failing_since: when the first of them did, in Unix seconds.
        now: the same clock now.

    Returns:
        The moment (Unix seconds); `None` where the subscription is to rest: the receiver wants no more, or three days
        of tries are over.
    """
    end = failing_since + GIVEN_UP_S
    is_over = now >= end
    if delivery.is_gone or (is_over and failures >= _LEAST_TRIES):
        return None
    pause = min(_LONGEST_PAUSE_S, _FIRST_PAUSE_S * 2.0 ** min(failures - 1, 30))
    pause *= random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311 - no secret
    # The last try is at the end of the three days, whatever the pause.
    asked = min(delivery.retry_after or 0.0, _LONGEST_ASKED_S)
    return now + max(pause, asked) if is_over else min(end, now + max(pause, asked))


def explain_rest(delivery: Delivery, failures: int) -> str:
    """Why a subscription rests after a delivery that `plan_retry` has no further moment for, and what to do."""
    if delivery.is_gone:
        return (
            "The receiver answered 410 Gone: it wants no further event. Resume the subscription where that was wrong."
        )
    return (
        f"The receiver took no event for {tell_wait(GIVEN_UP_S)}, in {failures} tries. At last: {delivery.why} "
        "Mend it, then resume the subscription: it goes on with the event that waits."
    )


def _name_message(source: str, event_id: str) -> str:
    """The message's id: the same at each try, and another where two subscriptions send one event to one address, whose
    receiver leaves out what it has had."""
    return f"msg_{hashlib.sha256(f'{source} {event_id}'.encode()).hexdigest()[:24]}"


def _read_moment(text: str | None) -> datetime | None:
    if text is not None and _MOMENT.fullmatch(text):
        # A leap second is no moment to Python.
        with suppress(ValueError):
            return datetime.fromisoformat(text.upper())
    return None

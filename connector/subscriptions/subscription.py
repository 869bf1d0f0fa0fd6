"""One subscription: what was asked for, and how far it has come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

#: `resting` is what a subscription does by itself where it can't go on; `why` says what to do about it then.
Status = Literal["active", "paused", "resting"]


@dataclass(frozen=True, slots=True)
class Subscription:
    """What was asked for: `trigger` with `args`, looked at for `connection` (`None`: the server's own), at most once in
    `every` seconds (`None`: as the trigger and the day's calls suggest), and each event sent to `url`.

    `owner` is the name of the API key that made it, `secret` what signs its deliveries, sealed; `created` is in Unix
    seconds, and `why` says in words why it rests.
    """

    id: str
    owner: str
    trigger: str
    args: Mapping[str, Any] = field(repr=False)
    connection: str | None
    url: str
    every: float | None
    created: float
    secret: str = field(repr=False)
    status: Status = "active"
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a subscription has come. `state` is its last poll's; `events` were polled and not delivered, oldest
    first, each as every door gives it. Times are in Unix seconds: `next_poll` and `next_delivery` say when it is due.

    `failures` counts the tries in a row that the first of the events took, since `failing_since`; `thorough_at` is when
    all was last read.
    """

    state: Any = field(default=None, repr=False)
    events: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)
    next_poll: float = 0.0
    next_delivery: float = 0.0
    failures: int = 0
    failing_since: float | None = None
    polled_at: float | None = None
    delivered_at: float | None = None
    thorough_at: float | None = None

    @property
    def due(self) -> float:
        """When something is to be done."""
        return min(self.next_poll, self.next_delivery) if self.events else self.next_poll

"""Where subscriptions are kept: by many threads, processes and machines at once, and no turn of one is taken twice."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from connector.errors import ConnectorError
from connector.subscriptions.subscription import Progress, Status, Subscription


class SubscriptionsUnreachable(ConnectorError):
    """The place where subscriptions are kept can't be used; the text says which and what to do."""


class Leased(NamedTuple):
    """A subscription that is this taker's alone until its lease ends; `token` proves it."""

    subscription: Subscription
    progress: Progress
    token: str


class SubscriptionStore(Protocol):
    """`name` is a subscription's id; times are in Unix seconds. All methods raise `SubscriptionsUnreachable` where the
    place can't be used. `label` says in words where they are."""

    label: str

    def add(self, subscription: Subscription, progress: Progress, most: int) -> bool:
        """Keeps a new one; `False` where its owner has `most` already."""
        ...

    def get(self, name: str) -> tuple[Subscription, Progress] | None:
        """The subscription and how far it has come; `None` where there is none."""
        ...

    def read_all(self, owner: str) -> list[tuple[Subscription, Progress]]:
        """All of an owner, the oldest first."""
        ...

    def count(self, owner: str) -> int:
        """How many an owner has."""
        ...

    def remove(self, name: str) -> bool:
        """Forgets it, whoever has a lease; whether there was one."""
        ...

    def set_status(self, name: str, status: Status, why: str | None = None) -> bool:
        """Pauses it, has it rest, or has it go on, at once: it is due then, if not leased. Whether there is one."""
        ...

    def lease(self, now: float, most: int, lease_s: float) -> list[Leased]:
        """At most so many that are active and due at `now`, the longest due first, none of them leased to another;
        they are the caller's until `now + lease_s`."""
        ...

    def keep(self, leased: Leased, progress: Progress, *, lease_until: float | None) -> bool:
        """Keeps how far it has come, as a whole, and the lease on until then; `None` gives it back. `False` where the
        lease had ended and another took it, or the subscription is gone: nothing is kept then."""
        ...

    def read_next_due(self) -> float | None:
        """When the next one is due or its lease ends; `None` where nothing waits."""
        ...

    def close(self) -> None:
        """Lets go of files and connections."""
        ...

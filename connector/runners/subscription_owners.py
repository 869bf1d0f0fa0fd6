"""Whose subscriptions may go on: those of API keys that are there, and that may use the connection."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from connector.runners.http_server.keys import ANYONE, KeyRing
from connector.runners.http_server.settings import PREFIX
from connector.subscriptions.subscription import Subscription
from connector.subscriptions.turn import NotServed


class Owners:
    """The owners of subscriptions among `keys`; where none are configured, whoever is on this computer."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys

    def find_objection(self, subscription: Subscription) -> str | None:
        """Why the key that made it may not have it any more, in words. Raises `NotServed` where no such key is here: it
        may be another server's, or come back."""
        owner = subscription.owner
        key = self._keys.get(owner) if self._keys.is_required else ANYONE
        if key is None or key.name != owner:
            raise NotServed
        if subscription.connection is None or key.may_use(subscription.connection):
            return None
        return f"The API key {owner} may not use its connection any more: let it do so again, then resume this."


def read_owners(environ: Mapping[str, str]) -> Owners | None:
    """The owners by the HTTP runner's own variables, for a process that has no keys itself; `None` where neither is
    set. Raises `BadKeys`."""
    text, path = environ.get(f"{PREFIX}KEYS"), environ.get(f"{PREFIX}KEYS_FILE")
    if not text and not path:
        return None
    return Owners(KeyRing(text, Path(path) if path else None))

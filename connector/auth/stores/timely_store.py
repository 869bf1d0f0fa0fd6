"""A store as commands use it, whose steps have no deadline in common: between two, somebody may be in a browser."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from connector.auth.connection import Connection
from connector.auth.stores.store import Store
from connector.auth.stores.store_within import StoreWithin
from connector.bounded_wait import BoundedWait
from connector.wire.deadline import Deadline

#: How many questions may hang at a time.
_MOST_WAITS = 8


class TimelyStore:
    """`store`, each answer of which comes within `within_s` seconds. What can raise `StoreFailed` raises `StoreSilent`
    where it doesn't. A lock that another process holds is waited for as long as it is asked for."""

    def __init__(self, store: Store, within_s: float) -> None:
        self.is_lasting = store.is_lasting
        self._store = store
        self._within_s = within_s
        self._waits = BoundedWait("connector-store", _MOST_WAITS)

    @property
    def label(self) -> str:
        return self._store.label

    def names(self) -> list[str]:
        return self._begin().names()

    def load(self, name: str) -> Connection | None:
        return self._begin().load(name)

    def save(self, connection: Connection) -> None:
        self._begin().save(connection)

    def delete(self, name: str) -> bool:
        return self._begin().delete(name)

    def replace(self, old: Connection, new: Connection) -> bool:
        return self._begin().replace(old, new)

    @contextlib.contextmanager
    def lock(self, name: str, timeout_s: float) -> Iterator[None]:
        with self._begin(timeout_s).lock(name, timeout_s):
            yield

    def _begin(self, besides_s: float = 0.0) -> StoreWithin:
        return StoreWithin(self._store, self._waits, Deadline(self._within_s + besides_s), self._within_s)

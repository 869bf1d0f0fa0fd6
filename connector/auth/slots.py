"""What a keeper knows of each connection that it is asked for, bounded by how many those are."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from typing import Final

from connector.auth.connection import Connection, check_name
from connector.auth.stores.memory_store import MemoryStore
from connector.auth.stores.store import Store
from connector.errors import ErrorDetail

#: How long what was read from the store is used without reading it again, in seconds.
_TRUST_S: Final = 10.0
#: How many slots are passed over, at most, for the sake of what is kept nowhere else.
_MOST_SPARED: Final = 100


class Span:
    """Some seconds from now on. A clock that is set back or forward ends it early and never late.

    `now` gives the time in seconds since 1970, as the tokens' ends are told; it may be set while the span runs, so the
    span is measured by the machine's steady clock as well.
    """

    __slots__ = ("_began", "_began_steady", "_seconds")

    def __init__(self, seconds: float, now: float) -> None:
        self._seconds = seconds
        self._began, self._began_steady = now, time.monotonic()

    def lasts(self, now: float) -> bool:
        """Whether it lasts at `now` (s since 1970)."""
        return 0 <= now - self._began < self._seconds and time.monotonic() - self._began_steady < self._seconds


class Slot:
    """What a keeper knows of one connection: what it holds, what went wrong, and the lock of its threads."""

    def __init__(self, name: str, store: Store) -> None:
        self.name = name
        self.store = store
        self.lock = threading.Lock()
        #: The connection as it was last seen, and how long that is trusted. One value, for it is read without a lock.
        self.seen: tuple[Connection | None, Span | None] = (None, None)
        self.rounds = 0
        self.failure: ErrorDetail | None = None
        #: Why the last refresh failed, why the store can't be read, and what is amiss with storing.
        self.trouble: str | None = None
        self.unread: str | None = None
        self.note: str | None = None
        #: How long a refresh that failed before the token's end is not tried again.
        self.quiet: Span | None = None
        #: The refresh token that was asked with, and what came of it but could not be stored.
        self.unsaved: tuple[str, Connection] | None = None

    def hold(self, connection: Connection, now: float) -> None:
        self.seen = (connection, Span(_TRUST_S, now))


class Slots(OrderedDict[str | Connection, Slot]):
    """Slots by a connection's name in `store`, or by the value that was given, those asked for last at the end; safe to
    share between threads."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store
        self.renew()

    def renew(self) -> None:
        """Makes all locks anew, which a forked process got as they were held."""
        self._guard = threading.Lock()
        for slot in self.values():
            slot.lock = threading.Lock()

    def find(self, which: str | Connection, most: int) -> Slot:
        """The slot for a name or a value, among `most` at most. Raises `InvocationFailed` for a name that none can
        have, and for a value that can't be used.

        The slot that nobody has asked for the longest makes room. One whose refresh token is kept nowhere else, or
        that is in use, is passed over as long as there are others.
        """
        with self._guard:
            if (slot := self.get(which)) is None:
                if isinstance(which, str):
                    slot = Slot(check_name(which), self._store)
                else:
                    slot = Slot(check_name(which.name), MemoryStore([which.cleaned()]))
                self._make_room(most)
                self[which] = slot
            self.move_to_end(which)
            return slot

    def forget(self, name: str) -> None:
        """Drops the slot of a name."""
        with self._guard:
            self.pop(name, None)

    def _make_room(self, most: int) -> None:
        spared = 0
        while len(self) >= most:
            which, slot = next(iter(self.items()))
            if spared < min(_MOST_SPARED, len(self) - 1) and (slot.lock.locked() or _keeps_alone(which, slot)):
                spared += 1
                self.move_to_end(which)
            else:
                del self[which]


def _keeps_alone(which: str | Connection, slot: Slot) -> bool:
    held, _ = slot.seen
    is_replaced = isinstance(which, Connection) and held is not None and held.refresh_token != which.refresh_token
    return is_replaced or slot.unsaved is not None

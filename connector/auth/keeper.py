"""`Keeper`: connections with a token that lives, refreshed once however many threads and processes want it.

What it holds to:

- A token is refreshed `MARGIN_S` before it ends. Until it has ended, whatever goes wrong with that is a warning and the
  token is used; nobody waits for a refresh that another one does.
- A refresh holds the thread's lock, then the store's, and reads the connection again before it asks: who comes second
  finds the new token.
- What a refresh does, and what becomes of one that fails, is told in `refreshing`.
"""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Callable
from typing import Final

from connector.auth.connection import Connection
from connector.auth.refreshing import Refresher, fail_missing, is_refreshable
from connector.auth.sign_in import Send, SignIn
from connector.auth.slots import Slot, Slots, Span
from connector.auth.stores.store import Store, StoreFailed, StoreReadOnly
from connector.auth.stores.store_within import StoreSilent, StoreWithin
from connector.bounded_wait import BoundedWait
from connector.errors import ErrorDetail, ErrorKind, InvocationFailed
from connector.forks import renew_in_child
from connector.wire.deadline import Deadline

#: How long before its end a token is refreshed, in seconds.
MARGIN_S: Final = 300.0
#: How long a refresh that failed before the token's end is not tried again, in seconds.
_QUIET_S: Final = 30.0
#: How many connections are remembered at a time, by name or given as values.
_MOST_GIVEN: Final = 10_000
#: How long a store is waited for while the token at hand still lives, in seconds.
_PATIENCE_S: Final = 2.0
#: How many questions to the store may hang at a time.
_MOST_WAITS: Final = 32
#: What befell one caller and says nothing to those who wait behind it.
_OWN_TROUBLE: Final = frozenset({"timeout", "cancelled"})


class Keeper:
    """Gives out connections with live tokens; safe to share between threads.

    `send` does one request, as `Transport.send`. `now` gives the time in seconds since 1970.

    A connection is asked for by its name in `store`, or as a value. What a value is refreshed to lives in this keeper
    only: where it must outlast the process, save it in a store and ask by name.
    """

    def __init__(
        self,
        store: Store,
        sign_in: SignIn,
        send: Send,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.sign_in = sign_in
        self._store = store
        self._now = now
        self._refresher = Refresher(sign_in, send, now)
        self._slots = Slots(store)
        self._waits = BoundedWait("connector-store", _MOST_WAITS)
        renew_in_child(self._renew_locks)

    def get(self, which: str | Connection, deadline: Deadline) -> Connection:
        """The connection, its token alive.

        Raises `InvocationFailed`: `reauthorize` where the user must sign in (the message has the command),
        `unauthorized` where the store or the app's secret is at fault, else what kept the service from answering.
        """
        slot = self._slot(which)
        now = self._now()
        current = self._find(slot, now, deadline)
        if current.is_alive(now, MARGIN_S):
            return current
        if not current.is_alive(now):
            return self._refresh(slot, None, deadline, spare=None)
        if (slot.quiet and slot.quiet.lasts(now)) or not is_refreshable(current, now):
            return current
        return self._refresh(slot, None, deadline, spare=current)

    def find(self, which: str | Connection, deadline: Deadline) -> Connection:
        """The connection as it is, its token alive or not: nothing is asked of the service. Raises `InvocationFailed`
        where there is none, and where the store can't be used."""
        return self._find(self._slot(which), self._now(), deadline)

    def count_days(self, connection: Connection) -> int | None:
        """Days until the user of `connection` must sign in again, `None` where that isn't known."""
        now = self._now()
        is_over = not connection.is_alive(now) and not is_refreshable(connection, now)
        return 0 if is_over else connection.days_left(self.sign_in.lifetime_days, now)

    def renew(self, which: str | Connection, dead_token: str, deadline: Deadline) -> Connection:
        """The connection with another token than `dead_token`, which the service has just refused.

        Where somebody else has refreshed meanwhile, theirs is used. Raises like `get`.
        """
        return self._refresh(self._slot(which), dead_token, deadline, spare=None)

    def warnings(self, which: str | Connection) -> list[str]:
        """What the user should hear of the connection: an end that is near, a refresh that did not succeed."""
        if (slot := self._slots.get(which)) is None:
            return []
        held, _ = slot.seen
        now = self._now()
        end = None if held is None else self.sign_in.warn(held, now)
        # Another process may have refreshed meanwhile: then the trouble is over.
        trouble = None if held is not None and held.is_alive(now, MARGIN_S) else slot.trouble
        return [text for text in (end, trouble, slot.unread, slot.note) if text]

    def days_left(self, which: str | Connection) -> int | None:
        """Days until the user must sign in again, `None` where that isn't known."""
        slot = self._slots.get(which)
        held = slot.seen[0] if slot else None
        return None if held is None else held.days_left(self.sign_in.lifetime_days, self._now())

    def _renew_locks(self) -> None:
        self._slots.renew()

    def _slot(self, which: str | Connection) -> Slot:
        return self._slots.find(which, _MOST_GIVEN)

    def _find(self, slot: Slot, now: float, deadline: Deadline) -> Connection:
        held, trust = slot.seen
        is_trusted = held is not None and trust is not None and trust.lasts(now)
        return held if held is not None and is_trusted else self._look_up(slot, held, now, deadline)

    def _look_up(self, slot: Slot, held: Connection | None, now: float, deadline: Deadline) -> Connection:
        """The connection as the store has it; while the store can't be used, what is `held`, if its token lives."""
        spare = held if held is not None and held.is_alive(now) else None
        try:
            return self._load(slot, self._within(slot, deadline, spare))
        except StoreFailed as problem:
            if spare is None:
                raise _tell(problem) from None
            slot.unread = str(problem)
            slot.hold(spare, now)
            return spare

    def _within(self, slot: Slot, deadline: Deadline, spare: Connection | None) -> StoreWithin:
        return StoreWithin(slot.store, self._waits, deadline, _PATIENCE_S if spare else math.inf)

    def _load(self, slot: Slot, store: StoreWithin) -> Connection:
        """The connection as the store has it. Raises `StoreFailed`, and `InvocationFailed` where it has none."""
        found = store.load(slot.name)
        if found is None:
            # Whoever asks for names that aren't there must not fill the memory.
            self._slots.forget(slot.name)
            raise fail_missing(slot.name, slot.store.label, self.sign_in)
        slot.unread = None
        slot.hold(found, self._now())
        return found

    def _refresh(self, slot: Slot, dead: str | None, deadline: Deadline, spare: Connection | None) -> Connection:
        """The connection with a token that is new. With `spare`, whose token still lives, nothing is waited for and
        nothing raised."""
        seen = slot.rounds
        if spare:
            if not slot.lock.acquire(timeout=0):
                return spare
        elif not deadline.acquire(slot.lock):
            raise self._waited_too_long(slot)
        try:
            fresh = self._hear(slot, dead) if slot.rounds != seen else None
            fresh = fresh or self._refresh_once(slot, dead, deadline, spare)
        except InvocationFailed as failure:
            slot.failure = None if failure.error.kind in _OWN_TROUBLE else failure.error
            if spare is None or not spare.is_alive(self._now()):
                raise
            slot.trouble = f"{failure.error.message} Until its token ends, {slot.name} goes on working."
            slot.quiet = Span(max(_QUIET_S, failure.error.retry_after or 0.0), self._now())
            return spare
        except TimeoutError:
            if spare:
                return spare
            raise self._waited_too_long(slot) from None
        else:
            slot.failure = None
            return fresh
        finally:
            slot.rounds += 1
            slot.lock.release()

    def _hear(self, slot: Slot, dead: str | None) -> Connection | None:
        """What whoever was in front got or was told: to ask again for everyone in the queue helps nobody."""
        if slot.failure is not None:
            raise InvocationFailed(slot.failure)
        held, _ = slot.seen
        is_new = held is not None and held.access_token != dead and held.is_alive(self._now(), MARGIN_S)
        return held if is_new else None

    def _refresh_once(self, slot: Slot, dead: str | None, deadline: Deadline, spare: Connection | None) -> Connection:
        store = self._within(slot, deadline, spare)
        try:
            with contextlib.ExitStack() as held:
                # Where nobody can write, nobody needs a lock, and each process refreshes for itself.
                with contextlib.suppress(StoreReadOnly):
                    held.enter_context(store.lock(slot.name, 0.0 if spare else deadline.left))
                known = self._load(slot, store)
                current = self._refresher.catch_up(slot, store, known)
                now = self._now()
                if current.access_token != dead and current.is_alive(now, 0.0 if dead else MARGIN_S):
                    return current
                known = known if slot.unsaved else current
                return self._refresher.refresh(slot, store, known, current, dead, deadline)
        except StoreFailed as problem:
            raise _tell(problem) from None

    def _waited_too_long(self, slot: Slot) -> InvocationFailed:
        return InvocationFailed(
            ErrorDetail(
                "timeout", f"The connection {slot.name} is being refreshed, and that took too long; call again."
            )
        )


def _tell(problem: StoreFailed) -> InvocationFailed:
    kind: ErrorKind = "timeout" if isinstance(problem, StoreSilent) else "unauthorized"
    return InvocationFailed(ErrorDetail(kind, str(problem)))

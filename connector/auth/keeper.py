"""`Keeper`: connections with a token that lives, refreshed once however many threads and processes want it.

What it holds to:

- A token is refreshed `MARGIN_S` before it ends. Until it has ended, whatever goes wrong with that is a warning and the
  token is used; nobody waits for a refresh that another one does.
- A refresh holds the thread's lock, then the store's, and reads the connection again before it asks: who comes second
  finds the new token.
- What the service gave is stored before it is used. A refresh token that was replaced and can't be stored is kept in
  this process, its connection is an error until storing works, and the error says so.
- Only `invalid_grant` (kind `reauthorize`) takes a refresh token out of use. It is kept aside as `refused_token` and
  tried again once an hour at most, for a service in trouble refuses tokens that live. Everything else (a wrong
  client secret, a limit, a server's error, a lost answer) leaves it where it is.
- A lost answer is asked for again at once, with the same refresh token. Where the service replaced that token and takes
  the old one no more (PKCE without a time of grace), the new one is gone with the answer. This can't be avoided from
  here: the access token is used to its end, then the user must sign in.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from connector.auth.connection import Connection, check_name
from connector.auth.memory_store import MemoryStore
from connector.auth.sign_in import Send, SignIn
from connector.auth.store import Store, StoreFailed
from connector.auth.token_answers import Tokens
from connector.deadline import Deadline
from connector.errors import ErrorDetail, InvocationFailed

#: How long before its end a token is refreshed, in seconds.
MARGIN_S: Final = 300.0
#: How long a refused refresh token rests before it is tried again, in seconds.
SECOND_CHANCE_S: Final = 3600.0
#: How long what was read from the store is used without reading it again, in seconds.
_TRUST_S: Final = 10.0
#: How long a refresh that failed before the token's end is not tried again, in seconds.
_QUIET_S: Final = 30.0
#: The longest that one refresh waits for its answer, in seconds.
_ANSWER_S: Final = 10.0
#: How many connections that were given as values are remembered.
_MOST_GIVEN: Final = 10_000
_LOST: Final = frozenset({"network", "timeout"})
#: What befell one caller and says nothing to those who wait behind it.
_OWN_TROUBLE: Final = frozenset({"timeout", "cancelled"})

Repeat = Callable[[Callable[[], Tokens], Deadline], Tokens]


class Keeper:
    """Gives out connections with live tokens; safe to share between threads.

    `send` does one request, as `Transport.send`. `repeat(attempt, deadline)` runs an attempt as often as is sensible;
    by default a lost answer is asked for once more. `now` gives the time in seconds since 1970.

    A connection is asked for by its name in `store`, or as a value. What a value is refreshed to lives in this keeper
    only: where it must outlast the process, save it in a store and ask by name.
    """

    def __init__(
        self,
        store: Store,
        sign_in: SignIn,
        send: Send,
        now: Callable[[], float] = time.time,
        *,
        repeat: Repeat | None = None,
    ) -> None:
        self.sign_in = sign_in
        self._store = store
        self._send = send
        self._now = now
        self._repeat = repeat or _repeat_lost
        self._slots: dict[str | Connection, _Slot] = {}
        self._guard = threading.Lock()

    def get(self, which: str | Connection, deadline: Deadline) -> Connection:
        """The connection, its token alive.

        Raises `InvocationFailed`: `reauthorize` where the user must sign in (the message has the command),
        `unauthorized` where the store or the app's secret is at fault, else what kept the service from answering.
        """
        slot = self._slot(which)
        now = self._now()
        held, trusted_until = slot.seen
        current = held if held is not None and now < trusted_until else self._load(slot)
        if current.is_alive(now, MARGIN_S):
            return current
        if not current.is_alive(now):
            return self._refresh(slot, None, deadline, spare=None)
        if now < slot.quiet_until or not self._is_refreshable(current, now):
            return current
        return self._refresh(slot, None, deadline, spare=current)

    def renew(self, which: str | Connection, dead_token: str, deadline: Deadline) -> Connection:
        """The connection with another token than `dead_token`, which the service has just refused.

        Where somebody else has refreshed meanwhile, theirs is used. Raises like `get`.
        """
        return self._refresh(self._slot(which), dead_token, deadline, spare=None)

    def warnings(self, which: str | Connection) -> list[str]:
        """What the user should hear of the connection: an end that is near, a refresh that did not succeed."""
        slot = self._slot(which)
        held, _ = slot.seen
        end = None if held is None else self.sign_in.warn(held, self._now())
        return [text for text in (end, slot.trouble) if text]

    def days_left(self, which: str | Connection) -> int | None:
        """Days until the user must sign in again, `None` where that isn't known."""
        held, _ = self._slot(which).seen
        return None if held is None else held.days_left(self.sign_in.lifetime_days, self._now())

    def _slot(self, which: str | Connection) -> _Slot:
        with self._guard:
            if which not in self._slots:
                if isinstance(which, str):
                    self._slots[which] = _Slot(check_name(which), self._store)
                else:
                    given = [key for key in self._slots if not isinstance(key, str)]
                    for oldest in given[: len(given) - _MOST_GIVEN + 1]:
                        del self._slots[oldest]
                    self._slots[which] = _Slot(check_name(which.name), MemoryStore([which]))
            return self._slots[which]

    def _load(self, slot: _Slot) -> Connection:
        """The connection as the store has it."""
        try:
            found = slot.store.load(slot.name)
        except StoreFailed as problem:
            raise InvocationFailed(ErrorDetail("unauthorized", str(problem))) from None
        if found is None:
            raise InvocationFailed(
                ErrorDetail(
                    "reauthorize",
                    f"There is no connection {slot.name} in {slot.store.label}. Sign in: "
                    f"{self.sign_in.describe_command(slot.name)}",
                )
            )
        slot.hold(found, self._now())
        return found

    def _refresh(self, slot: _Slot, dead: str | None, deadline: Deadline, spare: Connection | None) -> Connection:
        """The connection with a token that is new. With `spare`, whose token still lives, nothing is waited for and
        nothing raised."""
        seen = slot.rounds
        if not slot.lock.acquire(timeout=0 if spare else max(0.0, deadline.left)):
            if spare:
                return spare
            raise self._waited_too_long(slot)
        try:
            fresh = self._hear(slot, dead) if slot.rounds != seen else None
            fresh = fresh or self._refresh_once(slot, dead, 0.0 if spare else deadline.left, deadline)
        except InvocationFailed as failure:
            slot.failure = None if failure.error.kind in _OWN_TROUBLE else failure.error
            if spare is None or not spare.is_alive(self._now()):
                raise
            slot.trouble = f"{failure.error.message} Until its token ends, {slot.name} goes on working."
            slot.quiet_until = self._now() + max(_QUIET_S, failure.error.retry_after or 0.0)
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

    def _hear(self, slot: _Slot, dead: str | None) -> Connection | None:
        """What whoever was in front got or was told: to ask again for everyone in the queue helps nobody."""
        if slot.failure is not None:
            raise InvocationFailed(slot.failure)
        held, _ = slot.seen
        is_new = held is not None and held.access_token != dead and held.is_alive(self._now(), MARGIN_S)
        return held if is_new else None

    def _refresh_once(self, slot: _Slot, dead: str | None, wait_s: float, deadline: Deadline) -> Connection:
        try:
            with slot.store.lock(slot.name, wait_s):
                current = self._catch_up(slot, self._load(slot))
                now = self._now()
                if current.access_token != dead and current.is_alive(now, 0.0 if dead else MARGIN_S):
                    return current
                return self._ask(slot, current, dead, deadline)
        except StoreFailed as problem:
            raise InvocationFailed(ErrorDetail("unauthorized", str(problem))) from None

    def _catch_up(self, slot: _Slot, found: Connection) -> Connection:
        """Stores now what could not be stored before, unless there was a new sign-in meanwhile."""
        if slot.unsaved is None:
            return found
        replaced, fresh = slot.unsaved
        if replaced in (found.refresh_token, found.refused_token):
            slot.store.save(fresh)
            slot.hold(fresh, self._now())
            found = fresh
        slot.unsaved = None
        return found

    def _ask(self, slot: _Slot, current: Connection, dead: str | None, deadline: Deadline) -> Connection:
        now = self._now()
        token = current.refresh_token
        if token is None:
            if not self._is_refreshable(current, now):
                raise self._refused(current)
            token = current.refused_token or ""
            # Written down first, so that the hour counts for everyone and whatever comes of it.
            current = replace(current, refused_at=now)
            self._save(slot, current, token)
        bounded = Deadline(min(_ANSWER_S, deadline.left / 2))
        try:
            tokens = self._repeat(lambda: self.sign_in.refresh(current, token, self._send, bounded), bounded)
        except InvocationFailed as failure:
            if failure.error.kind != "reauthorize":
                raise
            is_dead = dead is not None and current.access_token == dead
            aside = replace(
                current,
                access_token=None if is_dead else current.access_token,
                expires_at=None if is_dead else current.expires_at,
                refresh_token=None,
                refused_token=token,
                refused_at=now,
            )
            self._save(slot, aside, token)
            raise self._refused(aside, failure.error) from None
        deadline.renew()
        fresh = replace(
            current,
            access_token=tokens.access_token,
            refresh_token=tokens.refresh_token or token,
            expires_at=None if tokens.expires_in is None else now + tokens.expires_in,
            scopes=current.scopes if tokens.scopes is None else tokens.scopes,
            refused_token=None,
            refused_at=None,
        )
        slot.trouble = None
        self._save(slot, fresh, token)
        return fresh

    def _save(self, slot: _Slot, connection: Connection, old_token: str) -> None:
        """Stores `connection`, which came of `old_token`, and holds it."""
        is_replaced = connection.refresh_token not in (None, old_token)
        try:
            slot.store.save(connection)
        except StoreFailed as problem:
            if is_replaced:
                slot.unsaved = (old_token, connection)
                raise InvocationFailed(
                    ErrorDetail(
                        "unauthorized",
                        f"The connection {slot.name} got a new refresh token, which can't be stored: {problem} It was "
                        "not used yet. Put the store right and call again while this process runs; it is stored then.",
                    )
                ) from None
            slot.trouble = f"What was refreshed of {slot.name} can't be stored: {problem}"
        else:
            if is_replaced and not slot.store.is_lasting:
                slot.trouble = (
                    f"The service replaced the refresh token of {slot.name}, and {slot.store.label} keeps the new one "
                    "for this process only: keep the connection in another store (CONNECTOR_STORE)."
                )
        slot.hold(connection, self._now())

    def _is_refreshable(self, connection: Connection, now: float) -> bool:
        if connection.refresh_token is not None:
            return True
        return connection.refused_token is not None and now - (connection.refused_at or 0.0) >= SECOND_CHANCE_S

    def _refused(self, connection: Connection, said: ErrorDetail | None = None) -> InvocationFailed:
        if said is not None or connection.refused_token is not None:
            reason = f"{self.sign_in.title} no longer accepts the sign-in of {connection.name}"
        else:
            reason = f"The connection {connection.name} has no refresh token, and its access token has ended"
        message = f"{reason}. Sign in again: {self.sign_in.describe_command(connection.name)}"
        return InvocationFailed(
            replace(said, message=message, retry_after=None) if said else ErrorDetail("reauthorize", message)
        )

    def _waited_too_long(self, slot: _Slot) -> InvocationFailed:
        return InvocationFailed(
            ErrorDetail(
                "timeout", f"The connection {slot.name} is being refreshed, and that took too long; call again."
            )
        )


class _Slot:
    """What a keeper knows of one connection: what it holds, what went wrong, and the lock of its threads."""

    def __init__(self, name: str, store: Store) -> None:
        self.name = name
        self.store = store
        self.lock = threading.Lock()
        #: The connection as it was last seen, and until when that is trusted. One value, for it is read without a lock.
        self.seen: tuple[Connection | None, float] = (None, 0.0)
        self.rounds = 0
        self.failure: ErrorDetail | None = None
        self.trouble: str | None = None
        self.quiet_until = 0.0
        #: The refresh token that was replaced, and the connection with the new one, which could not be stored.
        self.unsaved: tuple[str, Connection] | None = None

    def hold(self, connection: Connection, now: float) -> None:
        self.seen = (connection, now + _TRUST_S)


def _repeat_lost(attempt: Callable[[], Tokens], deadline: Deadline) -> Tokens:
    try:
        return attempt()
    except InvocationFailed as failure:
        if failure.error.kind not in _LOST:
            raise
        # The same deadline bounds both, so a server that only drips has had its time.
        if deadline.left <= 0:
            raise
    return attempt()

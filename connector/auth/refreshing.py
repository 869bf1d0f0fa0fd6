"""One refresh, under locks that the caller holds: what is asked, what is stored, and what a refusal means.

- What the service gave is stored before it is used, in place of what it came of: a newer one that another process has
  stored meanwhile, after this one had lost its lock, is taken instead of overwritten. A refresh token that was replaced
  and can't be stored is kept in this process, its connection is an error until storing works, and the error says so. A
  store that is read-only is no error: what was refreshed then lives in this process, with a warning.
- Only `invalid_grant` (kind `reauthorize`) takes a refresh token out of use. It is kept aside as `refused_token` and
  tried again once an hour at most, for a service in trouble refuses tokens that live. Everything else (a wrong
  client secret, a limit, a server's error, a lost answer) leaves it where it is.
- An answer with a new refresh token but without an access token is stored too, and asked again with the new one.
- A lost answer is asked for again at once, with the same refresh token. Where the service replaced that token and takes
  the old one no more (PKCE without a time of grace), the new one is gone with the answer. This can't be avoided from
  here: the access token is used to its end, then the user must sign in. The same goes for a process that is killed
  between the answer and the store.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from connector.auth.connection import Connection
from connector.auth.sign_in import Send, SignIn, describe_refresh
from connector.auth.slots import Slot
from connector.auth.stores.store import StoreFailed, StoreReadOnly
from connector.auth.stores.store_within import StoreSilent, StoreWithin
from connector.auth.token_answers import Tokens
from connector.errors import ErrorDetail, InvocationFailed
from connector.limits.local_gate import LocalGate
from connector.result import Meta
from connector.sending.retry import send_well
from connector.wire.deadline import Deadline

#: How long a refused refresh token rests before it is tried again, in seconds.
SECOND_CHANCE_S: Final = 3600.0
#: The longest that one refresh waits for its answer, in seconds.
_ANSWER_S: Final = 10.0
#: The longest that a refresh waits because the service asks for it, in seconds.
_MAX_WAIT_S: Final = 5.0


def is_refreshable(connection: Connection, now: float) -> bool:
    """Whether there is something to try at `now` (s since 1970): an app's own secret, or a refresh token that is in use
    or has rested."""
    if connection.is_app or connection.refresh_token is not None:
        return True
    # A clock that was set back makes the refusal one of the future.
    return connection.refused_token is not None and abs(now - (connection.refused_at or 0.0)) >= SECOND_CHANCE_S


class Refresher:
    """Refreshes connections. The arguments are those of `Keeper`."""

    def __init__(self, sign_in: SignIn, send: Send, now: Callable[[], float]) -> None:
        self._sign_in = sign_in
        self._send = send
        self._now = now
        # The token endpoint has limits of its own.
        self._gate = LocalGate()

    def catch_up(self, slot: Slot, store: StoreWithin, found: Connection) -> Connection:
        """`found`, or what could not be stored before: it is stored now, unless there was a new sign-in meanwhile.

        Raises `StoreFailed` where it still can't be, and holds a refresh token that is nowhere else.
        """
        if slot.unsaved is None:
            return found
        replaced, fresh = slot.unsaved
        if replaced in (found.refresh_token, found.refused_token) or _is_same_app(found, fresh):
            try:
                found = self._put(slot, store, found, fresh)
            except StoreFailed as problem:
                if fresh.refresh_token != replaced and not fresh.is_app and not isinstance(problem, StoreReadOnly):
                    raise
                slot.hold(fresh, self._now())
                return fresh
            slot.hold(found, self._now())
        slot.unsaved = slot.note = None
        return found

    def refresh(
        self,
        slot: Slot,
        store: StoreWithin,
        known: Connection,
        current: Connection,
        dead: str | None,
        deadline: Deadline,
    ) -> Connection:
        """`current` with new tokens, which are stored in place of `known`; `dead` is an access token that the service
        has refused. What another process has stored meanwhile is given instead, where it is newer.

        Raises `InvocationFailed`, and `StoreFailed` from the store.
        """
        now = self._now()
        token = "" if current.is_app else current.refresh_token
        if token is None:
            if not is_refreshable(current, now):
                raise self._refused(current)
            token = current.refused_token or ""
            # Written down first, so that the hour counts for everyone and whatever comes of it.
            current = self._save(slot, store, known, replace(current, refused_at=now))
            if current.refused_token != token:
                return current
            known = known if slot.unsaved else current

        def ask(bounded: Deadline) -> Tokens:
            nonlocal current, known, token
            tokens = self._sign_in.refresh(current, token or "", self._send, bounded)
            if tokens.lack is None:
                return tokens
            rest = _without(current, dead)
            rest = replace(rest, refresh_token=tokens.refresh_token, refused_token=None, refused_at=None)
            current = self._save(slot, store, known, rest)
            known, token = known if slot.unsaved else current, _token_of(current)
            raise InvocationFailed(tokens.lack)

        try:
            tokens = self._send_well(current.client_id, ask, deadline)
        except InvocationFailed as failure:
            # Errors speak of the call that needs the token, and of that nothing was sent.
            error = replace(failure.error, is_uncertain=False)
            if error.kind != "reauthorize" or current.is_app:
                raise InvocationFailed(_named(error, current.name)) from None
            aside = replace(_without(current, dead), refresh_token=None, refused_token=token, refused_at=now)
            kept = self._save(slot, store, known, aside)
            if kept is not aside:
                return kept
            raise self._refused(aside, error) from None
        deadline.renew()
        fresh = replace(
            current,
            access_token=tokens.access_token,
            refresh_token=None if current.is_app else tokens.refresh_token or token,
            expires_at=None if tokens.expires_in is None else now + tokens.expires_in,
            scopes=current.scopes if tokens.scopes is None or current.is_app else tokens.scopes,
            refused_token=None,
            refused_at=None,
        )
        slot.trouble = slot.note = None
        return self._save(slot, store, known, fresh)

    def _send_well(self, app: str, ask: Callable[[Deadline], Tokens], deadline: Deadline) -> Tokens:
        bounded = Deadline(min(_ANSWER_S, deadline.left / 2), cancel=deadline.cancel)
        return send_well(
            lambda: ask(bounded),
            app=app,
            gate=self._gate,
            deadline=bounded,
            max_wait=_MAX_WAIT_S,
            is_repeatable=True,
            meta=Meta(),
        )

    def _save(self, slot: Slot, store: StoreWithin, known: Connection, fresh: Connection) -> Connection:
        """Stores `fresh` in place of `known`, and holds and gives what is stored then: what another process has put
        there meanwhile, where that is newer."""
        token = _token_of(known)
        is_replaced = fresh.refresh_token not in (None, token)
        kept = fresh
        try:
            kept = self._put(slot, store, known, fresh)
        except StoreFailed as problem:
            slot.unsaved = (token, fresh)
            if is_replaced and not isinstance(problem, StoreReadOnly):
                raise InvocationFailed(
                    ErrorDetail(
                        "timeout" if isinstance(problem, StoreSilent) else "unauthorized",
                        f"The connection {slot.name} got a new refresh token, which can't be stored: {problem} It was "
                        "not used yet. Put the store right and call again while this process runs; it is stored then.",
                    )
                ) from None
            slot.note = f"What was refreshed of {slot.name} can't be stored and ends with this process: {problem}"
            if is_replaced:
                slot.note += (
                    " The service replaced the refresh token, so the one in there is dead: keep the connection where "
                    "it can be written (CONNECTOR_STORE)."
                )
        else:
            slot.unsaved = None
            if is_replaced and not store.store.is_lasting:
                slot.note = (
                    f"The service replaced the refresh token of {slot.name}, and {slot.store.label} keeps the new one "
                    "for this process only: keep the connection in another store (CONNECTOR_STORE)."
                )
        slot.hold(kept, self._now())
        return kept

    def _put(self, slot: Slot, store: StoreWithin, known: Connection, fresh: Connection) -> Connection:
        """Stores `fresh` in place of `known`. Who has lost the lock meanwhile overwrites nothing that is newer."""
        expected = known
        while not store.replace(expected, fresh):
            found = store.load(slot.name)
            if found is None:
                slot.seen = (None, None)
                raise fail_missing(slot.name, slot.store.label, self._sign_in)
            if _is_newer(found, known, fresh):
                return found
            expected = found
        return fresh

    def _refused(self, connection: Connection, said: ErrorDetail | None = None) -> InvocationFailed:
        if said is not None or connection.refused_token is not None:
            reason = f"{self._sign_in.title} no longer accepts the sign-in of {connection.name}"
        else:
            reason = f"The connection {connection.name} has no refresh token, and its access token has ended"
        message = (
            f"{reason}. Sign in again: {self._sign_in.describe_command(connection.name, is_app=connection.is_app)}"
        )
        error = said or ErrorDetail("reauthorize", message)
        return InvocationFailed(replace(error, message=message, retry_after=None, connection=connection.name))


def fail_missing(name: str, label: str, sign_in: SignIn) -> InvocationFailed:
    """What is raised where a store, called `label`, has no connection of that name."""
    message = f"There is no connection {name} in {label}. Sign in: {sign_in.describe_command(name)}"
    return InvocationFailed(ErrorDetail("reauthorize", message, connection=name))


def _token_of(connection: Connection) -> str:
    return connection.refresh_token or connection.refused_token or ""


def _without(connection: Connection, dead: str | None) -> Connection:
    """`connection` without its access token, where that is the one that is `dead`."""
    if dead is None or connection.access_token != dead:
        return connection
    return replace(connection, access_token=None, expires_at=None)


def _is_same_app(found: Connection, fresh: Connection) -> bool:
    """Whether both are the same app's own, whose tokens come of its secret and of nothing before."""
    return found.is_app and fresh.is_app and found.client_secret == fresh.client_secret


def _is_newer(found: Connection, known: Connection, fresh: Connection) -> bool:
    """Whether what a store holds, in place of `known`, was put there by a later sign-in or refresh than the one that
    made `fresh`."""
    if _token_of(known) not in (found.refresh_token, found.refused_token) and not _is_same_app(found, fresh):
        return True
    if found.access_token in (None, known.access_token):
        return False
    return fresh.refused_token is not None or (found.expires_at or 0.0) > (fresh.expires_at or 0.0)


def _named(error: ErrorDetail, name: str) -> ErrorDetail:
    what = describe_refresh(name)
    return error if error.message.startswith(what) else replace(error, message=f"{what}: {error.message}")

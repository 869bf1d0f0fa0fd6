"""Who calls: the secrets among the arguments, or a connection whose token is kept alive.

Either gives the headers for a request, names for the app and the account that limits are counted by, what the app may
call, and a new token after a 401 where there is one to be had.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from connector.arguments.validation import Args
from connector.errors import ErrorDetail, InvocationFailed
from connector.manifest.blocks import Auth, Block
from connector.manifest.manifest import Manifest
from connector.manifest.routes import QuotaMode, Route
from connector.sending.missing_scopes import describe_needs
from connector.wire.request import build_auth_headers

if TYPE_CHECKING:
    from connector.auth import Connection, Keeper
    from connector.result import Meta
    from connector.way.call import Call
    from connector.way.shared import Shared
    from connector.wire.deadline import Deadline

Headers = tuple[tuple[str, str], ...]


class Caller(Protocol):
    """`app` names the app for the gate and for what was learnt of its quota mode, `account` the developer account for
    the day's budget; neither is a secret."""

    @property
    def app(self) -> str: ...

    @property
    def account(self) -> str: ...

    @property
    def quota_mode(self) -> QuotaMode: ...

    @property
    def headers(self) -> Headers:
        """The headers that tell the server who calls, as of now."""

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no error and no log may hold."""

    def renew(self, refused: Headers) -> bool:
        """Gets another token than the one in the `refused` headers; tells whether there is one. Raises
        `InvocationFailed` where there could have been one."""

    def report(self, meta: Meta) -> None:
        """Says in `meta` what its reader should know of the connection."""


class GivenCaller:
    """Calls with the secrets that the arguments hold. Whose app it is can't be seen, so a token stands for one."""

    def __init__(self, auth: Auth | None, args: Mapping[str, Any], quota_mode: QuotaMode = "auto") -> None:
        self.quota_mode: QuotaMode = quota_mode
        self.headers: Headers = tuple(build_auth_headers(auth, args)) if auth else ()
        secret = self.headers[0][1] if self.headers else ""
        self.app = hashlib.blake2b(secret.encode("utf-8", "replace"), digest_size=12).hexdigest()
        self.account = self.app
        self.secrets: tuple[str, ...] = tuple(value.split()[-1] for _, value in self.headers if value)

    def renew(self, refused: Headers) -> bool:  # noqa: ARG002 - what was given is all there is
        return False

    def report(self, meta: Meta) -> None:
        """There is no connection to speak of."""


class ConnectedCaller:
    """Calls with a connection's token, which `keeper` keeps alive; `deadline` bounds a refresh. `quota_mode` is what is
    known where the connection itself says nothing of it."""

    def __init__(
        self, auth: Auth, keeper: Keeper, who: str | Connection, deadline: Deadline, quota_mode: QuotaMode
    ) -> None:
        self._auth = auth
        self._quota_mode: QuotaMode = quota_mode
        self._keeper = keeper
        self._who = who
        self._deadline = deadline
        self.connection = keeper.get(who, deadline)

    @property
    def app(self) -> str:
        return self.connection.client_id

    @property
    def account(self) -> str:
        return self.connection.account or self.connection.client_id

    @property
    def quota_mode(self) -> QuotaMode:
        own = self.connection.quota_mode
        return self._quota_mode if own == "auto" else own

    @property
    def headers(self) -> Headers:
        return self._to_headers(self.connection)

    @property
    def secrets(self) -> tuple[str, ...]:
        known = (self.connection.access_token, self.connection.refresh_token, self.connection.client_secret)
        return tuple(secret for secret in known if secret)

    def renew(self, refused: Headers) -> bool:
        current = self.connection
        if self._to_headers(current) == refused:
            self.connection = self._keeper.renew(self._who, current.access_token or "", self._deadline)
        return True

    def report(self, meta: Meta) -> None:
        """Says in `meta` how long the connection lasts and what its user should hear."""
        meta.days_left = self._keeper.days_left(self._who)
        meta.warnings += self._keeper.warnings(self._who)

    def _to_headers(self, connection: Connection) -> Headers:
        return tuple(build_auth_headers(self._auth, {self._auth.options["token"]: connection.access_token}))


def identify(caller: Caller) -> str:
    """A name for `caller` that no other has: a digest of the secrets that the service knows them by."""
    return hashlib.blake2b(repr(caller.headers).encode("utf-8", "replace"), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class StandIn:
    """The connection that stands in for the `fields` that tell who calls; `who` is `None` where there is none."""

    who: str | Connection | None = None
    fields: tuple[str, ...] = ()


def find_stand_in(block: Block, manifest: Manifest, connection: str | Connection | None) -> StandIn:
    """What `connection` stands in for, where it can for the server of `block`."""
    auth = manifest.auth[block.server]
    return StandIn(connection, auth.fields) if connection and auth and auth.can_sign_in else StandIn()


def check_named(block: Block, args: Args, call: Call) -> None:
    """Raises `InvocationFailed` (`forbidden`) where the arguments name a connection that whoever calls may not use."""
    for name in block.connection_fields & args.keys():
        if call.may_use is not None and not call.may_use(args[name]):
            raise InvocationFailed(
                ErrorDetail("forbidden", f"{name} names a connection that you may not use here; name one that you may.")
            )


def find_caller_for(route: Route, caller: Caller, block: Block, manifest: Manifest) -> Caller:
    """Who calls by `route`: nobody in particular where it leads to another server that is told nothing, which then gets
    no secret and has limits of its own."""
    auth = manifest.auth[route.server]
    if auth is not None or manifest.auth[block.server] is None:
        return caller
    nobody = GivenCaller(None, {})
    nobody.app = f"server {route.server}"
    return nobody


def find_caller(block: Block, args: Args, stand_in: StandIn, shared: Shared, call: Call) -> Caller:
    """Who calls. Raises `InvocationFailed` where a connection has no live token, or lacks a scope."""
    manifest = shared.manifest
    auth = manifest.auth[block.server]
    if auth is None or stand_in.who is None or all(name in args for name in auth.fields):
        return GivenCaller(auth, args, shared.quota_mode)
    keeper = open_keeper(shared, call.deadline)
    caller = ConnectedCaller(auth, keeper, stand_in.who, call.deadline, shared.quota_mode)
    granted = caller.connection.scopes
    if caller.connection.is_app and manifest.needs_user(block):
        name = caller.connection.name
        raise InvocationFailed(
            ErrorDetail(
                "forbidden",
                f"This acts for a user, and the connection {name} is an app's own, without one. Use a user's "
                f"connection: `{manifest.command} login --name NAME --for {block.name}` signs one in.",
            )
        )
    needs = block.find_needs(args) if granted is not None else ()
    if missing := [need for need in needs if not need.is_met(granted or ())]:
        name = caller.connection.name
        caller.report(call.meta)
        raise InvocationFailed(
            ErrorDetail(
                "forbidden",
                f"The user of the connection {name} has not granted all that is needed. "
                f"{describe_needs(block, missing, manifest, name)}",
            )
        )
    return caller


def open_keeper(shared: Shared, deadline: Deadline) -> Keeper:
    """What keeps connections' tokens alive. Raises `InvocationFailed` (`timeout`) where the store doesn't answer."""
    from connector.auth.stores.store_within import StoreSilent

    try:
        return shared.open_keeper(deadline)
    except StoreSilent as problem:
        raise InvocationFailed(ErrorDetail("timeout", str(problem))) from None

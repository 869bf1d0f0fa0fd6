"""Who calls: the secrets among the arguments, or a connection whose token is kept alive.

Either gives the headers for a request, a name for the app that limits are counted by, and a new token after a 401 where
there is one to be had.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from connector.manifest.blocks import Auth
from connector.wire.request import build_auth_headers

if TYPE_CHECKING:
    from connector.auth import Connection, Keeper
    from connector.result import Meta
    from connector.wire.deadline import Deadline

Headers = tuple[tuple[str, str], ...]


class Caller(Protocol):
    """`app` names the app for the gate and for what was learnt of its quota mode; it is no secret."""

    @property
    def app(self) -> str: ...

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

    def __init__(self, auth: Auth | None, args: Mapping[str, Any]) -> None:
        self.headers: Headers = tuple(build_auth_headers(auth, args)) if auth else ()
        secret = self.headers[0][1] if self.headers else ""
        self.app = hashlib.blake2b(secret.encode("utf-8", "replace"), digest_size=12).hexdigest()
        self.secrets: tuple[str, ...] = tuple(value.split()[-1] for _, value in self.headers if value)

    def renew(self, refused: Headers) -> bool:  # noqa: ARG002 - what was given is all there is
        return False

    def report(self, meta: Meta) -> None:
        """There is no connection to speak of."""


class ConnectedCaller:
    """Calls with a connection's token, which `keeper` keeps alive; `deadline` bounds a refresh."""

    def __init__(self, auth: Auth, keeper: Keeper, who: str | Connection, deadline: Deadline) -> None:
        self._auth = auth
        self._keeper = keeper
        self._who = who
        self._deadline = deadline
        self.connection = keeper.get(who, deadline)

    @property
    def app(self) -> str:
        return self.connection.client_id

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
        meta.warnings = self._keeper.warnings(self._who)

    def _to_headers(self, connection: Connection) -> Headers:
        return tuple(build_auth_headers(self._auth, {self._auth.options["token"]: connection.access_token}))

"""The sign-ins of browsers, without the browsers: which app each is for, its beginning, and the connection at its end.

Everything here waits for the store or the service, so it is run by the pool.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from connector.auth import SignIn, SignInAttempt, Store, check_name
from connector.auth.environment_secrets import read_secret, variable_for
from connector.auth.stores.store import ConnectionDamaged
from connector.auth.stores.timely_store import TimelyStore
from connector.errors import InvocationFailed
from connector.runners.http_server.settings import Settings
from connector.runners.http_server.sign_in_page import SignInPage
from connector.way.connector import Connector
from connector.wire.deadline import Deadline

#: What of an attempt a browser keeps between the two halves of its sign-in.
KEPT: Final = ("state", "verifier", "redirect_uri", "client_id", "scopes")
_LOCK_WAIT_S: Final = 10.0
#: How long the store may take to answer, in seconds.
_STORE_WAIT_S: Final = 5.0
_TIMEOUT_S: Final = 30.0


class SignIns:
    """Sign-ins to the connections in `store`. All methods raise `StoreFailed`, and `SignInPage` for what the browser is
    to be told.
    """

    def __init__(self, connector: Connector, store: Store, sign_in: SignIn, settings: Settings) -> None:
        self._connector = connector
        self._store = TimelyStore(store, _STORE_WAIT_S)
        self._sign_in = sign_in
        self._settings = settings

    @property
    def is_lasting(self) -> bool:
        """Whether a connection outlives the server."""
        return self._store.is_lasting

    def describe(self, may_use: Callable[[str], bool]) -> list[dict[str, Any]]:
        """What there is to say of the connections whose names `may_use` allows."""
        found = (self._describe(name) for name in self._store.names() if may_use(name))
        return [described for described in found if described]

    def _describe(self, name: str) -> dict[str, Any] | None:
        try:
            connection = self._store.load(check_name(name))
        except InvocationFailed:
            # A file that somebody else has put there.
            return None
        except ConnectionDamaged:
            return {
                "name": name,
                "scopes": None,
                "days_left": None,
                "needs_sign_in": True,
                "problem": "What is stored of it can't be read.",
            }
        if connection is None:
            return None
        return {
            "name": connection.name,
            "scopes": None if connection.scopes is None else list(connection.scopes),
            "days_left": connection.days_left(self._sign_in.lifetime_days, time.time()),
            "needs_sign_in": not (
                connection.is_app or connection.refresh_token is not None or connection.is_alive(time.time())
            ),
        }

    def begin(self, name: str, redirect_uri: str) -> SignInAttempt:
        """A sign-in to the connection `name`, after which the service leads the browser to `redirect_uri`. Raises
        `TimeoutError` where another process holds the connection."""
        client_id, client_secret, _ = self._find_app(name)
        with self._store.lock(name, _LOCK_WAIT_S):
            # A store that can't be written is to be known before the user agrees to anything.
            pass
        return self._sign_in.begin(
            self._connector.servers,
            client_id=client_id,
            client_secret=client_secret,
            scopes=tuple(self._connector.manifest.data.get("scopes", ())),
            redirect_uri=redirect_uri,
        )

    def finish(self, kept: Mapping[str, Any], query: str) -> None:
        """Saves the connection of the sign-in of which the browser `kept` something, and came back with `query`.

        Raises `SignInFailed` and `InvocationFailed` where the service or the user said no, `TimeoutError` where another
        process holds the connection.
        """
        name = kept["name"]
        client_id, client_secret, account = self._find_app(name)
        if client_id != kept["client_id"]:
            raise SignInPage.refusing("The connection's app has changed meanwhile. Begin anew.", 400)
        attempt = SignInAttempt(
            url="",
            state=kept["state"],
            verifier=kept["verifier"],
            redirect_uri=kept["redirect_uri"],
            client_id=client_id,
            client_secret=client_secret,
            scopes=tuple(kept["scopes"]),
        )
        connection = self._sign_in.finish(
            attempt,
            attempt.parse_callback(f"?{query}"),
            self._connector.transport.send,
            Deadline(_TIMEOUT_S),
            name=name,
            quota_mode=self._settings.quota_mode,
            account=account,
        )
        with self._store.lock(name, _LOCK_WAIT_S):
            self._store.save(connection)

    def _find_app(self, name: str) -> tuple[str, str | None, str | None]:
        """Id, secret and developer account of the app that the connection `name` belongs to; for a new one the app of
        the server's own connection, else the environment's."""
        for candidate in (name, self._settings.connection):
            if candidate is not None and (known := self._store.load(candidate)) is not None:
                return known.client_id, known.client_secret, known.account
        fields = self._sign_in.id_field, self._sign_in.secret_field
        if client_id := read_secret(fields[0]):
            return client_id, read_secret(fields[1]), None
        id_variable, secret_variable = map(variable_for, fields)
        raise SignInPage.refusing(
            f"The server does not know which app to sign in with: set {id_variable}, and {secret_variable} for an app "
            "with a secret, and start it anew.",
            503,
        )

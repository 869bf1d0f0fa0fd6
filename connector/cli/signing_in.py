"""Signing in from a terminal: what to ask for, sending the user to the service, and taking what comes back."""

from __future__ import annotations

import getpass
import os
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from connector.auth import Connection, SignIn, SignInAttempt, SignInFailed, Store, check_name
from connector.auth.environment_secrets import read_secret, variable_for
from connector.auth.loopback import CALLBACK_PATH, Loopback, PortTaken
from connector.auth.scopes import choose_scopes, find_unknown_scopes
from connector.cli.arguments import WrongUsage
from connector.cli.terminal import say, to_plain
from connector.manifest.manifest import Manifest
from connector.manifest.routes import QuotaMode
from connector.version import __version__
from connector.way.connector import Connector
from connector.wire.deadline import Deadline

if TYPE_CHECKING:
    from connector.wire.transport import Transport

#: The address to register with the service; it then takes every port.
REGISTERED_URI: Final = f"http://127.0.0.1{CALLBACK_PATH}"
_ANSWER_S: Final = 30.0
_LOCK_WAIT_S: Final = 30.0
_PASTES: Final = 3


def choose_credentials(
    sign_in: SignIn, known: Connection | None, client_id: str | None, client_secret: str | None, *, is_pkce: bool
) -> tuple[str, str | None]:
    """The app's id and secret (`None` for PKCE): as given, from the environment, from the connection that is there
    already, or typed. Raises `WrongUsage` without an id."""
    if is_pkce and client_secret:
        raise WrongUsage("--pkce and --client-secret exclude each other: choose one.")
    found_id = client_id or read_secret(sign_in.id_field) or (known.client_id if known else None)
    if not found_id and sys.stdin.isatty():
        say(_explain_app(sign_in))
        found_id = _ask("Client id: ")
    if not found_id:
        raise WrongUsage(f"Which app signs in? Give --client-id, or set {variable_for(sign_in.id_field)}.")
    if is_pkce:
        return found_id, None
    secret = client_secret or read_secret(sign_in.secret_field)
    if secret is None and known is not None and known.client_id == found_id:
        return found_id, known.client_secret
    if secret is None and sys.stdin.isatty():
        secret = getpass.getpass("Client secret (empty for PKCE): ", sys.stderr)
    return found_id, secret or None


def _explain_app(sign_in: SignIn) -> str:
    """Where the app comes from that signs in, and what its owner registers there."""
    where = f"at {sign_in.apps_page}" if sign_in.apps_page else f"from {sign_in.title}"
    return (
        f"You sign in with an app of your own, which you get {where}: register the redirect URI {REGISTERED_URI} "
        "there. Its page shows the client id."
    )


def choose_wishes(
    manifest: Manifest, known: Connection | None, scopes: Sequence[str], blocks: Sequence[str]
) -> tuple[str, ...]:
    """The scopes to ask for: those named and those of the named blocks, all blocks' without either. What was granted
    before is asked for again, unless scopes are named and no block is. Raises `WrongUsage` for unknown scopes."""
    if unknown := find_unknown_scopes(manifest, scopes):
        raise WrongUsage(
            f"There is no scope {to_plain(', '.join(unknown))}; there are {', '.join(manifest.data.get('scopes', {}))}."
        )
    wanted = list(scopes)
    if blocks or not scopes:
        wanted += [*choose_scopes(manifest, blocks), *((known.scopes or ()) if known else ())]
    return tuple(dict.fromkeys(wanted))


@dataclass(frozen=True)
class Login:
    """A sign-in and all that was chosen for it. Both ways give the connection, which is stored by then, and raise
    `SignInFailed`, `InvocationFailed` or `StoreFailed` where there is none."""

    manifest: Manifest
    sign_in: SignIn
    store: Store
    name: str
    client_id: str = field(repr=False)
    client_secret: str | None = field(repr=False)
    scopes: tuple[str, ...]
    quota_mode: QuotaMode
    account: str | None
    port: int
    timeout_s: float
    opens_browser: bool

    def by_loopback(self) -> Connection:
        """Waits on this machine for the browser to come back. Raises `WrongUsage` for a port that is taken."""
        try:
            loopback = Loopback(self.port)
        except PortTaken as problem:
            raise WrongUsage(str(problem)) from None
        with loopback, self._open_transport() as transport:
            attempt = self._begin(transport, loopback.redirect_uri)
            self._send_off(attempt)

            def finish(code: str) -> tuple[Connection, str]:
                connection = self._finish(attempt, code, transport)
                return connection, f"The connection {self.name} is stored. You can close this page and go back."

            try:
                return loopback.wait(attempt, finish, self.timeout_s)
            except SignInFailed as failure:
                if failure.reason != "timeout":
                    raise
                raise SignInFailed("timeout", f"{failure} {_advise_registering(attempt)}") from None

    def for_app(self) -> Connection:
        """Gets the app a token of its own, without a user."""
        check_name(self.name)
        now = time.time()
        wanted = Connection(
            self.name,
            self.client_id,
            self.client_secret,
            scopes=(),
            signed_in_at=now,
            quota_mode=self.quota_mode,
            account=self.account,
            is_app=True,
        )
        with self._open_transport() as transport:
            return self._keep(self.sign_in.open_app(wanted, transport.send, Deadline(_ANSWER_S), now))

    def by_pasting(self) -> Connection:
        """Lets the user paste the address at which their browser ended, wherever that runs."""
        port = f":{self.port}" if self.port else ""
        with self._open_transport() as transport:
            attempt = self._begin(transport, f"http://127.0.0.1{port}{CALLBACK_PATH}")
            say("Open this address in any browser and agree:")
            say(attempt.url)
            say("The browser then ends at a page that it can't show. That page's address is the answer.")
            return self._finish(attempt, self._read_code(attempt), transport)

    def _read_code(self, attempt: SignInAttempt) -> str:
        for left in reversed(range(_PASTES)):
            address = _ask("Paste it here: ")
            if not address:
                break
            try:
                return attempt.parse_callback(address)
            except SignInFailed as failure:
                if failure.reason in ("cancelled", "refused") or not left:
                    raise
                say(str(failure), style="yellow")
        raise SignInFailed("no_code", "No address was pasted, so nobody is signed in.")

    def _begin(self, transport: Transport, redirect_uri: str) -> SignInAttempt:
        attempt = self.sign_in.begin(
            self._servers,
            client_id=self.client_id,
            client_secret=self.client_secret,
            scopes=self.scopes,
            redirect_uri=redirect_uri,
        )
        refusal = self.sign_in.find_refusal(attempt, transport.send, Deadline(_ANSWER_S))
        if refusal is not None:
            raise SignInFailed(
                "refused", f"{self.sign_in.title} refuses this sign-in: {refusal} {_advise_registering(attempt)}"
            )
        return attempt

    def _send_off(self, attempt: SignInAttempt) -> None:
        is_open = self.opens_browser and open_browser(attempt.url)
        say("Your browser opens. If it doesn't, go to:" if is_open else "Open this address in your browser:")
        say(attempt.url)
        say(f"Waiting for it to come back to {attempt.redirect_uri} …", style="dim")

    def _finish(self, attempt: SignInAttempt, code: str, transport: Transport) -> Connection:
        connection = self.sign_in.finish(
            attempt,
            code,
            transport.send,
            Deadline(_ANSWER_S),
            name=self.name,
            quota_mode=self.quota_mode,
            account=self.account,
        )
        return self._keep(connection)

    def _keep(self, connection: Connection) -> Connection:
        # Under the lock, so that a refresh of the old connection that is under way doesn't overwrite the new one.
        with self.store.lock(self.name, _LOCK_WAIT_S):
            self.store.save(connection)
        return connection

    @property
    def _servers(self) -> dict[str, str]:
        return Connector(self.manifest).servers

    def _open_transport(self) -> closing[Transport]:
        from connector.wire.transport import Transport

        return closing(Transport(self._servers, f"connector/{__version__}"))


def open_browser(url: str) -> bool:
    """Opens `url` in a browser with a window of its own, or the one in `BROWSER`; tells whether there is one."""
    import webbrowser

    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return False
    if type(browser) is webbrowser.GenericBrowser and "BROWSER" not in os.environ:
        # It runs in this terminal, and its user can't see what is printed here meanwhile.
        return False
    return browser.open(url)


def _ask(question: str) -> str:
    sys.stderr.write(question)
    sys.stderr.flush()
    return sys.stdin.readline().strip()


def _advise_registering(attempt: SignInAttempt) -> str:
    return (
        f"If the redirect URI is what it refuses, register {REGISTERED_URI} on the app's page, which then takes any "
        f"port; this sign-in used {attempt.redirect_uri}."
    )

"""Signing in: authorization code with PKCE (RFC 6749, RFC 7636), with a client secret or without one.

Where a user is sent and where tokens come from stands in the manifest (`auth.….sign_in`). The library is `oauthlib`.
A sign-in is an attempt that is begun, whose callback is read, and that is finished by trading the code:

    attempt = sign_in.begin(servers, client_id=…, client_secret=…, scopes=…, redirect_uri=…)
    code = attempt.parse_callback(url)      # where the user was sent back to
    connection = sign_in.finish(attempt, code, send, deadline, name="alice")
"""

from __future__ import annotations

import re
import time
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import unescape
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from connector.auth.connection import Connection, check_name
from connector.auth.sign_in_attempt import WORD_LIMIT, SignInAttempt
from connector.auth.token_answers import Tokens, parse_tokens
from connector.errors import InvocationFailed
from connector.manifest.manifest import Manifest
from connector.manifest.routes import QuotaMode
from connector.wire.deadline import Deadline
from connector.wire.request import Request

if TYPE_CHECKING:
    from connector.wire.transport import Response

#: One request and its answer, as `Transport.send` does it.
Send = Callable[[Request, Deadline], "Response"]
#: From here on a sign-in's end is announced, in days.
WARNING_DAYS: Final = 30
_VERIFIER_LENGTH: Final = 96
#: How much of a page is read for its words, in bytes.
_PAGE_LIMIT: Final = 20_000


@dataclass(frozen=True, slots=True)
class SignIn:
    """How one signs in to a manifest's service.

    `authorize` and `token` are a server's name and a path; `lifetime_days` is how long a sign-in lasts, `None` where
    it has no end; `id_field` and `secret_field` are what the manifest calls an app's id and secret; `program` is the
    command that signs in, and `title` the service's name; `app_grant` is the grant type for a token of an app without
    a user, where there is such a thing; `apps_page` is where people get an app of their own. `user_block` reads who has
    signed in, in the first of `user_names` that its answer has.
    """

    authorize: tuple[str, str]
    token: tuple[str, str]
    lifetime_days: float | None
    id_field: str
    secret_field: str
    program: str
    title: str
    app_grant: str | None = None
    apps_page: str | None = None
    user_block: str | None = None
    user_names: tuple[str, ...] = ()
    error_rules: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @classmethod
    def from_manifest(cls, manifest: Manifest) -> Self | None:
        """How the manifest says it; `None` where its service has no sign-in."""
        for scheme in manifest.data.get("auth", {}).values():
            if declared := scheme.get("sign_in"):
                return cls(
                    authorize=_split(declared["authorize"]),
                    token=_split(declared["token"]),
                    lifetime_days=declared.get("lifetime_days"),
                    id_field=declared["client"]["id"],
                    secret_field=declared["client"]["secret"],
                    program=manifest.command,
                    title=manifest.package.get("title", "The service"),
                    app_grant=declared.get("app", {}).get("grant_type"),
                    apps_page=declared.get("apps_page"),
                    user_block=declared.get("user", {}).get("block"),
                    user_names=tuple(declared.get("user", {}).get("names", ())),
                    error_rules=manifest.data.get("errors", {}),
                )
        return None

    def begin(
        self,
        servers: Mapping[str, str],
        *,
        client_id: str,
        client_secret: str | None,
        scopes: Sequence[str],
        redirect_uri: str,
    ) -> SignInAttempt:
        """A new attempt. `servers` says where each server is, `redirect_uri` where the user is sent back to."""
        from oauthlib.common import generate_token
        from oauthlib.oauth2 import WebApplicationClient

        client = WebApplicationClient(client_id)
        state = generate_token()
        verifier = client.create_code_verifier(_VERIFIER_LENGTH)
        # The library writes https addresses only, and a server on this machine may have another: so only the query.
        address = client.prepare_request_uri(
            "https://service/",
            redirect_uri=redirect_uri,
            scope=list(scopes) or None,
            state=state,
            code_challenge=client.create_code_challenge(verifier, "S256"),
            code_challenge_method="S256",
        )
        server, path = self.authorize
        return SignInAttempt(
            url=f"{servers[server].rstrip('/')}{path}?{urlsplit(address).query}",
            state=state,
            verifier=verifier,
            redirect_uri=redirect_uri,
            client_id=client_id,
            client_secret=client_secret,
            scopes=tuple(scopes),
        )

    def find_refusal(self, attempt: SignInAttempt, send: Send, deadline: Deadline) -> str | None:
        """The service's words where it refuses the attempt before anyone has signed in (a wrong client id, a redirect
        URI that isn't registered); `None` where it doesn't, or can't be asked.

        Otherwise only the browser would show it, and whoever waits for the answer would wait in vain.
        """
        server, path = self.authorize
        query = tuple(parse_qsl(urlsplit(attempt.url).query, keep_blank_values=True))
        try:
            response = send(Request("GET", server, path, query, (("Accept", "text/html"),)), deadline)
        except InvocationFailed:
            return None
        if response.status != 400:
            return None
        page = response.content[:_PAGE_LIMIT].decode("utf-8", "replace")
        text = re.sub(r"(?s)<(style|script|title)\b.*?</\1>|<[^>]*>", " ", page)
        return " ".join(unescape(text).split())[:WORD_LIMIT]

    def finish(
        self,
        attempt: SignInAttempt,
        code: str,
        send: Send,
        deadline: Deadline,
        *,
        name: str,
        quota_mode: QuotaMode = "auto",
        account: str | None = None,
        now: Callable[[], float] = time.time,
    ) -> Connection:
        """Trades `code` for a connection called `name`; `account` is the developer account of its app. Raises
        `InvocationFailed` with the service's words."""
        from oauthlib.oauth2 import WebApplicationClient

        check_name(name)
        client = WebApplicationClient(attempt.client_id)
        body = client.prepare_request_body(
            code=code,
            redirect_uri=attempt.redirect_uri,
            code_verifier=attempt.verifier,
            include_client_id=attempt.client_secret is None,
        )
        began_at = now()
        connection = Connection(name, attempt.client_id, attempt.client_secret, quota_mode=quota_mode)
        secrets = (code, attempt.verifier, *connection.secrets)
        tokens = self._ask(connection, body, f"The sign-in of {name}", send, deadline, secrets)
        return Connection(
            name=name,
            client_id=attempt.client_id,
            client_secret=attempt.client_secret,
            scopes=attempt.scopes if tokens.scopes is None else tokens.scopes,
            access_token=tokens.access_token,
            refresh_token=tokens.refresh_token,
            expires_at=None if tokens.expires_in is None else began_at + tokens.expires_in,
            signed_in_at=began_at,
            quota_mode=quota_mode,
            account=account,
        )

    def refresh(self, connection: Connection, refresh_token: str, send: Send, deadline: Deadline) -> Tokens:
        """New tokens for `refresh_token`, or for the app of a connection without a user, in one request; they may be a
        new refresh token alone. Raises `InvocationFailed`; `reauthorize` says that the refresh token is dead."""
        if connection.is_app:
            return self._ask_for_app(connection, describe_refresh(connection.name), send, deadline)
        from oauthlib.oauth2 import WebApplicationClient

        owner = {} if connection.client_secret is not None else {"client_id": connection.client_id}
        body = WebApplicationClient(connection.client_id).prepare_refresh_body(refresh_token=refresh_token, **owner)
        what, secrets = describe_refresh(connection.name), (refresh_token, *connection.secrets)
        return self._ask(connection, body, what, send, deadline, secrets, old=refresh_token)

    def open_app(self, connection: Connection, send: Send, deadline: Deadline, now: float) -> Connection:
        """`connection`, which is an app's own, with a token, asked for at `now` (s since 1970). Raises
        `InvocationFailed` with the service's words."""
        tokens = self._ask_for_app(connection, f"The sign-in of {connection.name}", send, deadline)
        expires_at = None if tokens.expires_in is None else now + tokens.expires_in
        return replace(connection, access_token=tokens.access_token, expires_at=expires_at)

    def describe_command(self, name: str, *, is_app: bool = False) -> str:
        """What to type in order to sign in (again) under this name; `is_app`: without a user."""
        return f"{self.program} login --name {name}{' --app' if is_app else ''}"

    def warn(self, connection: Connection, now: float) -> str | None:
        """What to say when the sign-in's end is near: within `WARNING_DAYS` of it; `None` before."""
        days = connection.days_left(self.lifetime_days, now)
        if days is None or days > WARNING_DAYS:
            return None
        left = "has ended or ends today" if days == 0 else f"ends in {days} day{'s' if days > 1 else ''}"
        return (
            f"The sign-in of {connection.name} {left}, and refreshing doesn't extend it. Sign in again: "
            f"{self.describe_command(connection.name)}"
        )

    def _ask_for_app(self, connection: Connection, what: str, send: Send, deadline: Deadline) -> Tokens:
        body = urlencode({"grant_type": self.app_grant or "client_credentials"})
        return self._ask(connection, body, what, send, deadline, connection.secrets)

    def _ask(
        self,
        connection: Connection,
        body: str,
        what: str,
        send: Send,
        deadline: Deadline,
        secrets: Sequence[str],
        old: str | None = None,
    ) -> Tokens:
        headers = [("Accept", "application/json"), ("Content-Type", "application/x-www-form-urlencoded")]
        if connection.client_secret is not None:
            pair = f"{connection.client_id}:{connection.client_secret}"
            basic = b64encode(pair.encode()).decode("ascii")
            headers.append(("Authorization", f"Basic {basic}"))
            secrets = (*secrets, basic)
        server, path = self.token
        response = send(Request("POST", server, path, headers=tuple(headers), content=body.encode()), deadline)
        return parse_tokens(response, self.error_rules, what=what, title=self.title, secrets=secrets, old=old)


def describe_refresh(name: str) -> str:
    """What an error during a refresh is about."""
    return f"Refreshing the connection {name}"


def _split(address: str) -> tuple[str, str]:
    server, _, path = address.partition(":")
    return server, quote(path, safe="/")

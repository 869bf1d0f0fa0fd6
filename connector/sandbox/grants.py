"""Authorisation codes, access tokens and refresh tokens.

Rules: Spotify's "Authorization Code", "PKCE" and "Refreshing tokens" pages. Access tokens live 3600 s. Refresh tokens
die six months after the user's sign-in (new apps 2026-06-18, all apps 2026-07-20), and refreshing does not extend that.
With the client secret a refresh answer names no new refresh token; with PKCE it does, and the old one dies.

Tokens are numbered, so that they are the same after every reset, and look like what they are. This module knows
no HTTP.
"""

import hashlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from itertools import count
from typing import Final

ACCESS_LIFE_S: Final = 3600
CODE_LIFE_S: Final = 600
REFRESH_LIFE_S: Final = 183 * 86_400
"""Six months, counted as 183 days."""


class GrantRefused(Exception):
    """A code or refresh token that gives no token.

    Attributes:
        description: the service's own words, e.g. "Refresh token revoked"; the error is `invalid_grant`.
    """

    def __init__(self, description: str) -> None:
        super().__init__(description)
        self.description = description


@dataclass
class Grant:
    """What one sign-in allowed, or with `user` None what an app may do by itself.

    Attributes:
        client_id: the app it was given to.
        user: the user who signed in.
        scopes: what was agreed to.
        signed_in_s: when, in seconds since 1970.
        is_public: whether the app proves itself with PKCE instead of a secret.
        is_revoked: whether the user took it back.
    """

    client_id: str
    user: str | None
    scopes: tuple[str, ...]
    signed_in_s: float
    is_public: bool = False
    is_revoked: bool = False


@dataclass(frozen=True)
class Tokens:
    """An answer of the token endpoint."""

    access_token: str
    grant: Grant
    refresh_token: str | None = None


@dataclass
class _Code:
    grant: Grant
    redirect_uri: str
    challenge: str | None


class Grants:
    """All codes and tokens of one sandbox. Times are sandbox time, in seconds since 1970.

    Attributes:
        rotation_grace_s: how long a refresh token still works after PKCE has replaced it; 0 at the start, for nobody
            has said that the live service has such a grace.
    """

    def __init__(self) -> None:
        self._numbers = {kind: count(1) for kind in ("code", "access", "refresh")}
        self._codes: dict[str, _Code] = {}
        self._access: dict[str, tuple[Grant, float]] = {}
        self._refresh: dict[str, Grant] = {}
        self._dead_refresh: dict[str, float] = {}
        self.rotation_grace_s = 0.0

    def issue_code(self, grant: Grant, redirect_uri: str, challenge: str | None) -> str:
        """A single-use code for a user's agreement, bound to the redirect URI and an S256 challenge (or none)."""
        code = self._next("code")
        self._codes[code] = _Code(grant, redirect_uri, challenge)
        return code

    def redeem(
        self, code: str, client_id: str, redirect_uri: str, verifier: str | None, *, is_public: bool, now_s: float
    ) -> Tokens:
        """Exchange a code.

        Args:
            code: what the redirect carried; it is spent by the first attempt of its own app.
            client_id: the app that asks.
            redirect_uri: the one that the code was asked for with.
            verifier: PKCE's code_verifier; needed exactly where the code has a challenge.
            is_public: whether the app gave no secret.
            now_s: sandbox time.

        Raises:
            GrantRefused: the code is unknown, spent, too old, another app's, or doesn't fit the rest.
        """
        record = self._codes.get(code)
        if record is None or record.grant.client_id != client_id:
            raise GrantRefused("Invalid authorization code")
        del self._codes[code]
        if now_s - record.grant.signed_in_s > CODE_LIFE_S:
            raise GrantRefused("Authorization code expired")
        if record.redirect_uri != redirect_uri:
            raise GrantRefused("Invalid redirect URI")
        if record.challenge != (None if verifier is None else challenge_of(verifier)):
            raise GrantRefused("code_verifier was incorrect")
        record.grant.is_public = is_public
        return self.mint(record.grant, now_s)

    def refresh(self, refresh_token: str, client_id: str, *, is_public: bool, now_s: float) -> Tokens:
        """A new access token; for a public app a new refresh token as well.

        Raises:
            GrantRefused: the token is unknown, another app's, revoked, or older than six months.
        """
        grant = self._refresh.get(refresh_token)
        if grant is None or grant.client_id != client_id or grant.is_public != is_public:
            raise GrantRefused("Invalid refresh token")
        replaced_s = self._dead_refresh.get(refresh_token)
        if grant.is_revoked or (replaced_s is not None and now_s - replaced_s >= self.rotation_grace_s):
            raise GrantRefused("Refresh token revoked")
        if now_s - grant.signed_in_s >= REFRESH_LIFE_S:
            raise GrantRefused("Refresh token expired")
        if not is_public:
            return Tokens(self.mint_access(grant, now_s), grant)
        self._dead_refresh.setdefault(refresh_token, now_s)
        return self.mint(grant, now_s)

    def mint(self, grant: Grant, now_s: float) -> Tokens:
        """A fresh pair of tokens for `grant`."""
        refresh_token = self._next("refresh")
        self._refresh[refresh_token] = grant
        return Tokens(self.mint_access(grant, now_s), grant, refresh_token)

    def mint_access(self, grant: Grant, now_s: float) -> str:
        """A fresh access token for `grant`, good for 3600 s."""
        token = self._next("access")
        self._access[token] = (grant, now_s + ACCESS_LIFE_S)
        return token

    def find_access(self, token: str) -> tuple[Grant, float] | None:
        """Whose access token this is and when it dies (s since 1970); None for one that is unknown or revoked."""
        found = self._access.get(token)
        return None if found is None or found[0].is_revoked else found

    def revoke_all(self) -> None:
        """Take back every grant, as a user does who removes the app from their account."""
        for grant in self._every_grant():
            grant.is_revoked = True

    def narrow(self, scopes: tuple[str, ...]) -> None:
        """Give every user's grant exactly these scopes."""
        for grant in self._every_grant():
            if grant.user is not None:
                grant.scopes = scopes

    def _every_grant(self) -> list[Grant]:
        codes = (code.grant for code in self._codes.values())
        return [*codes, *(grant for grant, _ in self._access.values()), *self._refresh.values()]

    def _next(self, kind: str) -> str:
        return f"sandbox-{kind}-{next(self._numbers[kind]):06}"


def challenge_of(verifier: str) -> str:
    """The S256 challenge of a PKCE code_verifier (RFC 7636, section 4.2)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()

"""`Connection`: one user's sign-in with one app, or an app's own without a user, as a value.

It holds secrets, so its repr names it and its state only, and no error here repeats a value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final, Self, get_args

from connector.errors import ErrorDetail, FieldProblem, InvocationFailed
from connector.manifest.routes import QuotaMode

DAY_S: Final = 86_400
DEFAULT_NAME: Final = "default"
#: A regular expression that the whole of a connection's name matches.
NAME_PATTERN: Final = "[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}"
_NAME: Final = re.compile(NAME_PATTERN)
_NAME_FITS: Final = "1 to 64 letters, digits and . _ @ + -, beginning with a letter or a digit"


def check_name(name: str) -> str:
    """`name`, if a connection may have it; raises `InvocationFailed` (`invalid_fields`) else.

    Names become file names and keys in stores, so nothing that could lead elsewhere may stand in one.
    """
    if isinstance(name, str) and _NAME.fullmatch(name):
        return name
    problem = FieldProblem("connection", "is no name that a connection can have", _NAME_FITS)
    raise InvocationFailed(
        ErrorDetail("invalid_fields", f"A connection's name must be {_NAME_FITS}.", fields=(problem,))
    )


def check_account(account: str) -> str:
    """`account`, if a developer account may be called so; raises `InvocationFailed` (`invalid_fields`) else."""
    if _is_account(account):
        return account
    problem = FieldProblem("account", "is no name that an account can have", ACCOUNT_FITS)
    raise InvocationFailed(
        ErrorDetail("invalid_fields", f"An account's name must be {ACCOUNT_FITS}.", fields=(problem,))
    )


@dataclass(frozen=True, slots=True, repr=False)
class Connection:
    """What one sign-in gave.

    `client_secret` is `None` for an app that proves itself by PKCE alone. `scopes` are those that were granted, `None`
    where that isn't known. `expires_at` (of the access token), `signed_in_at` and `refused_at` are seconds since 1970.
    `refused_token` is a refresh token that the service has refused; it is kept aside until the next sign-in, because
    a service in trouble may refuse a token that lives. `account` names the developer account to which the app belongs,
    where several apps of one share the day's calls. `is_app`: it is the app's own, for no user, and the app's secret is
    all that a new token takes.
    """

    name: str
    client_id: str
    client_secret: str | None = None
    scopes: tuple[str, ...] | None = None
    access_token: str | None = None
    refresh_token: str | None = None
    expires_at: float | None = None
    signed_in_at: float | None = None
    quota_mode: QuotaMode = "auto"
    refused_token: str | None = None
    refused_at: float | None = None
    account: str | None = None
    is_app: bool = False

    def __repr__(self) -> str:
        if self.is_app:
            return f"<Connection {self.name}: app without a user>"
        proof = "PKCE" if self.client_secret is None else "client secret"
        state = "refused" if self.refused_token else "can be refreshed" if self.refresh_token else "access token only"
        return f"<Connection {self.name}: {proof}, {state}>"

    def cleaned(self) -> Self:
        """The same without spaces and line ends around what is sent.

        Raises `InvocationFailed` (`invalid_fields`) for values of which no request can be made.
        """
        try:
            # An app that needs no id is none that can be kept, but one that can be called for.
            clean = self.from_dict({**self.to_dict(), "client_id": self.client_id or "none"})
        except ValueError as error:
            problem = FieldProblem("connection", f"can't be used: {error}")
            raise InvocationFailed(
                ErrorDetail("invalid_fields", f"The connection can't be used: {error}.", fields=(problem,))
            ) from None
        return clean if self.client_id else replace(clean, client_id=self.client_id)

    @property
    def secrets(self) -> tuple[str, ...]:
        """Everything in it that must not be shown."""
        found = (self.client_secret, self.access_token, self.refresh_token, self.refused_token)
        return tuple(secret for secret in found if secret)

    def is_alive(self, now: float, margin_s: float = 0.0) -> bool:
        """Whether the access token lives at `now` (s since 1970) and for `margin_s` more seconds.

        One whose end isn't known is taken to live until the service says otherwise.
        """
        return self.access_token is not None and (self.expires_at is None or now + margin_s < self.expires_at)

    def ends_at(self, lifetime_days: float | None) -> float | None:
        """When the sign-in ends, in seconds since 1970; `None` where that isn't known. `lifetime_days` is how long a
        sign-in lasts."""
        if lifetime_days is None or self.signed_in_at is None or self.is_app:
            return None
        return self.signed_in_at + lifetime_days * DAY_S

    def days_left(self, lifetime_days: float | None, now: float) -> int | None:
        """Whole days until the sign-in ends at `now` (s since 1970), 0 on its last day and after it."""
        ends_at = self.ends_at(lifetime_days)
        return None if ends_at is None else max(0, int((ends_at - now) // DAY_S))

    def to_dict(self) -> dict[str, Any]:
        """What a store keeps: JSON values, without what is `None` or not so. It holds the secrets."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        if self.scopes is not None:
            values["scopes"] = list(self.scopes)
        return {name: value for name, value in values.items() if value is not None and value is not False}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any], name: str | None = None) -> Self:
        """The connection that `to_dict` wrote, or that a person did; `name` wins over the one in `values`.

        Scopes may also be text with spaces, and secrets may have the line end that a file left behind them. Raises
        `ValueError`, which names the key and never repeats a value.
        """
        given = dict(values) if isinstance(values, Mapping) else {"": None}
        kept = {key: value for key, value in {**given, "name": name or given.get("name")}.items() if value is not None}
        kept.setdefault("name", DEFAULT_NAME)
        kept |= {key: kept[key].strip() for key in _SENT if isinstance(kept.get(key), str)}
        if problem := _find_problem(given, kept):
            raise ValueError(problem)
        scopes = kept.get("scopes")
        if scopes is not None:
            kept["scopes"] = tuple(scopes.split() if isinstance(scopes, str) else scopes)
        try:
            check_name(kept["name"])
        except InvocationFailed as failure:
            raise ValueError(str(failure)) from None
        return cls(**kept)


#: What the name of a developer account may be.
ACCOUNT_FITS: Final = "1 to 100 letters, digits and signs, and no spaces around it"


def _is_account(name: str) -> bool:
    return 0 < len(name) <= 100 and name.isprintable() and name == name.strip()


_TYPES: Final[Mapping[str, Any]] = {
    **dict.fromkeys(("name", "client_id", "client_secret", "access_token", "refresh_token"), str),
    "scopes": list | tuple | str,
    "expires_at": int | float,
    "signed_in_at": int | float,
    "quota_mode": str,
    "refused_token": str,
    "refused_at": int | float,
    "account": str,
    "is_app": bool,
}


#: What is sent as it is.
_SENT: Final = ("client_id", "client_secret", "access_token", "refresh_token", "refused_token")
#: The end of the year 9999, in seconds since 1970.
_LAST_S: Final = 253_402_300_799


def _find_problem(given: Mapping[str, Any], kept: Mapping[str, Any]) -> str | None:
    """What is wrong with a connection's values, by its key and without the value; `None` where nothing is."""
    if "" in given:
        return "a connection is a JSON object"
    if unknown := given.keys() - _TYPES.keys():
        return f"a connection has no {', '.join(sorted(map(str, unknown)))}; it has {', '.join(_TYPES)}"
    for key, value in kept.items():
        if isinstance(value, bool) != (_TYPES[key] is bool) or not isinstance(value, _TYPES[key]):
            return f"{key} has the wrong type"
    for key in ("expires_at", "signed_in_at", "refused_at"):
        if not 0 <= kept.get(key, 0) <= _LAST_S:
            return f"{key} is no time in seconds since 1970"
    for key in _SENT:
        if not kept.get(key, "").isprintable():
            return f"{key} has line breaks or letters that can't be sent"
    if kept.get("is_app") and not kept.get("client_secret"):
        return "client_secret is missing, without which an app has no token of its own"
    if not _is_account(kept.get("account", "one")):
        return f"account is no name: it must be {ACCOUNT_FITS}"
    if isinstance(scopes := kept.get("scopes"), list | tuple) and not all(isinstance(each, str) for each in scopes):
        return "scopes has an entry of the wrong type"
    if kept.get("quota_mode", "auto") not in get_args(QuotaMode):
        return f"quota_mode is none of {', '.join(get_args(QuotaMode))}"
    return None if kept.get("client_id") else "client_id is missing"

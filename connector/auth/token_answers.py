"""The token endpoint's answer → `Tokens`, or why there are none, by the manifest's rules for errors."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, TypeGuard
from urllib.parse import parse_qsl

from connector.errors import ErrorDetail, InvocationFailed
from connector.sending.service_errors import read_error

if TYPE_CHECKING:
    from connector.wire.transport import Response

#: Ten years, in seconds: no access token lives longer, and what says so is no time.
_LONGEST_S: Final = 10 * 365 * 86_400


@dataclass(frozen=True, slots=True, repr=False)
class Tokens:
    """What the token endpoint gave. `refresh_token` is `None` where the old one stays, `expires_in` (s) and `scopes`
    are where the answer says nothing of them that makes sense. `lack` is the error where there is no access token, but
    a new refresh token, which is not to be lost: the old one may be dead."""

    access_token: str
    refresh_token: str | None = None
    expires_in: float | None = None
    scopes: tuple[str, ...] | None = None
    lack: ErrorDetail | None = None


def parse_tokens(
    response: Response,
    rules: Mapping[str, Any],
    *,
    what: str,
    title: str,
    secrets: Sequence[str],
    old: str | None = None,
) -> Tokens:
    """The tokens in `response`.

    `rules` is the manifest's `errors`; `what` says for whom and what for, `title` who answered. `old` is the refresh
    token that was asked with; only where it is given may the tokens be a new refresh token alone. Raises
    `InvocationFailed`, of kind `reauthorize` where the grant is dead, with the service's own words but no `secrets`.
    """
    if response.status >= 400:
        error = read_error(response, rules)
        advice = error.rule.get("hint", "")
        raise error.fail(error.kind, what=what, title=title, advice=advice, secrets=secrets)
    try:
        if not 200 <= response.status < 300:
            raise ValueError("redirects are not followed")  # noqa: TRY301 - one answer for all that is no token
        tokens = _read_tokens(_parse_body(response.content))
        if not tokens.access_token and (old is None or tokens.refresh_token in (None, old)):
            raise ValueError("no access token")  # noqa: TRY301
    except (ValueError, RecursionError):
        # The answer isn't repeated, for it may hold tokens.
        message = f"{what}: {title} answered {response.status}, but with no token; a proxy may be in between."
        raise InvocationFailed(ErrorDetail("bad_answer", message, status=response.status)) from None
    if tokens.access_token:
        return tokens
    message = f"{what}: {title} answered {response.status} with a new refresh token, but no access token; call again."
    return replace(tokens, lack=ErrorDetail("bad_answer", message, status=response.status))


def _parse_body(content: bytes) -> Mapping[str, Any]:
    """The fields of an answer: a JSON object, or a form as some services give it.

    A number that is none and a letter in another encoding cost nobody the tokens beside them, of which the old one may
    be dead already.
    """
    try:
        text = content.decode(json.detect_encoding(content), "replace")
        found = json.loads(text, parse_int=_read_number, parse_constant=lambda _: None)
    except ValueError:
        found = dict(parse_qsl(content.decode("ascii", "replace")))
    if not isinstance(found, dict):
        raise ValueError("no object")  # noqa: TRY004 - the caller asks for one kind of error
    return found


def _read_tokens(found: Mapping[str, Any]) -> Tokens:
    access, refresh, scope = found.get("access_token"), found.get("refresh_token"), found.get("scope")
    if not _can_be_sent(refresh or "") or not found.keys() & {"access_token", "token_type"}:
        raise ValueError("a token is text")
    if isinstance(scope, list) and all(isinstance(each, str) for each in scope):
        scope = " ".join(scope)
    return Tokens(
        access_token=access if _can_be_sent(access) else "",
        refresh_token=refresh or None,
        expires_in=_read_lifetime(found.get("expires_in")),
        scopes=tuple(scope.split()) if _can_be_sent(scope) else None,
    )


def _can_be_sent(token: Any) -> TypeGuard[str]:
    return isinstance(token, str) and token.isascii() and token.isprintable()


def _read_lifetime(value: Any) -> float | None:
    """Seconds, which some services write as text. What can be no lifetime says nothing, and costs no token: that is
    used as long as it works."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    seconds = _read_number(value)
    return seconds if seconds is not None and 0 < seconds <= _LONGEST_S else None


def _read_number(value: int | float | str) -> float | None:
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None

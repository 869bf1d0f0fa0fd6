"""The token endpoint's answer → `Tokens`, or why there are none, by the manifest's rules for errors.

The library is `oauthlib`, for answers that are well; what is wrong with the others, the manifest's `errors` say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from connector.errors import ErrorDetail, InvocationFailed
from connector.sending.service_errors import read_error

if TYPE_CHECKING:
    from connector.wire.transport import Response


@dataclass(frozen=True, slots=True, repr=False)
class Tokens:
    """What the token endpoint gave. `refresh_token` is `None` where the old one stays, `expires_in` is in seconds."""

    access_token: str
    refresh_token: str | None = None
    expires_in: float | None = None
    scopes: tuple[str, ...] | None = None


def parse_tokens(
    response: Response, rules: Mapping[str, Any], *, what: str, title: str, secrets: Sequence[str]
) -> Tokens:
    """The tokens in `response`.

    `rules` is the manifest's `errors`; `what` says for whom and what for, `title` who answered. Raises
    `InvocationFailed`, of kind `reauthorize` where the grant is dead, with the service's own words but no `secrets`.
    """
    if response.status >= 400:
        error = read_error(response, rules)
        advice = error.rule.get("hint", "")
        raise error.fail(error.kind, what=what, title=title, advice=advice, secrets=secrets)
    from oauthlib.oauth2 import OAuth2Error, WebApplicationClient

    try:
        if not 200 <= response.status < 300:
            raise ValueError("redirects are not followed")  # noqa: TRY301 - one answer for all that is no token
        found = WebApplicationClient("").parse_request_body_response(response.content.decode())
        access, refresh = found["access_token"], found.get("refresh_token")
        if not isinstance(access, str) or not isinstance(refresh, str | None):
            raise ValueError("a token is text")  # noqa: TRY301, TRY004 - as above
    except (OAuth2Error, ValueError, TypeError, KeyError, AttributeError, RecursionError, Warning):
        # What the library says may repeat the answer, which holds the tokens.
        message = f"{what}: {title} answered {response.status}, but with no token; a proxy may be in between."
        raise InvocationFailed(ErrorDetail("bad_answer", message, status=response.status)) from None
    # The library has made a list of it.
    granted = found.get("scope")
    return Tokens(
        access_token=access,
        refresh_token=refresh or None,
        expires_in=float(found["expires_in"]) if found.get("expires_in") is not None else None,
        scopes=None if granted is None else tuple(scope for scope in granted if scope),
    )

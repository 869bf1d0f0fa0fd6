"""The token endpoint's answer → `Tokens`, or why there are none, by the manifest's rules for errors.

The library is `oauthlib`, for answers that are well; what is wrong with the others, the manifest's `errors` say.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from connector.errors import ErrorDetail, InvocationFailed
from connector.sending.answers import follow, parse_retry_after, scrub

if TYPE_CHECKING:
    from connector.wire.transport import Response

_TEXT_LIMIT: Final = 300
_BY_STATUS: Final = {401: "unauthorized", 403: "forbidden", 429: "rate_limited"}


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
        raise InvocationFailed(_parse_error(response, rules, what, title, secrets))
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


def _parse_error(
    response: Response, rules: Mapping[str, Any], what: str, title: str, secrets: Sequence[str]
) -> ErrorDetail:
    body: Any
    try:
        body = scrub(json.loads(response.content), secrets)
    except (ValueError, RecursionError):
        body = scrub(response.content.decode("utf-8", "replace").strip(), secrets)[:_TEXT_LIMIT]
    said = _find_message(body, rules.get("message", ()))
    code = body.get("error") if isinstance(body, dict) else None
    rule: Mapping[str, Any] = next(
        (
            rule
            for rule in rules.get("rules", ())
            if rule["status"] == response.status
            and rule.get("code", code) == code
            and rule.get("text", "") in said.lower()
        ),
        {},
    )
    fallback = "server_error" if response.status >= 500 else _BY_STATUS.get(response.status, "bad_request")
    words = f"{what}: {title} answered {response.status}" + (f": {said.rstrip('.')}." if said else ".")
    return ErrorDetail(
        rule.get("kind", fallback),
        f"{words} {rule.get('hint', '')}".strip(),
        status=response.status,
        retry_after=parse_retry_after(response.headers.get("Retry-After")) if response.status in (429, 503) else None,
        body=body,
    )


def _find_message(body: Any, paths: Sequence[str]) -> str:
    """What a person may read of it; a page of HTML is nothing that a message should repeat."""
    if isinstance(body, str):
        return "" if "<" in body else " ".join(body.split())
    found = (follow(body, path.split(".")) for path in paths)
    return next((text for text in found if isinstance(text, str)), "")

"""A server's answer → the output, or why there is none. Status and text become an error kind here and nowhere else.

The service's own ways come from the manifest (`errors`): where its message stands and which texts mean something
special. Everything else follows from the status alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from connector.errors import ErrorDetail, InvocationFailed
from connector.manifest.blocks import Block, Route
from connector.manifest.manifest import Manifest

if TYPE_CHECKING:
    from connector.wire.transport import Response

_BY_STATUS: Final = {
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    410: "not_found",
    429: "rate_limited",
}
#: Answers that only a request with conditions or a range asks for, and none here has those (RFC 9110, 15.3.7, 15.4.5).
_UNASKED: Final[Mapping[int, str]] = {
    206: "a part of the answer, though all of it was asked for; a cache or proxy in between may be at fault.",
    304: "nothing has changed, though no one asked; a cache or proxy in between may be at fault.",
}
_TEXT_LIMIT: Final = 500


def parse_answer(response: Response, block: Block, route: Route, manifest: Manifest, secrets: Sequence[str]) -> Any:
    """The JSON value that the service answered, `{}` for an empty answer.

    Raises `InvocationFailed` for an error status and for an answer that can't be understood; what the service said is
    kept in the error, without `secrets`.
    """
    status = response.status
    if status in _UNASKED:
        raise InvocationFailed(
            ErrorDetail("bad_answer", f"{block.name}: the server answered {status}, {_UNASKED[status]}", status=status)
        )
    if 200 <= status < 300:
        return _parse_json(response, block)
    if status < 400:
        raise InvocationFailed(
            ErrorDetail(
                "bad_answer",
                f"{block.name}: the server answered {status}, which leads elsewhere; redirects are not "
                "followed, so that the token stays where it belongs. Check the server's address.",
                status=status,
            )
        )
    body = _parse_body(response.content, secrets)
    raise InvocationFailed(_parse_error(response, body, block, route, manifest))


def parse_retry_after(value: str | None, now: datetime | None = None) -> float | None:
    """Seconds to wait from a Retry-After header: seconds or an HTTP date (RFC 9110, 10.2.3), else `None`.

    More than 30 years are taken for 30 years, which is as good as never and still a number to calculate with.
    """
    if value is None:
        return None
    if value.strip().isdecimal():
        return min(float(value), 1e9)
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - (now or datetime.now(UTC))).total_seconds())


def scrub(value: Any, secrets: Sequence[str]) -> Any:
    """`value` with every secret in its texts masked, as it is and as it stands in a form."""
    forms = {form for secret in secrets for form in (secret, quote(secret, safe=""))}
    # The longest first: a secret may be part of another one.
    return _mask(value, sorted(forms, key=len, reverse=True))


def _mask(value: Any, forms: Sequence[str]) -> Any:
    if isinstance(value, str):
        for form in forms:
            value = value.replace(form, "***")
        return value
    if isinstance(value, list):
        return [_mask(entry, forms) for entry in value]
    if isinstance(value, dict):
        return {_mask(key, forms): _mask(entry, forms) for key, entry in value.items()}
    return value


def _parse_json(response: Response, block: Block) -> Any:
    if not response.content.strip():
        return {}
    # Loaded with the first answer: who only looks blocks up reads none.
    from connector.wire.json_bodies import parse_json

    try:
        return parse_json(response.content)
    except (ValueError, RecursionError):
        kind = response.headers.get("Content-Type", "an unknown type")
        message = (
            f"{block.name}: the server's answer ({response.status}, {kind}) is no JSON; a proxy may be in between."
        )
        raise InvocationFailed(ErrorDetail("bad_answer", message, status=response.status)) from None


def _parse_body(content: bytes, secrets: Sequence[str]) -> Any:
    try:
        return scrub(json.loads(content), secrets)
    except (ValueError, RecursionError):
        return scrub(content.decode("utf-8", "replace").strip(), secrets)[:_TEXT_LIMIT]


def _parse_error(response: Response, body: Any, block: Block, route: Route, manifest: Manifest) -> ErrorDetail:
    status = response.status
    rules = manifest.data.get("errors", {})
    said = _find_message(body, rules.get("message", ()))
    rule = _find_rule(status, body, said, rules.get("rules", ()))
    kind = rule["kind"] if rule else _kind_of(status, said, route, rules.get("closed"))
    advice = rule["hint"] if rule else _advise(kind, block, manifest)
    if rule and rule.get("scopes") and block.scopes:
        advice = f"{describe_scopes(block, block.scopes, manifest)} {advice}"
    service = manifest.package.get("title", "The service")
    words = f"{service} answered {status}" + (f": {said.rstrip('.')}." if said else ".")
    return ErrorDetail(
        kind,
        f"{block.name}: {words} {advice}".strip(),
        status=status,
        retry_after=parse_retry_after(response.headers.get("Retry-After")) if status in (429, 503) else None,
        body=body,
    )


def _kind_of(status: int, said: str, route: Route, closed_texts: Sequence[str] | None) -> str:
    if "development" in route.closed and _means_closed(status, said, route, closed_texts):
        return "unavailable"
    if status >= 500:
        return "server_error"
    return _BY_STATUS.get(status, "bad_request")


def _means_closed(status: int, said: str, route: Route, closed_texts: Sequence[str] | None) -> bool:
    """Whether an endpoint that is closed to some apps says so; a refusal for any other reason has other words."""
    if status == 403:
        return closed_texts is None or not said or said.rstrip(".").lower() in closed_texts
    # A 404 on an address with an id in it says that the id is unknown; without one it can only be the endpoint.
    return status == 410 or (status == 404 and not route.path_fields)


def describe_scopes(block: Block, scopes: Sequence[str], manifest: Manifest, connection: str | None = None) -> str:
    """Which `scopes` the block needs, and the command by which a user grants them (for `connection`, where named)."""
    name = f" --name {connection}" if connection else ""
    link = " or " if block.scopes_needed == "any" else " and "
    return (
        f"It needs the scope {link.join(scopes)}: "
        f"`{manifest.command} login{name} --for {block.name}` asks the user for it."
    )


def _advise(kind: str, block: Block, manifest: Manifest) -> str:
    if kind == "unavailable":
        return describe_closed(block, manifest)
    return _ADVICE[kind]


def describe_closed(block: Block, manifest: Manifest) -> str:
    """Since when a block is closed to development mode, for whom it works, and what does the job instead."""
    since = block.closed_since("development") or max(route.closed.get("development", "") for route in block.routes)
    words = (
        f"{manifest.package.get('title', 'The service')} closed this to apps in development mode on {since}; "
        "it works for apps in extended quota mode."
    )
    return f"{words} Instead: {block.instead}" if block.instead else words


_ADVICE: Final[Mapping[str, str]] = {
    "unauthorized": "Get a new access token, or let the user sign in again.",
    "forbidden": "The app or the user lacks the right to do this.",
    "not_found": "Check the ids; what they name may have been removed.",
    "bad_request": "Check the fields' values.",
    "rate_limited": "Call again when retry_after is over, not before: earlier calls make it longer.",
    "server_error": "The trouble is on the service's side; call again later.",
}


def _find_message(body: Any, paths: Iterable[str]) -> str:
    if isinstance(body, str):
        return body
    for path in paths:
        if isinstance(found := follow(body, path.split(".")), str):
            return found
    return ""


def _find_rule(status: int, body: Any, said: str, rules: Iterable[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    code = body.get("error") if isinstance(body, dict) else None
    for rule in rules:
        if rule["status"] != status or rule.get("code", code) != code:
            continue
        if rule.get("text", "") in said.lower():
            return rule
    return None


def follow(value: Any, path: Iterable[str]) -> Any:
    """What stands at `path` in a JSON value; `None` where nothing does."""
    for step in path:
        if not isinstance(value, dict):
            return None
        value = value.get(step)
    return value

"""A service's error answer → its words, the manifest's rule for it, the error kind and what to do next.

Status and text become an error kind here and nowhere else, whoever answered: the service's interface or the server
that gives out tokens. The service's own ways come from the manifest (`errors`): where its message stands and which
texts mean something special. Everything else follows from the status alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final

from connector.errors import ErrorDetail
from connector.manifest.blocks import Block, Route
from connector.manifest.closed_blocks import tell_closed
from connector.manifest.dotted_paths import find_text
from connector.manifest.manifest import Manifest
from connector.sending.masking import mask

if TYPE_CHECKING:
    from connector.wire.transport import Response

_BY_STATUS: Final = {
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    410: "not_found",
    429: "rate_limited",
}
_ADVICE: Final[Mapping[str, str]] = {
    "unauthorized": "Get a new access token, or let the user sign in again.",
    "forbidden": "The app or the user lacks the right to do this.",
    "not_found": "Check the ids; what they name may have been removed.",
    "bad_request": "Check the fields' values.",
    "rate_limited": "Call again when retry_after is over, not before: earlier calls make it longer.",
    "server_error": "The trouble is on the service's side; call again later.",
}
_TEXT_LIMIT: Final = 500


@dataclass(frozen=True, slots=True, repr=False)
class ServiceError:
    """An error answer as the service gave it: `status`, `retry_after` (s), `body` (JSON value or text) and the
    `message` in it, empty where there is none; `rule` is the manifest's word on it, empty where it has none.

    It may hold secrets: only `describe` makes something to be shown.
    """

    status: int
    retry_after: float | None
    body: Any
    message: str
    rule: Mapping[str, Any]

    @property
    def kind(self) -> str:
        """The error kind by the manifest's rule, else by the status."""
        if self.rule:
            return str(self.rule["kind"])
        return "server_error" if self.status >= 500 else _BY_STATUS.get(self.status, "bad_request")

    def describe(self, kind: str, *, what: str, title: str, advice: str, secrets: Sequence[str]) -> ErrorDetail:
        """The error without `secrets`: `what` says what failed, `title` who answered, `advice` what to do next."""
        said = mask(self.message, secrets)
        words = f"{what}: {title} answered {self.status}" + (f": {said.rstrip('.')}." if said else ".")
        try:
            body = mask(self.body, secrets)
        except RecursionError:
            # What is nested so deeply tells nobody anything.
            body = None
        return ErrorDetail(
            kind,
            f"{words} {advice}".strip(),
            status=self.status,
            retry_after=self.retry_after,
            body=body[:_TEXT_LIMIT] if isinstance(body, str) else body,
        )


def read_error(response: Response, declared: Mapping[str, Any]) -> ServiceError:
    """What an answer of status 400 or more says; `declared` is the manifest's `errors`."""
    status = response.status
    body: Any
    try:
        body = json.loads(response.content)
    except (ValueError, RecursionError):
        body = response.content.decode("utf-8", "replace").strip()
    message = _read_text(body) if isinstance(body, str) else find_text(body, declared.get("message", ()))
    code = body.get("error") if isinstance(body, dict) else None
    rules = (
        rule
        for rule in declared.get("rules", ())
        if rule["status"] == status and rule.get("code", code) == code and rule.get("text", "") in message.lower()
    )
    retry_after = parse_retry_after(response.headers.get("Retry-After")) if status in (429, 503) else None
    return ServiceError(status, retry_after, body, message, next(rules, {}))


def explain_error(
    response: Response, block: Block, route: Route, manifest: Manifest, secrets: Sequence[str]
) -> ErrorDetail:
    """Why the service refused what `block` asked for by `route`, and what to do next."""
    error = read_error(response, manifest.data.get("errors", {}))
    kind = error.kind
    if not error.rule and "development" in route.closed:
        kind = "unavailable" if _means_closed(error, route, manifest.data.get("errors", {}).get("closed")) else kind
    if error.rule:
        advice = error.rule["hint"]
        if error.rule.get("scopes") and block.scopes:
            advice = f"{describe_scopes(block, block.scopes, manifest)} {advice}"
    else:
        advice = " ".join(tell_closed(block, route.closed)) if kind == "unavailable" else _ADVICE[kind]
    title = manifest.package.get("title", "The service")
    return error.describe(kind, what=block.name, title=title, advice=advice, secrets=secrets)


def describe_scopes(block: Block, scopes: Sequence[str], manifest: Manifest, connection: str | None = None) -> str:
    """Which `scopes` the block needs, and the command by which a user grants them (for `connection`, where named)."""
    name = f" --name {connection}" if connection else ""
    link = " or " if block.scopes_needed == "any" else " and "
    return (
        f"It needs the scope {link.join(scopes)}: "
        f"`{manifest.command} login{name} --for {block.name}` asks the user for it."
    )


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


def _means_closed(error: ServiceError, route: Route, closed_texts: Sequence[str] | None) -> bool:
    """Whether an endpoint that is closed to some apps says so; a refusal for any other reason has other words."""
    if error.status == 403:
        return closed_texts is None or not error.message or error.message.rstrip(".").lower() in closed_texts
    # A 404 on an address with an id in it says that the id is unknown; without one it can only be the endpoint.
    return error.status == 410 or (error.status == 404 and not route.path_fields)


def _read_text(body: str) -> str:
    """What a person may read of a text; a page of HTML is nothing that a message should repeat."""
    return "" if "<" in body else " ".join(body[:_TEXT_LIMIT].split())

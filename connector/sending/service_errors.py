"""A service's error answer → its words, the manifest's rule for it, the error kind and what to do next.

Status and text become an error kind here and nowhere else, whoever answered: the service's interface or the server
that gives out tokens. The service's own ways come from the manifest (`errors`): where its message stands and which
texts mean something special. Everything else follows from the status alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final

from connector.errors import ErrorDetail, ErrorKind, InvocationFailed
from connector.manifest.blocks import Block
from connector.manifest.closed_blocks import tell_closed
from connector.manifest.dotted_paths import find_text
from connector.manifest.manifest import Manifest
from connector.manifest.routes import Route
from connector.sending.masking import mask
from connector.sending.missing_scopes import describe_needs

if TYPE_CHECKING:
    from connector.arguments.validation import Args
    from connector.wire.transport import Response

_BY_STATUS: Final[Mapping[int, ErrorKind]] = {
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    # What came late or too early was not looked at (RFC 9110, 15.5.9; RFC 8470, 5.2): the fields are not at fault.
    408: "server_error",
    425: "server_error",
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
_ADVICE_BY_STATUS: Final[Mapping[int, str]] = {
    408: "The request did not arrive whole in time; call again.",
    425: "The service took the request for one that may have been sent twice; call again.",
}
#: The longest words of the service that a message repeats, and the longest text that an error keeps, in characters.
_WORDS_LIMIT: Final = 300
_TEXT_LIMIT: Final = 500
#: The largest JSON value that an error keeps whole, in characters and in depth.
_VALUE_LIMIT: Final = 10_000
_DEPTH_LIMIT: Final = 20
#: Thirty years, in seconds.
_NEVER_S: Final = 1e9
_SECONDS: Final = re.compile(r"[0-9]+(\.[0-9]*)?")
#: What pages begin with and are made of; other words may stand in angle brackets too.
_MARKUP: Final = re.compile(
    r"<(?:!doctype|!--|\?xml|/?(?:html|head|body|title|meta|style|script|div|span|center|pre|table|font|h[1-6]|p|a|b|hr|br)\b)",
    re.IGNORECASE,
)
_WORD: Final = re.compile(r"[A-Za-z0-9_.-]{1,64}")


@dataclass(frozen=True, slots=True, repr=False)
class ServiceError:
    """An error answer as the service gave it: `status`, `retry_after` (s), `body` (JSON value or text; `None` for a
    page of HTML), the `message` in it in one line and its one-word `code`, both empty where there is none; `rule` is
    the manifest's word on it, empty where it has none.

    It may hold secrets and be long: only `fail` makes something to be shown.
    """

    status: int
    retry_after: float | None
    body: Any
    message: str
    code: str
    rule: Mapping[str, Any]

    @property
    def kind(self) -> ErrorKind:
        """The error kind by the manifest's rule, else by the status."""
        if self.rule:
            kind: ErrorKind = self.rule["kind"]
            return kind
        return "server_error" if self.status >= 500 else _BY_STATUS.get(self.status, "bad_request")

    def fail(self, kind: ErrorKind, *, what: str, title: str, advice: str, secrets: Sequence[str]) -> InvocationFailed:
        """The error, to be raised, without `secrets`: `what` says what failed, `title` who answered, `advice` what to
        do next."""
        said = _cut(mask(self.message, secrets), _WORDS_LIMIT).rstrip(".")
        words = f"{what}: {title} answered {self.status}" + (f": {said}." if said else ".")
        # A code that the manifest writes is no secret, whatever the secrets are.
        reason = self.rule.get("code") or mask(self.code, secrets)
        detail = ErrorDetail(
            kind,
            f"{words} {advice}".strip(),
            status=self.status,
            retry_after=self.retry_after,
            body=_shorten(self.body, secrets),
            reason=reason.lower() or None,
        )
        return InvocationFailed(detail, is_lasting=self.rule.get("lasting", False))


def read_error(response: Response, declared: Mapping[str, Any], request: str = "") -> ServiceError:
    """What an answer of status 400 or more says; `declared` is the manifest's `errors`, `request` the route's name."""
    # Loaded with the first answer: who only looks blocks up reads none.
    from connector.wire.json_bodies import parse_json

    status = response.status
    body: Any
    try:
        body = parse_json(response.content)
    except (ValueError, RecursionError):
        text = response.content.decode("utf-8", "replace").strip()
        body = None if holds_markup(text) else text
    found = body if isinstance(body, str) else find_text(body, declared.get("message", ()))
    message = "" if holds_markup(found) else to_line(found)
    code = find_text(body, declared.get("code", ()))
    rules = (
        rule
        for rule in declared.get("rules", ())
        if rule["status"] == status
        and rule.get("code", code) == code
        and rule.get("text", "") in message.lower()
        and request in rule.get("requests", (request,))
    )
    return ServiceError(
        status,
        _read_retry_after(response) if status in (429, 503) else None,
        body,
        message,
        code if _WORD.fullmatch(code) else "",
        next(rules, {}),
    )


def refuse(
    response: Response,
    block: Block,
    route: Route,
    manifest: Manifest,
    secrets: Sequence[str],
    whole: tuple[Block, Args],
) -> InvocationFailed:
    """What is raised where the service refused what `block` asked for by `route`: why, and what to do next. The `whole`
    is what the user runs, the block or one that it is a part of, with what it was given."""
    declared = manifest.data.get("errors", {})
    if route.consent:
        return _refuse_substitute(
            read_error(response, {"message": declared.get("message", ())}), block, route, manifest
        )
    error = read_error(response, declared, route.name)
    kind = error.kind
    if not error.rule and "development" in route.closed:
        kind = "unavailable" if _means_closed(error, route, manifest.data.get("errors", {}).get("closed")) else kind
    if error.rule:
        advice = error.rule["hint"]
        if error.rule.get("scopes") and (needs := whole[0].find_needs(whole[1])):
            advice = f"{describe_needs(whole[0], needs, manifest)} {advice}"
    else:
        by_status = _ADVICE_BY_STATUS.get(error.status)
        closed = " ".join(tell_closed(block, route.closed)) if kind == "unavailable" else None
        advice = closed or by_status or _ADVICE[kind]
    title = manifest.title_of(route.server)
    return error.fail(kind, what=block.name, title=title, advice=advice, secrets=secrets)


def _refuse_substitute(error: ServiceError, block: Block, route: Route, manifest: Manifest) -> InvocationFailed:
    """What is raised where a substitute refused. It is told no secret, and what it says of who calls is no word on the
    user's sign-in."""
    kind: ErrorKind = "unavailable" if error.kind in ("unauthorized", "forbidden") else error.kind
    advice = _ADVICE.get(kind, "The substitute takes no calls from here; turn it off where that stays so.")
    return error.fail(kind, what=block.name, title=manifest.title_of(route.server), advice=advice, secrets=())


def parse_retry_after(value: str | None, now: datetime | None = None) -> float | None:
    """Seconds to wait from a Retry-After header: seconds, a part of one included, or an HTTP date (RFC 9110, 10.2.3),
    reckoned from `now`, else from this machine's clock; `None` for anything else.

    More than 30 years are taken for 30 years, which is as good as never and still a number to calculate with.
    """
    if value is None:
        return None
    if _SECONDS.fullmatch(value.strip()):
        return min(float(value), _NEVER_S)
    moment = _parse_date(value)
    if moment is None:
        return None
    return min(max(0.0, (moment - (now or datetime.now(UTC))).total_seconds()), _NEVER_S)


def _read_retry_after(response: Response) -> float | None:
    """The wait that an answer asks for; a date in it is by the clock that the answer itself tells."""
    return parse_retry_after(response.headers.get("Retry-After"), _parse_date(response.headers.get("Date")))


def _parse_date(value: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value or "")
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _means_closed(error: ServiceError, route: Route, closed_texts: Sequence[str] | None) -> bool:
    """Whether an endpoint that is closed to some apps says so; a refusal for any other reason has other words."""
    if error.status == 403:
        return closed_texts is None or not error.message or error.message.rstrip(".").lower() in closed_texts
    # A 404 on an address with an id in it says that the id is unknown; without one it can only be the endpoint.
    return error.status == 410 or (error.status == 404 and not route.path_fields)


def holds_markup(text: str) -> bool:
    """Whether it is a page of HTML or the like, which is nothing to repeat."""
    return _MARKUP.search(text) is not None


def to_line(text: str) -> str:
    """The text in one line, without what a terminal would take for a command."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[:limit]}…"


def _shorten(body: Any, secrets: Sequence[str]) -> Any:
    """The body masked and short enough to be told on: of a text its beginning, and so of a value that is long; nothing
    of one that is deep."""
    if _is_deep(body, _DEPTH_LIMIT):
        return None
    masked = mask(body, secrets)
    text = masked if isinstance(masked, str) else json.dumps(masked, ensure_ascii=False)
    return text[:_TEXT_LIMIT] if isinstance(masked, str) or len(text) > _VALUE_LIMIT else masked


def _is_deep(value: Any, levels: int) -> bool:
    entries = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(levels == 0 or _is_deep(entry, levels - 1) for entry in entries)

"""Subscriptions as HTTP has them: what a body asks for, judged as a whole, and what is told of one."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from connector.errors import REQUIRED, ErrorDetail, ErrorKind, FieldProblem, InvocationFailed, UnknownTrigger
from connector.manifest.manifest import Manifest
from connector.manifest.triggers import find_trigger
from connector.subscriptions.destinations import check_destination
from connector.subscriptions.subscription import Progress, Subscription

#: Seconds that may lie between two polls: at the least, and at the most.
_LEAST_S: Final = 1
_MOST_S: Final = 86_400
#: The most characters of arguments, as JSON.
_LONGEST_ARGS: Final = 16_384
_FIELDS: Final = ("trigger", "args", "connection", "url", "every")
_FIT_EVERY: Final = f"a number of seconds from {_LEAST_S} to {_MOST_S}, or none for the trigger's own pace"


class Asked(NamedTuple):
    """What a body asks for, each part fit for use but for the trigger's own fields in `args`."""

    trigger: str
    args: dict[str, Any]
    url: str
    every: float | None


def read_asked(manifest: Manifest, given: Mapping[str, Any]) -> Asked:
    """What `given` asks for. Raises `InvocationFailed` (`missing_fields`, `invalid_fields`) with all that is wrong."""
    found: list[FieldProblem] = []
    if unknown := len(given.keys() - set(_FIELDS)):
        names = "name" if unknown == 1 else "names"
        found.append(FieldProblem("body", f"has {unknown} {names} that mean nothing", f"{', '.join(_FIELDS)}"))
    name, args = given.get("trigger"), given.get("args") or {}
    secret: set[str] = set()
    if problem := _judge_trigger(manifest, name):
        found.append(problem)
    elif isinstance(args, dict):
        secret = {field.name for field in find_trigger(manifest, str(name)).form.fields.values() if field.secret}
    if not isinstance(args, dict):
        found.append(FieldProblem("args", "is no object", "the trigger's fields and their values"))
    elif len(json.dumps(args)) > _LONGEST_ARGS:
        found.append(FieldProblem("args", "is too long to be kept", f"at most {_LONGEST_ARGS} characters of JSON"))
    else:
        found += [
            FieldProblem(field, "is a secret, which is not kept", "no value: name a connection in its place")
            for field in sorted(secret & args.keys())
        ]
    url, every = given.get("url"), given.get("every")
    if problem := _judge_url(url):
        found.append(problem)
    if every is not None and not _is_time(every):
        found.append(FieldProblem("every", "is no time between two polls", _FIT_EVERY))
    if found:
        raise _refuse(found)
    return Asked(str(name), dict(args), str(url), None if every is None else float(every))


def check_connection_given(connection: str | None) -> str:
    """`connection`, which a subscription can't do without. Raises `InvocationFailed` (`missing_fields`)."""
    if connection is None:
        raise _refuse([FieldProblem("connection", REQUIRED, "the name of a connection: GET /connections lists them")])
    return connection


def describe_subscription(subscription: Subscription, progress: Progress) -> dict[str, Any]:
    """All that its owner may know of a subscription; times as in RFC 3339, `None` for what has not been yet."""
    is_active = subscription.status == "active"
    return {
        "id": subscription.id,
        "status": subscription.status,
        "why": subscription.why,
        "trigger": subscription.trigger,
        "args": subscription.args,
        "connection": subscription.connection,
        "url": subscription.url,
        "every": subscription.every,
        "created": _tell(subscription.created),
        "polled": _tell(progress.polled_at),
        "next_poll": _tell(progress.next_poll) if is_active else None,
        "delivered": _tell(progress.delivered_at),
        "waiting": len(progress.events),
        "failures": progress.failures,
        "next_delivery": _tell(progress.next_delivery) if is_active and progress.failures else None,
    }


def _judge_trigger(manifest: Manifest, name: Any) -> FieldProblem | None:
    fits = "the name of a trigger: GET /triggers lists them"
    if name is None:
        return FieldProblem("trigger", REQUIRED, fits)
    if not isinstance(name, str):
        return FieldProblem("trigger", "is no text", fits)
    try:
        find_trigger(manifest, name)
    except UnknownTrigger as problem:
        return FieldProblem("trigger", "is none of the triggers", " or ".join(problem.near) or fits)
    return None


def _judge_url(url: Any) -> FieldProblem | None:
    if url is None or url == "":
        return FieldProblem("url", REQUIRED, "the https address that events are sent to")
    if not isinstance(url, str):
        return FieldProblem("url", "is no text", "the https address that events are sent to")
    try:
        check_destination(url)
    except InvocationFailed as failure:
        return failure.error.fields[0]
    return None


def _is_time(value: Any) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and math.isfinite(value) and _LEAST_S <= value <= _MOST_S


def _refuse(found: list[FieldProblem]) -> InvocationFailed:
    kind: ErrorKind = "missing_fields" if all(problem.problem == REQUIRED for problem in found) else "invalid_fields"
    message = f"The subscription can't be made: {'; '.join(map(str, found))}."
    return InvocationFailed(ErrorDetail(kind, message, fields=tuple(found)))


def _tell(moment: float | None) -> str | None:
    if not moment:
        return None
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

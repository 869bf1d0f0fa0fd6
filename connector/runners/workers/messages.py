"""What a worker can read: a message as Redis keeps it, and the task that it carries. Anything else is set aside.

Whatever reaches the queue is looked at before Celery and kombu meet it, for what they don't expect ends a worker, and
the next one that gets it. What is said of a message never quotes it.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Container, Mapping
from typing import Any, Final

#: The longest part of a task's name that is told.
_NAME_LENGTH: Final = 80


def find_fault(raw: Any) -> str | None:
    """Why kombu can't read `raw`, a message as JSON gave it; `None` where it can."""
    if not isinstance(raw, Mapping):
        return "it is no object"
    properties = raw.get("properties")
    if not isinstance(properties, Mapping):
        return "it has no properties"
    delivery = properties.get("delivery_info")
    if not (isinstance(delivery, Mapping) and _are_texts(delivery, "exchange", "routing_key")):
        return "it doesn't say where it was sent to"
    if not _are_texts(properties, "delivery_tag"):
        return "it has no delivery_tag"
    if not isinstance(raw.get("headers"), Mapping | None):
        return "its headers are no object"
    if not isinstance(raw.get("body"), str):
        return "its body is no text"
    if not all(isinstance(raw.get(name), str | None) for name in ("content-type", "content-encoding")):
        return "its content's type is no text"
    encoding = properties.get("body_encoding")
    if encoding not in (None, "base64"):
        return "its body_encoding is unknown"
    try:
        if encoding:
            base64.b64decode(raw["body"])
    except (binascii.Error, ValueError):
        return "its body is no base64"
    return None


def find_task_fault(message: Any, tasks: Container[str]) -> str | None:
    """Why none of `tasks` can be run from kombu's `message`; `None` where one can."""
    try:
        payload = message.payload
    except Exception as problem:
        return f"its body can't be read ({type(problem).__name__})"
    headers = message.headers or {}
    if "task" in headers:
        if not (isinstance(payload, list) and len(payload) == 3):
            return "its body is no list of arguments, named arguments and what goes with them"
        args, kwargs, embedded = payload
    elif isinstance(payload, Mapping):
        # As Celery 3 wrote it, and others still do.
        headers, args, kwargs, embedded = payload, payload.get("args"), payload.get("kwargs"), payload
    else:
        return "it names no task"
    return _find_headers_fault(headers, tasks) or _find_body_fault(args, kwargs, embedded)


def _find_headers_fault(headers: Mapping[str, Any], tasks: Container[str]) -> str | None:
    if not _are_texts(headers, "task", "id"):
        return "it has no task or no id"
    if headers["task"] not in tasks:
        return f"there is no task {headers['task'][:_NAME_LENGTH]!r}"
    texts = ("eta", "expires", "group", "root_id", "parent_id", "reply_to")
    if wrong := [name for name in texts if not isinstance(headers.get(name), str | None)]:
        return f"its {wrong[0]} is no text"
    retries, limits = headers.get("retries"), headers.get("timelimit")
    if not isinstance(retries, int | None):
        return "its retries are no number"
    if limits is not None and not (
        isinstance(limits, list) and len(limits) == 2 and all(isinstance(each, int | float | None) for each in limits)
    ):
        return "its timelimit is no pair of numbers"
    names, stamps = headers.get("stamped_headers"), headers.get("stamps")
    if not isinstance(names, list | None) or not all(isinstance(name, str) for name in names or ()):
        return "its stamped_headers are no names"
    return None if isinstance(stamps, Mapping | None) else "its stamps are no object"


def _find_body_fault(args: Any, kwargs: Any, embedded: Any) -> str | None:
    if not isinstance(args, list | None) or not isinstance(kwargs, Mapping | None):
        return "its arguments are no list, or its named arguments no object"
    if not isinstance(embedded, Mapping | None):
        return "what goes with its arguments is no object"
    for name in ("callbacks", "errbacks", "chain"):
        each = (embedded or {}).get(name)
        if each is not None and not (isinstance(each, list) and all(map(_is_signature, each))):
            return f"its {name} are no tasks"
    chord = (embedded or {}).get("chord")
    return None if chord is None or _is_signature(chord) else "its chord is no task"


def _is_signature(value: Any) -> bool:
    return (
        isinstance(value, Mapping)
        and isinstance(value.get("task"), str)
        and isinstance(value.get("args"), list | None)
        and isinstance(value.get("kwargs"), Mapping | None)
        and isinstance(value.get("options"), Mapping)
    )


def _are_texts(value: Mapping[str, Any], *names: str) -> bool:
    return all(isinstance(value.get(name), str) for name in names)

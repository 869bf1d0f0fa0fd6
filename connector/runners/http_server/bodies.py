"""A request's body → the arguments that it holds, within a size."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import ClientDisconnect, Request

from connector.runners.http_server.problems import Refused


class NoJson(ValueError):
    """A body is no JSON object; the text says what is wrong with it and never repeats it."""


async def read_body(request: Request, limit: int) -> bytes:
    """The whole body, which the server below gives a time to come. Raises `Refused` (`too_large`) above `limit` bytes;
    raises `ClientDisconnect` where the client is gone."""
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > limit:
        raise _too_large(limit)
    message = await request.receive()
    if message["type"] == "http.request" and not message.get("more_body"):
        body: bytes = message.get("body", b"")
        return _check_size(body, limit)
    parts = bytearray()
    while message["type"] == "http.request":
        parts += message.get("body", b"")
        _check_size(parts, limit)
        if not message.get("more_body"):
            return bytes(parts)
        message = await request.receive()
    raise ClientDisconnect


def parse_object(body: bytes) -> dict[str, Any]:
    """The JSON object that `body` is. Raises `NoJson`."""
    try:
        value = json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise NoJson('The body is no JSON; send an object of fields and values, such as {"field": "value"}.') from None
    if not isinstance(value, dict):
        raise NoJson('The body is JSON but no object; send fields and values, such as {"field": "value"}.')
    return value


def _check_size(body: bytes | bytearray, limit: int) -> bytes:
    if len(body) > limit:
        raise _too_large(limit)
    return body  # type: ignore[return-value]


def _too_large(limit: int) -> Refused:
    return Refused("too_large", f"The body is larger than {limit} bytes; send fewer values in a call.", is_last=True)


def _refuse_constant(_name: str) -> Any:
    raise ValueError("NaN and Infinity are no JSON")

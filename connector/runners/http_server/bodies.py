"""A request's body → the arguments that it holds, within a size."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from starlette.requests import ClientDisconnect, Request

from connector.runners.http_server.problems import Refused, build_busy

#: The most values that a body may hold, and about what each takes in memory, in bytes: an object with one value in it
#: takes twice that, a short text half.
_VALUES: Final = 100_000
_VALUE_SIZE: Final = 120
#: Signs that are counted as they are, wherever they stand.
_FEW: Final = 1_000
#: A text in JSON, or what has begun as one: nothing is looked at twice.
_TEXT: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+\\?(?:"|\Z)', re.DOTALL)


class NoJson(ValueError):
    """A body is no JSON object; the text says what is wrong with it and never repeats it."""


class Bodies:
    """Reads requests' bodies: each of at most `limit` bytes, and those that are worked on at a time of at most `room`
    bytes, by an estimate of what their values take in memory."""

    def __init__(self, limit: int, room: int) -> None:
        self._limit = limit
        self._room = room
        self._taken = 0

    async def read(self, request: Request, times: int = 1) -> bytes:
        """The whole body, which the server below gives a time to come; `times` as large as others may be.

        Raises `Refused` (`too_large`) above the limit or with too many values; raises `ClientDisconnect` where the
        client is gone.
        """
        limit, values = times * self._limit, times * _VALUES
        declared = request.headers.get("content-length", "")
        if declared.isdecimal() and int(declared) > limit:
            raise _refuse_size(limit)
        body = bytearray()
        while (message := await request.receive())["type"] == "http.request":
            body += message.get("body", b"")
            if len(body) > limit:
                raise _refuse_size(limit)
            if not message.get("more_body"):
                if _count_values(body) > values:
                    raise Refused("too_large", f"The body holds more than {values} values; send fewer in a call.")
                return bytes(body)
        raise ClientDisconnect

    @contextmanager
    def working_on(self, body: bytes) -> Iterator[None]:
        """While it is entered, the values in `body` take their room. Raises `Refused` (`busy`) where there is none."""
        weight = len(body) + _VALUE_SIZE * _count_values(body)
        if self._taken and self._taken + weight > self._room:
            raise build_busy()
        self._taken += weight
        try:
            yield
        finally:
            self._taken -= weight


def parse_object(body: bytes | str) -> dict[str, Any]:
    """The JSON object that `body` is. Raises `NoJson`."""
    try:
        value = json.loads(body, parse_constant=_refuse_constant, object_pairs_hook=_build_object)
    except NoJson:
        raise
    except (ValueError, RecursionError):
        raise NoJson('The body is no JSON; send an object of fields and values, such as {"field": "value"}.') from None
    if not isinstance(value, dict):
        raise NoJson('The body is JSON but no object; send fields and values, such as {"field": "value"}.')
    return value


def _build_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise NoJson("The body has a name twice in one object; send each name once.")
    return value


def _refuse_constant(_name: str) -> Any:
    raise ValueError("NaN and Infinity are no JSON")


def _refuse_size(limit: int) -> Refused:
    text = f"The body is larger than {limit:,} bytes; send fewer values, or a smaller file, in a call."
    return Refused("too_large", text, is_last=True)


def _count_values(body: bytes | bytearray) -> int:
    """About how many values the body holds as JSON. Commas and brackets in its texts, such as a file's, are none."""
    count = _count_signs(body)
    if count <= _FEW or max(body.count(b"\\"), body.count(b'"') - body.count(b'\\"')) > 4 * _VALUES:
        # Of so many texts, or so many signs in them, it is no matter what is in them, and to look would take long.
        return count
    return _count_signs(_TEXT.sub(b"", body))


def _count_signs(body: bytes | bytearray) -> int:
    return sum(map(body.count, (b",", b"[", b"{")))

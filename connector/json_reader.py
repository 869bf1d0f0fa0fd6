"""A body's bytes → the JSON value in it, read by `json`, and by `orjson` where that is installed and pays.

Both give the same values: whatever the two read differently, or `orjson` refuses, is read by `json`.
"""

from __future__ import annotations

import gc
import json
import re
from typing import Any, Final

try:
    import orjson
except ImportError:
    orjson = None  # type: ignore[assignment]

#: A shorter body, in bytes, is read before what follows here has paid.
_WORTH_IT: Final = 8 * 1024
#: Digits in a row from which on a number may be larger than `orjson` keeps whole.
_LONG_NUMBER: Final = b"0" * 19
_DIGITS_TO_ZERO: Final = bytes(0x30 if 0x30 <= byte <= 0x39 else 0x20 for byte in range(256))
#: Such a number, and not digits in the middle of a text; slower to find, so the others are looked for first.
_LONG_NUMBER_TOKEN: Final = re.compile(rb"[\[:,\s]-?[0-9]{19}|^-?[0-9]{19}")
#: `orjson` reads values 1024 deep, `json` about as deep as Python's stack has room: this many lists around a value
#: make `orjson` refuse what `json` might.
_AROUND: Final = 256


def parse_json(content: bytes) -> Any:
    """The value in `content`; raises `ValueError` where it is no JSON, `RecursionError` where it is too deep."""
    if len(content) < _WORTH_IT or not gc.isenabled():
        return _parse(content)
    # A large body is thousands of objects, none of them garbage: collecting between them costs more than reading.
    gc.disable()
    try:
        return _parse(content)
    finally:
        gc.enable()


def _parse(content: bytes) -> Any:
    if orjson is None or len(content) < _WORTH_IT or _may_hold_long_number(content):
        return json.loads(content)
    try:
        value = orjson.loads(b"".join((b"[" * _AROUND, content, b"]" * _AROUND)))
        for _ in range(_AROUND):
            # More than one: the content closes a list that it has not opened.
            (value,) = value
    except ValueError:
        return json.loads(content)
    return value


def _may_hold_long_number(content: bytes) -> bool:
    has_digits = _LONG_NUMBER in content.translate(_DIGITS_TO_ZERO)
    return has_digits and _LONG_NUMBER_TOKEN.search(content) is not None

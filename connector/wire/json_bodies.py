"""A body's bytes → the JSON value in it, read by `json`, and by `orjson` where that is installed and pays.

Both give the same values: whatever the two read differently, or `orjson` refuses, is read by `json`.
"""

from __future__ import annotations

import json
from typing import Any, Final

try:
    import orjson
except ImportError:
    orjson = None  # type: ignore[assignment]

#: A shorter body, in bytes, is read before what follows here has paid.
_WORTH_IT: Final = 8 * 1024
#: Digits in a row after what stands before a number, from which on it may be larger than `orjson` keeps whole.
_LONG_NUMBER: Final = b"[" + b"0" * 19
#: All digits alike, and all alike that may stand before a number: the minus sign too, a text may then be doubted.
_SHAPES: Final = bytes(
    0x30 if byte in b"0123456789" else 0x5B if byte in b"[:, \t\n\r-" else 0x20 for byte in range(256)
)
#: `orjson` reads values 1024 deep, `json` about as deep as Python's stack has room: this many lists around a value
#: make `orjson` refuse what `json` might.
_AROUND: Final = 256


def parse_json(content: bytes) -> Any:
    """The value in `content`; raises `ValueError` where it is no JSON, `RecursionError` where it is too deep."""
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
    return content[:1].isdigit() or _LONG_NUMBER in content.translate(_SHAPES)

"""A body's bytes → the JSON value in it, read by `orjson` where that is installed, else by `json`."""

from __future__ import annotations

import json
import math
import re
from typing import Any, Final, NoReturn

try:
    import orjson
except ImportError:
    orjson = None  # type: ignore[assignment]


#: Halves of a surrogate pair: letters to Python, but no text that can be written as UTF-8.
_HALVES: Final = re.compile("[\ud800-\udfff]")
_HALF: Final = re.compile(r"\\u[dD][89a-fA-F]|[\ud800-\udfff]")


def parse_json(content: bytes) -> Any:
    """The value in `content`, which every door can write as JSON again.

    Raises `ValueError` where it is no JSON, `NaN` and numbers too large for a float included, `RecursionError` where it
    is too deep. A half surrogate in a text becomes U+FFFD, so that one odd letter costs nobody the rest.

    What `orjson` refuses, `json` reads: other encodings, half surrogates, numbers of many digits. The two differ in one
    thing alone: a whole number beyond 64 bits is the nearest float to `orjson`, as it is to most readers of JSON
    (RFC 8259, 6), and whole to `json`.
    """
    if orjson is not None:
        try:
            return orjson.loads(content)
        except ValueError:
            pass
    encoding = json.detect_encoding(content)
    try:
        text = content.decode(encoding)
        may_hold_halves = "\\u" in text
    except UnicodeDecodeError:
        text = content.decode(encoding, "surrogatepass")
        may_hold_halves = True
    value = json.loads(text, parse_float=_parse_float, parse_constant=_refuse)
    return _mend(value) if may_hold_halves and _HALF.search(text) else value


def _parse_float(digits: str) -> float:
    number = float(digits)
    return number if math.isfinite(number) else _refuse(digits)


def _refuse(number: str) -> NoReturn:
    raise ValueError(f"{number[:20]} is no number that JSON can carry")


def _mend(value: Any) -> Any:
    if isinstance(value, str):
        return _HALVES.sub("\ufffd", value)
    if isinstance(value, list):
        return [_mend(entry) for entry in value]
    if isinstance(value, dict):
        return {_mend(key): _mend(entry) for key, entry in value.items()}
    return value

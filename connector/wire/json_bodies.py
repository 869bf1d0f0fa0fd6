"""A body's bytes → the JSON value in it, read by `orjson` where that is installed, else by `json`."""

from __future__ import annotations

import json
from typing import Any

try:
    import orjson
except ImportError:
    orjson = None  # type: ignore[assignment]


def parse_json(content: bytes) -> Any:
    """The value in `content`; raises `ValueError` where it is no JSON, `RecursionError` where it is too deep.

    What `orjson` refuses, `json` reads: other encodings, half surrogates, `NaN`, numbers too large for a float. The two
    differ in one thing alone: a whole number beyond 64 bits is the nearest float to `orjson`, as it is to most readers
    of JSON (RFC 8259, 6), and whole to `json`.
    """
    if orjson is not None:
        try:
            return orjson.loads(content)
        except ValueError:
            pass
    return json.loads(content)

"""JSON, as text or as Python has it → a value that can be sent."""

from __future__ import annotations

import json
import math
from typing import Any, Final

from connector.arguments.text_form import is_sendable
from connector.arguments.wording import Unfit

#: The largest whole number that every service and every JSON reader takes.
_LARGEST: Final = 2**63 - 1
#: Levels of objects and lists inside a value.
_DEEPEST: Final = 100


def read_rows(value: Any) -> Any:
    """`value`, or what it says where it is JSON text. Raises `Unfit` for what JSON can't carry."""
    value = parse_text(value) if isinstance(value, str) else value
    _check_sendable(value)
    return value


def _check_sendable(whole: Any) -> None:
    """Raises `Unfit` for what JSON can't carry, and for what is nested deeper than anyone means it."""
    waiting = [(whole, 0)]
    while waiting:
        value, depth = waiting.pop()
        if depth > _DEEPEST:
            raise Unfit("is nested too deeply")
        if isinstance(value, dict) and all(isinstance(name, str) for name in value):
            waiting += [(part, depth + 1) for pair in value.items() for part in pair]
        elif isinstance(value, list | tuple):
            waiting += [(part, depth + 1) for part in value]
        elif isinstance(value, str):
            if not is_sendable(value):
                raise Unfit("holds half a character, which can't be sent")
        elif isinstance(value, float):
            check_finite(value)
        elif not isinstance(value, int | None):
            raise Unfit("holds something that JSON can't carry")
        else:
            check_size(value)


def parse_text(text: str) -> Any:
    """What the JSON text says; raises `Unfit` where it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise Unfit("is not JSON text") from None


def check_finite(number: float) -> float:
    """`number`; raises `Unfit` where it is infinite or none."""
    if not math.isfinite(number):
        raise Unfit("is not a finite number")
    return number


def check_size(value: Any) -> Any:
    """`value`, unless it is a whole number that no service and no JSON reader takes."""
    if isinstance(value, int) and not -_LARGEST <= value <= _LARGEST:
        raise Unfit("is too large a number")
    return value

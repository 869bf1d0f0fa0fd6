"""Field types: what a maker may give, and the normal form that it becomes.

The documented types are String, Datepicker, Map, List, Select, Array and credentials (specification, "Custom data
types"). `to_normal_form` reads whatever of them a builder sends; JSON Schema then judges the normal form. Knows
fields one at a time: rules over several of them belong to validation.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from numbers import Number
from typing import Any, Final
from urllib.parse import unquote

from connector.manifest.schema_files import Schema

References = Sequence[re.Pattern[str]]

_DATE_TIME = re.compile(
    r"^(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2})(?::(\d{2})(?:[.]\d+)?)?\s?([Zz]|[+-]\d{2}:?\d{2})?)?$",
    re.ASCII,
)
#: The largest whole number that every service and every JSON reader takes.
LARGEST: Final = 2**63 - 1
_INTEGER = re.compile(r"^[+-]?\d{1,300}(?:[.]0+)?$", re.ASCII)
_NUMBER = re.compile(r"^[+-]?(?:\d+[.]?\d*|[.]\d+)(?:[eE][+-]?\d+)?$", re.ASCII)


class Unfit(ValueError):
    """A value has no normal form; the text says why and never holds the value."""


def is_blank(value: Any) -> bool:
    """Whether a builder's form left this field empty."""
    return not value.strip() if isinstance(value, str) else value is None or value == []


def to_normal_form(schema: Schema, value: Any, references: References) -> Any:
    """`value` in the form that `schema` describes, or as it is where it is of no type that could become it.

    Raises `Unfit` where the value is of the right type and means nothing that fits.
    """
    if isinstance(value, str):
        value = value.strip()
    special = _BY_FIELD_TYPE.get(schema.get("x-field", ""))
    if special:
        return special(value)
    return _BY_JSON_TYPE[schema["type"]](schema, value, references)


def _string(schema: Schema, value: Any, references: References) -> Any:
    if not isinstance(value, str):
        return value
    if not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
        raise Unfit("holds half a character, which can't be sent")
    if schema.get("x-case") == "upper" and value.isascii():
        value = value.upper()
    wanted = schema.get("x-reference")
    if wanted is None:
        return value
    for pattern in references:
        if match := pattern.match(value):
            if match["kind"] != wanted:
                raise Unfit(f"leads to the wrong kind of thing: {match['kind']} instead of {wanted}")
            return unquote(match["id"]).strip()
    return value


def _integer(_schema: Schema, value: Any, _references: References) -> Any:
    if isinstance(value, str) and _INTEGER.match(value):
        value = int(value.partition(".")[0])
    elif isinstance(value, float):
        value = int(value) if _finite(value).is_integer() else value
    elif isinstance(value, Number) and not isinstance(value, int):
        raise Unfit("is not a whole number")
    return _sendable(value)


def _number(_schema: Schema, value: Any, _references: References) -> Any:
    if isinstance(value, str) and _NUMBER.match(value):
        number = _finite(float(value))
        return int(number) if number.is_integer() and "e" not in value.lower() and "." not in value else number
    if isinstance(value, Decimal | Fraction):
        try:
            value = float(value)
        except (ValueError, OverflowError):
            raise Unfit("is not a finite number") from None
    elif isinstance(value, Number) and not isinstance(value, int | float):
        raise Unfit("is not a number")
    return _finite(value) if isinstance(value, float) else _sendable(value)


def _boolean(_schema: Schema, value: Any, _references: References) -> Any:
    return {"true": True, "false": False}.get(value.lower(), value) if isinstance(value, str) else value


def _array(schema: Schema, value: Any, references: References) -> Any:
    if isinstance(value, str):
        value = _from_json(value) if value.startswith("[") else value.split(schema.get("x-separator", ","))
    if not isinstance(value, list | tuple):
        return value
    normal: list[Any] = []
    for entry in value:
        if is_blank(entry):
            continue
        try:
            normal.append(to_normal_form(schema["items"], entry, references))
        except Unfit as problem:
            raise Unfit(f"has an entry, number {len(normal) + 1}, that {problem}") from None
    return normal


def _object(_schema: Schema, value: Any, _references: References) -> Any:
    return _from_json(value) if isinstance(value, str) else value


def _datepicker(value: Any) -> Any:
    if isinstance(value, datetime | date):
        value = value.isoformat()
    if not isinstance(value, str):
        return value
    match = _DATE_TIME.match(value)
    if match is None:
        raise Unfit("is not a date and time")
    day, clock, seconds, offset = match.groups()
    try:
        moment = datetime.fromisoformat(f"{day}T{clock or '00:00'}:{seconds or '00'}{(offset or '').upper()}")
    except ValueError:
        raise Unfit("names a day or a time that does not exist") from None
    return moment.replace(tzinfo=None).isoformat()


def _map(value: Any) -> Any:
    if isinstance(value, str):
        pair: Sequence[Any] = [part.strip() for part in value.split(",")]
    elif isinstance(value, Mapping):
        pair = [value.get("latitude"), value.get("longitude")]
    elif isinstance(value, list | tuple):
        pair = value
    else:
        return value
    if len(pair) != 2:
        raise Unfit("is not a latitude and a longitude with a comma between them")
    numbers = [_number({}, part, ()) for part in pair]
    for number, name, limit in zip(numbers, ("latitude", "longitude"), (90, 180), strict=True):
        if isinstance(number, bool) or not isinstance(number, int | float):
            raise Unfit(f"has a {name} that is not a number")
        if abs(number) > limit:
            raise Unfit(f"has a {name} outside -{limit} to {limit}")
    return ",".join(_plain(number) for number in numbers)


def _rows(value: Any) -> Any:
    return _from_json(value) if isinstance(value, str) else value


def _from_json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise Unfit("is not JSON text") from None


def _finite(number: float) -> float:
    if not math.isfinite(number):
        raise Unfit("is not a finite number")
    return number


def _sendable(value: Any) -> Any:
    """`value`, unless it is a whole number that no service and no JSON reader takes."""
    if isinstance(value, int) and not -LARGEST <= value <= LARGEST:
        raise Unfit("is too large a number")
    return value


def _plain(number: float) -> str:
    """`number` without an exponent, as people and query strings write it."""
    text = repr(number)
    if "e" not in text:
        return text
    return f"{number:.20f}".rstrip("0").rstrip(".")


_BY_FIELD_TYPE: Final[Mapping[str, Callable[[Any], Any]]] = {
    "Datepicker": _datepicker,
    "Map": _map,
    "Array": _rows,
}
_BY_JSON_TYPE: Final[Mapping[str, Callable[[Schema, Any, References], Any]]] = {
    "string": _string,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "array": _array,
    "object": _object,
}


def describe_fit(schema: Schema) -> str | None:
    """What fits a field, in words; `None` where the schema says no more than its description does."""
    if "x-fits" in schema:
        return str(schema["x-fits"])
    if "enum" in schema:
        return ", ".join(str(choice) for choice in schema["enum"])
    noun = {"integer": "a whole number", "number": "a number"}.get(schema.get("type", ""))
    if noun is None:
        return None
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        return f"{noun} from {low} to {high}"
    if low is not None:
        return f"{noun} from {low} up"
    return noun

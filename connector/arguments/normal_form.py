"""Field types: what a maker may give, and the normal form that it becomes.

The documented types are String, Datepicker, Map, List, Select, Array and credentials (specification, "Custom data
types"). `to_normal_form` reads whatever of them a builder sends; JSON Schema then judges the normal form. Knows
values one at a time: a field's verdict belongs to `field_reader`, rules over several fields to `validation`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from numbers import Number
from typing import Any, Final

from connector.arguments.json_form import check_finite, check_size, parse_text, read_rows
from connector.arguments.pictures import CheckTime, read_picture
from connector.arguments.text_files import read_text_file
from connector.arguments.text_form import read_text
from connector.arguments.typed_text import simplify, trim, unlink
from connector.arguments.wording import Unfit
from connector.manifest.references import References
from connector.manifest.schema_files import Schema

#: Called with the place of a list's entry, from 1, and its normal form; raises `Unfit` where that doesn't fit.
Look = Callable[[int, Any], None]

_DATE_TIME = re.compile(
    r"^(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2})(?::(\d{2})(?:[.]\d+)?)?\s?([Zz]|[+-]\d{2}:?\d{2})?)?$",
    re.ASCII,
)
_INTEGER = re.compile(r"^[+-]?\d{1,300}(?:[.]0{1,300})?$", re.ASCII)
#: Minutes and seconds as players show them, hours in front where there are any.
_CLOCK = re.compile(r"^(?:(\d{1,3}):(?=\d\d:))?(\d{1,3}):([0-5]\d)(?:[.](\d{1,3}))?$", re.ASCII)
_NUMBER = re.compile(r"^[+-]?(?:\d{1,400}(?:[.]\d{0,400})?|[.]\d{1,400})(?:[eE][+-]?\d{1,9})?$", re.ASCII)


def is_blank(value: Any) -> bool:
    """Whether a builder's form left this field empty."""
    return not trim(value) if isinstance(value, str) else value is None or (isinstance(value, list) and not value)


def to_normal_form(schema: Schema, value: Any, references: References, check_time: CheckTime = lambda: None) -> Any:
    """`value` in the form that `schema` describes, or as it is where it is of no type that could become it.

    Raises `Unfit` where the value is of the right type and means nothing that fits, and what `check_time` raises, which
    is called in the midst of what takes long.
    """
    if "x-file" in schema:
        return read_text_file(schema, value)
    if isinstance(value, str):
        value = trim(value)
    if "x-image" in schema:
        return read_picture(schema, value, check_time)
    special = _BY_FIELD_TYPE.get(schema.get("x-field", ""))
    if special:
        return special(value)
    return _BY_JSON_TYPE[schema["type"]](schema, value, references)


def has_type(value: Any, kind: str) -> bool:
    """Whether `value` is of the JSON type `kind`; a truth is no number."""
    return isinstance(value, _TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))


def read_list(
    schema: Schema, value: Any, references: References, *, keeps_places: bool = False, look: Look = lambda *_: None
) -> Any:
    """`value` as a list of normal forms without blanks; as it is where it is no list and no text of one.

    A blank in a list that `keeps_places` is an error. Raises `Unfit`, which counts entries as they were given.
    """
    if isinstance(value, str):
        value = _split(trim(value), schema.get("x-separator", ","))
    elif isinstance(value, int) and not isinstance(value, bool):
        value = [value]
    if not isinstance(value, list | tuple):
        return value
    is_kept = keeps_places and not all(map(is_blank, value))
    normal: list[Any] = []
    for place, entry in enumerate(value, start=1):
        if is_blank(entry):
            if is_kept:
                raise Unfit(f"has an entry, number {place}, that is blank, and each has an answer of its own")
            continue
        try:
            form = to_normal_form(schema["items"], entry, references)
            look(place, form)
        except Unfit as problem:
            raise Unfit(f"has an entry, number {place}, that {problem}", problem.fits) from None
        normal.append(form)
    return normal


def _split(text: str, separator: str) -> Any:
    """The entries of a list's text: JSON, or values with separators or line ends between them."""
    if text.startswith("[") and "](" not in text:
        try:
            return parse_text(text)
        except Unfit:
            return parse_text(simplify(text))
    if separator == ",":
        text = unlink(text).replace("\uff0c", ",")
    entries: list[str] = []
    for part in text.split(separator):
        entries += [line for line in part.splitlines() if trim(line)] or [""]
    # What ends with a separator has no entry after it.
    return entries if entries[-1] else entries[:-1]


def _integer(schema: Schema, value: Any, _references: References) -> Any:
    text = simplify(value) if isinstance(value, str) else ""
    if schema.get("x-unit") == "ms" and (clock := _CLOCK.match(text)):
        hours, minutes, seconds, fraction = (part or "0" for part in clock.groups())
        value = (int(hours) * 3600 + int(minutes) * 60 + int(seconds)) * 1000 + int(fraction.ljust(3, "0"))
    elif _INTEGER.match(text):
        value = int(text.partition(".")[0])
    elif isinstance(value, float):
        value = int(value) if check_finite(value).is_integer() else value
    elif isinstance(value, Number) and not isinstance(value, int):
        raise Unfit("is not a whole number")
    return check_size(value)


def _number(_schema: Schema, value: Any, _references: References) -> Any:
    text = simplify(value) if isinstance(value, str) else ""
    if _NUMBER.match(text):
        number = check_finite(float(text))
        return int(number) if number.is_integer() and "e" not in text.lower() and "." not in text else number
    if isinstance(value, Decimal | Fraction):
        try:
            value = float(value)
        except (ValueError, OverflowError):
            raise Unfit("is not a finite number") from None
    elif isinstance(value, Number) and not isinstance(value, int | float):
        raise Unfit("is not a number")
    return check_finite(value) if isinstance(value, float) else check_size(value)


def _boolean(_schema: Schema, value: Any, _references: References) -> Any:
    return {"true": True, "false": False}.get(simplify(value).lower(), value) if isinstance(value, str) else value


def _datepicker(value: Any) -> Any:
    if isinstance(value, datetime | date):
        value = value.isoformat()
    if not isinstance(value, str):
        return value
    match = _DATE_TIME.match(simplify(value))
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
        pair: Sequence[Any] = simplify(value).split(",")
    elif isinstance(value, Mapping):
        pair = [value.get("latitude"), value.get("longitude")]
    elif isinstance(value, list | tuple):
        pair = value
    else:
        return value
    if len(pair) != 2:
        raise Unfit("is not a latitude and a longitude with a comma between them")
    numbers = [_number({}, part, References()) for part in pair]
    for number, name, limit in zip(numbers, ("latitude", "longitude"), (90, 180), strict=True):
        if isinstance(number, bool) or not isinstance(number, int | float):
            raise Unfit(f"has a {name} that is not a number")
        if abs(number) > limit:
            raise Unfit(f"has a {name} outside -{limit} to {limit}")
    return ",".join(_plain(number) for number in numbers)


def _plain(number: float) -> str:
    """`number` without an exponent, as people and query strings write it."""
    text = repr(number)
    if "e" not in text:
        return text
    return f"{number:.20f}".rstrip("0").rstrip(".")


_TYPES: Final[Mapping[str, type | tuple[type, ...]]] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "array": list,
    "object": dict,
}
_BY_FIELD_TYPE: Final[Mapping[str, Callable[[Any], Any]]] = {
    "Datepicker": _datepicker,
    "Map": _map,
    "Array": read_rows,
}
_BY_JSON_TYPE: Final[Mapping[str, Callable[[Schema, Any, References], Any]]] = {
    "string": read_text,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "array": read_list,
    "object": lambda _schema, value, _references: read_rows(value),
}

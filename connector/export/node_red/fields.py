"""The fields of a node's form: how each is shown, and what it is judged by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from connector.arguments.wording import describe_fit
from connector.manifest.blocks import Field
from connector.manifest.schema_files import Schema

#: Up to this many choices are a menu; more are searched.
_MENU_SIZE: Final = 30
_KEPT: Final[tuple[str, ...]] = (
    *("type", "enum", "pattern", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "default"),
)
_RENAMED: Final[Mapping[str, str]] = {
    "x-labels": "labels",
    "x-reference": "reference",
    "x-as": "as",
    "x-unit": "unit",
    "x-image": "image",
    "x-file": "file",
    "x-connection": "connection",
    "x-separator": "separator",
    "x-names": "names",
    "x-suggestions": "suggestions",
}


def build_field(
    field: Field, *, is_first: bool, is_lent: bool, keeps_places: bool, not_sent: str | None
) -> dict[str, Any]:
    """One field. `auth` marks what a connection brings along, so that the form need not hold it; `first` what else the
    form shows at once; `placed` a list whose places have a meaning; `unsent` what the runner gets for a field that it
    asks for and sends nowhere, so that nobody need fill it in, and `unsentWhy` the reason (`not_sent`) for that."""
    built: dict[str, Any] = {
        "name": field.name,
        "title": field.title,
        "description": field.description,
        "widget": find_widget(field),
        "required": field.required and not is_lent and not not_sent,
        "schema": _build_schema(field.schema),
    }
    if _has_choices(field.schema):
        built["choices"] = True
    if placeholder := _find_placeholder(field):
        built["placeholder"] = placeholder
    if row := _find_row(field):
        built["row"] = row
    if not_sent:
        built["unsentWhy"] = not_sent
    if is_lent:
        built["auth"] = True
    elif field.required and not_sent:
        built["unsent"] = field.schema["examples"][0]
    elif is_first:
        built["first"] = True
    if keeps_places:
        built["placed"] = True
    return built


def _has_choices(schema: Schema) -> bool:
    """Whether the runner or another block lists what a field, or an entry of its list, may hold; `null` says that none
    does."""
    return "x-connection" in schema or bool(schema.get("x-choices", schema.get("items", {}).get("x-choices")))


def find_widget(field: Field) -> str:
    """Which of the form's widgets shows a field: secret, when, place, rows, list, choice, search, number or text."""
    schema = field.schema
    if field.secret:
        return "secret"
    if field.type in _BY_FIELD_TYPE:
        return _BY_FIELD_TYPE[field.type]
    if "enum" in schema:
        return "choice" if len(schema["enum"]) <= _MENU_SIZE else "search"
    if "x-suggestions" in schema:
        return "search"
    if "x-unit" in schema:
        return "text"
    return _BY_JSON_TYPE.get(schema["type"], "text")


_BY_FIELD_TYPE: Final[Mapping[str, str]] = {
    "credentials": "secret",
    "Datepicker": "when",
    "Map": "place",
    "Array": "rows",
    "List": "list",
}
_BY_JSON_TYPE: Final[Mapping[str, str]] = {
    "array": "list",
    "boolean": "choice",
    "integer": "number",
    "number": "number",
}


def _build_schema(schema: Schema) -> dict[str, Any]:
    """What the form judges by, and no more."""
    built: dict[str, Any] = {name: schema[name] for name in _KEPT if name in schema}
    built |= {ours: schema[name] for name, ours in _RENAMED.items() if name in schema}
    if fits := describe_fit(schema):
        built["fits"] = fits
    if schema.get("x-case") == "upper":
        built["upper"] = True
    if "items" in schema:
        built["items"] = _build_schema(schema["items"])
    return built


def _find_row(field: Field) -> dict[str, Any] | None:
    """What a row of the form may hold, where it is one of an array of objects."""
    example = field.schema["examples"][0]
    first = example[0] if isinstance(example, list) and example else None
    return first if isinstance(first, dict) else None


def _find_placeholder(field: Field) -> str | None:
    if {"x-file", "x-image"} & field.schema.keys():
        return "by msg. a Buffer, as file nodes read it"
    example = field.schema["examples"][0]
    while isinstance(example, list):
        example = example[0]
    if field.secret or isinstance(example, bool | dict):
        return None
    return f"e.g. {example}"

"""One field → the parameter that shows it in an n8n form, and the kind of value that comes back from it.

A kind is the runtime's word: what the form holds is not always what the block takes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from connector.export.n8n.choices import Choices
from connector.export.n8n.locators import build_locator
from connector.export.n8n.wording import to_hint, to_label, to_whether
from connector.manifest.blocks import Block, Field
from connector.manifest.schema_files import Schema

Parameter = dict[str, Any]
#: When n8n shows a parameter that is for these forms alone, in its words.
Show = Callable[[Iterable[Block]], dict[str, Any]]

#: From this many options on, the linter wants them in alphabetical order.
_SORTED_FROM: Final = 5
_NOT_SENT: Final = " Not sent: "


def find_kind(field: Field) -> str:
    """The runtime's word for what a field's parameter holds."""
    if field.secret:
        return "text"
    if "x-image" in field.schema:
        return "picture"
    if "x-file" in field.schema:
        return "file"
    if "x-unit" in field.schema:
        return "text"
    return _BY_FIELD_TYPE.get(field.type) or _BY_JSON_TYPE.get(field.schema["type"], "text")


def build_parameter(field: Field, name: str, choices: Choices, not_sent: str | None = None) -> Parameter:
    """The parameter `name` for `field`. Lists of choices that are long are kept in `choices`; `not_sent` says why a
    field's value goes nowhere."""
    description = field.description + (_NOT_SENT + not_sent if not_sent else "")
    parameter: Parameter = {"displayName": to_label(field.title), "name": name}
    is_listed = field.choices and not field.is_list
    parameter |= build_locator(field, name) if is_listed else _BY_KIND[find_kind(field)](field, choices)
    is_switch = parameter["type"] == "boolean"
    parameter["description"] = to_whether(description) if is_switch else to_hint(description)
    if parameter["description"].lower() == parameter["displayName"].lower():
        del parameter["description"]
    return parameter


def require(parameter: Parameter) -> None:
    """Has n8n mark `parameter` where it is left empty; it never marks a list without an entry, but an empty one."""
    parameter["required"] = True
    options = parameter.get("typeOptions", {})
    if options.get("multipleValues"):
        if parameter["type"] == "fixedCollection":
            parameter["typeOptions"] = {**options, "minRequiredFields": 1}
        else:
            parameter["default"] = [""]


def _text(field: Field, choices: Choices) -> Parameter:
    schema = field.schema
    if field.secret:
        return {"type": "string", "typeOptions": {"password": True}, "default": ""}
    if options := choices.find(schema):
        return {"type": "options", "options": options, "default": _keep_text(schema.get("default", ""))}
    if "enum" in schema:
        return _build_options(schema)
    default = _keep_text(str(schema.get("default", "")))
    return {"type": "string", "default": default, **_build_placeholder(schema["examples"][0])}


def _picture(_field: Field, _choices: Choices) -> Parameter:
    return {
        "type": "string",
        "default": "data",
        "placeholder": "e.g. data",
        "hint": "The name of the input field containing the file, or an https address, base64 or a data URL",
    }


def _file(_field: Field, _choices: Choices) -> Parameter:
    return {
        "type": "string",
        "typeOptions": {"rows": 4},
        "default": "",
        "placeholder": "e.g. data",
        "hint": "The file's text, or the name of the input field containing the file",
    }


def _number(field: Field, _choices: Choices) -> Parameter:
    schema = field.schema
    limits = {"minValue": schema.get("minimum"), "maxValue": schema.get("maximum")}
    options: dict[str, Any] = {name: limit for name, limit in limits.items() if limit is not None}
    if schema["type"] == "integer":
        options["numberPrecision"] = 0
    default = schema.get("default", max(0, schema.get("minimum", 0)))
    return {"type": "number", **({"typeOptions": options} if options else {}), "default": default}


def _switch(field: Field, _choices: Choices) -> Parameter:
    return {"type": "boolean", "default": field.schema.get("default", False)}


def _moment(_field: Field, _choices: Choices) -> Parameter:
    return {"type": "dateTime", "default": ""}


def _place(_field: Field, _choices: Choices) -> Parameter:
    degrees = [
        {
            "displayName": name.capitalize(),
            "name": name,
            "type": "number",
            "typeOptions": {"minValue": -limit, "maxValue": limit, "numberPrecision": 6},
            "default": 0,
            "description": f"Degrees {directions}",
        }
        for name, limit, directions in (
            ("latitude", 90, "north, below zero south"),
            ("longitude", 180, "east, below zero west"),
        )
    ]
    return {
        "type": "fixedCollection",
        "placeholder": "Add Place",
        "default": {},
        "options": [{"displayName": "Place", "name": "place", "values": degrees}],
    }


def _list(field: Field, choices: Choices) -> Parameter:
    items = field.schema["items"]
    if "enum" in items:
        return {**_build_options(items), "type": "multiOptions", "default": []}
    if items.get("type") == "object":
        return _rows(field, choices)
    return {
        "type": "string",
        "typeOptions": {"multipleValues": True, "multipleValueButtonText": "Add Value"},
        "default": [],
        **_build_placeholder(_find_entry(field.schema)),
    }


def _rows(field: Field, _choices: Choices) -> Parameter:
    name, value = next(iter(_find_entry(field.schema).items()))
    cells = [
        {"displayName": "Name", "name": "key", "type": "string", "default": "", **_build_placeholder(name)},
        {"displayName": "Value", "name": "value", "type": "string", "default": "", **_build_placeholder(value)},
    ]
    row = {
        "displayName": "Fields",
        "name": "cells",
        "type": "fixedCollection",
        "typeOptions": {"multipleValues": True},
        "placeholder": "Add Field",
        "default": {},
        "options": [{"displayName": "Field", "name": "cell", "values": cells}],
    }
    return {
        "type": "fixedCollection",
        "typeOptions": {"multipleValues": True},
        "placeholder": "Add Row",
        "default": {},
        "options": [{"displayName": "Row", "name": "row", "values": [row]}],
    }


def _json(_field: Field, _choices: Choices) -> Parameter:
    return {"type": "json", "default": ""}


def _build_options(schema: Schema) -> Parameter:
    labels = schema.get("x-labels", {})
    options = [
        {"name": to_label(labels.get(value, str(value))), "value": _keep_text(value)} for value in schema["enum"]
    ]
    if len(options) >= _SORTED_FROM:
        options.sort(key=lambda option: str(option["name"]).lower())
    return {"type": "options", "options": options, "default": _keep_text(schema.get("default", schema["enum"][0]))}


def _keep_text(value: Any) -> Any:
    """`value`, which n8n is not to work out: a text that begins like an expression is written as one that gives it."""
    if not isinstance(value, str) or not value.startswith("="):
        return value
    literal = json.dumps(value).replace("{", "\\u007b").replace("}", "\\u007d")
    return f"={{{{ {literal} }}}}"


def _build_placeholder(example: Any) -> Parameter:
    return {"placeholder": f"e.g. {example}"} if isinstance(example, str | int | float) else {}


def _find_entry(schema: Schema) -> Any:
    example = schema["examples"][0]
    return example[0] if isinstance(example, list) and example else example


_BY_FIELD_TYPE: Final[Mapping[str, str]] = {"Datepicker": "moment", "Map": "place", "Array": "rows", "List": "list"}
_BY_JSON_TYPE: Final[Mapping[str, str]] = {
    "integer": "number",
    "number": "number",
    "boolean": "switch",
    "array": "list",
    "object": "json",
}
_BY_KIND: Final[Mapping[str, Callable[[Field, Choices], Parameter]]] = {
    "text": _text,
    "picture": _picture,
    "file": _file,
    "number": _number,
    "switch": _switch,
    "moment": _moment,
    "place": _place,
    "list": _list,
    "rows": _rows,
    "json": _json,
}

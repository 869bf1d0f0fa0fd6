"""A schema → a value that fits it, so that people see what an answer looks like before they have one.

Takes what an object declares, the first of several examples or choices, and one entry of a list. Reads no network and
no recorded answers: a sample is invented, not somebody's data.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from connector.manifest.schema_files import Schema, follow, name_target

_BY_FORMAT: Final = {"date-time": "2016-05-28T00:00:00Z", "date": "2016-05-28", "uri": "https://example.com/"}
_BY_TYPE: Final[Mapping[str, Any]] = {"string": "text", "boolean": True, "null": None}


def build_sample(schema: Schema) -> Any:
    """A value that fits the self-contained `schema`. What would contain itself is left out where it may be."""
    return _build(schema, schema, ())


def _build(schema: Schema, root: Schema, path: tuple[str, ...]) -> Any:
    if name := name_target(schema):
        return _build(follow(schema, root), root, (*path, name))
    if schema.get("examples"):
        return schema["examples"][0]
    for keyword in ("const", "default"):
        if keyword in schema:
            return schema[keyword]
    if schema.get("enum"):
        return schema["enum"][0]
    for keyword in ("anyOf", "oneOf"):
        if keyword in schema:
            choices = [choice for choice in schema[keyword] if not _leads_back(choice, path)]
            return _build(_pick(choices or schema[keyword]), root, path)
    kinds = schema.get("type", "object" if "properties" in schema else "null")
    kind = kinds if isinstance(kinds, str) else kinds[0]
    if kind == "object":
        return {
            name: _build(part, root, path)
            for name, part in schema.get("properties", {}).items()
            if name in schema.get("required", ()) or not _leads_back(part, path)
        }
    if kind == "array":
        items, least = schema.get("items", {}), schema.get("minItems", 0)
        count = least if _leads_back(items, path) else max(1, least)
        return [_build(items, root, path) for _ in range(count)]
    if kind in ("integer", "number"):
        return max(schema.get("minimum", 1), 1) if schema.get("maximum", 1) >= 1 else schema["maximum"]
    return _BY_FORMAT.get(schema.get("format", ""), _BY_TYPE[kind])


def _pick(choices: list[Schema]) -> Schema:
    """The first choice that is more than nothing."""
    return next((choice for choice in choices if choice.get("type") != "null"), choices[0])


def _leads_back(schema: Schema, path: tuple[str, ...]) -> bool:
    return name_target(schema) in path

"""Input schemas within what the interfaces of models take.

`plain` leaves out what one of them refuses for the whole list of tools. `openai-strict` is the subset of OpenAI's
structured outputs: every field required, null for one that isn't given, no defaults, nothing else let through.
`gemini` is the subset of OpenAPI 3.0 that Google's function declarations know: one type each.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from connector.manifest.schema_files import Schema
from connector.runners.mcp_server.offer import Dialect

#: Words at the root of one tool's input with which the interfaces of Anthropic and OpenAI refuse all tools.
_ROOT_WORDS: Final = ("anyOf", "oneOf", "allOf", "not", "enum")
_NOT_STRICT: Final = ("default",)
_GEMINI: Final = (
    *("type", "description", "enum", "items", "properties", "required", "minItems", "maxItems"),
    *("minimum", "maximum", "nullable", "anyOf"),
)


def write(schema: Schema, dialect: Dialect) -> Schema:
    """A tool's input `schema` in the `dialect`."""
    rooted = {word: value for word, value in schema.items() if word not in _ROOT_WORDS}
    if dialect == "openai-strict":
        return _write_strictly(rooted)
    if dialect == "gemini":
        return _write_for_gemini(rooted)
    # Google's converter breaks on a truth there (google-genai 3.6), and the engine refuses unknown fields anyway.
    return {word: value for word, value in rooted.items() if word != "additionalProperties" and value != []}


def write_any_object(description: str, dialect: Dialect) -> Schema:
    """The schema of a field that takes an object of any names. Where every name has to be told, it is JSON as text."""
    if dialect == "plain":
        return {"type": "object", "description": description}
    return {"type": "string", "description": f"{description.removesuffix('.')}, as the JSON text of an object."}


def read_object(given: Any) -> Mapping[str, Any] | None:
    """The object that such a field was `given`; `None` where it is none."""
    if isinstance(given, str):
        try:
            given = json.loads(given)
        except ValueError:
            return None
    return given if isinstance(given, Mapping) else None


def _write_strictly(schema: Schema) -> Schema:
    strict = {word: value for word, value in schema.items() if word not in _NOT_STRICT}
    if "items" in strict:
        strict["items"] = _write_strictly(strict["items"])
    if "properties" in strict:
        needed = strict.get("required", ())
        written = {name: _write_strictly(part) for name, part in strict["properties"].items()}
        strict["properties"] = {name: part if name in needed else _take_null(part) for name, part in written.items()}
        strict["required"] = list(written)
    if types := _types_of(strict):
        strict["type"] = _choose(types)
    if "object" in types:
        strict.setdefault("properties", {})
        strict.setdefault("required", [])
        strict["additionalProperties"] = False
    return strict


def _take_null(schema: Schema) -> Schema:
    nullable = {**schema, "type": [*_types_of(schema), "null"]}
    return {**nullable, "enum": [*schema["enum"], None]} if "enum" in schema else nullable


def _write_for_gemini(schema: Schema) -> Schema:
    written: dict[str, Any] = {word: value for word, value in schema.items() if word in _GEMINI}
    if types := _types_of(schema):
        written["type"] = _choose(types)
    if "items" in written:
        written["items"] = _write_for_gemini(written["items"])
    if "properties" in written:
        written["properties"] = {name: _write_for_gemini(part) for name, part in written["properties"].items()}
    return written


def _choose(types: list[str]) -> str:
    """One of the types in which a value may be given: text for a number, which the engine reads, else the first."""
    return "string" if "integer" in types and "string" in types else types[0]


def _types_of(schema: Schema) -> list[str]:
    kind = schema.get("type", [])
    return [kind] if isinstance(kind, str) else list(kind)

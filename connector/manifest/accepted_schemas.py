"""What may be given for a field, as JSON Schema for documents that others validate against: the normal form, and the
other forms that its description invites. What of them fits is for `arguments` to say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connector.manifest.schema_files import Schema

#: Words that say something of one type only; beside them stand those of a field, whatever its type.
_BY_TYPE = ("type", "items", "minItems", "maxItems", "uniqueItems", "minimum", "maximum", "pattern")


def accept(node: Any) -> Any:
    """`node`, a schema or what holds schemas, with every field in it widened: links and URIs where it refers to a
    thing, text with commas for a list, `m:ss` for milliseconds, a number for an amount with a sign."""
    if isinstance(node, list):
        return [accept(entry) for entry in node]
    if not isinstance(node, Mapping):
        return node
    wide = {key: accept(value) for key, value in node.items()}
    if "x-reference" in node:
        wide.pop("pattern", None)
    if "x-separator" in node or node.get("x-field") == "Array" or "x-unit" in node:
        return _or_else(wide, {"type": "string"})
    if "x-relative" in node:
        return _or_else(wide, {"type": "integer"})
    return wide


def _or_else(schema: Schema, other: Schema) -> Schema:
    own = {word: schema.pop(word) for word in _BY_TYPE if word in schema}
    return {**schema, "anyOf": [own, other]}

"""What an item of a block's output looks like, as the schema that n8n offers for mapping before anything has run: as
it is unless *Simplify* is turned off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from connector.brief_entries import nest
from connector.manifest.blocks import Block
from connector.manifest.schema_files import Schema, follow

#: Deeper than this, nobody maps; it also ends what refers to itself.
_DEPTH: Final = 5
_KEPT: Final = ("string", "number", "integer", "boolean", "object", "array")


def build_item_schema(block: Block) -> Schema | None:
    """The schema of one item that the block's operation gives; `None` where nothing is known of it."""
    root = block.output_schema
    schema: Schema | None = root
    if block.page:
        for step in (*block.page.at, block.page.names["items"]):
            schema = _resolve(schema, root).get("properties", {}).get(step) if schema else None
    schema = _resolve(schema, root) if schema else {}
    if schema.get("type") == "array":
        schema = _resolve(schema.get("items", {}), root)
    simple = _simplify(schema, root, _DEPTH)
    if simple is None:
        return None
    wanted = nest(block.brief)
    for step in reversed(block.listing.at if block.listing and not block.page else ()):
        wanted = {step: wanted}
    simple = _cut(simple, wanted)
    if simple["type"] != "object":
        simple = {"type": "object", "properties": {"value": simple}}
    elif not simple.get("properties"):
        simple = {"type": "object", "properties": {"success": {"type": "boolean"}}}
    if block.done:
        simple = {**simple, "properties": {**simple["properties"], "did": {"type": "string"}}}
    return {**simple, "version": 1}


def _cut(schema: Schema, wanted: Mapping[str, Any]) -> Schema:
    """`schema` with nothing but the `wanted` properties, in a list those of each entry; all of it where it has none."""
    if schema["type"] == "array":
        return {**schema, "items": _cut(schema["items"], wanted)} if "items" in schema else schema
    properties = schema.get("properties", {})
    kept = {name: _cut(properties[name], inner) for name, inner in wanted.items() if name in properties}
    return {**schema, "properties": kept} if kept else schema


def _simplify(schema: Schema, root: Schema, depth: int) -> Schema | None:
    schema = _resolve(schema, root)
    kind = schema.get("type")
    if isinstance(kind, list):
        kind = next((one for one in kind if one != "null"), None)
    if kind not in _KEPT or depth == 0:
        return None
    simple: Schema = {"type": kind}
    if kind == "object":
        found = {name: _simplify(value, root, depth - 1) for name, value in schema.get("properties", {}).items()}
        simple["properties"] = {name: value for name, value in found.items() if value}
    if kind == "array" and (items := _simplify(schema.get("items", {}), root, depth - 1)):
        simple["items"] = items
    return simple


def _resolve(schema: Schema, root: Schema) -> Schema:
    """`schema` without references at its top, its parts joined, and of several forms the first that is not null."""
    schema = follow(schema, root)
    for word in ("anyOf", "oneOf", "allOf"):
        if word in schema:
            beside = {key: value for key, value in schema.items() if key != word}
            parts = (
                schema[word] if word == "allOf" else [form for form in schema[word] if form.get("type") != "null"][:1]
            )
            return _resolve(_join([*(_resolve(part, root) for part in parts), beside]), root)
    return schema


def _join(parts: list[Schema]) -> Schema:
    joined: Schema = {}
    for part in parts:
        properties = {**joined.get("properties", {}), **part.get("properties", {})}
        joined = {**joined, **part, **({"properties": properties} if properties else {})}
    return joined

"""The objects that blocks give, as a page of the reference: each with its fields, their types and what they are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from connector.export.markdown import build_table, to_code, to_text
from connector.manifest.manifest import Manifest
from connector.manifest.schema_files import Schema, name_target

PAGE = "objects.md"
_CODE = re.compile(r"\\`(.+?)\\`")
_ESCAPED = re.compile(r"\\(.)")

_HEAD = """\
# What blocks give

[All blocks](README.md). The objects in blocks' outputs, by name; a block's part says which it gives. A field marked
*optional* may be missing. `spotify-blocks describe BLOCK --json` has the whole schema.
"""


def build_objects(manifest: Manifest) -> str:
    """The page as Markdown, without a head line of origin."""
    definitions: dict[str, Schema] = {}
    for block in manifest:
        definitions |= block.output_schema.get("$defs", {})
    parts = [_HEAD.rstrip()]
    for name in sorted(definitions):
        if properties := definitions[name].get("properties"):
            parts += [f"## {name}", *_tell(definitions[name]), _build_fields(definitions, name, properties)]
    return "\n\n".join(parts) + "\n"


def find_objects(schema: Schema) -> list[str]:
    """The names of the objects with fields that `schema`, of an output, is at its top."""
    definitions = schema.get("$defs", {})
    choices = [schema, *schema.get("anyOf", ()), *schema.get("oneOf", ())]
    names = [name for choice in choices if (name := name_target(choice))]
    inner = [each for name in names for each in find_objects({**definitions[name], "$defs": definitions})]
    return list(dict.fromkeys([*(name for name in names if definitions[name].get("properties")), *inner]))


def link_object(name: str) -> str:
    """A link to the object's part of the page."""
    return f"[{name}]({PAGE}#{name.lower()})"


def to_prose(words: str) -> str:
    """`words` as text, with what they have in backticks as code."""
    return _CODE.sub(lambda match: to_code(_ESCAPED.sub(r"\1", match[1])), to_text(words))


def _tell(schema: Schema) -> list[str]:
    words = schema.get("description") or schema.get("title")
    return [to_prose(words)] if words else []


def _build_fields(definitions: Mapping[str, Schema], name: str, properties: Mapping[str, Schema]) -> str:
    required = definitions[name].get("required", ())
    rows = []
    for field, schema in properties.items():
        told = [*_tell(schema), *_tell(definitions.get(name_target(schema) or "", {}))][:1]
        kind = _tell_type(definitions, schema) + ("" if field in required else ", optional")
        rows.append((to_code(field), kind.removeprefix(", "), *(told or [""])))
    return build_table(("field", "type", "what it is"), rows)


def _tell_type(definitions: Mapping[str, Schema], schema: Any) -> str:
    if name := name_target(schema):
        inner = definitions[name]
        return link_object(name) if inner.get("properties") else _tell_type(definitions, inner)
    if choices := schema.get("anyOf") or schema.get("oneOf"):
        told = dict.fromkeys(_tell_type(definitions, choice) for choice in choices)
        return " or ".join(filter(None, told))
    if "items" in schema:
        return f"list of {_tell_type(definitions, schema['items']) or 'anything'}"
    kinds = schema.get("type", "")
    return " or ".join([kinds] if isinstance(kinds, str) else kinds)

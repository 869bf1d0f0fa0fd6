"""What a block gives, in a line: the fields of its output, or of each entry of its list, that a person wants."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from connector.manifest.blocks import Block
from connector.manifest.schema_files import Schema
from connector.manifest.schema_parts import find_part, iter_forms

#: More names than these say no more.
_MOST_NAMES: Final = 16
_NOTHING: Final = "nothing but that it is done"
_TYPES: Final = {"boolean": "true or false", "integer": "a whole number", "number": "a number", "string": "text"}


def tell_output(block: Block) -> str:
    """What `block` gives: a list and where it stands, names of fields as `x-brief` or the schema has them."""
    if not block.reads_answer:
        return _NOTHING
    root = block.output_schema
    at: Sequence[str] = block.listing.at if block.listing else ()
    if block.brief:
        told = ", ".join(block.brief[:_MOST_NAMES]) + (" …" if len(block.brief) > _MOST_NAMES else "")
        return f"a list in {'.'.join(at)}, of each entry: {told}" if at else told
    told = _tell_schema(root, find_part(root, at), ".".join(at))
    return told or (_NOTHING if block.effect != "read" else "what the service answers")


def _tell_schema(root: Schema, schema: Any, place: str = "") -> str:
    """The names in an object, what a list is of, or a plain value's type; empty where the schema says nothing."""
    for form in iter_forms(root, schema):
        if properties := form.get("properties"):
            return ", ".join(list(properties)[:_MOST_NAMES])
        if "items" in form:
            inner = _tell_schema(root, form["items"])
            return f"a list{f' in {place}' if place else ''}" + (f", of each entry: {inner}" if inner else "")
        if word := _TYPES.get(str(form.get("type"))):
            return word
    return ""

"""A block as an MCP tool: its name, words, schemas and hints, all from the manifest.

The input schema tells what may be given, in as few letters as that takes: models pay for each. Fields that the server
fills in itself are left out, and rules over several fields stand in the description. Where a schema of the output is
told, what is no JSON object stands under `result`, since the protocol wants an object.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from mcp_types import Tool, ToolAnnotations

from connector.manifest.beforehand import tell_beforehand
from connector.manifest.block_entries import PAGING_FIELDS
from connector.manifest.blocks import Block
from connector.manifest.field_rules import tell_rules
from connector.manifest.schema_files import Schema, follow
from connector.runners.mcp_server.dialects import write
from connector.runners.mcp_server.offer import ESSENTIALS, Offer

#: The most entries that a paged block gives where the caller names no number: a model reads all that it is given.
_ENTRIES: Final = 50
#: The most choices that are listed, and the longest pattern, in characters: whatever fits, the engine judges.
_MOST_CHOICES: Final = 30
_LONGEST_PATTERN: Final = 200
#: Where an output that is no JSON object stands, as the SDK's own tools have it.
RESULT: Final = "result"
#: The field that says how much of each entry is told; a block's own of that name goes before it.
DETAIL: Final = "detail"
DETAILS: Final = ("brief", "full")
LIMIT_FIELD: Final = "max_items"

_DETAIL: Final[Schema] = {
    "type": "string",
    "enum": list(DETAILS),
    "description": "brief without it: what a person wants of each.",
}
#: Words of a field's schema that tell a model nothing that its name and description don't.
_UNTOLD: Final = ("title", "examples", "writeOnly", "minLength", "maxLength", "minItems")


def build_tool(block: Block, filled: Collection[str] = (), offer: Offer = ESSENTIALS) -> Tool:
    """The tool that invokes `block` as the `offer` has it; the server itself fills in the fields named in `filled`."""
    return Tool(
        name=block.name,
        title=block.title,
        description=describe(block),
        input_schema=build_input_schema(block, filled, offer),
        output_schema=build_output_schema(block) if offer.has_output_schemas else None,
        annotations=_hint(block),
    )


def _hint(block: Block) -> ToolAnnotations:
    """What the block's effect is, as far as it isn't what the protocol takes for granted."""
    if block.effect == "read":
        return ToolAnnotations(read_only_hint=True)
    return ToolAnnotations(
        destructive_hint=block.effect == "destructive", idempotent_hint=True if block.is_idempotent else None
    )


def describe(block: Block) -> str:
    """What the block does, which fields go together, and for which apps it is closed, in words for a model; what the
    user must have granted is told where it is missing."""
    words = [block.description, *tell_rules(block)]
    return "\n".join([*words, " ".join(tell_beforehand(block))]).rstrip()


def build_input_schema(block: Block, filled: Collection[str] = (), offer: Offer = ESSENTIALS) -> Schema:
    """The schema of a call's arguments, in the offer's dialect and without the fields named in `filled`."""
    fields = {name: field for name, field in block.input_schema["properties"].items() if name not in filled}
    properties = {name: _tell(field) for name, field in fields.items()}
    if block.page:
        limit, resume = (properties[name] for name in PAGING_FIELDS)
        limit["description"] = f"Most entries to give; {count_entries(block)} without it."
        resume["description"] = "The resume of an error, to go on there."
        resume.pop("pattern", None)
    if has_brief(block, offer):
        properties[DETAIL] = dict(_DETAIL)
    required = [name for name in block.input_schema.get("required", ()) if name not in filled]
    return write({**block.input_schema, "properties": properties, "required": required}, offer.dialect)


def _tell(field: Schema) -> Schema:
    """A field's schema in few letters; where its choices or its pattern are long, its words say what fits instead."""
    schema = _unite(field)
    is_long = len(schema.get("enum", ())) > _MOST_CHOICES or len(schema.get("pattern", "")) > _LONGEST_PATTERN
    # A secret is handed on as it is.
    untold = (*_UNTOLD, "enum", "pattern") if is_long or schema.get("writeOnly") else _UNTOLD
    told = {word: value for word, value in schema.items() if word not in untold and not word.startswith("x-")}
    if schema.get("writeOnly") and "title" in schema:
        # Said in every tool, to a model that can't get it by itself.
        told["description"] = schema["title"]
    if is_long and "x-fits" in schema:
        told["description"] = f"{schema['description']} Fits: {schema['x-fits']}."
    if isinstance(schema.get("items"), dict):
        # The list's own words tell of its entries too.
        told["items"] = {word: value for word, value in _tell(schema["items"]).items() if word != "description"}
    return told


def _unite(field: Schema) -> Schema:
    """A field that takes another type too, as one schema of both types; words that say something of one type only say
    nothing of the other."""
    if "anyOf" not in field or "type" in field:
        return field
    own, other = field["anyOf"]
    rest = {word: value for word, value in field.items() if word != "anyOf"}
    return {**rest, **own, "type": [own["type"], other["type"]]}


def has_brief(block: Block, offer: Offer) -> bool:
    """Whether the block's answers may be brief: a schema of the output promises all of it."""
    return bool(block.brief) and DETAIL not in block.fields and not offer.has_output_schemas


def count_entries(block: Block) -> int:
    """How many entries a paged block gives where the caller names no number: what one call gets in any quota mode."""
    assert block.page is not None  # noqa: S101 - what isn't paged has no entries to count
    return min(_ENTRIES, block.page.size, *block.page.sizes.values())


def build_output_schema(block: Block) -> Schema:
    """The block's output schema with `type: object` at its root, which the protocol asks for."""
    schema = block.output_schema
    if not is_wrapped(block):
        return {"type": "object", **schema}
    inner = {key: value for key, value in schema.items() if key != "$defs"}
    wrapped: Schema = {"type": "object", "properties": {RESULT: inner}, "required": [RESULT]}
    return {**wrapped, "$defs": schema["$defs"]} if "$defs" in schema else wrapped


def is_wrapped(block: Block) -> bool:
    """Whether the block's output is no JSON object, so that it stands under `result`."""
    return follow(block.output_schema, block.output_schema).get("type") != "object"

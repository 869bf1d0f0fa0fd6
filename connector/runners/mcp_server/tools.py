"""A block as an MCP tool: its name, words, schemas and hints, all from the manifest.

Schemas are the block's own, but for four things. Fields that the server fills in itself are left out of the input. A
rule over several fields stands in the description: with `anyOf` at the root of one tool's input, the interfaces of
Anthropic's and OpenAI's models refuse all tools of the list. Of choices that a model knows by heart or can't read
through, such as 249 countries, the description says what they are. And what is no JSON object stands under `result`,
since the protocol wants one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from mcp_types import Tool, ToolAnnotations

from connector.manifest.beforehand import tell_beforehand
from connector.manifest.blocks import Block
from connector.manifest.field_rules import tell_rules
from connector.manifest.manifest import Manifest
from connector.manifest.schema_files import Schema, follow
from connector.manifest.scope_needs import tell_needs

#: Entries that a paged block gives where the caller names no number: a model reads all that it is given.
ENTRIES: Final = 50
#: The most choices that are listed, and the longest pattern, in characters: whatever fits, the engine judges.
_MOST_CHOICES: Final = 30
_LONGEST_PATTERN: Final = 200
#: Where an output that is no JSON object stands, as the SDK's own tools have it.
RESULT: Final = "result"


def choose_blocks(manifest: Manifest, only: Iterable[str] = (), *, is_read_only: bool = False) -> tuple[Block, ...]:
    """The blocks to offer, in the manifest's order: all, or those of the groups and blocks that `only` names (groups in
    any case, blocks by their aliases too); with `is_read_only` those that change nothing.

    Raises `UnknownBlock` for a name that is neither.
    """
    groups = {group.lower() for group in manifest.groups}
    wanted = list(only)
    chosen_groups = {word.lower() for word in wanted} & groups
    chosen = {manifest.block(word).name for word in wanted if word.lower() not in groups}
    return tuple(
        block
        for block in manifest
        if (not wanted or block.name in chosen or block.group.lower() in chosen_groups)
        and (not is_read_only or block.effect == "read")
    )


def build_tool(block: Block, filled: Collection[str] = ()) -> Tool:
    """The tool that invokes `block`; the server itself fills in the fields named in `filled`."""
    return Tool(
        name=block.name,
        title=block.title,
        description=describe(block),
        input_schema=build_input_schema(block, filled),
        output_schema=build_output_schema(block),
        annotations=ToolAnnotations(
            read_only_hint=block.effect == "read",
            destructive_hint=block.effect == "destructive",
            idempotent_hint=block.is_idempotent,
            open_world_hint=True,
        ),
    )


def describe(block: Block) -> str:
    """What the block does, how many entries it gives, what the user must have granted, and for which apps it is closed,
    in words for a model."""
    words = [block.description, *tell_rules(block)]
    if block.page:
        words.append(f"Gives {ENTRIES} entries unless max_items says otherwise, and how many there are in all.")
    if block.scopes:
        words.append(f"Scopes that the user grants: {tell_needs(block.scope_needs)}.")
    if closed := tell_beforehand(block):
        words.append(" ".join(closed))
    return "\n".join(words)


def build_input_schema(block: Block, filled: Collection[str] = ()) -> Schema:
    """The block's input schema, without the fields named in `filled`, a rule over several fields, and long lists of
    choices."""
    schema = {**block.input_schema}
    schema.pop("anyOf", None)
    schema["properties"] = {
        name: _without_long_lists(each) for name, each in schema["properties"].items() if name not in filled
    }
    required = [name for name in schema.pop("required", ()) if name not in filled]
    return {**schema, "required": required} if required else schema


def _without_long_lists(schema: Schema) -> Schema:
    """A field's `schema`; where its choices or its pattern are long, its description says what fits instead."""
    is_long = {
        "enum": len(schema.get("enum", ())) > _MOST_CHOICES,
        "pattern": len(schema.get("pattern", "")) > _LONGEST_PATTERN,
        "x-suggestions": len(schema.get("x-suggestions", ())) > _MOST_CHOICES,
    }
    if not any(is_long.values()):
        return schema
    short = {key: value for key, value in schema.items() if not is_long.get(key)}
    fits = f" Fits: {schema['x-fits']}." if "x-fits" in schema else ""
    return {**short, "description": f"{schema['description']}{fits}"}


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

"""What the page at `/docs` shows of one block: its words, and a description of each control of its form."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from connector.arguments.wording import describe_fit
from connector.export.first_fields import find_first_fields
from connector.export.samples import build_sample
from connector.manifest.beforehand import tell_cost
from connector.manifest.blocks import Block, Field
from connector.manifest.closed_blocks import describe_closing, tell_closed
from connector.manifest.field_rules import tell_rules
from connector.manifest.manifest import Manifest
from connector.manifest.schema_files import Schema
from connector.manifest.schema_parts import find_file
from connector.manifest.scope_needs import tell_needs

#: Up to this many choices are a menu; of more, those that hold what was typed are offered.
_MENU_SIZE: Final = 30


def build_block(manifest: Manifest, block: Block) -> dict[str, Any]:
    """The block in words, where its answer has its list and what a person wants of it, a sample, and its fields in the
    order of the form. Words that are code stand between backticks."""

    def call(name: str) -> str:
        return f"“{block.fields[name].title}”"

    listing = block.listing
    return {
        "name": block.name,
        "title": block.title,
        "group": block.group,
        "description": block.description,
        "effect": block.effect,
        "is_paged": block.page is not None,
        "closed": describe_closing(block.closed),
        "about_closed": tell_closed(block),
        "rules": tell_rules(block, call),
        "cost": tell_cost(block, call),
        "aliases": list(block.aliases),
        "scopes": tell_needs(block.scope_needs, lambda scope: f"`{scope}`", call),
        "list_at": list(listing.at) if listing else None,
        "twins": list(listing.twins) if listing else [],
        "brief": list(block.brief),
        "file": find_file(block.output_schema),
        "made_of": list(block.procedure.parts) if block.procedure else [],
        "sample": build_sample(block.output_schema),
        "example": {name: value for name, value in block.example.items() if not block.fields[name].secret},
        "fields": describe_fields(manifest, block, find_first_fields(block)),
    }


def describe_fields(manifest: Manifest, block: Block, first: Collection[str]) -> list[dict[str, Any]]:
    """The fields of a block, or of a trigger's form, in the order of the page's form, of which some come `first`."""
    auth = manifest.auth[block.server]
    lent = auth.fields if auth and auth.can_sign_in else ()
    return [
        {**_describe(field), "is_first": field.name in first, "is_lent": field.name in lent}
        for field in sorted(block.fields.values(), key=lambda field: field.name not in first)
    ]


def _describe(field: Field) -> dict[str, Any]:
    schema = field.schema
    described: dict[str, Any] = {
        "name": field.name,
        "title": field.title,
        "description": field.description,
        "fits": describe_fit(schema) if "enum" not in schema else None,
        "is_required": field.required,
        "is_secret": field.secret,
        "control": _find_control(field),
        "such_as": _write(schema["examples"][0]),
        "default": schema.get("default"),
        "has_choices": "x-choices" in schema or "x-choices" in schema.get("items", {}),
    }
    if options := _find_options(schema):
        described["options"] = options
    return described


def _find_control(field: Field) -> str:
    """The page's word for the control: `secret`, `switch`, `menu`, `offer` (of what was typed), `several` (of a few),
    `lines` (a value each), `json`, `picture`, `file`, `moment`, `whole` (a number), `number` or `text`."""
    schema = field.schema
    if field.secret:
        return "secret"
    if "x-image" in schema:
        return "picture"
    if "x-file" in schema:
        return "file"
    if field.type == "Datepicker":
        return "moment"
    if field.is_list:
        items = schema["items"]
        if items.get("type") == "object":
            return "json"
        return "several" if "enum" in items else "lines"
    if options := schema.get("enum") or schema.get("x-suggestions"):
        is_menu = "enum" in schema and len(options) <= _MENU_SIZE
        return "menu" if is_menu else "offer"
    if "x-unit" in schema:
        return "text"
    return _BY_JSON_TYPE.get(schema["type"], "text")


_BY_JSON_TYPE: Final = {"boolean": "switch", "integer": "whole", "number": "number", "object": "json"}


def _find_options(schema: Schema) -> list[list[str]]:
    """Value and label of each option."""
    schema = schema.get("items", schema)
    labels = schema.get("x-labels", {})
    options = schema.get("enum") or schema.get("x-suggestions") or []
    return [[str(option), labels.get(option, str(option))] for option in options]


def _write(example: Any) -> str:
    return ", ".join(map(str, example)) if isinstance(example, list) else str(example)

"""Which fields of a block a form shows at once; the others may be folded away."""

from __future__ import annotations

from connector.manifest.blocks import Block


def find_first_fields(block: Block) -> frozenset[str]:
    """The fields that must be given, and those of which some must; of a block made of blocks also those of which one
    may, for they say what it works on. What a connection brings along is among them."""
    first = {name for name, field in block.fields.items() if field.required}
    if block.together and block.together.at_least:
        first.update(block.together.fields)
    if block.procedure or () not in block.one_of:
        first.update(name for group in block.one_of for name in group)
    return frozenset(first)

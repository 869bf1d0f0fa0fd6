"""What the shell offers after the tab key: blocks, groups, fields and their choices, from the manifest in use.

A manifest that can't be used offers nothing: the command itself is the place to hear of it.
"""

from __future__ import annotations

from collections.abc import Iterator

import typer

from connector.errors import ConnectorError
from connector.manifest.blocks import Block
from connector.manifest.manifest import Manifest

Offer = tuple[str, str]


def complete_block(context: typer.Context, incomplete: str) -> list[Offer]:
    """Blocks by name or alias, each with its title."""
    manifest = _load(context)
    offers = [(name, block.title) for block in manifest or () for name in (block.name, *block.aliases)]
    return [offer for offer in offers if offer[0].startswith(incomplete)]


def complete_group(context: typer.Context, incomplete: str) -> list[str]:
    """The manifest's groups."""
    manifest = _load(context)
    return [group for group in (manifest.groups if manifest else ()) if group.startswith(incomplete)]


def complete_field(context: typer.Context, incomplete: str) -> list[Offer]:
    """`FIELD=` for the fields of the block that stands before, and `FIELD=CHOICE` once the field is typed."""
    manifest = _load(context)
    name = context.params.get("block")
    if manifest is None or not name:
        return []
    try:
        block = manifest.block(name)
    except ConnectorError:
        return []
    given = {word.partition("=")[0] for word in context.params.get("fields") or ()}
    return [offer for offer in _iter_offers(block, given, incomplete) if offer[0].startswith(incomplete)]


def complete_server(context: typer.Context, incomplete: str) -> list[Offer]:
    """`NAME=` for the manifest's servers."""
    manifest = _load(context)
    offers = [(f"{name}=", url) for name, url in manifest.servers.items()] if manifest else []
    return [offer for offer in offers if offer[0].startswith(incomplete)]


def _iter_offers(block: Block, given: set[str], incomplete: str) -> Iterator[Offer]:
    typed, equals, _ = incomplete.partition("=")
    if not equals:
        yield from ((f"{name}=", field.title) for name, field in block.fields.items() if name not in given)
    elif field := block.fields.get(typed):
        yield from ((f"{typed}={choice}", field.title) for choice in field.schema.get("enum", ()))


def _load(context: typer.Context) -> Manifest | None:
    try:
        return Manifest.load(context.find_root().params.get("manifest"))
    except ConnectorError:
        return None

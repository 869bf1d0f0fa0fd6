"""What an MCP server offers: which blocks, and in which form their tools are told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from connector.manifest.blocks import Block
from connector.manifest.manifest import Manifest

#: How input schemas are written: plain JSON Schema, or within what a vendor's interface takes.
Dialect = Literal["plain", "openai-strict", "gemini"]


@dataclass(frozen=True, slots=True)
class Offer:
    """What is offered to clients.

    `only` names groups and blocks; without any, those that the manifest calls essential, or with `is_whole` all.
    `is_read_only`: only what changes nothing. `is_dynamic`: instead of a tool for each, three that find a block,
    describe it and run it. `dialect`: how input schemas are written. `has_output_schemas`: tools tell the schema of
    their answers, which are then whole.
    """

    only: tuple[str, ...] = ()
    is_whole: bool = False
    is_read_only: bool = False
    is_dynamic: bool = False
    dialect: Dialect = "plain"
    has_output_schemas: bool = False


#: What is offered unless it is said otherwise.
ESSENTIALS: Final = Offer()


def choose_blocks(
    manifest: Manifest, only: Iterable[str] = (), *, is_whole: bool = False, is_read_only: bool = False
) -> tuple[Block, ...]:
    """The blocks to offer, in the manifest's order: those of the groups and blocks that `only` names (groups in any
    case, blocks by their aliases too), without any those that the manifest calls essential, or with `is_whole` all;
    with `is_read_only` those of them that change nothing.

    Raises `UnknownBlock` for a name that is neither.
    """
    wanted = list(only) or ([] if is_whole else manifest.package.get("essentials", []))
    groups = {group.lower() for group in manifest.groups}
    # A block may be called as a group is, but for capitals.
    words = {word for word in wanted if word in manifest.names or word.lower() not in groups}
    chosen = {manifest.block(word).name for word in words}
    chosen_groups = {word.lower() for word in wanted if word not in words}
    return tuple(
        block
        for block in manifest
        if (not wanted or block.name in chosen or block.group.lower() in chosen_groups)
        and (not is_read_only or block.effect == "read")
    )

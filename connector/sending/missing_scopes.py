"""What a user has not granted, in words: which scopes, and the command that asks for them."""

from __future__ import annotations

from collections.abc import Sequence

from connector.manifest.blocks import Block
from connector.manifest.manifest import Manifest
from connector.manifest.scope_needs import ScopeNeed


def describe_needs(block: Block, needs: Sequence[ScopeNeed], manifest: Manifest, connection: str | None = None) -> str:
    """Which scopes the block needs, and the command by which a user grants them (for `connection`, where named)."""
    texts = manifest.data.get("scopes", {})
    phrases = []
    for need in needs:
        # Which of several it is, the user can tell by what each is for.
        told = need.any_of if len(need.any_of) == 1 else [f"{each} ({texts[each]})" for each in need.any_of]
        phrases.append(" or ".join(told))
    name = f" --name {connection}" if connection else ""
    asked = dict.fromkeys(scope for need in needs for scope in need.any_of if scope not in block.scopes_to_ask)
    more = "".join(f" --scope {scope}" for scope in asked)
    return (
        f"It needs the scope {', and '.join(phrases)}: "
        f"`{manifest.command} login{name} --for {block.name}{more}` asks the user for it."
    )

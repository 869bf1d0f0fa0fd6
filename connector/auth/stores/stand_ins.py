"""Connections that stand in for those that arguments name, where there is nobody to sign in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connector.auth.connection import Connection
from connector.auth.stores.memory_store import MemoryStore
from connector.manifest.blocks import Block


def open_stand_ins(block: Block, args: Mapping[str, Any], access_token: str) -> MemoryStore | None:
    """A store in which every other connection that `args` name has this token; `None` where the block takes none."""
    if not block.connection_fields:
        return None
    names = [args[name] for name in sorted(block.connection_fields & args.keys()) if isinstance(args[name], str)]
    return MemoryStore([Connection(name, "stand-in", access_token=access_token) for name in names if name.strip()])

"""Three tools in place of one for each block: find a block, describe it, run it.

A model then pays for the blocks that it looks at, and not for all that there are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any, Final

from mcp.server.context import ServerRequestContext
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    Tool,
    ToolAnnotations,
)

from connector.manifest.blocks import Block
from connector.runners.mcp_server.dialects import read_object, write, write_any_object
from connector.runners.mcp_server.door import ToolDoor
from connector.runners.mcp_server.offer import Offer

FIND: Final = "find_blocks"
DESCRIBE: Final = "describe_block"
RUN: Final = "run_block"
#: So many blocks are found at most.
_MOST: Final = 12
#: The parts of a name such as `getUserSavedTracks`, and words; an ending of the plural counts for nothing.
_WORD: Final = re.compile(r"[A-Z]?[a-z]{2,}")

_BLOCK: Final = {"type": "string", "description": f"The block's name, as {FIND} tells it."}


class DynamicDoor:
    """Answers for the blocks of a `door` by three tools."""

    def __init__(self, door: ToolDoor, offer: Offer) -> None:
        self._door = door
        self._tools = _build_tools(offer, list(door.blocks.values()))

    async def list_tools(
        self, _context: ServerRequestContext[Any, Any], _params: PaginatedRequestParams | None
    ) -> ListToolsResult:
        """The three tools."""
        return ListToolsResult(tools=self._tools)

    async def call_tool(self, context: ServerRequestContext[Any, Any], params: CallToolRequestParams) -> CallToolResult:
        """Does what the tool says. Raises `MCPError` where there is no such tool, and no such block."""
        given = params.arguments or {}
        if params.name == FIND:
            return _say(tell_found(find_blocks(self._door.blocks.values(), str(given.get("words") or ""))))
        if params.name not in (DESCRIBE, RUN):
            names = ", ".join(tool.name for tool in self._tools)
            raise MCPError(INVALID_PARAMS, f"There is no tool {params.name}; there are {names}.")
        block = self._door.find_block(str(given.get("block") or ""))
        if params.name == DESCRIBE:
            tool = self._door.build_tool(block, is_bound=self._door.is_bound(context))
            return _say(f"{tool.description}\n{json.dumps(tool.input_schema, ensure_ascii=False)}")
        arguments = read_object(given.get("arguments") or {})
        if arguments is None:
            raise MCPError(INVALID_PARAMS, f"arguments is no object; {DESCRIBE} tells what {block.name} takes.")
        return await self._door.call(context, block, arguments)


def find_blocks(blocks: Iterable[Block], words: str) -> list[Block]:
    """The blocks whose name, title, group and description have most of the `words`, the best first; those that are
    closed to nearly every app come after all others."""
    wanted = _split(words)
    scored = [(_score(block, wanted), block) for block in blocks]
    found = [(score, block) for score, block in scored if score]
    # Of those that fit about as well the plain ones come before those that are made of them.
    found.sort(key=lambda pair: (_is_closed(pair[1]), _is_made(pair[1]) - pair[0], _is_made(pair[1])))
    return [block for _, block in found[:_MOST]]


def _is_closed(block: Block) -> bool:
    return block.closed_since("development") is not None


def _is_made(block: Block) -> bool:
    return block.procedure is not None


def tell_found(blocks: list[Block]) -> str:
    """What was found, a line each."""
    if not blocks:
        return "No block has these words; use others, such as the kind of thing and what to do with it."
    return "\n".join(f"{block.name}: {block.description}" for block in blocks)


def _score(block: Block, wanted: set[str]) -> int:
    """How well a block fits: a word in its name counts for more than one in its description."""
    name, title = _split(block.name) | _split(" ".join(block.aliases)), _split(f"{block.title} {block.group}")
    return sum(3 * (word in name) + 2 * (word in title) + (word in _split(block.description)) for word in wanted)


def _split(text: str) -> set[str]:
    return {word.lower().removesuffix("s") for word in _WORD.findall(text)}


def _build_tools(offer: Offer, blocks: list[Block]) -> list[Tool]:
    groups = ", ".join(dict.fromkeys(block.group for block in blocks))
    is_read_only = all(block.effect == "read" for block in blocks)
    reads = ToolAnnotations(read_only_hint=True, open_world_hint=False)
    return [
        Tool(
            name=FIND,
            title="Find blocks",
            description=f"Find what can be done, among {len(blocks)} blocks: {groups}.",
            input_schema=_write(offer, words={"type": "string", "description": "What to do, and with what."}),
            annotations=reads,
        ),
        Tool(
            name=DESCRIBE,
            title="Describe a block",
            description="Tell what a block takes, as JSON Schema, and what it costs.",
            input_schema=_write(offer, block=_BLOCK),
            annotations=reads,
        ),
        Tool(
            name=RUN,
            title="Run a block",
            description=f"Run a block with the arguments that {DESCRIBE} tells of.",
            input_schema=_write(
                offer, block=_BLOCK, arguments=write_any_object("The block's fields by name.", offer.dialect)
            ),
            annotations=ToolAnnotations(
                read_only_hint=is_read_only, destructive_hint=not is_read_only, open_world_hint=True
            ),
        ),
    ]


def _write(offer: Offer, **fields: Any) -> dict[str, Any]:
    return write({"type": "object", "properties": fields, "required": list(fields)}, offer.dialect)


def _say(text: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=text)])

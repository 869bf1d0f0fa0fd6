"""FastMCP's client."""

import asyncio
import json
import sys

from fastmcp import Client
from fastmcp.client.transports import StdioTransport


async def main(command: str, *words: str) -> None:
    async with Client(StdioTransport(command, list(words))) as client:
        names = [tool.name for tool in await client.list_tools()]
        answer = await client.call_tool("getUserTopTracks", {"max_items": 2})
        print(json.dumps({"tools": names, "answer": json.loads(answer.content[0].text)}))


asyncio.run(main(*sys.argv[1:]))

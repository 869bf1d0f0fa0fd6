"""Google's SDK: tools become function declarations, which know a part of JSON Schema."""

import asyncio
import json
import sys

from google.genai import _mcp_utils
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client


async def main(command: str, *words: str) -> None:
    parameters = StdioServerParameters(command=command, args=list(words))
    async with stdio_client(parameters) as streams, ClientSession(*streams) as session:
        await session.initialize()
        tools = _mcp_utils.mcp_to_gemini_tools((await session.list_tools()).tools)
        names = [declared.name for tool in tools for declared in tool.function_declarations]
        answer = await session.call_tool("getUserTopTracks", {"max_items": 2})
        print(json.dumps({"tools": names, "answer": json.loads(answer.content[0].text)}))


asyncio.run(main(*sys.argv[1:]))

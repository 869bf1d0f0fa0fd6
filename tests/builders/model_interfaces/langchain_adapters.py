"""LangChain's adapters: tools of an MCP server as LangChain's own, and those as a model's functions."""

import asyncio
import json
import sys

from langchain_core.utils.function_calling import convert_to_openai_tool
from langchain_mcp_adapters.client import MultiServerMCPClient


async def main(command: str, *words: str) -> None:
    client = MultiServerMCPClient({"blocks": {"command": command, "args": list(words), "transport": "stdio"}})
    tools = {tool.name: tool for tool in await client.get_tools()}
    names = [convert_to_openai_tool(tool)["function"]["name"] for tool in tools.values()]
    [content, *_] = await tools["getUserTopTracks"].ainvoke({"max_items": 2})
    print(json.dumps({"tools": names, "answer": json.loads(content["text"])}))


asyncio.run(main(*sys.argv[1:]))

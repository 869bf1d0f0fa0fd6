"""mcp-use: tools of an MCP server for LangChain's agents, whose fields become a class of pydantic's."""

import asyncio
import json
import sys

from mcp_use import MCPClient
from mcp_use.agents.adapters.langchain_adapter import LangChainAdapter


async def main(command: str, *words: str) -> None:
    client = MCPClient({"mcpServers": {"blocks": {"command": command, "args": list(words)}}})
    await client.create_all_sessions()
    tools = {tool.name: tool for tool in await LangChainAdapter().create_tools(client)}
    answer = await tools["getUserTopTracks"].ainvoke({"max_items": 2})
    text = str(answer)
    text = text[: text.rindex("]") + 1]
    print(json.dumps({"tools": list(tools), "answer": json.loads(text)}))
    await client.close_all_sessions()


asyncio.run(main(*sys.argv[1:]))

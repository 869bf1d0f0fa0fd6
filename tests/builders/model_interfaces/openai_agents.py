"""OpenAI's Agents SDK, whose strict mode wants every field named: what a model doesn't give is null."""

import asyncio
import json
import sys

from agents import Agent, RunContextWrapper
from agents.mcp import MCPServerStdio, MCPUtil


async def main(command: str, *words: str) -> None:
    parameters = {"command": command, "args": list(words)}
    async with MCPServerStdio(params=parameters, client_session_timeout_seconds=60) as server:
        tools = await MCPUtil.get_function_tools(server, True, RunContextWrapper(None), Agent(name="listener"))
        # A trigger's fields are an object of any fields, which strict mode can't say but in the dialect made for it.
        loose = set() if "openai-strict" in words else {"whats_new"}
        assert {tool.name for tool in tools if not tool.strict_json_schema} == loose
        top = next(tool for tool in tools if tool.name == "getUserTopTracks")
        nothing = dict.fromkeys(top.params_json_schema["properties"])
        answer = await server.call_tool(top.name, {**nothing, "max_items": 2})
        print(json.dumps({"tools": [tool.name for tool in tools], "answer": json.loads(answer.content[0].text)}))


asyncio.run(main(*sys.argv[1:]))

"""Saves the albums of what the listener plays most, by the tools that a desktop client would call.

    python examples/mcp/keep_albums.py [sandbox.json]

It starts the server that a client's configuration names: `sandbox.json` beside it needs no account, `desktop.json` acts
for a connection made by `spotify-blocks login`. What a model would decide, this script does in a few lines.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from mcp import Client, StdioServerParameters

FOLDER = Path(__file__).parent


def read_server(path: Path) -> StdioServerParameters:
    """The first server of a client's configuration; a command is also looked for beside this Python."""
    [server, *_] = json.loads(path.read_text("utf-8"))["mcpServers"].values()
    beside = Path(sys.executable).with_name(server["command"])
    return StdioServerParameters(**{**server, "command": str(beside) if beside.exists() else server["command"]})


async def call(client: Client, tool: str, **args: Any) -> Any:
    """What the tool gives; an error's text, which says what to do, ends the script."""

    async def show(progress: float, _total: float | None, message: str | None) -> None:
        print(f"  {tool}: {message or progress}", file=sys.stderr)

    answer = await client.call_tool(tool, args, progress_callback=show)
    if answer.is_error:
        sys.exit(answer.content[0].text)
    return json.loads(answer.content[0].text)


async def main(path: Path) -> None:
    async with Client(read_server(path)) as client:
        tools = (await client.list_tools()).tools
        changing = [tool.name for tool in tools if not tool.annotations.read_only_hint]
        print(f"{len(tools)} tools, {len(changing)} of which change something.")

        top = await call(client, "getUserTopTracks", time_range="short_term", max_items=20, detail="full")
        albums = {track["album"]["id"]: track["album"]["name"] for track in top["items"]}
        saved = await call(client, "checkSavedAlbum", id=list(albums))
        missing = [album for album, is_saved in zip(albums, saved, strict=True) if not is_saved]
        if missing:
            await call(client, "saveAlbumForUser", id=missing)
        print(f"{len(missing)} of {len(albums)} albums were not in the library and are now:")
        for album in missing:
            print(f"  {albums[album]}")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER / "sandbox.json"))

"""Installs the official MCP inspector into the user's cache: `python tests/builders/inspector_install.py`. Takes half a
minute the first time."""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from builders.provision import Node, find_node, install

#: Where each version's program is: one on the older TypeScript SDK, which speaks the protocol up to 2025-11-25, and one
#: on the newer.
PROGRAMS = {"0.15.0": "cli/build/cli.js", "2.12.0": "clients/launcher/build/index.js"}


def install_inspector(node: Node, version: str) -> Path:
    """The inspector's program of `version`, which `node` runs. Raises `CannotInstall`."""

    def build(folder: Path) -> None:
        package = {
            "name": "inspector-for-tests",
            "private": True,
            "dependencies": {"@modelcontextprotocol/inspector": version},
        }
        (folder / "package.json").write_text(json.dumps(package), "utf-8")
        node.npm(["install", "--ignore-scripts"], folder)

    folder = install(f"mcp-inspector-{version}", build)
    return folder / "node_modules" / "@modelcontextprotocol" / "inspector" / PROGRAMS[version]


if __name__ == "__main__":
    for each in PROGRAMS:
        print(install_inspector(find_node(), each))

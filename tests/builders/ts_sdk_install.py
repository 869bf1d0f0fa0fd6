"""Installs Spotify's own client for TypeScript into the user's cache: `python tests/builders/ts_sdk_install.py`. Takes
seconds."""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from builders.provision import Node, find_node, install

VERSION = "1.2.0"
_NAME = "@spotify/web-api-ts-sdk"


def install_ts_sdk(node: Node) -> Path:
    """The module of the client, which `node` can import. Raises `CannotInstall`."""

    def build(folder: Path) -> None:
        package = {"name": "ts-sdk-for-tests", "private": True, "dependencies": {_NAME: VERSION}}
        (folder / "package.json").write_text(json.dumps(package), "utf-8")
        node.npm(["install", "--ignore-scripts"], folder)

    return install(f"ts-sdk-{VERSION}", build) / "node_modules" / _NAME / "dist" / "mjs" / "index.js"


if __name__ == "__main__":
    print(install_ts_sdk(find_node()))

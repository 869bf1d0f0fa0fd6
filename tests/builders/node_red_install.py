"""Installs Node-RED into the user's cache: `python tests/builders/node_red_install.py`. Half a minute at first."""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from builders.provision import Node, find_node, install

VERSION = "5.0.7"


def install_node_red(node: Node) -> Path:
    """The folder that holds Node-RED of `VERSION`. Raises `CannotInstall`."""

    def build(folder: Path) -> None:
        package = {"name": "node-red-for-tests", "private": True, "dependencies": {"node-red": VERSION}}
        (folder / "package.json").write_text(json.dumps(package), "utf-8")
        node.npm(["install", "--ignore-scripts"], folder)

    return install(f"node-red-{VERSION}", build)


if __name__ == "__main__":
    print(install_node_red(find_node()))

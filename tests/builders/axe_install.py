"""Installs axe, which finds what stands in the way of people with screen readers or without a mouse, into the user's
cache: `python tests/builders/axe_install.py`. Takes seconds."""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from builders.provision import Node, find_node, install

VERSION = "4.11.0"


def install_axe(node: Node) -> Path:
    """The script to run in a page. Raises `CannotInstall`."""

    def build(folder: Path) -> None:
        package = {"name": "axe-for-tests", "private": True, "dependencies": {"axe-core": VERSION}}
        (folder / "package.json").write_text(json.dumps(package), "utf-8")
        node.npm(["install", "--ignore-scripts"], folder)

    return install(f"axe-{VERSION}", build) / "node_modules" / "axe-core" / "axe.min.js"


if __name__ == "__main__":
    print(install_axe(find_node()))

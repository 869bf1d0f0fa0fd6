"""Installs n8n into the user's cache: `python tests/builders/n8n_install.py`. Takes seven minutes the first time."""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from builders.provision import Node, find_node, install

VERSION = "2.40.7"


def install_n8n(node: Node) -> Path:
    """The folder that holds n8n of `VERSION` for `node`. Raises `CannotInstall`."""

    def build(folder: Path) -> None:
        package = {"name": "n8n-for-tests", "private": True, "dependencies": {"n8n": VERSION}}
        (folder / "package.json").write_text(json.dumps(package), "utf-8")
        # With scripts the installation fails on a Kafka module that nothing here needs; of all native modules
        # n8n can't start without this one.
        node.npm(["install", "--ignore-scripts"], folder)
        node.npm(["rebuild", "sqlite3", "--foreground-scripts"], folder, {"npm_config_build_from_source": "true"})

    return install(f"n8n-{VERSION}", build)


if __name__ == "__main__":
    print(install_n8n(find_node()))

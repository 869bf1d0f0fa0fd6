"""Installs n8n into the user's cache: `python tests/builders/n8n_install.py`. Takes seven minutes the first time."""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from builders.provision import Node, find_node, install

VERSION = "2.40.7"
#: n8n's scanner of community packages, which brings the linter's rules.
LINTER_VERSION = "0.32.0"
WORKFLOW_VERSION = "2.40.1"
TYPESCRIPT_VERSION = "5.9.3"


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


def install_linter(node: Node) -> Path:
    """The folder that holds n8n's linter of community packages. Raises `CannotInstall`."""

    def build(folder: Path) -> None:
        package = {
            "name": "n8n-linter-for-tests",
            "private": True,
            "dependencies": {
                "@n8n/scan-community-package": LINTER_VERSION,
                "n8n-workflow": WORKFLOW_VERSION,
                "typescript": TYPESCRIPT_VERSION,
            },
            # The scanner asks for rules that are older than itself, and for a TypeScript that its parser can't load.
            "overrides": {
                "@n8n/eslint-plugin-community-nodes": LINTER_VERSION,
                "typescript": TYPESCRIPT_VERSION,
            },
        }
        (folder / "package.json").write_text(json.dumps(package), "utf-8")
        node.npm(["install", "--ignore-scripts", "--legacy-peer-deps"], folder)

    return install(f"n8n-linter-{LINTER_VERSION}", build)


if __name__ == "__main__":
    print(install_n8n(find_node()), install_linter(find_node()))

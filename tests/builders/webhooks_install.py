"""Installs npm's packages that receive webhooks into the user's cache: `python tests/builders/webhooks_install.py`.
Takes seconds."""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from builders.provision import Node, find_node, install

VERSIONS = {"cloudevents": "10.0.0", "standardwebhooks": "1.1.1"}


def install_webhooks(node: Node) -> Path:
    """The folder from which `node` can load Standard Webhooks' own package and the SDK of CloudEvents. Raises
    `CannotInstall`."""

    def build(folder: Path) -> None:
        package = {"name": "webhooks-for-tests", "private": True, "dependencies": VERSIONS}
        (folder / "package.json").write_text(json.dumps(package), "utf-8")
        node.npm(["install", "--ignore-scripts"], folder)

    return install("-".join(["webhooks", *VERSIONS.values()]), build)


if __name__ == "__main__":
    print(install_webhooks(find_node()))

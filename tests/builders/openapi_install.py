"""Installs what reads OpenAPI documents into the user's cache: `python tests/builders/openapi_install.py`. Takes half a
minute."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from builders.provision import Node, find_node, install, run

PACKAGES = {
    "@redocly/cli": "2.77.0",
    "@stoplight/spectral-cli": "6.16.3",
    "openapi-fetch": "0.17.0",
    "openapi-typescript": "7.13.0",
    "typescript": "5.9.3",
}
GENERATOR = "openapi-python-client==0.29.1"


def install_openapi_tools(node: Node) -> Path:
    """A folder whose `node_modules` has two linters, a generator of TypeScript and what it needs. Raises
    `CannotInstall`."""

    def build(folder: Path) -> None:
        package = {"name": "openapi-tools-for-tests", "private": True, "type": "module", "dependencies": PACKAGES}
        (folder / "package.json").write_text(json.dumps(package), "utf-8")
        node.npm(["install", "--ignore-scripts"], folder)

    return install(f"openapi-tools-{PACKAGES['openapi-typescript']}", build)


def install_python_generator() -> Path:
    """The folder of the programs of an environment that has the generator of Python. Raises `CannotInstall`."""

    def build(folder: Path) -> None:
        run([sys.executable, "-m", "venv", str(folder)], folder, os.environ)
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        run([*pip, GENERATOR], folder, os.environ)

    return install(GENERATOR.replace("==", "-"), build) / "bin"


if __name__ == "__main__":
    print(install_openapi_tools(find_node()), install_python_generator())

"""What a workflow builder needs to show and call the blocks: a file or a package of its own kind, from the manifest.

`EXPORTS` names every export and the module that makes it. Such a module has `export(manifest, folder)`, which
writes and gives back the files written; one that makes an npm package has `build_package(manifest)` too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Final

from connector.manifest.manifest import Manifest

Files = Mapping[str, bytes]

#: Where a runner listens unless it is told otherwise.
RUNNER_URL: Final = "http://127.0.0.1:8800"

EXPORTS: Final[Mapping[str, str]] = {
    "n8n": "connector.export.n8n",
    "node-red": "connector.export.node_red",
    "openapi": "connector.export.openapi",
}


def load_exporter(name: str) -> Callable[[Manifest, Path], list[Path]]:
    """The function that writes the export `name` into a folder and gives back the files it wrote.

    Raises `KeyError` where no export is called so, and `ConnectorError`, when it is called, where it can't write.
    """
    export: Callable[[Manifest, Path], list[Path]] = import_module(EXPORTS[name]).export
    return export


def list_packages() -> list[str]:
    """The names of the exports that are npm packages."""
    return [name for name in EXPORTS if hasattr(import_module(EXPORTS[name]), "build_package")]


def load_package_builder(name: str) -> Callable[[Manifest], Files]:
    """The function that builds the npm package `name`, file by file.

    Raises `KeyError` where no export is called so, or it is no npm package.
    """
    build = getattr(import_module(EXPORTS[name]), "build_package", None)
    if build is None:
        raise KeyError(name)
    found: Callable[[Manifest], Files] = build
    return found

"""All files of a Node-RED palette."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from connector.export.file_names import name_files
from connector.export.folder import write_export
from connector.export.handwritten import read_files
from connector.export.node_red.categories import build_icons
from connector.export.node_red.flows import build_examples
from connector.export.node_red.forms import build_editor
from connector.export.node_red.palette import Palette, build_package_name, build_palette, build_service, share_parts
from connector.export.node_red.readme import build_readme
from connector.export.package import build_license, to_json
from connector.manifest.manifest import Manifest
from connector.version import __version__

_RUNTIME: Final = (
    *(f"node_red/runtime/{name}.js" for name in ("answers", "call_failed", "editor_questions", "kept_state", "light")),
    *(f"node_red/runtime/{name}.js" for name in ("palette", "runner", "runner_node", "triggers", "unfold", "values")),
    *("node_red/runtime/watch.js",),
    *(f"runtime/{name}.js" for name in ("form_values", "lost_connections", "runner_address")),
)
_NODES: Final = "nodes/palette.js"


def export(manifest: Manifest, folder: Path) -> list[Path]:
    """Writes the package into `folder` and gives back what it wrote; raises `CannotWrite` where it can't."""
    return write_export("node-red", build_package(manifest), folder, manifest)


def build_package(manifest: Manifest) -> dict[str, bytes]:
    """The package's files by their path; the same manifest gives the same bytes."""
    palette = build_palette(manifest)
    files = {
        "package.json": to_json(_build_description(manifest, palette)),
        "README.md": build_readme(manifest, palette).encode(),
        "LICENSE": build_license(manifest),
        "nodes/palette.json": json.dumps(share_parts(palette), ensure_ascii=False, separators=(",", ":")).encode(),
        "nodes/palette.html": build_editor(manifest, palette).encode(),
    }
    files |= read_files(_RUNTIME, "nodes")
    files |= {f"nodes/icons/{name}": icon for name, icon in build_icons(manifest, build_service(manifest)).items()}
    examples = build_examples(manifest, palette)
    names = name_files(examples)
    files |= {f"examples/{names[name]}.json": to_json(flow) for name, flow in examples.items()}
    return files


def _build_description(manifest: Manifest, palette: Palette) -> dict[str, Any]:
    package, count = manifest.package, len(palette["blocks"]) + len(palette["triggers"])
    built = {
        "name": build_package_name(manifest),
        "version": __version__,
        "description": f"{package['title']} for Node-RED: {count} nodes. {package['description']}",
        "keywords": ["node-red", *package["keywords"]],
        "license": "MIT",
        "engines": {"node": ">=14"},
        "node-red": {"version": ">=1.0.0", "nodes": {palette["runner"]["type"].removesuffix("-runner"): _NODES}},
        "files": ["nodes", "examples"],
    }
    if package["repo"]:
        built["repository"] = {"type": "git", "url": package["repo"]}
    return built

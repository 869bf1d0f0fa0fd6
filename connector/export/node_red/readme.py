"""The palette's README, as npm and Node-RED's library show it."""

from __future__ import annotations

from string import Template
from typing import Any

from connector.export.handwritten import read_file
from connector.export.node_red.palette import Palette, build_package_name
from connector.manifest.closed_blocks import tell_closed
from connector.manifest.manifest import Manifest


def build_readme(manifest: Manifest, palette: Palette) -> str:
    """How to install the palette, connect it to a runner and use it, and a table of the nodes."""
    texts = {
        "name": build_package_name(manifest),
        "title": manifest.package["title"],
        "tagline": manifest.package["tagline"],
        "description": manifest.package["description"],
        "count": len(palette["blocks"]),
        "program": palette["runner"]["program"],
        "groups": ", ".join(manifest.groups),
        "table": _build_table(manifest, palette),
    }
    return Template(read_file("node_red/readme.md")).substitute(texts)


def _build_table(manifest: Manifest, palette: Palette) -> str:
    rows = ["| node | what it does | fields |", "|---|---|---|"]
    for entry in palette["blocks"]:
        block = manifest.block(entry["name"])
        closed = "".join(f" *{text}*" for text in tell_closed(block)[:1])
        rows.append(f"| {block.title} | {block.description}{closed} | {_tell_fields(entry)} |")
    return "\n".join(rows)


def _tell_fields(entry: dict[str, Any]) -> str:
    fields = [field for field in entry["fields"] if not field.get("auth")]
    shown = [f"`{field['name']}`{'' if field['required'] else '?'}" for field in fields[:6]]
    rest = len(fields) - len(shown)
    return ", ".join(shown) + (f" and {rest} more" if rest else "")

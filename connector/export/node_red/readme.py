"""The palette's README, as npm and Node-RED's library show it."""

from __future__ import annotations

from string import Template
from typing import Any

from connector.export.handwritten import read_file
from connector.export.markdown import build_table, to_code, to_text
from connector.export.node_red.flows import EVENTS
from connector.export.node_red.palette import Palette, build_package_name
from connector.manifest.closed_blocks import tell_closed
from connector.manifest.manifest import Manifest
from connector.manifest.triggers import find_trigger


def build_readme(manifest: Manifest, palette: Palette) -> str:
    """How to install the palette, connect it to a runner and use it, and a table of the nodes."""
    texts = {
        "name": build_package_name(manifest),
        "categories": ", ".join(f"*{to_text(look['category'])}*" for look in palette["groups"].values()),
        "program": to_code(manifest.command),
        "origin": to_text(palette["runner"]["origin"]),
        "tagline": to_text(manifest.package["tagline"]),
        "description": to_text(manifest.package["description"]),
        "count": len(palette["blocks"]) + len(palette["triggers"]),
        "serve": to_code(f"{manifest.command} serve"),
        "login": to_code(f"{manifest.command} login"),
        "groups": ", ".join(map(to_text, manifest.groups)),
        "events": f" *{EVENTS}* has the triggers." if palette["triggers"] else "",
        "triggers": _build_triggers(manifest, palette),
        "table": _build_table(manifest, palette),
    }
    return Template(read_file("node_red/readme.md")).substitute(texts)


def _build_table(manifest: Manifest, palette: Palette) -> str:
    rows = []
    for entry in palette["blocks"]:
        block = manifest.block(entry["name"])
        closed = "".join(f" *{to_text(words)}*" for words in tell_closed(block)[:1])
        rows.append((to_text(block.title), to_text(block.description) + closed, _tell_fields(entry)))
    return build_table(("node", "what it does", "fields"), rows)


def _build_triggers(manifest: Manifest, palette: Palette) -> str:
    """A section about the input nodes, where there are any."""
    rows = []
    for entry in palette["triggers"]:
        form = find_trigger(manifest, entry["name"]).form
        told = {**entry, "fields": [field for field in entry["fields"] if not field.get("how")]}
        rows.append((to_text(form.title), to_text(form.description), _tell_fields(told)))
    table = build_table(("node", "what it tells", "fields"), rows)
    return f"{read_file('node_red/readme_triggers.md')}\n{table}\n" if rows else ""


def _tell_fields(entry: dict[str, Any]) -> str:
    fields = [field for field in entry["fields"] if not field.get("auth")]
    shown = [f"{to_code(field['name'])}{'' if field['required'] else '?'}" for field in fields[:6]]
    rest = len(fields) - len(shown)
    return ", ".join(shown) + (f" and {rest} more" if rest else "")

"""The editor's side of a Node-RED palette: one HTML file with the script, and a form and a help text for each node."""

from __future__ import annotations

import json
from html import escape
from typing import Any, Final

from connector.export.first_fields import find_first_fields
from connector.export.handwritten import read_file
from connector.export.node_red.helps import build_help, build_runner_help
from connector.export.node_red.palette import Palette
from connector.manifest.beforehand import tell_beforehand
from connector.manifest.blocks import Block
from connector.manifest.manifest import Manifest

_SCRIPTS: Final = ("typed_text.js", "reading.js", "judging.js", "widgets.js", "nodes.js", "runner_settings.js")
_ICONS: Final = {
    "secret": "lock",
    "when": "calendar",
    "place": "map-marker",
    "rows": "table",
    "list": "list-ol",
    "choice": "list-ul",
    "search": "search",
    "number": "hashtag",
    "text": "pencil",
}
_MUST: Final = ' <span class="connector-must" title="required">*</span>'


def build_editor(manifest: Manifest, palette: Palette) -> str:
    """The HTML file that Node-RED's editor loads."""
    runner = palette["runner"]["type"]
    parts = [
        f"<style>\n{read_file('node_red/editor/forms.css')}</style>",
        _build_script(palette),
        _wrap("data-template-name", runner, _build_runner_form()),
        _wrap("data-help-name", runner, build_runner_help(palette)),
    ]
    for entry in palette["blocks"]:
        block = manifest.block(entry["name"])
        parts.append(_wrap("data-template-name", entry["type"], _build_form(block, entry)))
        parts.append(_wrap("data-help-name", entry["type"], build_help(block, entry)))
    return "\n".join(parts)


def _build_script(palette: Palette) -> str:
    data = json.dumps(palette, sort_keys=True, separators=(",", ":"))
    # Nothing in the data may end the script, or be taken for an object's prototype.
    data = data.replace("<", "\\u003c").replace('"__proto__":', '["__proto__"]:')
    scripts = "\n".join(read_file(f"node_red/editor/{name}") for name in _SCRIPTS)
    inner = f'(function () {{\n"use strict";\n\nconst PALETTE = {data};\n\n{scripts}}})();'
    return f'<script type="text/javascript">\n{inner}\n</script>'


def _wrap(attribute: str, node_type: str, content: str) -> str:
    return f'<script type="text/html" {attribute}="{escape(node_type)}">\n{content}</script>'


def _build_form(block: Block, entry: dict[str, Any]) -> str:
    """The form of a block: first what must be given; what may be given and how to sign in are folded away."""
    first = find_first_fields(block)
    must: list[str] = []
    folded: dict[str, list[str]] = {"More fields": [], "Sign-in": []}
    for field in entry["fields"]:
        other = must if field["name"] in first else folded["More fields"]
        place = folded["Sign-in"] if field.get("auth") else other
        place.append(_build_row(block, field))
    rows = [_build_plain_row("name", "Name", "tag"), _build_plain_row("runner", f"Runner{_MUST}", "server"), *must]
    if "entries" in entry:
        rows.append(_build_plain_row("result", "Output", "sign-out"))
    for title, inner in folded.items():
        if inner:
            rows.append(f"<details>\n<summary>{title} ({len(inner)})</summary>\n{''.join(inner)}</details>\n")
    notice = " ".join(tell_beforehand(block))
    if notice:
        rows.insert(0, f'<div class="connector-notice">{escape(notice)}</div>\n')
    return f'<div class="connector-form">\n{"".join(rows)}</div>\n'


def _build_row(block: Block, field: dict[str, Any]) -> str:
    name, widget = escape(field["name"]), field["widget"]
    title = escape(field["title"]) + (_MUST if field["required"] else "")
    secret = f'<input type="password" id="node-input-secret_{name}">' if widget == "secret" else ""
    return (
        f'<div class="form-row">\n'
        f'<label for="node-input-arg_{name}" title="{escape(block.fields[field["name"]].description)}">'
        f'<i class="fa fa-{_ICONS[widget]}"></i> {title}</label>\n'
        f'<input type="text" id="node-input-arg_{name}" placeholder="{escape(field.get("placeholder", ""))}">\n'
        f'<input type="hidden" id="node-input-argtype_{name}">\n'
        f'<div class="connector-panel" id="connector-panel-{name}">{secret}</div>\n'
        f'<div class="connector-problem" id="connector-problem-{name}"></div>\n'
        f"</div>\n"
    )


def _build_plain_row(name: str, title: str, icon: str, prefix: str = "node-input", kind: str = "text") -> str:
    return (
        f'<div class="form-row connector-plain">\n'
        f'<label for="{prefix}-{name}"><i class="fa fa-{icon}"></i> {title}</label>\n'
        f'<input type="{kind}" id="{prefix}-{name}">\n</div>\n'
    )


def _build_runner_form() -> str:
    rows = [
        ("name", "Name", "tag", "text"),
        ("url", "URL", "globe", "text"),
        ("apiKey", "API key", "lock", "password"),
        ("connection", "Connection", "plug", "text"),
        ("zone", "Time zone", "clock-o", "text"),
        ("timeout", "Timeout (s)", "hourglass-half", "number"),
    ]
    plain = "".join(_build_plain_row(name, title, icon, "node-config-input", kind) for name, title, icon, kind in rows)
    return (
        f'<div class="connector-form">\n{plain}'
        '<input type="hidden" id="node-config-input-connectionType">\n'
        '<div class="form-row">\n<label></label>\n'
        '<a href="#" class="red-ui-button" id="connector-check">Test the runner</a>\n'
        '<span id="connector-check-note"></span>\n</div>\n</div>\n'
    )

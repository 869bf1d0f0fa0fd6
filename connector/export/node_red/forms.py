"""The editor's side of a Node-RED palette: one HTML file with the script, and for each node a help text and the place
of its form, which the script fills in."""

from __future__ import annotations

import json
from html import escape
from typing import Final

from connector.export.handwritten import read_file
from connector.export.node_red.helps import build_help, build_runner_help, build_trigger_help
from connector.export.node_red.palette import Palette, share_parts
from connector.manifest.manifest import Manifest
from connector.manifest.triggers import find_trigger

_SCRIPTS: Final = (
    "runtime/unfold.js",
    *(
        f"editor/{name}.js"
        for name in ("typed_text", "reading", "judging", "forms", "helps", "lists", "picks", "widgets")
    ),
    *(f"editor/{name}.js" for name in ("look", "nodes", "runner_settings")),
)
#: From here on a script of Node.js is not one of a page.
_EXPORTS: Final = "\nmodule.exports"


def build_editor(manifest: Manifest, palette: Palette) -> str:
    """The HTML file that Node-RED's editor loads."""
    runner = palette["runner"]["type"]
    parts = [
        f"<style>\n{read_file('node_red/editor/forms.css')}</style>",
        _build_script(palette),
        _wrap("data-template-name", runner, _build_runner_form(palette)),
        _wrap("data-help-name", runner, build_runner_help(palette)),
    ]
    for entry in palette["blocks"]:
        parts.append(_wrap("data-template-name", entry["type"], ""))
        parts.append(_wrap("data-help-name", entry["type"], build_help(manifest.block(entry["name"]))))
    for entry in palette["triggers"]:
        parts.append(_wrap("data-template-name", entry["type"], ""))
        parts.append(_wrap("data-help-name", entry["type"], build_trigger_help(find_trigger(manifest, entry["name"]))))
    return "\n".join(parts)


def _build_script(palette: Palette) -> str:
    data = json.dumps(share_parts(palette), sort_keys=True, separators=(",", ":"))
    # Nothing in the data may end the script, or be taken for an object's prototype.
    data = data.replace("<", "\\u003c").replace('"__proto__":', '["__proto__"]:')
    scripts = "\n".join(read_file(f"node_red/{name}").partition(_EXPORTS)[0] for name in _SCRIPTS)
    inner = f'(function () {{\n"use strict";\n\nconst PALETTE = {data};\n\n{scripts}}})();'
    return f'<script type="text/javascript">\n{inner}\n</script>'


def _wrap(attribute: str, node_type: str, content: str) -> str:
    return f'<script type="text/html" {attribute}="{escape(node_type)}">\n{content}</script>'


def _build_row(name: str, title: str, icon: str, kind: str) -> str:
    return (
        f'<div class="form-row connector-plain">\n'
        f'<label for="node-config-input-{name}"><i class="fa fa-{icon}"></i> {title}</label>\n'
        f'<input type="{kind}" id="node-config-input-{name}">\n</div>\n'
    )


def _build_runner_form(palette: Palette) -> str:
    rows = [
        ("name", "Name", "tag", "text"),
        ("url", "URL", "globe", "text"),
        ("apiKey", "API key", "lock", "password"),
        ("connection", "Connection", "plug", "text"),
        ("zone", "Time zone", "clock-o", "text"),
        ("timeout", "Timeout (s)", "hourglass-half", "number"),
    ]
    plain = "".join(_build_row(*row) for row in rows)
    return (
        f'<div class="connector-form">\n{plain}'
        '<input type="hidden" id="node-config-input-connectionType">\n'
        '<div class="form-row">\n<label></label>\n'
        '<a href="#" class="red-ui-button" id="connector-check">Test the runner</a>\n'
        '<span id="connector-check-note"></span>\n</div>\n'
        f'<div class="connector-hint">The runner is the program <code>{escape(palette["runner"]["program"])}</code>, '
        f"{escape(palette['runner']['origin'])}</div>\n</div>\n"
    )

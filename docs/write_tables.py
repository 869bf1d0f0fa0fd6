"""Writes the tables in the docs that are made from one place: the HTTP runner's settings, what the service's errors
mean, what looks of triggers cost, and what ready-made blocks do. `make docs` runs it; a test compares.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from measured_blocks import build_block_costs, measure_blocks
from measured_looks import measure_looks
from trigger_pages import build_cost_table

from connector.export.markdown import build_table, to_text
from connector.manifest.manifest import Manifest
from connector.runners.http_server.settings import Setting, iter_settings

DOCS = Path(__file__).parent
RUNNER = DOCS / "http-runner.md"
TROUBLES = DOCS / "troubleshooting.md"
TRIGGERS = DOCS / "triggers.md"
READY_MADE = DOCS / "ready-made.md"


def build_settings_table() -> str:
    """The HTTP runner's settings as Markdown, in the order of their declaration."""
    rows = ["| option | environment variable | default | what it does |", "|---|---|---|---|"]
    return "\n".join(rows + [_build_setting(setting) for setting in iter_settings()])


def build_error_table(manifest: Manifest) -> str:
    """What the service's own words mean, as Markdown: status, words, the error's kind, what to do. Of one status
    the first that fits counts."""
    rules = sorted(manifest.data["errors"]["rules"], key=lambda rule: rule["status"])
    rows = [(str(rule["status"]), _tell_sign(rule), f"`{rule['kind']}`", to_text(rule["hint"])) for rule in rules]
    return build_table(("status", "words, or where", "kind", "what to do"), rows)


def replace_table(text: str, table: str, name: str) -> str:
    """`text` with `table` between the marks called `name`."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    before, _, rest = text.partition(begin)
    _, _, after = rest.partition(end)
    return f"{before}{begin}\n{table}\n{end}{after}"


def _tell_sign(rule: Mapping[str, Any]) -> str:
    """How the error is told from others of its status."""
    signs = [f"`{rule['code']}`"] if "code" in rule else []
    signs += [f"“{to_text(rule['text'])}”"] if "text" in rule else []
    signs += [", ".join(f"`{request}`" for request in rule.get("requests", ()))]
    return " ".join(filter(None, signs)) or "any other"


def _build_setting(setting: Setting) -> str:
    option = f"`{setting.option}`" if setting.option else "none: it is a secret"
    default = "" if setting.default in (None, (), "") else f"`{str(setting.default).lower()}`"
    return f"| {option} | `{setting.variable}` | {default} | {setting.note.text} |"


if __name__ == "__main__":
    manifest = Manifest.load()
    for page, table, name in (
        (RUNNER, build_settings_table(), "settings"),
        (TROUBLES, build_error_table(manifest), "errors"),
        (TRIGGERS, build_cost_table(manifest, measure_looks(manifest)), "costs"),
        (READY_MADE, build_block_costs(measure_blocks(manifest)), "costs"),
    ):
        page.write_text(replace_table(page.read_text("utf-8"), table, name), "utf-8")

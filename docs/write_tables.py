"""Writes the tables that are made from one place: the README's blocks, the HTTP runner's settings. A test compares."""

from __future__ import annotations

from pathlib import Path

from connector.manifest.blocks import Block
from connector.manifest.manifest import Manifest
from connector.runners.http_server.settings import Setting, iter_settings

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
RUNNER = ROOT / "docs" / "http-runner.md"


def build_table(manifest: Manifest) -> str:
    """The blocks as Markdown, one row a block in the manifest's order."""
    rows = ["| block | what it does | fields | new apps |", "|---|---|---|---|"]
    return "\n".join(rows + [_build_row(block) for block in manifest])


def build_settings_table() -> str:
    """The HTTP runner's settings as Markdown, in the order of their declaration."""
    rows = ["| option | environment variable | default | what it does |", "|---|---|---|---|"]
    return "\n".join(rows + [_build_setting(setting) for setting in iter_settings()])


def replace_table(text: str, table: str, name: str = "blocks") -> str:
    """`text` with `table` between the marks called `name`."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    before, _, rest = text.partition(begin)
    _, _, after = rest.partition(end)
    return f"{before}{begin}\n{table}\n{end}{after}"


def _build_row(block: Block) -> str:
    names = f"`{block.name}`" + "".join(f"<br>also `{alias}`" for alias in block.aliases)
    shown = [f"`{name}`" + ("" if field.required else "?") for name, field in block.fields.items()]
    fields = ", ".join(shown) if len(shown) < 10 else ", ".join(shown[:6]) + f" and {len(shown) - 6} more"
    since = block.closed_since("development")
    return f"| {names} | {block.description} | {fields} | {f'closed since {since}' if since else 'open'} |"


def _build_setting(setting: Setting) -> str:
    option = f"`{setting.option}`" if setting.option else "none: it is a secret"
    default = "" if setting.default in (None, (), "") else f"`{str(setting.default).lower()}`"
    return f"| {option} | `{setting.variable}` | {default} | {setting.note.text} |"


if __name__ == "__main__":
    README.write_text(replace_table(README.read_text("utf-8"), build_table(Manifest.load())), "utf-8")
    RUNNER.write_text(replace_table(RUNNER.read_text("utf-8"), build_settings_table(), "settings"), "utf-8")

"""Writes the README's table of blocks from the manifest; a test compares the two."""

from __future__ import annotations

from pathlib import Path

from connector.blocks import Block
from connector.manifest import Manifest

README = Path(__file__).parent.parent / "README.md"
BEGIN, END = "<!-- blocks: begin -->", "<!-- blocks: end -->"


def build_table(manifest: Manifest) -> str:
    """The table as Markdown, one row a block in the manifest's order."""
    rows = ["| block | what it does | fields | new apps |", "|---|---|---|---|"]
    return "\n".join(rows + [_build_row(block) for block in manifest])


def replace_table(text: str, table: str) -> str:
    """`text` with `table` between the marks."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table}\n{END}{after}"


def _build_row(block: Block) -> str:
    names = f"`{block.name}`" + "".join(f"<br>also `{alias}`" for alias in block.aliases)
    shown = [f"`{name}`" + ("" if field.required else "?") for name, field in block.fields.items()]
    fields = ", ".join(shown) if len(shown) < 10 else ", ".join(shown[:6]) + f" and {len(shown) - 6} more"
    since = block.closed_since("development")
    return f"| {names} | {block.description} | {fields} | {f'closed since {since}' if since else 'open'} |"


if __name__ == "__main__":
    README.write_text(replace_table(README.read_text("utf-8"), build_table(Manifest.load())), "utf-8")

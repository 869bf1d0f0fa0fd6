"""A manifest's words in Markdown: text stays text, whatever stands in it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]<>|#~$])")
_FENCES: Final = re.compile(r"`+")


def to_text(words: str) -> str:
    """`words` as text on one line, of a paragraph, a heading or a table's cell."""
    return _SPECIAL.sub(r"\\\1", " ".join(words.split()))


def to_code(words: str) -> str:
    """`words` as code within a line, also in a table's cell."""
    line = " ".join(words.split())
    fence = "`" * (max(map(len, _FENCES.findall(line)), default=0) + 1)
    space = " " if "`" in line else ""
    return f"{fence}{space}{line}{space}{fence}".replace("|", "\\|")


def build_table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table of cells that are Markdown already."""
    heads = list(heads)
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)

"""A manifest's words as names of files, folders and packages: whatever a manifest says, a name stays a name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_NO_SLUG: Final = re.compile(r"[^a-z0-9]+")
#: What stays of a text: letters and digits of any script, spaces, and what no file system and no shell minds.
_NO_NAME: Final = re.compile(r"[^\w ,-]+")


def to_slug(text: str, otherwise: str = "connector") -> str:
    """`text` as a word of small letters, digits and hyphens; `otherwise` where nothing is left of it."""
    return _NO_SLUG.sub("-", text.lower()).strip("-") or otherwise


def name_files(texts: Iterable[str]) -> dict[str, str]:
    """A name, without an ending, for a file about each of `texts`: the text itself where it can be one, and no two the
    same, even to those who don't tell capital letters from small ones."""
    named: dict[str, str] = {}
    taken: set[str] = set()
    for text in texts:
        stem = name = _NO_NAME.sub("-", text).strip(" -") or "other"
        number = 1
        while name.lower() in taken:
            number += 1
            name = f"{stem}-{number}"
        taken.add(name.lower())
        named[text] = name
    return named

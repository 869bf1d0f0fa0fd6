"""Findings on how a block that finds things by what they are called asks, and on what it reads of the answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from connector.manifest.expressions import compile_expression
from connector.manifest.manifest import Manifest
from connector.manifest.procedures import Procedure
from connector.manifest.yaml_lines import Path as Place

#: What of a row a search can be asked, and what is to be known of an entry that it gives.
_WORDS: Final = ("isrc", "artist", "title", "words")
_ENTRY: Final = ("key", "title", "artists", "album", "length_ms", "isrc")


def check_match(manifest: Manifest, procedure: Procedure, where: Place) -> Iterator[tuple[Place, str]]:
    """What is wrong with the words of a `match`."""
    words, blocks = procedure.words, procedure.blocks
    if len(blocks.keys() & {"search", "list"}) != 1:
        yield (*where, "blocks"), "match needs a block as search, or else as list"
    if ("search" in blocks) != bool(words.get("asks")):
        yield (*where, "with"), "asks say what a search is asked, and a list isn't asked"
    for place, ask in enumerate(words.get("asks", ())):
        spot: Place = (*where, "with", "asks", place)
        known = manifest.block(blocks["search"]).fields if "search" in blocks else {}
        yield from ((spot, f"{name} is no field of {blocks.get('search')}") for name in ask if name not in known)
        yield from ((spot, f"{word} is none of {', '.join(_WORDS)}") for word in ask.values() if word not in _WORDS)
    entry = words.get("entry", {})
    for name in ("key", "title"):
        if name not in entry:
            yield (*where, "with"), f"entry doesn't say what the {name} of an entry is"
    for name, expression in entry.items():
        if name not in _ENTRY:
            yield (*where, "with", "entry", name), f"{name} is none of {', '.join(_ENTRY)}"
        try:
            compile_expression(expression)
        except ValueError as problem:
            told = str(problem).splitlines()[0]
            yield (*where, "with", "entry", name), f"is no JMESPath expression: {told}"

"""Texts and names that would not stay where they are put: line ends and signs that steer a reader, and markup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from connector.manifest.schema_files import Schema
from connector.manifest.yaml_lines import Path as Place

#: Line ends, control characters, marks that turn the direction of what follows, and halves of characters.
_UNPRINTED: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
_MARKUP: Final = re.compile(r"<[A-Za-z/!?]")
#: Words of a field's schema that people read.
_PROSE: Final = ("title", "description", "x-fits", "x-labels")


def find_unprinted(data: Any, where: Place = ()) -> Iterator[tuple[Place, str]]:
    """Each name and text in `data`, at whatever depth, that holds a line end or another sign that isn't shown."""
    if isinstance(data, str) and _UNPRINTED.search(data):
        ends = "ends with a line end; write >- in place of > or |" if not _UNPRINTED.search(data[:-1]) else None
        yield where, ends or "holds a line end or another sign that is not shown"
    elif isinstance(data, dict):
        for name, value in data.items():
            if isinstance(name, str) and _UNPRINTED.search(name):
                yield (*where, name), "has a name with a line end or another sign that is not shown"
            yield from find_unprinted(value, (*where, name))
    elif isinstance(data, list):
        for position, value in enumerate(data):
            yield from find_unprinted(value, (*where, position))


def find_markup(schema: Schema) -> Iterator[str]:
    """The words of a field's schema whose text holds markup, which no form shows as it is."""
    for word in _PROSE:
        texts = schema.get(word, "")
        if any(_MARKUP.search(str(text)) for text in (texts.values() if isinstance(texts, dict) else [texts])):
            yield word

"""Brief entries as text for a model, in as few letters as they take."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from connector.manifest.references import References


def write_brief(entries: Sequence[Any], references: References, *, is_list: bool, most: int | None = None) -> str:
    """`entries` as JSON, each on a line of its own; the one entry by itself where it `is_list` none. Of each list in an
    entry, and of the lines of each text, at `most` so many are told, and how many more there are.

    What names a thing a second time is left out: its id and its link beside its URI. A thing of which but one word is
    told, such as its name, is that word.
    """
    briefs = [_shorten(_cut(entry, most) if most else entry, references) for entry in entries]
    lines = [json.dumps(brief, ensure_ascii=False, separators=(",", ":")) for brief in briefs]
    return "[" + ",\n".join(lines) + "]" if is_list else lines[0]


def _cut(value: Any, most: int) -> Any:
    """`value` with so many of each list and lines of each text in it, and how many more there are."""
    if isinstance(value, Mapping):
        return {name: _cut(part, most) for name, part in value.items()}
    if isinstance(value, str):
        lines = value.splitlines(keepends=True)
        return "".join([*lines[:most], f"and {len(lines) - most:,} more lines"]) if len(lines) > most else value
    if not isinstance(value, list):
        return value
    more = [f"and {len(value) - most:,} more"] if len(value) > most else []
    return [*(_cut(part, most) for part in value[:most]), *more]


def _shorten(value: Any, references: References) -> Any:
    """`value` without what its URI says, and with a word for each thing in it that has but one."""
    if isinstance(value, list):
        return [_to_word(_shorten(entry, references)) for entry in value]
    if not isinstance(value, Mapping):
        return value
    uri = next((text for text in value.values() if _is_uri(text, references)), None)
    names = {name: part for name, part in value.items() if part is uri or not _says_again(part, uri, references)}
    return {name: _to_word(_shorten(part, references)) for name, part in names.items()}


def _to_word(value: Any) -> Any:
    return next(iter(value.values())) if isinstance(value, Mapping) and len(value) == 1 else value


def _is_uri(text: Any, references: References) -> bool:
    thing = references.read(text) if isinstance(text, str) else None
    return thing is not None and references.uri is not None and references.write(*thing) == text


def _says_again(value: Any, uri: str | None, references: References) -> bool:
    """Whether `value` tells nothing but what the thing of this `uri` is."""
    if uri is None or isinstance(value, list):
        return False
    if isinstance(value, Mapping):
        return bool(value) and all(_says_again(part, uri, references) for part in value.values())
    thing = references.read(uri)
    return thing is not None and isinstance(value, str) and (value == thing[1] or references.read(value) == thing)

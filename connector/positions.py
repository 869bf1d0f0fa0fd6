"""Where things stand in a YAML file: the line of each value, and what YAML reads otherwise than people do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

Path = tuple[str | int, ...]

_TEXT_TAG = "tag:yaml.org,2002:str"
_PROSE = frozenset({"title", "description", "tagline", "instead", "hint"})
_MISREAD = {
    "tag:yaml.org,2002:bool": "true or false",
    "tag:yaml.org,2002:timestamp": "a date",
    "tag:yaml.org,2002:null": "nothing",
}


@dataclass(slots=True)
class Positions:
    """Line numbers (from 1) by path, and the traps found on the way as (path, line, message)."""

    lines: dict[Path, int] = field(default_factory=dict)
    traps: list[tuple[Path, int, str]] = field(default_factory=list)

    def line_of(self, path: Path) -> int:
        """The line of `path`, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def find_positions(text: str) -> Positions:
    """The positions in `text`; raises `yaml.YAMLError` where it is no YAML."""
    found = Positions()
    root = yaml.compose(text, yaml.SafeLoader)
    if root is not None:
        source = text.splitlines()
        for path, node in _walk(root, (), found):
            _find_prose_trap(path, node, source, found)
    return found


def _walk(node: yaml.Node, path: Path, found: Positions) -> Iterator[tuple[Path, yaml.ScalarNode]]:
    found.lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.ScalarNode):
        yield path, node
    elif isinstance(node, yaml.SequenceNode):
        for position, entry in enumerate(node.value):
            yield from _walk(entry, (*path, position), found)
    elif isinstance(node, yaml.MappingNode):
        seen: set[Any] = set()
        for key, value in node.value:
            line = key.start_mark.line + 1
            inner = (*path, key.value)
            if key.value in seen:
                found.traps.append((inner, line, f"{key.value} stands here twice; YAML keeps only the last"))
            if key.tag != _TEXT_TAG:
                found.traps.append((inner, line, f"the key {key.value} is not read as text; put it in quotes"))
            seen.add(key.value)
            found.lines[inner] = line
            yield from _walk(value, inner, found)


def _find_prose_trap(path: Path, node: yaml.ScalarNode, source: list[str], found: Positions) -> None:
    is_plain = node.style is None
    line = node.start_mark.line + 1
    is_flag = path[-1:] in (("idempotent",), ("scopes",), ("value",)) or "except" in path
    if is_plain and not is_flag and (reading := _MISREAD.get(node.tag)):
        found.traps.append((path, line, f"{node.value or 'an empty value'} is read as {reading}; put it in quotes"))
    if is_plain and path[-1:] and path[-1] in _PROSE:
        if node.tag not in (_TEXT_TAG, *_MISREAD):
            found.traps.append((path, line, f"{node.value} is read as a number; put it in quotes"))
        rest = source[node.end_mark.line][node.end_mark.column :] if node.end_mark.line < len(source) else ""
        if rest.lstrip().startswith("#"):
            found.traps.append((path, line, "the text ends at ' #', the rest is a comment; put it in quotes"))

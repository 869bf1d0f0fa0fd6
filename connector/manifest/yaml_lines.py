"""YAML text → its data, the line of each value, and what YAML reads otherwise than people do.

Judges the writing alone: what the data means is the linter's business.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

Path = tuple[str | int, ...]

_TEXT = "tag:yaml.org,2002:str"
_MERGE = "tag:yaml.org,2002:merge"
_READINGS = {
    "tag:yaml.org,2002:bool": "true or false",
    "tag:yaml.org,2002:timestamp": "a date",
    "tag:yaml.org,2002:null": "nothing",
    "tag:yaml.org,2002:int": "a number",
    "tag:yaml.org,2002:float": "a number",
}
#: What JSON writes the same way; any other spelling of a truth, a number or nothing is more likely meant as text.
_JSON = re.compile(r"true|false|null|-?(?:0|[1-9][0-9]*)(?:[.][0-9]+)?(?:[eE][+-]?[0-9]+)?")
_PROSE = frozenset({"title", "description", "tagline", "instead", "hint", "done"})
_PROSE_LISTS = frozenset({"scopes", "not_sent"})


@dataclass(frozen=True, slots=True)
class Trap:
    """A place where a YAML text says something else than it seems to; the line is the place's own."""

    where: Path
    line: int
    message: str


@dataclass(slots=True)
class Positions:
    """What a YAML text says: its `data`, lines (from 1) by path, and the `traps` in it.

    `readings` says of every unquoted value that is no text how it was written and what it is read as.
    """

    data: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    traps: list[Trap] = field(default_factory=list)
    readings: dict[Path, str] = field(default_factory=dict)

    def line_of(self, path: Path) -> int:
        """The line of `path`, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def find_positions(text: str) -> Positions:
    """The data and the positions in `text`.

    A value that YAML misreads is a trap, and stands in the data as the text that was written. Raises `yaml.YAMLError`
    where the text is no YAML, or no data that JSON could hold.
    """
    try:
        return _find_positions(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError:
        # The slow one says more plainly what is wrong.
        return _find_positions(text, yaml.SafeLoader)


def _find_positions(text: str, loader_type: type[yaml.SafeLoader]) -> Positions:
    found = Positions()
    loader = loader_type(text)
    try:
        root = loader.get_single_node()
        if root is not None:
            for path, node in _walk(root, (), (), found):
                _find_traps(path, node, text, found)
            found.data = loader.construct_document(root)
    finally:
        loader.dispose()
    return found


def _walk(
    node: yaml.Node, path: Path, around: tuple[yaml.Node, ...], found: Positions
) -> Iterator[tuple[Path, yaml.ScalarNode]]:
    if any(node is outer for outer in around):
        raise yaml.MarkedYAMLError(problem="an alias leads back to what it stands in", problem_mark=node.start_mark)
    found.lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.ScalarNode):
        yield path, node
    elif isinstance(node, yaml.SequenceNode):
        for position, entry in enumerate(node.value):
            yield from _walk(entry, (*path, position), (*around, node), found)
    elif isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            # Any other key can't be constructed, which says so with its line.
            if isinstance(key, yaml.ScalarNode):
                _find_key_traps(path, key, seen, found)
                yield from _walk(value, (*path, key.value), (*around, node), found)


def _find_key_traps(path: Path, key: yaml.ScalarNode, seen: set[str], found: Positions) -> None:
    inner, line = (*path, key.value), key.start_mark.line + 1
    found.lines[inner] = line
    if key.value in seen:
        found.traps.append(Trap(inner, line, f"{key.value} stands here twice; YAML keeps only the last"))
    seen.add(key.value)
    if key.tag in _READINGS:
        found.traps.append(Trap(inner, line, f"the key {key.value} is read as {_READINGS[key.tag]}; put it in quotes"))
    if key.tag != _MERGE:
        key.tag = _TEXT


def _find_traps(path: Path, node: yaml.ScalarNode, text: str, found: Positions) -> None:
    if node.style:
        return
    line = node.start_mark.line + 1
    if node.tag in _READINGS:
        found.readings[path] = f"{node.value} is read as {_READINGS[node.tag]}; put it in quotes"
        if not node.value:
            found.traps.append(
                Trap(path, line, "has no value; in braces, text that holds a comma must stand in quotes")
            )
        elif not _JSON.fullmatch(node.value):
            found.traps.append(Trap(path, line, found.readings[path]))
            node.tag = _TEXT
    is_prose = path[-1:] and (path[-1] in _PROSE or (path[-2:-1] and path[-2] in _PROSE_LISTS))
    if is_prose and text[node.end_mark.index :].partition("\n")[0].lstrip(" \t").startswith("#"):
        found.traps.append(Trap(path, line, "the text ends at ' #', the rest is a comment; put it in quotes"))

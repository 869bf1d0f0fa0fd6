"""A manifest's file → the findings in it.

Judges declarations only. It never raises for a bad manifest: whatever is wrong is a finding. A line is always one of
the manifest's, also where what it refers to is wrong.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from connector.errors import tell_refusal
from connector.lint.meaning import check_meaning
from connector.lint.shape import check_shape
from connector.manifest.manifest import Manifest
from connector.manifest.yaml_lines import Path as Place
from connector.manifest.yaml_lines import Positions, find_positions

#: What PyYAML says of unquoted text that holds ": ".
_COLON_PROBLEMS = ("mapping values are not allowed", "expected ',' or '}', but got ':'")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: where it stands, in which block, and what to do about it."""

    file: str
    line: int
    block: str | None
    message: str

    def __str__(self) -> str:
        block = f" {self.block}:" if self.block else ""
        return f"{self.file}:{self.line}:{block} {self.message}"


def check_manifest(path: str | os.PathLike[str]) -> list[Finding]:
    """All findings for the manifest at `path`, in the order of their lines; none means that it is sound."""
    file = Path(path)
    text = ""
    try:
        text = file.read_text("utf-8")
        found = list(_iter_found(find_positions(text), file.parent))
    except (OSError, UnicodeDecodeError) as problem:
        found = [((), 1, f"can't be read: {tell_refusal(problem) if isinstance(problem, OSError) else problem}")]
    except RecursionError:
        found = [((), 1, "is nested too deeply")]
    except yaml.YAMLError as problem:
        found = [((), _find_line(problem, text), f"is no YAML: {_explain(problem)}")]
    findings = [Finding(str(file), line, _find_block(where), message) for where, line, message in dict.fromkeys(found)]
    return sorted(findings, key=lambda finding: finding.line)


def is_sound(manifest: Manifest) -> bool:
    """Whether there would be no finding in what `manifest` says, whatever file it came from; how YAML was written is
    not judged any more."""
    if any(check_shape(manifest.data)):
        return False
    return not any(check_meaning(manifest, is_whole=True))


def _iter_found(positions: Positions, folder: Path) -> Iterator[tuple[Place, int, str]]:
    yield from ((trap.where, trap.line, trap.message) for trap in positions.traps)
    shape = list(check_shape(positions.data))
    trapped = {trap.where for trap in positions.traps}
    for where, message in shape:
        if where not in trapped:
            yield where, positions.line_of(where), _add_reading(where, message, positions)
    # What stands outside the blocks is what they are built from; a block that is malformed harms itself alone.
    malformed = {where[:2] for where, _ in shape}
    if all(len(where) == 2 and where[0] == "blocks" for where in malformed):
        blocks = {name: entry for name, entry in positions.data["blocks"].items() if ("blocks", name) not in malformed}
        manifest = Manifest({**positions.data, "blocks": blocks}, folder)
        misread = trapped | {where[:-1] for where in trapped}
        for where, message in check_meaning(manifest, is_whole=not malformed):
            # What a value means can't be told before it is clear what was written.
            if where not in misread:
                yield where, positions.line_of(where), message


def _find_block(where: Place) -> str | None:
    return str(where[1]) if where[:1] == ("blocks",) and len(where) > 1 else None


def _find_line(problem: Exception, text: str) -> int:
    mark = getattr(problem, "problem_mark", None) or getattr(problem, "context_mark", None)
    return mark.line + 1 if mark else text.count("\n", 0, getattr(problem, "position", 0)) + 1


def _explain(problem: Exception) -> str:
    words = str(getattr(problem, "problem", None) or getattr(problem, "reason", None) or problem)
    if words.startswith(_COLON_PROBLEMS):
        words += "; text that holds ': ' must stand in quotes"
    return words


def _add_reading(where: Place, message: str, positions: Positions) -> str:
    return positions.readings.get(where, message) if message.endswith("is not of type 'string'") else message

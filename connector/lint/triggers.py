"""Findings on triggers: what they read, and whether the words for their way are there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from connector.errors import ManifestError, UnknownBlock
from connector.lint.fields import FieldJudge
from connector.manifest.blocks import Block
from connector.manifest.connection_block import CONNECTION, build_connection_block
from connector.manifest.expressions import compile_expression
from connector.manifest.manifest import Manifest
from connector.manifest.triggers import POLLING
from connector.manifest.yaml_lines import Path as Place

#: The words that a way needs, and those that it may have.
_WORDS: Final[Mapping[str, tuple[frozenset[str], frozenset[str]]]] = {
    "newest_first": (frozenset({"key", "time"}), frozenset()),
    "difference": (frozenset({"key"}), frozenset({"time", "tells", "keep", "look", "end", "doubted_size", "first"})),
    "overlap": (frozenset({"key"}), frozenset({"time", "remember", "tells_gaps"})),
    "value": (frozenset({"values"}), frozenset({"time", "again", "ends", "below", "passes_over"})),
    "counters": (frozenset({"key", "thing", "count"}), frozenset({"time", "each"})),
    "rota": (frozenset({"key", "thing", "each", "time"}), frozenset({"per_look"})),
}
_OF_ALL: Final = frozenset({"title", "group", "description", "watches", "way", "every", "input", "without"})
Found = Iterator[tuple[Place, str]]


def check_triggers(manifest: Manifest, judge: FieldJudge) -> Found:
    """What is wrong with the manifest's triggers."""
    for name, schema in manifest.data.get(POLLING, {}).items():
        yield from judge.check(name, schema, (POLLING, name))
    if manifest.data.get("triggers") and CONNECTION in manifest.data["blocks"]:
        yield ("blocks", CONNECTION), "has the name by which triggers watch connections"
    for name, entry in manifest.data.get("triggers", {}).items():
        where = ("triggers", name)
        problems = list(_check(manifest, name, entry, judge))
        yield from (((*where, *steps), message) for steps, message in problems)


def _check(manifest: Manifest, name: str, entry: Mapping[str, Any], judge: FieldJudge) -> Found:
    if name in manifest.data["blocks"]:
        yield (), "has the name of a block"
    needed, known = _WORDS[entry["way"]]
    yield from ((("way",), f"{entry['way']} needs {word}") for word in sorted(needed - entry.keys()))
    for word in entry.keys() - _OF_ALL - needed - known:
        yield (word,), f"says nothing to {entry['way']}"
    if entry.get("tells") == "gone" and "keep" not in entry:
        yield ("tells",), "tells what is gone and keeps nothing of it"
    watched = None
    if entry["watches"] == CONNECTION:
        yield from _check_connection(manifest, entry)
    else:
        watched = _find(manifest, entry["watches"])
    if isinstance(watched, str):
        yield ("watches",), watched
    elif watched and entry["way"] != "value" and watched.listing is None:
        yield ("watches",), f"{watched.name} gives no list"
    for word in ("look", "each"):
        if other := entry.get(word):
            found = _find(manifest, other["block"])
            if isinstance(found, str):
                yield (word, "block"), found
            elif found:
                fields = (other[step] for step in ("field", "kind") if step in other)
                yield from (
                    ((word,), f"{each} is no field of {found.name}") for each in fields if each not in found.fields
                )
    for place, field in enumerate(entry.get("without", ())):
        if isinstance(watched, Block) and (field not in watched.fields or watched.fields[field].required):
            yield ("without", place), f"{field} is no field of {watched.name} that may be left out"
    for field, schema in entry.get("input", {}).items():
        yield from judge.check(field, schema, ("input", field))
    for steps, expression in _iter_expressions(entry):
        try:
            compile_expression(expression)
        except ValueError as problem:
            yield steps, f"is no JMESPath expression: {str(problem).splitlines()[0]}"


def _check_connection(manifest: Manifest, entry: Mapping[str, Any]) -> Found:
    """What is wrong with a trigger that watches the connection itself."""
    if entry["way"] != "value":
        yield ("way",), "sees nothing in a connection, of which value alone tells"
    try:
        build_connection_block(manifest)
    except ValueError as problem:
        yield ("watches",), f"is the connection, but {problem}"
    except ManifestError:
        # It is said of the block itself.
        return


def _find(manifest: Manifest, name: str) -> Block | str | None:
    """The block of this name, which must read; what is wrong with it otherwise; `None` where that is said of the block
    itself."""
    try:
        block = manifest.block(name)
    except UnknownBlock as problem:
        return str(problem)
    except ManifestError:
        return None
    return block if block.effect == "read" else f"{name} writes, and a trigger only reads"


def _iter_expressions(entry: Mapping[str, Any]) -> Iterator[tuple[Place, str]]:
    yield from (((word,), entry[word]) for word in ("key", "time", "keep", "thing", "count") if word in entry)
    for word in ("values", "again", "ends"):
        yield from (((word, name), expression) for name, expression in entry.get(word, {}).items())
    if "look" in entry:
        yield ("look", "at"), entry["look"]["at"]

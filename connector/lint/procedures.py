"""Findings on blocks that are made of blocks, and on the lists that they work with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from connector.errors import ManifestError, UnknownBlock
from connector.lint.matches import check_match
from connector.manifest.blocks import Block
from connector.manifest.expressions import compile_expression
from connector.manifest.manifest import Manifest
from connector.manifest.procedure_uses import Use
from connector.manifest.procedures import ListKind
from connector.manifest.yaml_lines import Path as Place

#: Fields of the blocks of a list whose names its words say, and words that are expressions.
_FIELD_WORDS: Final = frozenset({"keys", "start", "count", "before"})
_EXPRESSIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "look": ("total", "version", "title"),
    "create": ("id",),
    "find": ("id", "title", "owner"),
    "me": ("at",),
}
#: Lists that each procedure has to be given; one of any name for those that are not here.
_PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "sync": ("source", "target"),
    "collect": ("target",),
    "copy": (),
    "gather": ("things", "each", "target"),
    "play": (),
    "match": (),
    "import": ("target",),
}
#: Words that each procedure has to be told.
_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "sync": ("as",),
    "collect": ("source",),
    "copy": ("me",),
    "tidy": ("as",),
    "match": ("entry",),
    "export": ("file",),
    "import": ("file", "most", "kinds", "known", "own"),
}
#: The fields that each knows, beside the names of its lists.
_FIELDS: Final[Mapping[str, frozenset[str]]] = {
    "sync": frozenset(
        {"source", "sources", "uris", "target", "count", "duplicates", "position", "same", "create", "how", "dry_run"}
    ),
    "collect": frozenset({"source", "every", "name", "time_zone", "since", "dry_run"}),
    "copy": frozenset({"source", "what", "dry_run"}),
    "gather": frozenset({"target", "since", "state", "kinds", "without", "without_words", "create", "dry_run"}),
    "play": frozenset(
        {"uris", "source", "count", "device", "device_id", "volume", "fade", "wait", "target", "create", "dry_run"}
    ),
    "tidy": frozenset({"same", "keep", "by", "descending", "seed", "how", "dry_run"}),
    "match": frozenset({"text", "artist", "title", "album", "duration", "isrc", "rows", "least_score", "market"}),
    "export": frozenset({"parts", "format", "resume"}),
    "import": frozenset({"file", "target", "mode", "position", "create", "dry_run"}),
}
Found = Iterator[tuple[Place, str]]


def check_lists(manifest: Manifest) -> Found:
    """What is wrong with the manifest's lists."""
    for name, entry in manifest.data.get("lists", {}).items():
        for word, said in entry.items():
            if word in ("title", "field", "most", "newest_first", "fixed_title"):
                continue
            where: Place = ("lists", name, word)
            if word in ("entry", "sorts"):
                yield from _check_expressions(said, where)
                continue
            if word == "columns":
                yield from _check_columns(said, where)
                continue
            words = {"block": said} if isinstance(said, str) else said
            block = _find(manifest, words["block"])
            if not isinstance(block, Block):
                yield where, block
                continue
            own = [entry["field"]] if "field" in entry and word not in ("create", "find", "me") else []
            named = [words[each] for each in words if each in _FIELD_WORDS or (word, each) in _ALSO_FIELDS]
            yield from (
                (where, f"{each} is no field of {block.name}") for each in own + named if each not in block.fields
            )
            yield from _check_expressions(
                {each: words[each] for each in _EXPRESSIONS.get(word, ()) if each in words}, where
            )
            if "known" in words:
                try:
                    re.compile(words["known"])
                except re.error as problem:
                    yield (*where, "known"), f"is no regular expression: {problem}"


#: Words that name a field in one part and are an expression in another.
_ALSO_FIELDS: Final = frozenset({("insert", "at"), ("create", "title")})


def check_procedure(manifest: Manifest, block: Block, where: Place) -> Found:
    """What is wrong with how a block goes about it that is made of blocks."""
    procedure = block.procedure
    if procedure is None:
        return
    parts = _PARTS.get(procedure.name)
    if parts is None and not procedure.lists:
        yield (*where, "procedure"), f"{procedure.name} needs a list"
    for part in parts or ():
        if part not in procedure.lists:
            yield (*where, "procedure"), f"{procedure.name} needs a list as {part}"
    for part, use in procedure.uses.items():
        kind = procedure.lists[part]
        spot: Place = (*where, "procedure", "lists", part)
        missing = [what for what in _iter_required(procedure.name, use, kind) if what not in kind.blocks]
        if missing:
            yield spot, f"{kind.name} doesn't say how to {', '.join(missing)}"
        elif "look" in use.needed and "insert" in use.needed and "at" not in kind.words["insert"]:
            yield spot, f"{kind.name} doesn't say at which place entries come in"
    if procedure.name == "match":
        yield from check_match(manifest, procedure, (*where, "procedure"))
    yield from (
        ((*where, "procedure", "with"), f"{procedure.name} has to be told {word}")
        for word in _WORDS.get(procedure.name, ())
        if word not in procedure.words
    )
    if procedure.name in ("export", "import"):
        yield from (
            ((*where, "procedure", "lists", part), f"{kind.name} has no columns, of which {procedure.name} makes rows")
            for part, kind in procedure.lists.items()
            if not kind.columns
        )
    own = {name for name, field in block.fields.items() if not field.secret}
    known = {procedure.names.get(name, name) for name in _FIELDS[procedure.name] | procedure.lists.keys()}
    for name in sorted(own - known):
        yield (*where, "input", "properties", name), f"says nothing to {procedure.name}"
    asked = {scope for need in block.scope_needs for scope in need.any_of}
    for part_block in map(manifest.block, procedure.parts):
        for need in part_block.scope_needs:
            if not need.is_optional and not need.when and not asked & set(need.any_of):
                yield (*where, "scopes"), f"{part_block.name}, of which it is made, needs {' or '.join(need.any_of)}"


def _iter_required(name: str, use: Use, kind: ListKind) -> Iterator[str]:
    """What a list has to say how to do. The only one of its kind is neither found nor made, and who somebody is need be
    known only where lists have owners; of all that are copied each is read and gets further entries."""
    yield from ("read", "insert") if name == "copy" else use.needed
    if kind.field is not None and "look" in use.needed and "insert" in use.needed:
        yield from (what for what in ("create", "find") if what in use.maybe)
        if "owner" in kind.words.get("find", ()):
            yield "me"


def _check_columns(columns: Mapping[str, Any], where: Place) -> Found:
    """What is wrong with the columns of a list's table."""
    known: dict[str, str] = {}
    for name, said in columns.items():
        if isinstance(said, str):
            yield from _check_expressions({name: said}, where)
            continue
        yield from _check_expressions({name: said["at"]} if "at" in said else {}, where)
        if other := known.get(said["means"]):
            yield (*where, name), f"means {said['means']}, as {other} does"
        known[said["means"]] = name


def _check_expressions(expressions: Mapping[str, Any], where: Place) -> Found:
    for name, said in expressions.items():
        for expression in said if isinstance(said, list) else [said]:
            try:
                compile_expression(expression)
            except ValueError as problem:
                yield (*where, name), f"is no JMESPath expression: {str(problem).splitlines()[0]}"


def _find(manifest: Manifest, name: str) -> Block | str:
    try:
        return manifest.block(name)
    except UnknownBlock as problem:
        return str(problem)
    except ManifestError:
        return f"{name} can't be built"

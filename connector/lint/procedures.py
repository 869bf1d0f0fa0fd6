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
from connector.manifest.procedures import ListKind, Procedure
from connector.manifest.yaml_lines import Path as Place

#: Fields of the blocks of a list whose names its words say, and words that are expressions.
_FIELD_WORDS: Final = frozenset({"keys", "start", "count", "before"})
_EXPRESSIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "look": ("total", "version", "title"),
    "create": ("id",),
    "find": ("id", "title", "owner"),
    "me": ("at",),
}
#: What each procedure has to do with the lists that it is given, and the fields that it knows.
_PARTS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "sync": {"source": ("read",), "target": ("look", "read", "insert", "remove", "create", "find", "me")},
    "collect": {"target": ("look", "read", "insert", "remove", "create", "find", "me")},
    "copy": {},
    "gather": {
        "things": ("read",),
        "each": ("read",),
        "target": ("look", "read", "insert", "remove", "create", "find", "me"),
    },
    "play": {},
    "tidy": {"target": ("look", "read", "insert", "remove", "find", "me")},
    "match": {},
    "export": {},
    "import": {"target": ("look", "read", "insert", "remove", "create", "find", "me")},
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
#: What each has to do with all of its lists.
_EVERY: Final[Mapping[str, tuple[str, ...]]] = {"copy": ("read", "insert")}
#: Lists of which it does no more than this, where they are given.
_ONLY: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "play": {"playlist": ("read", "find", "me"), "library": ("insert",)},
}
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
    "tidy": frozenset({"playlist", "same", "keep", "by", "descending", "seed", "how", "dry_run"}),
    "match": frozenset({"text", "artist", "title", "album", "duration", "isrc", "rows", "least_score", "market"}),
    "export": frozenset({"playlist", "parts", "format", "resume"}),
    "import": frozenset({"file", "target", "mode", "position", "create", "dry_run"}),
}
Found = Iterator[tuple[Place, str]]


def check_lists(manifest: Manifest) -> Found:
    """What is wrong with the manifest's lists."""
    for name, entry in manifest.data.get("lists", {}).items():
        for word, said in entry.items():
            if word in ("title", "field", "most", "newest_first"):
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
    needed = _PARTS[procedure.name]
    for part in needed.keys() - procedure.lists.keys():
        yield (*where, "procedure"), f"{procedure.name} needs a list as {part}"
    for part, kind in procedure.lists.items():
        spot: Place = (*where, "procedure", "lists", part)
        missing = [
            what
            for what in needed.get(part, _EVERY.get(procedure.name, ()))
            if what not in kind.blocks and _is_needed(kind, what)
        ]
        if missing:
            yield spot, f"{kind.name} doesn't say how to {', '.join(missing)}"
        elif "insert" in needed.get(part, ()) and "at" not in kind.words["insert"]:
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
    for name in sorted(own - _FIELDS[procedure.name]):
        yield (*where, "input", "properties", name), f"says nothing to {procedure.name}"
    asked = {scope for need in block.scope_needs for scope in need.any_of}
    for part_block in map(manifest.block, _find_used(procedure)):
        for need in part_block.scope_needs:
            if not need.is_optional and not need.when and not asked & set(need.any_of):
                yield (*where, "scopes"), f"{part_block.name}, of which it is made, needs {' or '.join(need.any_of)}"


def _is_needed(kind: ListKind, what: str) -> bool:
    """Whether a list has to say how to do this: the only one of its kind is neither found nor made, and who somebody is
    need be known only where lists have owners."""
    if kind.field is None and what in ("create", "find", "me"):
        return False
    return what != "me" or "owner" in kind.words.get("find", ())


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


def _find_used(procedure: Procedure) -> Iterator[str]:
    """The blocks that it runs, once each."""
    only = _ONLY.get(procedure.name, {})
    lists = (
        block
        for part, kind in procedure.lists.items()
        for what, block in kind.blocks.items()
        if what in only.get(part, kind.blocks)
    )
    yield from dict.fromkeys((*procedure.blocks.values(), *lists))


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

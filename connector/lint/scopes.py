"""Findings on the scopes that a block needs, and on the arguments that decide on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from connector.arguments.text_form import find_kinds
from connector.lint.fields import FieldJudge
from connector.manifest.manifest import Manifest
from connector.manifest.routes import GIVEN
from connector.manifest.schema_files import Schema
from connector.manifest.yaml_lines import Path as Place

Found = Iterator[tuple[Place, str]]


def iter_scopes(entry: Mapping[str, Any]) -> Iterator[str]:
    """The names of all scopes in a block's `entry`."""
    for need in entry.get("scopes", ()):
        yield from [need] if isinstance(need, str) else need.get("any_of") or [need["scope"]]


def check_scopes(manifest: Manifest, entry: Mapping[str, Any], judge: FieldJudge, where: Place) -> Found:
    """What is wrong with the scopes of a block's `entry`, which stands at `where`."""
    for position, need in enumerate(entry.get("scopes", ())):
        spot = (*where, "scopes", position)
        for scope in iter_scopes({"scopes": [need]}):
            if scope not in manifest.data.get("scopes", {}):
                yield spot, f"the scope {scope} is not described under scopes"
        if isinstance(need, str):
            continue
        declared = entry.get("input", {}).get("properties", {})
        for word in ("when", "except"):
            for field, value in need.get(word, {}).items():
                place = (*spot, word, field)
                if field not in declared:
                    yield place, f"{field} decides on a scope and is not declared"
                    continue
                schema = manifest.schema_files.inline(declared[field])
                yield from ((place, problem) for problem in _check_condition(field, schema, value, judge))


def _check_condition(field: str, schema: Schema, value: Any, judge: FieldJudge) -> Iterator[str]:
    each = schema["items"] if schema.get("type") == "array" else schema
    if isinstance(value, Mapping):
        if not judge.has_references:
            # No field refers to anything, which is said once.
            return
        if each.get("x-as") != "uri":
            yield f"{field} is not sent as a URI, so it doesn't say of which kind a thing is"
            return
        yield from (f"{field} refers to no {kind}" for kind in value["kinds"] if kind not in find_kinds(each))
    elif value != GIVEN and (problem := judge.find_misfit(each, value)):
        yield f"the value of {field} {problem}"

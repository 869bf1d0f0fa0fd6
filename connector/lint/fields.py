"""Findings on one field: that its schema can be followed, says all that a form needs, and fits its own examples."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator, SchemaError

from connector.arguments.normal_form import to_normal_form
from connector.arguments.text_form import find_kinds
from connector.arguments.wording import Unfit
from connector.errors import ManifestError
from connector.lint.patterns import SLOW, TEXT_LIMIT, find_difference, is_slow
from connector.lint.texts import find_markup, find_unprinted
from connector.manifest.references import References
from connector.manifest.schema_files import Schema, SchemaFiles
from connector.manifest.yaml_lines import Path as Place

_TYPES = ("String", "Datepicker", "Map", "List", "Select", "Array", "credentials")
#: The most choices that a field lists itself.
_MOST_CHOICES = 30
_NEEDED = ("title", "description", "examples", "type", "x-field")
#: The group `kind` of a reference pattern, where it holds no group of its own.
_KIND_GROUP = re.compile(r"\(\?P<kind>((?:\\.|\[[^]]*\]|[^()\\\[])*)\)")


class FieldJudge:
    """Judges the schemas of fields, and remembers whether one of them takes references.

    Without `references`, since one of them is broken, what takes them is not judged by its examples.
    """

    def __init__(self, files: SchemaFiles, references: References | None) -> None:
        self.has_references = False
        self._files = files
        self._references = references

    def check(self, name: str, schema: Schema, where: Place) -> Iterator[tuple[Place, str]]:
        """What is wrong with the field `name`, declared as `schema` at `where`."""
        try:
            full = self._files.inline(schema)
            Draft202012Validator.check_schema(full)
        except ManifestError as problem:
            yield where, str(problem)
            return
        except (SchemaError, AttributeError, TypeError) as problem:
            yield where, f"{name} has no valid schema: {getattr(problem, 'message', problem)}"
            return
        if lacking := [word for word in _NEEDED if not full.get(word)]:
            yield where, f"{name} has no {', '.join(lacking)}"
            return
        yield from ((where, f"{name}: {problem}") for _, problem in find_unprinted(full))
        yield from ((where, f"the {word} of {name} holds markup") for word in find_markup(full))
        if len(schema.get("enum", ())) > _MOST_CHOICES:
            yield where, f"{name} lists its choices here: name the list in a schema file, and every output has it once"
        if full["x-field"] not in _TYPES:
            yield where, f"x-field {full['x-field']} is none of {', '.join(_TYPES)}"
        patterns = list(_iter_patterns(full))
        for pattern, _ in patterns:
            if part := find_difference(pattern):
                yield where, f"a pattern of {name} holds {part}, which JavaScript reads otherwise: spell it out"
        if any(is_slow(pattern, limit=limit) for pattern, limit in patterns):
            # Examples might take ages too.
            yield where, f"a pattern of {name} {SLOW}"
            return
        entry = full["items"] if isinstance(full.get("items"), dict) else full
        if entry.get("x-reference") and (kinds := find_kinds(entry)):
            self.has_references = True
            if self._references is None:
                return
            if wrong := list(_check_kinds(kinds, entry, self._references)):
                yield from ((where, problem) for problem in wrong)
                return
        values = [("an example", value) for value in full["examples"]]
        values += [("the default", full["default"])] if "default" in full else []
        for what, value in values:
            if misfit := self.find_misfit(full, value):
                yield where, f"{what} of {name} {misfit}"

    def find_misfit(self, schema: Schema, value: Any) -> str | None:
        """Why `value` does not fit `schema`; `None` where it does."""
        try:
            form = to_normal_form(schema, value, self._references or References())
        except Unfit as problem:
            return str(problem)
        except (AttributeError, KeyError, TypeError):
            return "can't be read: its schema, or that of its entries, does not name one type"
        return None if Draft202012Validator(schema).is_valid(form) else "does not fit its own schema"


def _iter_patterns(schema: Any) -> Iterator[tuple[str, int]]:
    """The patterns in a schema, at whatever depth, each with the number of letters that it may be run over."""
    if isinstance(schema, dict) and isinstance(pattern := schema.get("pattern"), str):
        yield pattern, min(schema.get("maxLength", TEXT_LIMIT), TEXT_LIMIT)
    parts = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
    for part in parts:
        yield from _iter_patterns(part)


def _check_kinds(kinds: tuple[str, ...], schema: Schema, references: References) -> Iterator[str]:
    """What is wrong with the kinds of things that a field, or each entry of its list, may refer to."""
    is_uri = schema.get("x-as") == "uri"
    if is_uri and references.uri is None:
        yield "is sent as a URI, and the manifest has no uri that says how one is written"
    if len(kinds) > 1 and "x-as" not in schema:
        yield f"refers to {' or '.join(kinds)}: an id alone doesn't say which; x-as: uri does"
    groups = [_KIND_GROUP.search(pattern.pattern) for pattern in references.patterns if pattern.groupindex]
    for kind in kinds:
        if not any(group is None or re.fullmatch(group[1], kind) for group in groups):
            yield f"no pattern under references knows the kind {kind}"

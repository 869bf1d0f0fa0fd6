"""How an answer differs from the schema that is declared of it, by path and type; never a value.

Names of an answer are told only where they are a schema's own, or stand beside such: in a map of someone's things a
name is a value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from jsonschema import Draft202012Validator, ValidationError

from connector.manifest.schema_files import Schema, follow

_TYPES: Final = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
_FIELD_NAME: Final = re.compile(r"[a-z][a-z_]{0,39}")


class Difference(NamedTuple):
    """What is the matter (`problem`, in words) at `path`, such as `items[].track.id`."""

    path: str
    problem: str


def find_differences(output: Any, schema: Schema) -> list[Difference]:
    """Where `output` doesn't fit the self-contained `schema`: each difference once, those of a list's entries
    together."""
    declared = frozenset(_iter_names(schema))
    judge = Draft202012Validator(schema)
    found = [
        Difference(_write_path(error.absolute_path, declared), _tell(error, declared))
        for error in judge.iter_errors(output)
    ]
    return list(dict.fromkeys(found))


def find_undeclared(output: Any, schema: Schema) -> list[Difference]:
    """The fields of `output` that the self-contained `schema`, which lets others by, doesn't declare; each once."""
    declared = frozenset(_iter_names(schema))
    found = (
        Difference(_write_path(path, declared | {name}), f"is {name_type(value)}")
        for path, name, value in _iter_undeclared(output, [schema], schema)
    )
    return list(dict.fromkeys(found))


def name_type(value: Any) -> str:
    """JSON's word for what `value` is."""
    return "null" if value is None else _TYPES[type(value)]


def _tell(error: ValidationError, declared: frozenset[str]) -> str:
    """What is wrong, without the value: the schema's own words, and the value's type."""
    found = name_type(error.instance)
    word = str(error.validator)
    wanted: Any = error.validator_value
    instance: Any = error.instance
    if word == "type":
        return f"is {found}, not {' or '.join([wanted] if isinstance(wanted, str) else wanted)}"
    if word == "required":
        missing = [name for name in wanted if name not in instance and name in declared]
        return f"lacks {', '.join(missing)}"
    if word in ("anyOf", "oneOf"):
        return f"is {found}, which fits none of its forms"
    return f"is {found}, which doesn't fit its {word}"


def _write_path(steps: Iterable[Any], declared: frozenset[str]) -> str:
    path = ""
    for step in steps:
        if isinstance(step, int):
            path += "[]"
        else:
            name = step if step in declared else "*"
            path += f".{name}" if path else name
    return path or "(the whole)"


def _iter_names(node: Any) -> Iterator[str]:
    """The names of all properties that a schema declares, anywhere in it."""
    if isinstance(node, list):
        for entry in node:
            yield from _iter_names(entry)
    elif isinstance(node, Mapping):
        if isinstance(properties := node.get("properties"), Mapping):
            yield from properties
        for value in node.values():
            yield from _iter_names(value)


def _iter_undeclared(
    value: Any, schemas: Sequence[Schema], root: Schema, path: tuple[Any, ...] = ()
) -> Iterator[tuple[tuple[Any, ...], str, Any]]:
    """Path, name and value of each field that an object has beside those that its `schemas`, parts of `root`,
    declare."""
    forms = [form for schema in schemas for form in _iter_forms(value, schema, root)]
    if isinstance(value, list):
        entries = [form["items"] for form in forms if isinstance(form.get("items"), dict)]
        for position, entry in enumerate(value):
            yield from _iter_undeclared(entry, entries, root, (*path, position))
    records = [form["properties"] for form in forms if "properties" in form]
    if not isinstance(value, Mapping) or not records:
        return
    for name, part in value.items():
        if declared := [record[name] for record in records if name in record]:
            yield from _iter_undeclared(part, declared, root, (*path, name))
        elif _FIELD_NAME.fullmatch(name):
            yield (*path, name), name, part


def _iter_forms(value: Any, schema: Schema, root: Schema) -> Iterator[Schema]:
    """`schema`, and of the forms that it is made of or that it has several of, those that `value` has."""
    schema = follow(schema, root)
    yield schema
    for part in schema.get("allOf", ()):
        yield from _iter_forms(value, part, root)
    branches = [*schema.get("anyOf", ()), *schema.get("oneOf", ())]
    # To judge all that is below is dear; most often the type alone tells which it is.
    fitting = [branch for branch in branches if _may_be(value, follow(branch, root))]
    for branch in fitting:
        if len(fitting) == 1 or Draft202012Validator({**branch, "$defs": root.get("$defs", {})}).is_valid(value):
            yield from _iter_forms(value, branch, root)


def _may_be(value: Any, schema: Schema) -> bool:
    """Whether `value` is of a type that `schema` takes."""
    return "type" not in schema or Draft202012Validator({"type": schema["type"]}).is_valid(value)

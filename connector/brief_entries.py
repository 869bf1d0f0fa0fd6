"""Entries with nothing but what a person wants of them, as pointers such as `artists[].name` say it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any


def make_brief(entry: Any, fields: Iterable[str]) -> Any:
    """`entry` with nothing but the `fields`, pointers such as `artists[].name`; all of it where it has none of them,
    for then it is another thing than its schema describes."""
    return _cut(entry, nest(fields)) or entry


def nest(fields: Iterable[str]) -> dict[str, Any]:
    """The names that the `fields` lead through, each with those below it: `artists[].name` is `{"artists": {"name":
    {}}}`."""
    wanted: dict[str, Any] = {}
    for pointer in fields:
        place = wanted
        for step in pointer.replace("[]", "").split("."):
            place = place.setdefault(step, {})
    return wanted


def change_at(value: Any, path: Sequence[str], change: Callable[[Any], Any]) -> Any:
    """`value` with what stands at the `path` of names in it changed; as it is where nothing does."""
    if not path:
        return change(value)
    first, *rest = path
    if not isinstance(value, dict) or first not in value:
        return value
    return {**value, first: change_at(value[first], rest, change)}


def _cut(value: Any, wanted: Mapping[str, Any]) -> Any:
    """`value` with nothing but the `wanted` names and theirs, in a list in each entry; all of it where none is."""
    if isinstance(value, list):
        return [_cut(entry, wanted) for entry in value]
    if not wanted or not isinstance(value, dict):
        return value
    return {name: _cut(value[name], inner) for name, inner in wanted.items() if name in value}

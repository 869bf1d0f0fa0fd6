"""Finding one's way in a bundled schema: what stands at a path, the forms that it may have, and which of its fields a
person wants."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from connector.manifest.schema_files import Schema, name_target


def find_part(root: Schema, path: Sequence[str], schema: Any = None) -> Any:
    """The schema at the property `path` below `schema`, by default `root` itself; a step `[]` leads to the entries of
    a list. `None` where no form of what stands before a step knows it."""
    found: Any = root if schema is None else schema
    for step in path:
        steps = [_take(step, form) for form in iter_forms(root, found)]
        found = next((one for one in steps if one is not None), None)
        if found is None:
            return None
    return found


def _take(step: str, form: Schema) -> Any:
    return form.get("items") if step == "[]" else form.get("properties", {}).get(step)


def iter_forms(root: Schema, schema: Any) -> Iterator[Schema]:
    """`schema`, a part of `root`, and all that it may stand for: what it refers to, and its alternatives in order."""
    waiting: list[Any] = [schema]
    seen: list[Any] = []
    while waiting:
        current = waiting.pop(0)
        if not isinstance(current, dict) or any(current is known for known in seen):
            continue
        seen.append(current)
        yield current
        if name := name_target(current):
            waiting.append(root["$defs"][name])
        waiting += [inner for word in ("anyOf", "oneOf", "allOf") for inner in current.get(word, ())]


def find_brief(root: Schema, at: Sequence[str]) -> tuple[str, ...]:
    """The pointers of `x-brief` for what stands at the property path `at`, or for its entries where that is a list; of
    several forms those of each, in order."""
    part = find_part(root, at)
    entries = find_part(root, ("[]",), part) if part is not None else None
    forms = iter_forms(root, part if entries is None else entries)
    return tuple(dict.fromkeys(pointer for form in forms for pointer in form.get("x-brief", ())))


def find_file(root: Schema) -> Mapping[str, tuple[str, ...]] | None:
    """Where an output has the file that its block makes (`x-file`): the steps to its `text`, its `name` and its media
    `type`; `None` where it makes none."""
    made = next((form["x-file"] for form in iter_forms(root, root) if "x-file" in form), None)
    return made and {part: split_pointer(pointer) for part, pointer in made.items()}


def split_pointer(pointer: str) -> tuple[str, ...]:
    """The steps of a pointer such as `artists[].name`: names, and `[]` for each entry of a list."""
    return tuple(pointer.replace("[]", ".[]").split("."))

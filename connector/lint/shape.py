"""What the manifest's own schema says of a manifest's data, in words for the one who writes it."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.exceptions import best_match

from connector.lint.texts import find_unprinted
from connector.manifest.yaml_lines import Path as Place

_TEXT_LIMIT = 80


def check_shape(data: Any) -> Iterator[tuple[Place, str]]:
    """Each place in `data` that the schema does not allow, and why."""
    # The schema stands beside the packaged manifest, whichever manifest is checked.
    schema = json.loads((_find_own_folder() / "schemas" / "manifest.schema.json").read_text("utf-8"))
    yield from find_unprinted(data)
    for error in Draft202012Validator(schema).iter_errors(data):
        yield from _explain(best_match([error]) or error)


def _find_own_folder() -> Path:
    packaged = Path(__file__).parents[1] / "_data"
    return packaged if packaged.exists() else Path(__file__).parents[2]


def _explain(error: ValidationError) -> Iterator[tuple[Place, str]]:
    where: Place = tuple(error.absolute_path)
    instance: Any = error.instance
    limit = error.validator_value
    schema = error.schema if isinstance(error.schema, dict) else {}
    if error.validator == "additionalProperties":
        known = schema.get("properties", {})
        for word in [word for word in instance if word not in known]:
            near = difflib.get_close_matches(word, known, 1)
            advice = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"
            yield (*where, word), f"{word} means nothing here; {advice}"
    elif error.validator == "oneOf" and schema.get("title") == "Block":
        yield where, "has either routes or a procedure, one of the two"
    elif error.validator == "not":
        yield where, f"{where[-1]} means nothing beside this type; leave it out"
    elif "propertyNames" in error.absolute_schema_path:
        yield (*where, instance), f"the name {instance} does not match {limit}"
    elif error.validator == "pattern":
        yield where, f"{instance!r} does not fit. {schema.get('description', limit)}"
    else:
        # The library begins with the value, which may be a whole block.
        value = repr(instance)
        short = value if len(value) <= _TEXT_LIMIT else f"{value[:_TEXT_LIMIT]}…"
        yield where, error.message.replace(value, short, 1)

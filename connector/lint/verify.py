"""Findings on the writes that may be verified with a user's own account: what is made has to be found and removed."""

from __future__ import annotations

from collections.abc import Iterator

from jsonschema import Draft202012Validator

from connector.arguments.text_form import find_kinds
from connector.errors import ManifestError
from connector.manifest.manifest import Manifest
from connector.manifest.yaml_lines import Path as Place

_WORD = "verify"


def check_verify(manifest: Manifest, *, has_references: bool) -> Iterator[tuple[Place, str]]:
    """What is wrong with the manifest's `verify`; of what removes, only where any field `has_references`."""
    declared = manifest.data.get(_WORD)
    if declared is None:
        return
    named: dict[Place, str] = {(_WORD, word): declared[word] for word in ("makes", "removes")}
    named |= {(_WORD, "works", position): name for position, name in enumerate(declared["works"])}
    if unknown := {place: name for place, name in named.items() if name not in manifest.data["blocks"]}:
        yield from ((place, f"there is no block {name}") for place, name in unknown.items())
        return
    try:
        makes, removes = manifest.block(declared["makes"]), manifest.block(declared["removes"])
    except ManifestError:
        # What is wrong with them is said where they stand.
        return
    for field, value in declared.get("with", {}).items():
        if field not in makes.fields:
            yield (_WORD, "with", field), f"{makes.name} has no field {field}"
        elif not Draft202012Validator(makes.fields[field].schema).is_valid(value):
            yield (_WORD, "with", field), f"does not fit {field} of {makes.name}"
    if has_references and not any(find_kinds(removes.fields[name].schema) for name in removes.example):
        yield (_WORD, "removes"), f"no field of {removes.name} that must be given refers to what was made"

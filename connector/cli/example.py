"""Words to type that run a block as it stands."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from shlex import quote
from typing import Any

from connector.manifest.blocks import Block


def find_example(block: Block) -> Iterator[str]:
    """Words that fill in what must be given; one optional field where nothing must."""
    open_fields = {name: field for name, field in block.fields.items() if not field.secret}
    example = {name: value for name, value in block.example.items() if name in open_fields}
    if not example:
        optional = [field for field in open_fields.values() if field.documented]
        example = {field.name: field.schema["examples"][0] for field in optional[:1]}
    for name, value in example.items():
        yield f"{name}={quote(write_word(value))}"


def write_word(value: Any) -> str:
    """A field's value as it is typed."""
    if isinstance(value, list) and not any(isinstance(entry, Mapping) for entry in value):
        return ",".join(map(str, value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

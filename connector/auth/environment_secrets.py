"""Secrets that stand in the environment instead of a block's fields: `CONNECTOR_` and the field's name in capitals."""

from __future__ import annotations

import os

from connector.manifest.blocks import Block


def variable_for(field: str) -> str:
    """The environment variable for a field's value."""
    return f"CONNECTOR_{field.upper()}"


def read_secret(field: str) -> str | None:
    """What the environment holds for a field, without the spaces and line ends that a file leaves around it; `None`
    for nothing or a blank."""
    return os.environ.get(variable_for(field), "").strip() or None


def find_secrets(block: Block) -> dict[str, str]:
    """The secrets of `block` that the environment holds, by field."""
    found = {name: read_secret(name) for name, field in block.fields.items() if field.secret}
    return {name: secret for name, secret in found.items() if secret}

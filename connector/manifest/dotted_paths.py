"""Dotted paths into JSON values, as a manifest writes them: `error.message`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def follow(value: Any, path: Iterable[str]) -> Any:
    """What stands at `path`, the names from the outside in, in a JSON value; `None` where nothing does."""
    for step in path:
        if not isinstance(value, dict):
            return None
        value = value.get(step)
    return value


def find_text(value: Any, paths: Iterable[str]) -> str:
    """The first text at one of the dotted `paths` in a JSON value; an empty one where there is none."""
    for path in paths:
        if isinstance(found := follow(value, path.split(".")), str):
            return found
    return ""

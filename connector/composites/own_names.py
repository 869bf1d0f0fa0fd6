"""The manifest's names for what a procedure tells and takes, in place of the procedure's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from connector.errors import ErrorDetail


def tell_so(told: Any, names: Mapping[str, str]) -> Any:
    """What a procedure told, with the `names` that the manifest has for its own."""
    if not names:
        return told
    if isinstance(told, dict):
        return {names.get(name, name): tell_so(value, names) for name, value in told.items()}
    return [tell_so(each, names) for each in told] if isinstance(told, list) else told


def name_fields(error: ErrorDetail, names: Mapping[str, str]) -> ErrorDetail:
    """An error of the procedure's own about a field, by the field's name in the block."""
    if len(error.fields) != 1 or error.message != f"{error.fields[0]}.":
        return error
    (problem,) = error.fields
    named = replace(problem, name=names.get(problem.name, problem.name))
    return replace(error, message=f"{named}.", fields=(named,))

"""Runs a block that is made of blocks, by the procedure that the manifest names, and in the manifest's words."""

from __future__ import annotations

from importlib import import_module
from keyword import iskeyword
from typing import Any

from connector.composites.own_names import name_fields, tell_so
from connector.composites.task import Task
from connector.errors import InvocationFailed


def run(task: Task) -> dict[str, Any]:
    """What the block gives. Raises `InvocationFailed`."""
    # Loaded by name: who copies a list needs nothing of what compares texts.
    name = task.procedure.name
    # As everywhere, a line below stands behind what is a word of the language.
    procedure = import_module(f"connector.composites.procedures.{name}{'_' if iskeyword(name) else ''}")
    names = task.procedure.names
    try:
        output: dict[str, Any] = tell_so(procedure.run(task), names)
    except InvocationFailed as failure:
        failure.error = name_fields(failure.error, names)
        task.partial = tell_so(task.partial, names)
        raise
    return output

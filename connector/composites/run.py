"""Runs a block that is made of blocks, by the procedure that the manifest names."""

from __future__ import annotations

from importlib import import_module
from keyword import iskeyword
from typing import Any

from connector.composites.task import Task


def run(task: Task) -> dict[str, Any]:
    """What the block gives. Raises `InvocationFailed`."""
    # Loaded by name: who copies a list needs nothing of what compares texts.
    name = task.procedure.name
    # As everywhere, a line below stands behind what is a word of the language.
    procedure = import_module(f"connector.composites.procedures.{name}{'_' if iskeyword(name) else ''}")
    output: dict[str, Any] = procedure.run(task)
    return output

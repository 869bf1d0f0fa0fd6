"""The files beside these modules that were written by hand and go into every palette."""

from __future__ import annotations

from importlib import resources


def read_file(path: str) -> str:
    """The text of one of them; `path` is relative to this folder."""
    return resources.files("connector.export.node_red").joinpath(path).read_text("utf-8")

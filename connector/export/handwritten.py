"""The files beside these modules that were written by hand and go into every package as they are."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import resources
from pathlib import PurePosixPath


def read_file(path: str) -> str:
    """The text of one of them; `path` is relative to this folder."""
    return resources.files("connector.export").joinpath(path).read_text("utf-8")


def read_files(paths: Iterable[str], folder: str) -> dict[str, bytes]:
    """Some of them, by where they stand in a package: all in its `folder`, under their own names."""
    return {f"{folder}/{PurePosixPath(path).name}": read_file(path).encode() for path in paths}

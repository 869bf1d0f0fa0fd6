"""What a run of the tests would make anew a thousand times, though it comes out the same: made once for each process.

A file of the same bytes is parsed once, and each who reads it gets a copy of their own. The command line is built of
its functions once, as in a process that a person starts.
"""

import functools
import pickle
from pathlib import Path
from typing import Any

import typer.main
import typer.testing

from connector.manifest import yaml_file

_parse = yaml_file.parse_yaml


@functools.lru_cache(maxsize=8)
def _pickle(raw: bytes, path: Path) -> bytes:
    return pickle.dumps(_parse(raw, path))


def _copy(raw: bytes, path: Path) -> Any:
    return pickle.loads(_pickle(raw, path))  # noqa: S301 - of this process


def install() -> None:
    """For the whole process, before anything reads a manifest."""
    yaml_file.parse_yaml = _copy
    typer.testing._get_command = functools.cache(typer.main.get_command)

"""Where a manifest comes from: the file's bytes → plain data. Knows nothing of what a manifest means."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from connector.errors import ManifestError

_PACKAGED = Path(__file__).parents[1] / "_data" / "manifest.yaml"
_CHECKOUT = Path(__file__).parents[2] / "manifest.yaml"


def locate_manifest(path: str | os.PathLike[str] | None = None) -> Path:
    """The manifest to use: `path`, else `CONNECTOR_MANIFEST`, else the packaged one, else the checkout's."""
    chosen = path or os.environ.get("CONNECTOR_MANIFEST")
    if chosen:
        return Path(chosen)
    return _PACKAGED if _PACKAGED.exists() else _CHECKOUT


def load_source(path: Path) -> dict[str, Any]:
    """The manifest at `path` as plain data. Raises `ManifestError` where it can't be read or is no mapping."""
    try:
        raw = path.read_bytes()
    except OSError as problem:
        raise ManifestError(f"The manifest {path} can't be read: {problem.strerror}.") from problem
    return parse_yaml(raw, path)


def parse_yaml(raw: bytes, path: Path) -> dict[str, Any]:
    """`raw` as plain data; raises `ManifestError` with line and column where it is no YAML mapping."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        data = yaml.load(raw, loader)  # noqa: S506 - both loaders are the safe ones
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark
        where = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else str(path)
        raise ManifestError(f"{where}: {problem.problem}.") from problem
    except (yaml.YAMLError, UnicodeDecodeError) as problem:
        raise ManifestError(f"{path}: {problem}.") from problem
    except RecursionError:
        raise ManifestError(f"{path}: is nested too deeply.") from None
    if not isinstance(data, dict):
        raise ManifestError(f"{path}: a manifest is a mapping with blocks, servers and so on.")
    return data

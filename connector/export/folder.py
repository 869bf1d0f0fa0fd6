"""An export's files in a folder: written whole, one by one, and nothing touched that no export wrote.

A list beside them says which files those are, where they are several. No link below the folder is followed, and no
name leads out of it.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any, Final

from connector.errors import ConnectorError, tell_refusal
from connector.export.file_names import to_slug
from connector.manifest.manifest import Manifest

#: Files that tell what a folder holds where there is no list, and what of them does.
_TELLING: Final[Mapping[str, Callable[[Any], Any]]] = {
    "package.json": lambda document: document["name"],
    "openapi.json": lambda document: next(iter(document["paths"])).rpartition("/")[0],
}
_INSTALLED: Final = "node_modules"


class CannotWrite(ConnectorError):
    """The place that an export was to be written to is taken, or can't be written to."""


def write_export(name: str, files: Mapping[str, bytes], folder: Path, manifest: Manifest) -> list[Path]:
    """Writes the export `name` into `folder` and gives back the files written, sorted.

    What an earlier export wrote is replaced, or removed where this one no longer has it; nothing else is touched. An
    npm package wants a folder of its own, any other export takes one that holds other things too. Each file is either
    the old or the new one at any time. Raises `CannotWrite`; where something is in the way nothing was written.
    """
    check_paths(files)
    with _tell_of_failure(folder):
        if folder.exists() and not folder.is_dir():
            raise CannotWrite(f"{folder} is a file: name a folder.")
        list_name = f".{to_slug(manifest.command)}-export.json"
        lists = _read_lists(folder, list_name)
        is_known = name in lists or _is_earlier(files, folder)
        if "package.json" in files and not is_known and _is_taken(folder):
            raise CannotWrite(f"{folder} holds something else: name an empty folder, or one with an earlier export.")
        old = lists.get(name, list(files) if is_known else [])
        _refuse_obstacles(folder, {**files, list_name: b""}, {*old, list_name})
        has_list = len(files) > 1
        if has_list:
            # Should this break off, the next one knows the files of both.
            _write(folder, list_name, _to_list({**lists, name: sorted({*old, *files})}))
        for path, content in sorted(files.items()):
            _write(folder, path, content)
        for path in set(old) - files.keys():
            _remove(folder, path)
        if has_list:
            _write(folder, list_name, _to_list({**lists, name: sorted(files)}))
    return [folder / path for path in sorted(files)]


def check_paths(paths: Iterable[str]) -> None:
    """Raises `CannotWrite` where one of `paths` could lead out of the folder or archive that it is meant for."""
    for path in paths:
        if not _is_inside(path):
            raise CannotWrite(f"{path!r} is no name for a file of an export.")


def _is_inside(path: str) -> bool:
    parts = path.split("/")
    return not ({"", ".", ".."} & set(parts)) and path.isprintable() and "\\" not in path and ":" not in path


@contextmanager
def _tell_of_failure(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        raise CannotWrite(f"{problem.filename or folder} can't be written: {tell_refusal(problem)}.") from problem


def _read_lists(folder: Path, name: str) -> dict[str, list[str]]:
    """The files of each export in `folder`, by the export's name. What was changed in the list to lead out is none."""
    data = _read_json(folder / name) if not _find_link(folder, name) else None
    lists = data.get("exports") if isinstance(data, dict) else None
    return {
        str(export): [path for path in paths if isinstance(path, str) and _is_inside(path)]
        for export, paths in (lists.items() if isinstance(lists, dict) else ())
        if isinstance(paths, list)
    }


def _to_list(lists: Mapping[str, Collection[str]]) -> bytes:
    about = "What was exported to this folder. The next export replaces or removes these files and touches no others."
    return (json.dumps({"about": about, "exports": lists}, indent=2) + "\n").encode()


def _is_taken(folder: Path) -> bool:
    """Whether `folder` holds more than hidden files, such as a repository's, and what npm installed."""
    return folder.exists() and any(
        entry.name != _INSTALLED and not entry.name.startswith(".") for entry in folder.iterdir()
    )


def _is_earlier(files: Mapping[str, bytes], folder: Path) -> bool:
    """Whether `folder` holds such an export that wrote no list: a single file, or one of an earlier version."""
    for name, tell in _TELLING.items():
        if name in files:
            try:
                return bool(tell(_read_json(folder / name)) == tell(json.loads(files[name])))
            except (KeyError, TypeError, AttributeError, StopIteration):
                return False
    return False


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None


def _refuse_obstacles(folder: Path, files: Mapping[str, bytes], own: Collection[str]) -> None:
    """Raises `CannotWrite` for the first thing below `folder` that `files` can't or must not be written over."""
    for name, content in sorted(files.items()):
        path = folder / name
        if link := _find_link(folder, name):
            raise CannotWrite(f"{link} is a link, and no export writes through one: remove it, or name another folder.")
        if any(parent.exists() and not parent.is_dir() for parent in path.parents if folder in parent.parents):
            raise CannotWrite(f"{path.parent} can't be a folder, for there is a file: move it away.")
        if path.is_dir():
            raise CannotWrite(f"{path} can't be a file, for there is a folder: move it away.")
        if name not in own and path.exists() and path.read_bytes() != content:
            raise CannotWrite(f"{path} is in the way, and no export wrote it: move it away, or name another folder.")


def _find_link(folder: Path, name: str) -> Path | None:
    """The first link on the way from `folder` to the file `name`; the folder itself may be one."""
    path = folder
    for part in PurePosixPath(name).parts:
        path = path / part
        if path.is_symlink():
            return path
    return None


def _write(folder: Path, name: str, content: bytes) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with unfinished.open("xb") as file:
            file.write(content)
        unfinished.replace(path)
    except BaseException as problem:
        unfinished.unlink(missing_ok=True)
        if isinstance(problem, OSError):
            problem.filename = str(path)
        raise


def _remove(folder: Path, name: str) -> None:
    """Removes a file of an earlier export, and the folders that it leaves empty; what has become a link is left."""
    path = folder / name
    if _find_link(folder, name) or not path.is_file():
        return
    path.unlink()
    for parent in path.parents:
        if parent == folder or any(parent.iterdir()):
            return
        parent.rmdir()

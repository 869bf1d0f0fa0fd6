"""Exports as values: path → bytes, written as files, as a package's folder or as the `.tgz` that npm installs.

The same files give the same bytes, on any day and whoever runs it. Knows nothing of what is in a package.
"""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from connector.errors import ConnectorError
from connector.manifest.manifest import Manifest

#: The time that npm gives to every file of a package (s since 1970): 1985-10-26T08:15:00Z.
_FILE_TIME_S: Final = 499_162_500
_SVG: Final = "data:image/svg+xml"

_LICENSE: Final = """\
MIT License

Copyright (c) The {name} authors

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
"""
_PLAIN_ICON: Final = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">'
    b'<rect x="3" y="3" width="8" height="8" rx="2" fill="#5b7083"/>'
    b'<rect x="13" y="3" width="8" height="8" rx="2" fill="#8197aa"/>'
    b'<rect x="3" y="13" width="8" height="8" rx="2" fill="#8197aa"/>'
    b'<rect x="13" y="13" width="8" height="8" rx="2" fill="#5b7083"/></svg>\n'
)


class CannotWrite(ConnectorError):
    """The place that an export was to be written to is taken, or can't be written to."""


def write_package(files: Mapping[str, bytes], folder: Path) -> list[Path]:
    """Writes `files` into `folder` and gives back what it wrote, sorted.

    An earlier export of the same package is replaced, files that it no longer has included. Raises `CannotWrite`
    where anything else is in the folder.
    """
    with _tell_of_failure(folder):
        for old in _find_earlier(files, folder):
            old.unlink()
    return write_files(files, folder)


def write_files(files: Mapping[str, bytes], folder: Path) -> list[Path]:
    """Writes `files` into `folder`, over files of the same names, and gives back what it wrote, sorted.

    Raises `CannotWrite`.
    """
    written = []
    with _tell_of_failure(folder):
        for name, content in sorted(files.items()):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            written.append(path)
    return written


@contextmanager
def _tell_of_failure(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        raise CannotWrite(f"{problem.filename or folder} can't be written: {problem.strerror}.") from problem


def to_tgz(files: Mapping[str, bytes]) -> bytes:
    """`files` as the archive that `npm install FILE.tgz` takes; the same bytes for the same files."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, content in sorted(files.items()):
            entry = tarfile.TarInfo(f"package/{name}")
            entry.size, entry.mtime, entry.mode = len(content), _FILE_TIME_S, 0o644
            tar.addfile(entry, io.BytesIO(content))
    return gzip.compress(archive.getvalue(), mtime=0)


def to_json(value: Any) -> bytes:
    """`value` as a JSON file that people can read."""
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()


def build_license(manifest: Manifest) -> bytes:
    """The licence that a package comes with: MIT, like the connector itself."""
    return _LICENSE.format(name=manifest.command).encode()


def build_icon(manifest: Manifest) -> bytes:
    """The manifest's image as an SVG file; four plain squares where it has none."""
    head, comma, data = manifest.package["image"].partition(",")
    if not comma or not head.startswith(_SVG):
        return _PLAIN_ICON
    try:
        return (b64decode(data) if head.endswith(";base64") else unquote_to_bytes(data)).rstrip() + b"\n"
    except Base64Error as problem:
        raise ConnectorError(f"The manifest's image is no SVG: {problem}.") from problem


def _find_earlier(files: Mapping[str, bytes], folder: Path) -> list[Path]:
    """The files of an earlier export of the same package in `folder`; installed dependencies are left alone."""
    if not folder.exists():
        return []
    if not folder.is_dir():
        raise CannotWrite(f"{folder} is a file: name a folder.")
    entries = [entry for entry in folder.iterdir() if entry.name != "node_modules"]
    if not entries:
        return []
    try:
        name = json.loads((folder / "package.json").read_bytes())["name"]
    except (OSError, ValueError, KeyError, TypeError):
        name = None
    if name != json.loads(files["package.json"])["name"]:
        raise CannotWrite(f"{folder} holds something else: name an empty folder, or one with an earlier export.")
    return [path for entry in entries for path in (entry.rglob("*") if entry.is_dir() else [entry]) if path.is_file()]

"""What all packages are made with: an archive that npm installs, JSON, the licence and the icon.

The same files give the same bytes, on any day and whoever runs it. Knows nothing of what is in a package.
"""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from connector.errors import ConnectorError
from connector.export.folder import check_paths
from connector.manifest.groups import Group
from connector.manifest.manifest import Manifest

#: The time that npm gives to every file of a package (s since 1970): 1985-10-26T08:15:00Z.
_FILE_TIME_S: Final = 499_162_500
#: Characters of a line, and of what shares its line.
_LINE: Final = 120
_SHORT: Final = 64
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
_LINES: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="{colour}" stroke-width="2" '
    'stroke-linecap="round" stroke-linejoin="round"><path d="{path}"/></svg>\n'
)


def to_tgz(files: Mapping[str, bytes]) -> bytes:
    """`files` as the archive that `npm install FILE.tgz` takes; the same bytes for the same files.

    Raises `CannotWrite` where a path would lead out of it.
    """
    check_paths(files)
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, content in sorted(files.items()):
            entry = tarfile.TarInfo(f"package/{name}")
            entry.size, entry.mtime, entry.mode = len(content), _FILE_TIME_S, 0o644
            tar.addfile(entry, io.BytesIO(content))
    return gzip.compress(archive.getvalue(), mtime=0)


def to_json(value: Any, step: int = 2) -> bytes:
    """`value` as a JSON file that people can read: what fits on a line stands on one, an object of one entry opens no
    level of its own, short neighbours share lines, and each level stands `step` characters further in."""
    return (_lay_out(value, 0, step) + "\n").encode()


def _lay_out(value: Any, indent: int, step: int) -> str:
    text = json.dumps(value, ensure_ascii=False)
    if not value or not isinstance(value, dict | list) or len(text) + indent <= _LINE:
        return text
    if isinstance(value, list):
        return f"[{_stack([_lay_out(part, indent + step, step) for part in value], indent, step)}]"
    if len(value) == 1:
        return f"{{{_lay_out_pair(*next(iter(value.items())), indent, step)}}}"
    pairs = [_lay_out_pair(name, part, indent + step, step) for name, part in value.items()]
    return f"{{{_stack(pairs, indent, step)}}}"


def _lay_out_pair(name: str, part: Any, indent: int, step: int) -> str:
    return f"{json.dumps(name, ensure_ascii=False)}: {_lay_out(part, indent, step)}"


def _stack(parts: list[str], indent: int, step: int) -> str:
    """Parts on lines of their own, a level further in; neighbours that are short share lines."""
    blank, lines, was_short = " " * (indent + step), list[str](), False
    for text in parts:
        is_short = len(text) <= _SHORT and "\n" not in text
        if lines and is_short and was_short and len(blank) + len(lines[-1]) + len(text) + len(", ,") <= _LINE:
            lines[-1] += f", {text}"
        else:
            lines.append(text)
        was_short = is_short
    return "\n" + ",\n".join(blank + line for line in lines) + "\n" + " " * indent


def build_license(manifest: Manifest) -> bytes:
    """The licence that a package comes with: MIT, like the connector itself."""
    return _LICENSE.format(name=" ".join(manifest.command.split())).encode()


def build_icon(manifest: Manifest) -> bytes:
    """The manifest's image as an SVG file; four plain squares where it has none."""
    head, comma, data = manifest.package["image"].partition(",")
    if not comma or not head.startswith(_SVG):
        return _PLAIN_ICON
    try:
        return (b64decode(data) if head.endswith(";base64") else unquote_to_bytes(data)).rstrip() + b"\n"
    except Base64Error as problem:
        raise ConnectorError(f"The manifest's image is no SVG: {problem}.") from problem


def draw_icon(group: Group, colour: str) -> bytes:
    """A group's icon as an SVG file, its lines in `colour` (`#rrggbb`); nothing where the manifest gives it no look."""
    return _LINES.format(path=group.icon, colour=colour).encode() if group.icon else b""

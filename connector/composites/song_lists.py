"""Tables ↔ M3U8, the list of files that players read, and plain lines, one thing each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import PureWindowsPath
from typing import Any, Final

from connector.composites.tables import LINE, LINE_COLUMN, Row, Table, split_names, write_cell
from connector.manifest.procedures import Column

_HEAD: Final = "#EXTM3U"
_TITLE: Final = "#PLAYLIST:"
_ENTRY: Final = "#EXTINF:"
_ARTIST: Final = "#EXTART:"
_ALBUM: Final = "#EXTALB:"
#: An entry of which nothing is left; and why one came back.
_NOTHING: Final = "#NOTHING"
_WHY: Final = "#WHY:"
_DASH: Final = " - "
#: What is told of an entry.
_TOLD: Final[tuple[str, ...]] = ("uri", "title", "artist", "album", "duration")
#: The length in seconds, attributes that some players add, and the words.
_INFO: Final = re.compile(r"\s*(-?\d{1,9}(?:\.\d{1,9})?)?[^,]*,?(.*)", re.DOTALL)
#: No length in milliseconds has so many digits.
_DIGITS: Final = 13
#: What stands before a title in a file's name: the track's number.
_NUMBER: Final = re.compile(r"^(?:\d{1,3}\s*[.)_-]\s*|0\d\s+)(?=\S)")
_WEB: Final = re.compile(r"[a-z][a-z0-9+.-]+:", re.IGNORECASE)


def write_m3u8(table: Table, *, has_heading: bool = True) -> str:
    """The table as an extended M3U in UTF-8: of each row its address, artist, title, album and length."""
    lines: list[str] = []
    if has_heading:
        lines += [_HEAD, *([_TITLE + _flatten(table.title)] if table.title else [])]
    for row in table.rows:
        lines += _write_entry(table, row)
    return "".join(f"{line}\n" for line in lines)


def _write_entry(table: Table, row: Row) -> Iterator[str]:
    if why := table.find_why(row):
        yield f"{_WHY}{why}"
    if table.is_blank(row):
        yield _NOTHING
        return
    artist, title, album, length = (table.tell(row, what) for what in ("artist", "title", "album", "duration"))
    words = _DASH.join(text for text in (_list_names(artist), title) if text)
    seconds = round(int(length) / 1000) if length and length.isdecimal() and len(length) < _DIGITS else -1
    yield f"{_ENTRY}{seconds},{_flatten(words or table.tell(row, LINE) or '')}"
    if artist:
        yield _ARTIST + _flatten(artist)
    if album:
        yield _ALBUM + _flatten(album)
    yield _flatten(table.tell(row, "uri") or "-")


def read_m3u8(text: str, columns: Iterable[Column]) -> Table | None:
    """The table that `text` holds, with the `columns` that mean what M3U8 tells; `None` where it is none."""
    if not text.lstrip().upper().startswith((_HEAD, _ENTRY, _TITLE)):
        return None
    names = {column.means: column.name for column in columns if column.means}
    means = {what: names[what] for what in _TOLD if what in names} | {LINE: LINE_COLUMN}
    title: str | None = None
    rows: list[Row] = []
    found: dict[str, Any] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        if line.upper().startswith(_TITLE):
            title = line[len(_TITLE) :].strip() or None
        elif line.startswith(_NOTHING):
            rows.append({})
        elif line.upper().startswith(_ENTRY):
            found |= _read_info(line[len(_ENTRY) :])
        elif line.upper().startswith(_ARTIST):
            found["artist"] = line[len(_ARTIST) :].strip()
        elif line.upper().startswith(_ALBUM):
            found["album"] = line[len(_ALBUM) :].strip()
        elif not line.startswith("#"):
            told = _settle(found, line)
            rows.append({means[what]: cell for what, cell in told.items() if what in means and cell})
            found = {}
    return Table((*means.values(),), rows, means, title, "m3u8")


def _read_info(text: str) -> dict[str, str]:
    match = _INFO.match(text)
    length, words = (match[1], match[2].strip()) if match else (None, "")
    told = {LINE: words}
    if length and float(length) > 0:
        told["duration"] = str(round(float(length) * 1000))
    return told


def _settle(found: dict[str, str], address: str) -> dict[str, str]:
    """What is told of an entry, of which the last line is its `address`: the file's name where nothing else is said."""
    told = dict(found)
    words = told.pop(LINE, "")
    if artist := told.get("artist"):
        names = _list_names(artist)
        told["title"] = "" if words == names else words.removeprefix(names + _DASH)
    elif words:
        told[LINE] = words
    if _WEB.match(address) and not PureWindowsPath(address).drive:
        told["uri"] = address
    elif not words and address != "-":
        told[LINE] = _NUMBER.sub("", PureWindowsPath(address).stem, count=1)
    return told


def write_lines(table: Table) -> str:
    """The table as plain lines: of each row what was read, or its address, or its artist and title."""
    lines: list[str] = []
    for row in table.rows:
        lines += [f"{_WHY}{why}"] if (why := table.find_why(row)) else []
        words = [table.tell(row, "artist"), table.tell(row, "title")]
        text = table.tell(row, LINE) or table.tell(row, "uri") or _DASH.join(text for text in words if text)
        lines.append(_flatten(text or _NOTHING))
    return "".join(f"{line}\n" for line in lines)


def read_lines(text: str) -> Table:
    """A row for each line in which there is anything."""
    lines = [line for line in map(str.strip, text.splitlines()) if line and not line.startswith(_WHY)]
    rows: list[Row] = [{} if line == _NOTHING else {LINE_COLUMN: line} for line in lines]
    return Table((LINE_COLUMN,), rows, {LINE: LINE_COLUMN}, form="lines")


def _list_names(text: str | None) -> str:
    return ", ".join(split_names(text)) if text else ""


def _flatten(text: str) -> str:
    """`text` in one line."""
    return " ".join(write_cell(text).split())

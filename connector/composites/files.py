"""Tables ↔ files: CSV, JSON, M3U8 and plain lines, whichever it is."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from connector.composites.delimited import BrokenFile, read_delimited, write_delimited
from connector.composites.song_lists import read_lines, read_m3u8, write_lines, write_m3u8
from connector.composites.tables import LINE, LINE_COLUMN, Form, Row, Table, build_table, read_cell, tell_meanings
from connector.manifest.procedures import Column

#: What no file system takes in a name, or only some do.
_UNFIT: Final = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
_RESERVED: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
_LONGEST_NAME: Final = 100
#: No row takes more lines.
_LINES_A_ROW: Final = 20


class FileForm(NamedTuple):
    """The ending of a file's name, and its media type."""

    ending: str
    media_type: str


_FORMS: Final[Mapping[Form, FileForm]] = {
    "csv": FileForm("csv", "text/csv; charset=utf-8"),
    "json": FileForm("json", "application/json"),
    # RFC 8216, 4; the ending says that it is UTF-8.
    "m3u8": FileForm("m3u8", "audio/mpegurl"),
    "lines": FileForm("txt", "text/plain; charset=utf-8"),
}


def tell_file(table: Table, name: str, *, has_heading: bool = True) -> dict[str, str]:
    """The table as a file of its form: `name`, media `type` and `text`. Without a heading it goes on from another."""
    form = _FORMS[table.form]
    return {
        "name": f"{name_file(name)}.{form.ending}",
        "type": form.media_type,
        "text": write(table, has_heading=has_heading),
    }


def write(table: Table, *, has_heading: bool = True) -> str:
    """The table as text of its form."""
    if table.form == "json":
        return _write_json(table)
    if table.form == "lines":
        return write_lines(table)
    return (write_delimited if table.form == "csv" else write_m3u8)(table, has_heading=has_heading)


def read(text: str, columns: Sequence[Column], most: int = 100_000) -> Table:
    """The table that a file's `text` holds, whichever form it is of, of so many rows at `most`. `columns` are those
    that mean something; where an entry in JSON is as a service gives it, they read it. Raises `BrokenFile`."""
    if sum(map(text.count, "\r\n")) > most * _LINES_A_ROW:
        raise _refuse_length(most)
    table = (
        _read_json(text, columns, most) or read_m3u8(text, columns) or read_delimited(text, columns) or read_lines(text)
    )
    if len(table.rows) > most:
        raise _refuse_length(most)
    return table


def _refuse_length(most: int) -> BrokenFile:
    return BrokenFile(f"has more rows than the {most} that are taken")


def name_file(title: str) -> str:
    """`title` as a file's name that every file system takes, without an ending."""
    name = _UNFIT.sub("_", title).strip(". ")[:_LONGEST_NAME].strip(". ")
    return f"_{name}" if not name or _RESERVED.fullmatch(name) else name


def _write_json(table: Table) -> str:
    """A row a line, so that two files can be compared."""
    rows = [{name: row.get(name) for name in table.columns} for row in table.rows]
    written = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    head = json.dumps({"name": table.title, "columns": table.columns}, ensure_ascii=False)[:-1]
    return f'{head}, "rows": [\n{written}\n]}}\n'


def _read_json(text: str, columns: Sequence[Column], most: int) -> Table | None:
    if not text.lstrip().startswith(("{", "[")):
        return None
    try:
        data = json.loads(text, parse_constant=lambda _: None)
        # Half a character can be written there, which no file that comes back could hold.
        json.dumps(data, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    entries = _find_list(data)
    if entries is None:
        return None
    if len(entries) > most:
        raise _refuse_length(most)
    title = data.get("name") if isinstance(data, dict) else None
    title = title if isinstance(title, str) else None
    named = data.get("columns") if isinstance(data, dict) else None
    names = tuple(named) if isinstance(named, list) and all(isinstance(name, str) for name in named) else ()
    names = names or tuple(dict.fromkeys(name for entry in entries if isinstance(entry, dict) for name in entry))
    means = tell_meanings(names, columns)
    if any(_is_deep(entry, means) for entry in entries):
        table = build_table(title, columns, (entry if isinstance(entry, dict) else {} for entry in entries))
        return Table(table.columns, table.rows, table.means, title, "json")
    rows: list[Row] = [_read_entry(entry) for entry in entries]
    if any(LINE_COLUMN in row for row in rows):
        names, means = (*names, LINE_COLUMN), {**means, LINE: LINE_COLUMN}
    return Table(names, rows, means, title, "json")


def _read_entry(entry: Any) -> Row:
    if isinstance(entry, str):
        return {LINE_COLUMN: entry}
    cells = {name: read_cell(cell) for name, cell in entry.items()} if isinstance(entry, dict) else {}
    return {name: cell for name, cell in cells.items() if cell is not None}


def _is_deep(entry: Any, means: Mapping[str, str]) -> bool:
    """Whether an entry is as a service gives it: none of its cells says what it is, or one holds objects."""
    if not isinstance(entry, dict) or not entry:
        return False
    cells = [entry.get(name) for name in means.values()]
    inner = [each for cell in cells for each in (cell if isinstance(cell, list) else [cell])]
    return not means.keys() & {"uri", "title", "isrc"} or any(isinstance(each, dict) for each in inner)


def _find_list(data: Any) -> list[Any] | None:
    """The list in `data` that holds the entries: the first one that is deepest in nothing but objects."""
    left = deque([data])
    while left:
        found = left.popleft()
        if isinstance(found, list):
            if not found or any(isinstance(entry, dict | str) for entry in found):
                return found
        elif isinstance(found, dict):
            first = [found["rows"]] if "rows" in found else []
            left += [*first, *(value for name, value in found.items() if name != "columns")]
    return None

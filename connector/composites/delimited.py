"""Tables ↔ CSV (RFC 4180), also as spreadsheets save it: by semicolons or tabs, with line ends inside of quotes."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from typing import Final

from connector.composites.tables import Table, tell_meanings, write_cell
from connector.manifest.procedures import Column

_DELIMITERS: Final = ",;\t|"
#: Some spreadsheets say their delimiter in a line of its own.
_SAID: Final = re.compile(r'\s*"?sep=([,;\t|])"?[ \t]*(?:\r\n|\r|\n)', re.IGNORECASE)
#: How the standard library says that a closing quote has letters behind it.
_IN_MIDST: Final = "expected after"


class BrokenFile(ValueError):
    """A file can't be read; the text says why."""


def write_delimited(table: Table, *, has_heading: bool = True) -> str:
    """The table as CSV with quotes where they are needed; with lines alone where it goes on from another file."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=table.delimiter, lineterminator="\r\n")
    if has_heading:
        writer.writerow(table.columns)
    for row in table.rows:
        writer.writerow([write_cell(row.get(name)) for name in table.columns])
    return written.getvalue()


def read_delimited(text: str, columns: Iterable[Column]) -> Table | None:
    """The table that `text` holds; `None` where its first line names none of `columns` that say what a row is. Raises
    `BrokenFile` for a quote that is never closed."""
    known = tuple(columns)
    said = _SAID.match(text)
    body = text[said.end() :] if said else text
    best: tuple[dict[str, str], str] = {}, ","
    for delimiter in said[1] if said else _DELIMITERS:
        means = tell_meanings(_read_heading(body, delimiter), known)
        if len(means) > len(best[0]):
            best = means, delimiter
    means, delimiter = best
    if not means.keys() & {"uri", "title", "isrc"}:
        return None
    heading, *rows = _read_rows(body, delimiter)
    names = _name_apart([name.strip() for name in heading])
    cells = [{name: cell for name, cell in zip(names, row, strict=False) if cell} for row in rows]
    return Table(tuple(names), cells, means, delimiter=delimiter)


def _read_heading(text: str, delimiter: str) -> list[str]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return next(([name.strip() for name in row] for row in reader if row), [])
    except csv.Error:
        return []


def _read_rows(text: str, delimiter: str) -> list[list[str]]:
    """The rows, without lines in which there is nothing at all."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return [row for row in reader if row]
    except csv.Error as problem:
        if _IN_MIDST not in str(problem):
            raise BrokenFile(f"has a quote that is never closed, in or before line {reader.line_num}") from None
    # A quote in the midst of a cell is taken as it stands, as spreadsheets take it.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return [row for row in reader if row]
    except csv.Error:
        raise BrokenFile(f"has a quote that is never closed, in or before line {reader.line_num}") from None


def _name_apart(names: list[str]) -> list[str]:
    """The columns' names, of which none is empty and none stands twice."""
    found: dict[str, None] = {}
    for place, name in enumerate(names, start=1):
        free = name or f"Column {place}"
        while free in found:
            free = f"{free} ({place})"
        found[free] = None
    return list(found)

"""Tables of a list's entries, and what their columns mean: what every form of a file is read into and written from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

from connector.composites.kept_list import find
from connector.manifest.procedures import Column

#: Forms of files.
Form = Literal["csv", "json", "m3u8", "lines"]
#: What a column of rows that are a line of text each means.
LINE: Final = "line"
#: What such a column is called.
LINE_COLUMN: Final = "Line"
#: What tells in a row which thing it is; an entry of which nothing is left has none of them.
_NAMING: Final = ("uri", "isrc", "title", LINE)
#: The column that says why a row came back.
_WHY: Final = "Why"
#: Between names in one cell; one in a name has a backslash before it.
_BETWEEN: Final = ", "
_SPLIT: Final = re.compile(r"(?<!\\),\s*")
_NOT_TOLD: Final = re.compile(r"[\W_]+")

#: Cells by the names of their columns: text, numbers, truths, lists of texts, or `None` for nothing.
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` below `columns`, of which some `means` what procedures ask for, by their names. A row without any cell is
    an entry of which nothing is left. `title` is what the list is called, where that is known; `form` is what it was
    read from, by `delimiter` where that is CSV."""

    columns: tuple[str, ...]
    rows: Sequence[Row] = field(repr=False)
    means: Mapping[str, str] = field(default_factory=dict)
    title: str | None = None
    form: Form = "csv"
    delimiter: str = ","

    def tell(self, row: Row, what: str) -> str | None:
        """What the row says of `what`, as text; `None` where it says nothing."""
        cell = row.get(self.means.get(what, ""))
        text = write_cell(cell).strip()
        return text or None

    def is_blank(self, row: Row) -> bool:
        """Whether nothing in the row says which thing it is."""
        return not any(self.tell(row, what) for what in _NAMING)

    def give_back(self, rows: Iterable[tuple[Row, str]]) -> Table:
        """A table of the same form with these `rows` alone, and why each of them came back."""
        columns = tuple(dict.fromkeys((*self.columns, _WHY)))
        return replace(self, columns=columns, rows=[{**row, _WHY: why} for row, why in rows])

    def find_why(self, row: Row) -> str | None:
        """Why a row came back, in one line."""
        return " ".join(row[_WHY].split()) if isinstance(row.get(_WHY), str) else None


def tell_meanings(names: Sequence[str], columns: Iterable[Column]) -> dict[str, str]:
    """Which of the columns called `names`, in whatever case and with whatever signs, mean what; a column's own name
    goes before others for it."""
    plain: dict[str, str] = {}
    for name in names:
        plain.setdefault(_simplify(name), name)
    found: dict[str, str] = {}
    for column in columns:
        if column.means is None:
            continue
        known = (plain[each] for each in map(_simplify, (column.name, *column.also)) if each in plain)
        if first := next(known, None):
            found.setdefault(column.means, first)
    return found


def build_table(title: str | None, columns: Sequence[Column], entries: Iterable[Any]) -> Table:
    """The table of entries as their block gives them."""
    own = [column for column in columns if column.at is not None]
    names = tuple(column.name for column in own)
    rows = [{column.name: read_cell(find(column.at or "", entry)) for column in own} for entry in entries]
    return Table(names, rows, tell_meanings(names, own), title)


def read_cell(found: Any) -> Any:
    """What was found as a cell: text, a number, a truth, or a list of these; nothing in place of objects."""
    if isinstance(found, list):
        return [each for each in found if isinstance(each, str | int | float)]
    return found if isinstance(found, str | int | float) else None


def write_cell(cell: Any) -> str:
    """A cell as text: names with commas between them, nothing for nothing."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, list):
        return _BETWEEN.join(str(each).replace(",", "\\,") for each in cell if each is not None)
    return str(cell)


def split_names(text: str) -> list[str]:
    """The names that `write_cell` put into one cell."""
    return [part.replace("\\,", ",") for part in _SPLIT.split(text) if part]


def _simplify(name: str) -> str:
    return _NOT_TOLD.sub(" ", name.casefold()).strip()

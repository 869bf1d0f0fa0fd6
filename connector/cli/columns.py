"""Which columns a table of entries has, and what stands in a cell."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from connector.cli.terminal import to_plain

_MOST_COLUMNS: Final = 5
WIDEST_COLUMN: Final = 40
#: Ids, times and the like, which nobody can read in pieces.
_UNBROKEN: Final = 24
#: A longer list of plain values (countries, say) tells a reader nothing in a cell.
_LONGEST_LIST: Final = 6
_NAMES: Final = ("name", "display_name", "title")
#: `https://…`, and addresses in a service's own scheme.
_ADDRESS: Final = re.compile(r"[a-z][a-z0-9+.-]*:\S+", re.ASCII)

GAP: Final = 2
#: So many letters of a name on a line let it be read, and read well.
_NARROW: Final = 12
_BROAD: Final = 20
#: Ranks of columns: names come before these.
_THINGS: Final = 1
_ID: Final = 2
_FIGURES: Final = 3

Entry = Mapping[str, Any]


class Column(NamedTuple):
    """A column of a table: its `rank` (the lowest first), the `least` room in letters that it can be read in, the room
    `wanted` for it before there are figures beside it, and whether what it holds may go on in the next line."""

    name: str
    rank: int
    least: int
    wanted: int
    wraps: bool
    is_number: bool


def choose_columns(entries: Sequence[Entry], width: int) -> list[Column]:
    """Names first, then the named things that an entry belongs to, its id, and what tells it from other entries, as far
    as there is room in `width` letters. Figures give way first, never a name, an id or the first of the things."""
    values: dict[str, list[Any]] = {}
    for entry in entries:
        for name, value in entry.items():
            values.setdefault(name, []).append(value)
    found = [
        column
        for name, held in values.items()
        if (column := _build_column(name, held, len(entries), has_ids="id" in values))
    ]
    columns = sorted(found, key=lambda column: column.rank)[:_MOST_COLUMNS]
    while columns and columns[-1].rank == _FIGURES and sum(column.wanted + GAP for column in columns) > width:
        columns.pop()
    things = [column for column in columns if column.rank == _THINGS]
    while len(things) > 1 and sum(column.least + GAP for column in columns) > width:
        columns.remove(things.pop())
    return columns


def _build_column(name: str, values: Sequence[Any], count: int, *, has_ids: bool) -> Column | None:
    rank = _rank(name, values, count, has_ids=has_ids)
    if rank is None:
        return None
    cells = [name, *map(write_cell, values)]
    longest = max(map(len, cells))
    word = max(len(each) for cell in cells for each in cell.split() or [""])
    narrow = max(_NARROW, min(word, _UNBROKEN))
    wraps = rank < _ID or (rank == _FIGURES and longest > _UNBROKEN)
    is_number = all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
    least, wanted = (min(longest, narrow), min(longest, max(_BROAD, narrow))) if wraps else (longest, longest)
    return Column(name, rank, least, wanted, wraps, is_number)


def _rank(name: str, values: Sequence[Any], count: int, *, has_ids: bool) -> int | None:
    """A column's place, the lowest first; `None` for one that says too little."""
    cells = [text for value in values if (text := write_cell(value))]
    if not cells:
        return None
    if name in _NAMES:
        return 0
    # Beside an id, words say less than it does.
    if any(_names_in(value) or (not has_ids and _holds_names(value)) for value in values):
        return _THINGS
    if name == "id":
        return _ID
    is_address = all(_ADDRESS.fullmatch(text) for text in cells)
    is_the_same = count > 1 and len(cells) == count and len(set(cells)) == 1
    return None if is_address or is_the_same else _FIGURES


def write_cell(value: Any) -> str:
    """A value in a cell, or nothing where it would not fit into one."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float | str):
        return to_plain(str(value))
    if names := _names_in(value):
        return to_plain(", ".join(names))
    if isinstance(value, list) and len(value) <= _LONGEST_LIST and all(map(is_plain, value)):
        return ", ".join(map(write_cell, value))
    return ""


def _names_in(value: Any) -> list[str]:
    """The names of a thing, or of the things in a list."""
    things = value if isinstance(value, list) else [value]
    return [name for thing in things if (name := name_of(thing))]


def _holds_names(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, str) for each in value)


def name_of(value: Any) -> str:
    if not isinstance(value, Mapping):
        return ""
    return next((name for key in _NAMES if isinstance(name := value.get(key), str) and name), "")


def is_plain(value: Any) -> bool:
    return not isinstance(value, Mapping | list)

"""A block's output as a person wants to see it: entries as rows, an object as names and values.

Which columns are worth showing is judged by the values alone, so that it holds for any manifest. The output itself
goes out as JSON elsewhere; a table leaves things out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from connector.cli.terminal import to_plain
from connector.manifest.routes import Page

_MOST_COLUMNS: Final = 5
_WIDEST_COLUMN: Final = 40
#: Ids, times and the like, which nobody can read in pieces.
_UNBROKEN: Final = 24
#: A longer list of plain values (countries, say) tells a reader nothing in a cell.
_LONGEST_LIST: Final = 6
_NAMES: Final = ("name", "display_name", "title")
#: `https://…`, and addresses in a service's own scheme.
_ADDRESS: Final = re.compile(r"[a-z][a-z0-9+.-]*:\S+", re.ASCII)

_GAP: Final = 2
_NARROW_NAMES: Final = 20
#: Ranks of columns: names come before these.
_ID: Final = 2
_FIGURES: Final = 3

Entry = Mapping[str, Any]


def show_output(
    console: Console, output: Any, page: Page | None = None, asked: tuple[str, Sequence[Any]] | None = None
) -> None:
    """Prints `output` as a table. `page` says where a paged block's entries stand; `asked` is a field and its values,
    one for each entry of a list of plain answers."""
    entries = find_entries(output, page)
    if entries is None:
        _show_object(console, output)
    elif not entries:
        console.print("No entries.")
    elif any(isinstance(entry, Mapping) for entry in entries):
        _show_entries(console, [_unwrap(entry) for entry in entries])
    else:
        _show_answers(console, entries, asked)
    if entries and page:
        total = _descend(output, page.at).get(page.names.get("total", ""))
        if isinstance(total, int) and total > len(entries):
            console.print(f"{len(entries)} of {total} entries.", style="dim")


def find_entries(output: Any, page: Page | None = None) -> list[Any] | None:
    """The list that an output is about: itself, its page's entries, or its list of things; `None` without one."""
    if isinstance(output, list):
        return output
    if not isinstance(output, Mapping):
        return None
    if page:
        entries = _descend(output, page.at).get(page.names["items"])
        return entries if isinstance(entries, list) else None
    if "id" in output or "name" in output:
        # It is one thing itself; its lists are details.
        return None
    lists = [value for value in output.values() if isinstance(value, list) and not any(map(_is_plain, value))]
    # Of several, the one whose entries have names; `max` takes the first of equals.
    return max(reversed(lists), key=lambda entries: any(_name_of(entry) for entry in entries), default=None)


def _descend(output: Any, path: Iterable[str]) -> Mapping[str, Any]:
    for step in path:
        output = output.get(step) if isinstance(output, Mapping) else None
    return output if isinstance(output, Mapping) else {}


def _show_object(console: Console, output: Any) -> None:
    table = Table.grid(padding=(0, _GAP))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in _iter_pairs(output):
        table.add_row(to_plain(name), value)
    console.print(table if table.row_count else "Done.")


def _iter_pairs(output: Any) -> Iterator[tuple[str, str]]:
    """Names and cells; an object without a name of its own is opened, one level deep."""
    if not isinstance(output, Mapping):
        yield "answer", _cell(output)
        return
    for name, value in output.items():
        if isinstance(value, Mapping) and not _name_of(value):
            yield from ((f"{name}.{inner}", text) for inner, part in value.items() if (text := _cell(part)))
        elif text := _cell(value):
            yield name, text
        elif isinstance(value, list) and value:
            yield name, f"{len(value)} {'entry' if len(value) == 1 else 'entries'}"


def _show_answers(console: Console, answers: Sequence[Any], asked: tuple[str, Sequence[Any]] | None) -> None:
    heading, values = asked or ("#", range(1, len(answers) + 1))
    table = _new_table()
    table.add_column(heading, overflow="fold")
    table.add_column("answer", overflow="fold")
    for value, answer in zip(values, answers, strict=True):
        table.add_row(_cell(value), _cell(answer))
    console.print(table)


def _show_entries(console: Console, entries: Sequence[Entry]) -> None:
    table = _new_table()
    table.add_column("#", justify="right", style="dim")
    columns = _choose_columns(entries, console.width)
    for name in columns:
        values = [entry.get(name) for entry in entries]
        is_number = all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
        table.add_column(
            Text(to_plain(name)),
            overflow="fold",
            justify="right" if is_number else "left",
            no_wrap=name == "id" or all(len(_cell(value)) <= _UNBROKEN for value in values),
            max_width=None if name == "id" else _WIDEST_COLUMN,
        )
    for position, entry in enumerate(entries, start=1):
        table.add_row(str(position), *(_cell(entry.get(name)) for name in columns))
    console.print(table)


def _new_table() -> Table:
    return Table(box=None, header_style="bold", pad_edge=False, padding=(0, _GAP, 0, 0))


def _unwrap(entry: Any) -> Entry:
    """An entry that wraps one named thing with a note or two is shown as that thing, with the notes beside it."""
    if not isinstance(entry, Mapping):
        return {"": entry}
    inner = [name for name, value in entry.items() if isinstance(value, Mapping) and _name_of(value)]
    # A thing that was renamed may stand under both names.
    if _name_of(entry) or not inner or any(entry[name] != entry[inner[0]] for name in inner):
        return entry
    return {**{name: value for name, value in entry.items() if name not in inner}, **entry[inner[0]]}


def _choose_columns(entries: Sequence[Entry], width: int) -> list[str]:
    """Names first, then the named things that an entry belongs to, its id, and what tells it from other entries as
    far as there is room in `width` letters."""
    values: dict[str, list[Any]] = {}
    for entry in entries:
        for name, value in entry.items():
            values.setdefault(name, []).append(value)
    ranks = {name: rank for name, found in values.items() if (rank := _rank(name, found, len(entries))) is not None}
    columns = sorted(ranks, key=lambda name: ranks[name])[:_MOST_COLUMNS]
    widths = {name: _width_of(name, values[name], ranks[name]) for name in columns}
    position = len(str(len(entries))) + _GAP
    while columns and ranks[columns[-1]] == _FIGURES:
        if position + sum(widths[name] + _GAP for name in columns) <= width + _GAP:
            break
        columns.pop()
    return columns


def _width_of(name: str, values: Sequence[Any], rank: int) -> int:
    """The room in letters that a column needs; names are read in several lines as well."""
    longest = max(map(len, [name, *map(_cell, values)]))
    return min(longest, _NARROW_NAMES if rank < _ID else _WIDEST_COLUMN)


def _rank(name: str, values: Sequence[Any], count: int) -> int | None:
    """A column's place, the lowest first; `None` for one that says too little."""
    cells = [text for value in values if (text := _cell(value))]
    if not cells:
        return None
    if name in _NAMES:
        return 0
    if any(_names_in(value) for value in values):
        return 1
    if name == "id":
        return _ID
    is_address = all(_ADDRESS.fullmatch(text) for text in cells)
    is_the_same = count > 1 and len(cells) == count and len(set(cells)) == 1
    return None if is_address or is_the_same else _FIGURES


def _cell(value: Any) -> str:
    """A value in a cell, or nothing where it would not fit into one."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float | str):
        return to_plain(str(value))
    if names := _names_in(value):
        return to_plain(", ".join(names))
    if isinstance(value, list) and len(value) <= _LONGEST_LIST and all(map(_is_plain, value)):
        return ", ".join(map(_cell, value))
    return ""


def _names_in(value: Any) -> list[str]:
    """The names of a thing, or of the things in a list."""
    things = value if isinstance(value, list) else [value]
    return [name for thing in things if (name := _name_of(thing))]


def _name_of(value: Any) -> str:
    if not isinstance(value, Mapping):
        return ""
    return next((name for key in _NAMES if isinstance(name := value.get(key), str) and name), "")


def _is_plain(value: Any) -> bool:
    return not isinstance(value, Mapping | list)

"""A block's output as a person wants to see it: entries as rows, an object as names and values.

Of what a schema names as wanted (`x-brief`) nothing else is shown; which columns find room is judged by the values
alone, so that it holds for any manifest. The output itself goes out as JSON elsewhere; a table leaves things out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from connector.cli.columns import GAP, WIDEST_COLUMN, Entry, choose_columns, is_plain, name_of, write_cell
from connector.cli.terminal import to_plain
from connector.manifest.routes import Page


def show_output(
    console: Console,
    output: Any,
    page: Page | None = None,
    asked: tuple[str, Sequence[Any]] | None = None,
    brief: Any = None,
) -> None:
    """Prints `output` as a table. `page` says where a paged block's entries stand; `asked` is a field and its values,
    one for each entry of a list of plain answers; `brief` has the entries, or the one output, by what is wanted of
    them."""
    entries = find_entries(output, page)
    if brief is not None:
        output, entries = (output, brief) if isinstance(brief, list) else (brief, None)
    if entries is None and (lists := _find_lists(output)):
        for name, found in lists.items():
            console.print(to_plain(name), style="bold")
            show_entries(console, [_unwrap(entry) for entry in found])
    elif entries is None:
        show_object(console, output)
    elif not entries:
        console.print("No entries.")
    elif any(isinstance(entry, Mapping) for entry in entries):
        show_entries(console, [_unwrap(entry) for entry in entries])
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
    lists = [value for value in output.values() if isinstance(value, list) and not any(map(is_plain, value))]
    # Of several, the one whose entries have names; `max` takes the first of equals.
    return max(reversed(lists), key=lambda entries: any(name_of(entry) for entry in entries), default=None)


def _find_lists(output: Any) -> dict[str, list[Any]]:
    """The lists of an output that holds nothing but one of each of several kinds, by their names."""
    if not isinstance(output, Mapping):
        return {}
    parts = {name: list(part.values()) for name, part in output.items() if isinstance(part, Mapping)}
    lists = {name: inner[0] for name, inner in parts.items() if len(inner) == 1 and isinstance(inner[0], list)}
    return lists if len(lists) == len(output) else {}


def _descend(output: Any, path: Iterable[str]) -> Mapping[str, Any]:
    for step in path:
        output = output.get(step) if isinstance(output, Mapping) else None
    return output if isinstance(output, Mapping) else {}


def show_object(console: Console, output: Any) -> None:
    """Prints an object as names and values."""
    pairs = [(to_plain(name), value) for name, value in _iter_pairs(output)]
    _show_pairs(console, pairs)
    if not pairs:
        console.print("Done.")


def _show_pairs(console: Console, pairs: Sequence[tuple[str, str]], indent: int = 0) -> None:
    """Names and values side by side; one below the other where a word of a value would be broken."""
    if not pairs:
        return
    widest = max(len(name) for name, _ in pairs)
    longest = max(len(word) for _, value in pairs for word in value.split() or [""])
    if indent + widest + GAP + longest > console.width:
        for name, value in pairs:
            console.print(Padding(Text(name, "bold"), (0, 0, 0, indent)))
            own = max(map(len, value.split()), default=0)
            room = indent + GAP if indent + GAP + own <= console.width else 0
            console.print(Padding(Text(value, overflow="fold"), (0, 0, 0, room)))
        return
    table = Table.grid(padding=(0, GAP))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in pairs:
        table.add_row(name, value)
    console.print(Padding(table, (0, 0, 0, indent)))


def _iter_pairs(output: Any) -> Iterator[tuple[str, str]]:
    """Names and cells; an object without a name of its own is opened, one level deep."""
    if not isinstance(output, Mapping):
        yield "answer", write_cell(output)
        return
    for name, value in output.items():
        if isinstance(value, Mapping) and not name_of(value):
            yield from ((f"{name}.{inner}", text) for inner, part in value.items() if (text := write_cell(part)))
        elif text := write_cell(value):
            yield name, text
        elif isinstance(value, list) and value:
            yield name, f"{len(value)} {'entry' if len(value) == 1 else 'entries'}"


def _show_answers(console: Console, answers: Sequence[Any], asked: tuple[str, Sequence[Any]] | None) -> None:
    heading, values = asked or ("#", range(1, len(answers) + 1))
    table = _new_table()
    table.add_column(heading, overflow="fold")
    table.add_column("answer", overflow="fold")
    for value, answer in zip(values, answers, strict=True):
        table.add_row(write_cell(value), write_cell(answer))
    console.print(table)


def show_entries(console: Console, entries: Sequence[Entry]) -> None:
    """Prints entries as rows, one below the other where they find no room side by side."""
    table = _new_table()
    last = str(len(entries))
    table.add_column("#", justify="right", style="dim", no_wrap=True, min_width=len(last))
    columns = choose_columns(entries, console.width - len(last))
    if len(last) + sum(GAP + column.least for column in columns) > console.width:
        for position, entry in enumerate(entries, start=1):
            console.print(Text(f"#{position}", "dim"))
            cells = [(column.name, write_cell(entry.get(column.name))) for column in columns]
            _show_pairs(console, [(to_plain(name), cell) for name, cell in cells if cell], GAP)
        return
    for column in columns:
        table.add_column(
            Text(to_plain(column.name)),
            overflow="fold",
            justify="right" if column.is_number else "left",
            no_wrap=not column.wraps,
            min_width=column.least,
            max_width=WIDEST_COLUMN if column.wraps else None,
        )
    for position, entry in enumerate(entries, start=1):
        table.add_row(str(position), *(write_cell(entry.get(column.name)) for column in columns))
    console.print(table)


def _new_table() -> Table:
    return Table(box=None, header_style="bold", pad_edge=False, padding=(0, GAP, 0, 0))


def _unwrap(entry: Any) -> Entry:
    """An entry that wraps one named thing with a note or two is shown as that thing, with the notes beside it."""
    if not isinstance(entry, Mapping):
        return {"": entry}
    inner = [name for name, value in entry.items() if isinstance(value, Mapping) and name_of(value)]
    # A thing that was renamed may stand under both names.
    if name_of(entry) or not inner or any(entry[name] != entry[inner[0]] for name in inner):
        return entry
    return {**{name: value for name, value in entry.items() if name not in inner}, **entry[inner[0]]}

"""What a person sees: tables of blocks, a block's form, results as rows, errors with the next step."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from shlex import quote
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from connector.blocks import Block, Field
from connector.cli.arguments import variable_for
from connector.errors import ErrorDetail
from connector.fieldtypes import describe_fit
from connector.manifest import Manifest
from connector.metadata import describe_quota

_MOST_COLUMNS = 5


def show_blocks(console: Console, manifest: Manifest, group: str | None) -> None:
    """A table of all blocks, or of one group's."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("block", "what it does", "group", "new apps"):
        table.add_column(heading, no_wrap=heading != "what it does", overflow="fold")
    for block in manifest:
        if group is None or block.group.lower() == group.lower():
            quota = describe_quota(block, "development")
            table.add_row(block.name, block.title, block.group, Text(quota, "yellow" if quota != "open" else "green"))
    console.print(table)


def show_block(console: Console, block: Block, program: str) -> None:
    """A block as a form: what it does, its fields, and how it is done."""
    console.print(Text.assemble((block.name, "bold"), f"  {block.title}"))
    console.print(block.description)
    if since := block.closed_since("development"):
        console.print(
            f"Closed to apps in development mode since {since}; it works in extended quota mode.", style="yellow"
        )
        console.print(f"Instead: {block.instead}", style="yellow")
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("field", "type", "", "what it is"):
        table.add_column(heading, no_wrap=heading != "what it is")
    for field in block.fields.values():
        table.add_row(field.name, field.type, "required" if field.required else "", _explain(field))
    console.print()
    console.print(table)
    if block.together:
        most, names = block.together.at_most, ", ".join(block.together.fields)
        console.print(f"\nOf {names}: at least {block.together.at_least} value, at most {most} in all.")
    console.print()
    facts = {
        "also": ", ".join(block.aliases),
        "scopes": ", ".join(block.scopes),
        "effect": block.effect + ("" if block.is_idempotent else ", not to be repeated"),
    }
    for name, value in facts.items():
        if value:
            console.print(f"{name:<8} {value}")
    for route in block.routes:
        state = "".join(f", closed to {mode} mode since {since}" for mode, since in route.closed.items())
        console.print(f"route    {route.name}{state}")
    words = " ".join(
        f"{name}={quote(_example_text(value))}"
        for name, value in block.example.items()
        if not block.fields[name].secret
    )
    console.print(f"\n  {program} run {block.name} {words}".rstrip(), style="bold", highlight=False)


def show_output(console: Console, output: Any, asked: list[Any] | None = None) -> None:
    """An output as a person wants to see it: entries as rows, an object as names and values."""
    entries = find_entries(output)
    if entries is None:
        rows = output.items() if isinstance(output, Mapping) else [("", output)]
        table = Table(box=None, show_header=False, pad_edge=False)
        for name, value in rows:
            if (text := _cell(value)) is not None:
                table.add_row(Text(str(name), "bold"), text)
        console.print(table if table.row_count else "Done.")
        return
    if entries and not any(isinstance(entry, Mapping) for entry in entries):
        names = asked if asked and len(asked) == len(entries) else range(1, len(entries) + 1)
        entries = [{"": name, "answer": entry} for name, entry in zip(names, entries, strict=True)]
    flat = [_unwrap(entry) for entry in entries]
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("#", justify="right")
    columns = _choose_columns(flat)
    for column in columns:
        table.add_column(column, overflow="fold", no_wrap=column == "id")
    for position, entry in enumerate(flat, start=1):
        table.add_row(str(position), *(_cell(entry.get(column)) or "" for column in columns))
    console.print(table)


def show_error(console: Console, error: ErrorDetail, block: Block) -> None:
    """An error: the message, then a line for each field, then how to give a secret."""
    if not error.fields:
        console.print(Text(error.message, "red"))
    else:
        console.print(Text(f"{block.name}: these fields need your attention.", "red"))
    for problem in error.fields:
        line = Text.assemble("  ", (problem.name, "bold"), f" {problem.problem}")
        console.print(line.append(f" — {problem.fits}" if problem.fits else ""))
        field = block.fields.get(problem.name)
        if field and field.secret and problem.name in error.missing:
            console.print(f"    Set {variable_for(problem.name)}, or try it with --sandbox, which needs no account.")
    if error.fields:
        console.print(f"The whole form: describe {block.name}")


def find_entries(output: Any) -> list[Any] | None:
    """The list that an output is about: itself, its one list, or the list in its one object; `None` without one."""
    if isinstance(output, list):
        return output
    if not isinstance(output, Mapping):
        return None
    lists = [value for value in output.values() if isinstance(value, list)]
    if "items" in output and isinstance(output["items"], list):
        return output["items"]
    for value in output.values():
        if isinstance(value, Mapping) and isinstance(value.get("items"), list):
            entries: list[Any] = value["items"]
            return entries
    rich = [entries for entries in lists if entries and all(isinstance(entry, Mapping) for entry in entries)]
    return rich[-1] if rich and "id" not in output else None


def _explain(field: Field) -> Text:
    text = Text(field.description)
    if fits := describe_fit(field.schema):
        text.append(f" Fits: {fits}.", "dim")
    if (default := field.schema.get("default")) is not None:
        text.append(f" Default: {default}.", "dim")
    return text


def _example_text(value: Any) -> str:
    if isinstance(value, list) and not any(isinstance(entry, Mapping) for entry in value):
        return ",".join(map(str, value))
    return value if isinstance(value, str) else json.dumps(value)


def _unwrap(entry: Any) -> Mapping[str, Any]:
    """An entry that wraps one thing with a note or two is shown as that thing."""
    if not isinstance(entry, Mapping):
        return {"": entry}
    inner = [value for value in entry.values() if isinstance(value, Mapping) and "name" in value]
    return inner[0] if "name" not in entry and len(inner) == 1 else entry


def _choose_columns(entries: Iterable[Mapping[str, Any]]) -> list[str]:
    """Names first, then what an entry belongs to, then its own figures; links and lists of codes say little."""
    ranks: dict[str, int] = {}
    for entry in entries:
        for name, value in entry.items():
            if _cell(value) and (rank := _rank(name, value)) is not None:
                ranks.setdefault(name, rank)
    return sorted(ranks, key=lambda name: ranks[name])[:_MOST_COLUMNS]


def _rank(name: str, value: Any) -> int | None:
    if name in ("", "name", "display_name", "title"):
        return 0
    if name in ("href", "uri", "type") or (isinstance(value, str) and value.startswith(("http://", "https://"))):
        return None
    if isinstance(value, Mapping | list):
        is_named = isinstance(value, Mapping) or any(isinstance(entry, Mapping) for entry in value)
        return 1 if is_named else None
    return 2 if name == "id" else 3


def _cell(value: Any) -> str | None:
    if value is None or isinstance(value, bool | int | float | str):
        return None if value is None else str(value)
    if isinstance(value, Mapping):
        name = value.get("name") or value.get("display_name")
        return str(name) if name else None
    names = [text for entry in value if (text := _cell(entry))]
    return ", ".join(names) or None

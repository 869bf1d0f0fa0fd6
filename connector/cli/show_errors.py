"""What a person sees of an error: what was wrong, what was done of it, and what to do next."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from itertools import groupby
from types import MappingProxyType
from typing import Final

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from connector.auth.environment_secrets import variable_for
from connector.cli.made import name_all
from connector.cli.terminal import to_plain
from connector.errors import UNCERTAIN_WORDS, ErrorDetail, tell_wait
from connector.manifest.blocks import Block
from connector.manifest.finishing import FINISH_WORDS, finishes

#: Seconds from which on a time of day says more than how long it is.
_CLOCK_S: Final = 600


def show_error(
    console: Console,
    error: ErrorDetail,
    block: Block,
    program: str,
    *,
    sign_in: Callable[[], str | None],
    has_sandbox: Callable[[], bool],
    names: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """An error: the message or each field's problem, then what to do next. `sign_in` tells by which words a connection
    would stand in for secrets, if one can; `has_sandbox` whether `--sandbox` would help. They are asked only where that
    matters. `names` are those of things by their URIs."""
    # What is left is needed whole, unless the next run finds it by itself.
    is_finished_so = finishes(block, error)
    if not error.fields:
        console.print(to_plain(error.message), style="red")
    else:
        many = len(error.fields) > 1
        console.print(f"{block.name}: {'these fields need' if many else 'this field needs'} attention.", style="red")
        _show_problems(console, error, block)
        secrets = [name for name in error.missing if name in block.fields and block.fields[name].secret]
        if secrets:
            ways = [f"Set {' and '.join(map(variable_for, secrets))}"]
            if way := sign_in():
                ways.append(way)
            if has_sandbox():
                ways.append("try it with --sandbox, which needs no account")
            console.print(f"{', or '.join(ways)}.", soft_wrap=True)
        console.print(f"All fields: {program} describe {block.name}", soft_wrap=True)
    if error.kind == "unauthorized" and (way := sign_in()):
        console.print(f"{way[:1].upper()}{way[1:]}.", soft_wrap=True)
    if error.retry_after is not None:
        console.print(f"Try again in {tell_wait(error.retry_after)}{_tell_when(error.retry_after)}.")
    if error.is_uncertain and not is_finished_so:
        console.print(UNCERTAIN_WORDS, soft_wrap=True)
    if error.came is not None and error.resume is not None:
        came = f"{error.came} entr{'y' if error.came == 1 else 'ies'} came before that"
        console.print(f"{came}; resume={to_plain(error.resume)} goes on there.", soft_wrap=True)
    for name, values in (("done", error.done), ("not done", error.not_done), ("uncertain", error.uncertain)):
        if values and is_finished_so:
            console.print(f"{name}, {len(values):,}: {name_all(values, names)}")
        elif values:
            console.print(f"{name}: {', '.join(to_plain(str(value)) for value in values)}", soft_wrap=True)
    if is_finished_so and (error.done or error.not_done or error.is_uncertain):
        console.print(FINISH_WORDS)


def _tell_when(seconds: float) -> str:
    """At what time that is here, where it is worth looking at a clock."""
    if seconds < _CLOCK_S:
        return ""
    now = datetime.now().astimezone()
    try:
        then = now + timedelta(seconds=seconds)
    except OverflowError:
        return ""
    return f", at {then:%H:%M}" if then.date() == now.date() else f", on {then:%Y-%m-%d at %H:%M}"


def _show_problems(console: Console, error: ErrorDetail, block: Block) -> None:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold", overflow="fold", max_width=30)
    table.add_column()
    # Fields of which any one would do share a problem and a line.
    for (problem, fits), group in groupby(error.fields, lambda each: (each.problem, each.fits)):
        names = [each.name for each in group]
        is_one_of = block.together and set(names) == set(block.together.fields)
        rows = [", ".join(names)] if is_one_of else names
        for row in rows:
            text = to_plain(f"{problem} — {fits}" if fits else problem)
            table.add_row(to_plain(row), Text(text))
    console.print(Padding(table, (0, 0, 0, 2)))

"""Where words go: consoles for people, JSON for programs, and text from outside made harmless for a terminal."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import Any, Final

import typer
from rich.console import Console

#: Columns of a table that goes into a file or a pipe, where nothing says how wide it may be.
_WIDTH_WITHOUT_TERMINAL: Final = 120
#: What steers a terminal, and halves of characters that can't be written.
_UNPRINTABLE: Final = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


def open_console(*, stderr: bool = False) -> Console:
    """A console on standard output or standard error, which takes words as they are: brackets are no markup.

    Colours follow the terminal and `NO_COLOR`, widths the terminal and `COLUMNS`.
    """
    console = Console(stderr=stderr, markup=False, emoji=False, highlight=False)
    if (not console.is_terminal and "COLUMNS" not in os.environ) or console.width < 1:
        console.width = _WIDTH_WITHOUT_TERMINAL
    return console


def say(text: str, *, style: str | None = None) -> None:
    """Writes `text` to standard error as one line, harmless and unbroken, so that paths and addresses can be copied."""
    open_console(stderr=True).print(to_plain(text), style=style, soft_wrap=True)


def print_json(value: Any, *, indent: int | None = 2) -> None:
    """Writes `value` to standard output as JSON: in letters where that is UTF-8, which JSON is, and in escapes else."""
    is_utf8 = (sys.stdout.encoding or "utf-8").lower().replace("-", "") == "utf8"
    text = json.dumps(value, indent=indent, ensure_ascii=not is_utf8)
    try:
        text.encode()
    except UnicodeEncodeError:
        text = json.dumps(value, indent=indent)
    sys.stdout.write(text + "\n")


def to_plain(text: str) -> str:
    """`text` on one line, without control characters: a name that someone chose must not steer the terminal."""
    return _UNPRINTABLE.sub(" ", text)


def find_program(context: typer.Context) -> str:
    """What the user calls this program."""
    return Path(context.find_root().info_name or "connector").name

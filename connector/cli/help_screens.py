"""What `--help` shows: plain lines for a terminal of any width, commands by what they are for, and words to type.

Typer's own boxes cut the names of variables where it is narrow, and look like nothing else that is printed here.
"""

from __future__ import annotations

import inspect
import shutil
from collections.abc import Iterator, Mapping
from shlex import quote
from typing import Any, Final

from typer.core import TyperCommand, TyperGroup

from connector.cli.example import find_example
from connector.errors import ConnectorError
from connector.manifest.manifest import Manifest

#: What each command is for, in the order of the screen.
PURPOSES: Final[Mapping[str, tuple[str, ...]]] = {
    "Blocks": ("blocks", "describe", "run"),
    "Triggers": ("triggers", "poll", "watch"),
    "Sign-in": ("login", "connections", "logout", "usage", "doctor"),
    "For other programs": ("serve", "mcp", "worker", "export"),
    "For the manifest's makers": ("check", "record", "verify", "sandbox"),
}
#: What may be typed, by command; `{run}` is a block with fields, `{block}` its name, `{group}` its group,
#: `{trigger}` a trigger.
EXAMPLES: Final[Mapping[str, tuple[str, ...]]] = {
    "": ("run {run} --sandbox --table", "login", "serve --sandbox"),
    "blocks": ("blocks --group {group}",),
    "describe": ("describe {block}",),
    "run": ("run {run} --sandbox --table", "run {run} --ndjson > entries.ndjson"),
    "triggers": ("triggers",),
    "poll": ("poll {trigger} --state state.json", "poll {trigger} also_last=3 --sandbox"),
    "watch": ("watch {trigger} --every 5m --state state.json", "watch {trigger} --exec ./tell.sh"),
    "login": ("login", "login --name alice --for {block}"),
    "connections": ("connections --json",),
    "logout": ("logout alice",),
    "usage": ("usage --json",),
    "doctor": ("doctor", "doctor --connection alice --json"),
    "serve": ("serve --sandbox", "serve --connection alice --keys-file keys.toml --host 0.0.0.0"),
    "mcp": ("mcp --sandbox", "mcp --connection alice --only {group}"),
    "worker": ("worker --concurrency 4",),
    "export": ("export n8n --out palette", "export openapi --out api"),
    "check": ("check manifest.yaml",),
    "record": ("record {block}",),
    "verify": ("verify --plan", "verify --connection me", "verify --connection me --writes"),
    "sandbox": ("sandbox --port 8900",),
}
_WIDEST: Final = 100
#: Below so many columns what an option does stands under it, not beside it.
_NARROW: Final = 70


def measure_width() -> int:
    """The columns that a screen may fill; click's own least are more than a phone's terminal has."""
    return max(20, min(shutil.get_terminal_size().columns, _WIDEST))


class _Screen:
    """The parts of a screen that commands and their group share."""

    get_params: Any

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        extra.setdefault("terminal_width", measure_width())
        return super().make_context(info_name, args, parent, **extra)  # type: ignore[misc]

    def format_options(self, ctx: Any, formatter: Any) -> None:
        records: dict[str, list[tuple[str, str]]] = {"Arguments": [], "Options": []}
        for parameter in self.get_params(ctx):
            if record := parameter.get_help_record(ctx):
                records[f"{parameter.param_type_name.capitalize()}s"].append(record)
        for title, rows in records.items():
            _write_rows(formatter, title, rows)

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        super().format_epilog(ctx, formatter)  # type: ignore[misc]
        with formatter.section("Examples"):
            for words in _iter_examples(ctx):
                # Not wrapped, so that it can be copied.
                formatter.write(f"{'':{formatter.current_indent}}{words}\n")


class Screen(_Screen, TyperCommand):
    """A command whose `--help` ends with examples."""


class Screens(_Screen, TyperGroup):
    """All commands: the screen lists them by what they are for."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        for purpose, names in PURPOSES.items():
            rows = [(name, _find_summary(self.commands[name])) for name in names if name in self.commands]
            _write_rows(formatter, purpose, rows)
        super().format_options(ctx, formatter)


def _find_summary(command: Any) -> str:
    """The first sentence of what a command does."""
    text = inspect.cleandoc(command.help or "").partition("\n\n")[0]
    return " ".join(text.split())


def _write_rows(formatter: Any, title: str, rows: list[tuple[str, str]]) -> None:
    if rows:
        with formatter.section(title):
            is_narrow = formatter.width < _NARROW
            # Indented by little, so that the longest variable stays whole.
            formatter.write_dl(rows, col_max=0 if is_narrow else 30, col_spacing=1 if is_narrow else 2)


def _iter_examples(context: Any) -> Iterator[str]:
    root = context.find_root()
    name = "" if context is root else context.info_name
    program = (root.info_name or "connector").rpartition("/")[2]
    try:
        manifest: Any = Manifest.load(root.params.get("manifest"))
        # A plain one, whose call is short.
        block = next(block for block in manifest if block.effect == "read" and not block.closed and block.routes)
        words = {"run": " ".join([block.name, *find_example(block)]), "block": block.name, "group": quote(block.group)}
        words["trigger"] = next(iter(manifest.data.get("triggers", {})), "TRIGGER")
    except (ConnectorError, StopIteration):
        words = {"run": "BLOCK FIELD=VALUE", "block": "BLOCK", "group": "GROUP", "trigger": "TRIGGER"}
    for example in EXAMPLES.get(name, ()):
        yield f"{program} {example.format(**words)}"

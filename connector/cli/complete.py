"""What the shell offers after the tab key: blocks, groups, connections, fields and what they may hold.

What can't be used or doesn't answer soon offers nothing: the command itself is the place to hear of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import typer
from rich.markup import escape
from rich.text import Text

from connector.cli.arguments import WrongUsage, fill_from_environment, parse_pairs
from connector.cli.terminal import to_plain
from connector.errors import ConnectorError
from connector.manifest.blocks import Block, Field
from connector.manifest.manifest import Manifest
from connector.manifest.triggers import iter_triggers
from connector.result import Choice

if TYPE_CHECKING:
    from connector.auth import Store

Offer = tuple[str, str]
#: How long whoever pressed the key waits for a store, and for a list of choices, in seconds.
_WAIT_S: Final = 2.0
#: Columns of the text beside an offer: Typer breaks longer ones into lines, which shells take for offers.
_MOST_COLUMNS: Final = 40
#: What a shell takes for a word as it is.
_WORD: Final = re.compile(r"[\w:./@+-]+", re.ASCII)
#: Letters by which a name that someone chose could tell a shell to do something, and others like them.
_HARMLESS: Final = str.maketrans("'`\"$\\", "\u2019\u2019\u201d  ")


def complete_block(context: typer.Context, incomplete: str) -> list[Offer]:
    """Blocks by name or alias, each with its title."""
    manifest = _load(context)
    offers = [(name, block.title) for block in manifest or () for name in (block.name, *block.aliases)]
    return _select(offers, incomplete)


def complete_described(context: typer.Context, incomplete: str) -> list[Offer]:
    """Blocks and triggers by name, each with its title."""
    manifest = _load(context)
    triggers = iter_triggers(manifest) if manifest else ()
    offers = [(trigger.name, trigger.form.title) for trigger in triggers]
    return complete_block(context, incomplete) + _select(offers, incomplete)


def complete_group(context: typer.Context, incomplete: str) -> list[str]:
    """The manifest's groups."""
    manifest = _load(context)
    return [group for group in (manifest.groups if manifest else ()) if group.startswith(incomplete)]


def complete_field(context: typer.Context, incomplete: str) -> list[Offer]:
    """`FIELD=` for the fields of the block that stands before, and `FIELD=CHOICE` once the field is typed."""
    manifest = _load(context)
    name = context.params.get("block")
    if manifest is None or not name:
        return []
    try:
        block = manifest.block(name)
    except ConnectorError:
        return []
    typed, equals, value = incomplete.partition("=")
    if not equals:
        given = {word.partition("=")[0] for word in context.params.get("fields") or ()}
        return _select([(f"{name}=", field.title) for name, field in block.fields.items() if name not in given], typed)
    field = block.fields.get(typed)
    if field is None:
        return []
    before = value[: value.rfind(",") + 1] if field.is_list else ""
    values = _iter_values(context, manifest, block, field)
    return _select(
        [(f"{typed}={before}{value}", text) for value, text in values if value not in before.split(",")], incomplete
    )


def complete_connection(context: typer.Context, incomplete: str) -> list[str]:
    """The names of the connections that there are."""
    manifest = _load(context)
    try:
        names = _open_store(manifest).names() if manifest else []
    except ConnectorError:
        return []
    return [name for name in names if name.startswith(incomplete) and _WORD.fullmatch(name)]


def complete_server(context: typer.Context, incomplete: str) -> list[Offer]:
    """`NAME=` for the manifest's servers."""
    manifest = _load(context)
    return _select([(f"{name}=", url) for name, url in manifest.servers.items()] if manifest else [], incomplete)


def _select(offers: list[Offer], incomplete: str) -> list[Offer]:
    """Those `offers` that begin with what was typed, with texts that no shell and no terminal reads anything into."""
    return [(value, _tell(text)) for value, text in offers if value.startswith(incomplete)]


def _tell(text: str) -> str:
    line = Text(to_plain(text).translate(_HARMLESS))
    line.truncate(_MOST_COLUMNS, overflow="ellipsis")
    return escape(line.plain)


def _iter_values(context: typer.Context, manifest: Manifest, block: Block, field: Field) -> Iterator[Offer]:
    """What `field` may hold, or may stand in it where it is a list; with a text where that is known by name."""
    schema = field.schema.get("items", {}) if field.is_list else field.schema
    for value in schema.get("enum", ()):
        yield str(value), ""
    if field.choices:
        for choice in _read_choices(context, manifest, block, field.name, field.choices.block):
            if _WORD.fullmatch(choice.value):
                yield choice.value, f"{choice.label}, {choice.hint}" if choice.hint else choice.label


def _read_choices(
    context: typer.Context, manifest: Manifest, block: Block, field: str, listed_by: str
) -> tuple[Choice, ...]:
    """What the service lists of what `field` may hold, for whom the line names or the shell would take; nothing where
    that can't be told, and where a sandbox would answer, whose lists are not there yet."""
    from connector.auth import find_default
    from connector.runners.environment import open_limits
    from connector.way.connector import Connector

    typed = context.params
    if typed.get("sandbox"):
        return ()
    try:
        secrets = {name for name, of in manifest.block(listed_by).fields.items() if of.secret}
        given = parse_pairs([word for word in typed.get("fields") or () if "=" in word])
        args = {name: value for name, value in given.items() if name in secrets}
        connection = typed.get("connection")
        if connection is None:
            args = fill_from_environment(manifest.block(listed_by), args)
            connection = None if secrets & args.keys() else find_default(manifest.command, _WAIT_S)
        with Connector(
            manifest,
            servers=parse_pairs(typed.get("server") or (), "NAME=URL"),
            quota_mode=typed.get("quota_mode") or "auto",
            connection=connection,
            store=_open_store(manifest) if connection else None,
            **open_limits(manifest),
        ) as connector:
            return connector.choices(block.name, field, args=args, deadline=_WAIT_S).choices
    except (ConnectorError, WrongUsage):
        return ()


def _open_store(manifest: Manifest) -> Store:
    """The store of connections, as long as it answers soon. Raises `StoreFailed`."""
    from connector.auth import open_store
    from connector.auth.stores.timely_store import TimelyStore
    from connector.wire.deadline import Deadline

    return TimelyStore(open_store(package=manifest.command, deadline=Deadline(_WAIT_S)), _WAIT_S)


def _load(context: typer.Context) -> Manifest | None:
    try:
        return Manifest.load(context.find_root().params.get("manifest"))
    except ConnectorError:
        return None

"""The command `mcp`, which an MCP client starts and talks to on standard input and output."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from connector.auth import find_default
from connector.auth.connection import DEFAULT_NAME
from connector.auth.environment_secrets import find_secrets, read_secret
from connector.auth.stores.store_within import StoreSilent
from connector.cli.arguments import WrongUsage, parse_pairs
from connector.cli.complete import complete_connection, complete_server
from connector.cli.connections import STORE_WAIT_S
from connector.cli.help_screens import Screen
from connector.cli.invoking import has_sandbox
from connector.cli.terminal import say
from connector.errors import UnknownBlock, tell_extra
from connector.manifest.blocks import Block
from connector.manifest.manifest import Manifest
from connector.manifest.routes import QuotaMode
from connector.runners.environment import open_limits
from connector.runners.mcp_server.offer import Dialect, Offer
from connector.way.connector import Connector

if TYPE_CHECKING:
    from connector.sandbox import Sandbox

_NOTES = (
    "Secrets in the environment, such as CONNECTOR_ACCESS_TOKEN, are filled in and hidden from the client; so is the "
    "access token where --connection names who is signed in, or the connection default exists.\n\n"
    "It ends when the client closes standard input."
)


def add_mcp(app: typer.Typer) -> None:
    """Adds the command to `app`."""
    app.command("mcp", cls=Screen, epilog=_NOTES)(_serve)


def _serve(
    context: typer.Context,
    only: Annotated[list[str] | None, typer.Option(metavar="GROUP|BLOCK", help="Offer these; may be repeated.")] = None,
    whole: Annotated[bool, typer.Option("--all", help="Offer all blocks, not the most used alone.")] = False,
    dynamic: Annotated[
        bool, typer.Option("--dynamic", help="Offer three tools that find a block, describe it and run it.")
    ] = False,
    dialect: Annotated[
        Dialect, typer.Option(help="Write input schemas as the interface of a model wants them.")
    ] = "plain",
    output_schemas: Annotated[
        bool, typer.Option("--output-schemas", help="Tell the schemas of answers, which are then whole.")
    ] = False,
    read_only: Annotated[bool, typer.Option("--read-only", help="Offer only what changes nothing.")] = False,
    connection: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Use this connection's token; see login.", autocompletion=complete_connection
        ),
    ] = None,
    sandbox: Annotated[
        bool, typer.Option("--sandbox", help="Let a sandbox on this machine answer; no account is needed.")
    ] = False,
    quota_mode: Annotated[
        QuotaMode, typer.Option(help="What the service lets your app call; auto finds out.")
    ] = "auto",
    server: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=URL", help="Where a server is; may be repeated.", autocompletion=complete_server),
    ] = None,
) -> None:
    """Let an MCP client call the blocks as tools, on standard input and output."""
    try:
        from connector.runners.mcp_server.server import serve_stdio
    except ImportError as problem:
        raise WrongUsage(f"mcp needs {problem.name}: {tell_extra('mcp')}.") from None

    if sandbox and server:
        raise WrongUsage("--sandbox and --server both say who answers: choose one.")
    if sandbox and connection:
        raise WrongUsage("--sandbox has tokens of its own, which no --connection fits: choose one.")
    if whole and only:
        raise WrongUsage("--all offers every block and --only some: choose one.")
    if dynamic and output_schemas:
        raise WrongUsage("--dynamic has no tool for each block whose --output-schemas could be told: choose one.")
    manifest = Manifest.load(context.obj)
    # Three tools cost a model no more for all blocks.
    offer = Offer(tuple(only or ()), whole or dynamic, read_only, dynamic, dialect, output_schemas)
    servers = parse_pairs(server or [], "NAME=URL")
    with ExitStack() as stack:
        find_known: Callable[[Block], Mapping[str, Any]] = find_secrets
        if sandbox:
            running = stack.enter_context(_open_sandbox(manifest, quota_mode))
            servers = running.servers
            find_known = partial(_find_in_sandbox, running)
        elif connection is None:
            connection = _find_default(manifest)
        connector = stack.enter_context(
            Connector(manifest, servers=servers, quota_mode=quota_mode, **open_limits(manifest, is_sandbox=sandbox))
        )
        if sys.stdin.isatty():
            say("An MCP client starts this and talks to it; Ctrl-D ends it.", style="dim")
        try:
            serve_stdio(
                connector,
                connection=connection,
                find_known=find_known,
                offer=offer,
                signals=(signal.SIGINT, signal.SIGTERM),
            )
        except UnknownBlock as problem:
            raise WrongUsage(
                f"{problem} --only takes a block or a group; groups are {', '.join(manifest.groups)}."
            ) from None


def _find_default(manifest: Manifest) -> str | None:
    """The connection to use where none is named and no token is in the environment."""
    own = {name for auth in manifest.auth.values() if auth and auth.can_sign_in for name in auth.fields}
    if not own or any(read_secret(name) for name in own):
        return None
    try:
        return find_default(manifest.command, STORE_WAIT_S)
    except StoreSilent:
        # A keyring may wait to be unlocked: each call asks it again, in the time that it has.
        return DEFAULT_NAME


def _find_in_sandbox(sandbox: Sandbox, block: Block) -> Mapping[str, Any]:
    values = sandbox.demo_args
    return {name: values[name] for name, field in block.fields.items() if field.secret and name in values}


def _open_sandbox(manifest: Manifest, quota_mode: QuotaMode) -> Sandbox:
    if not has_sandbox(manifest):
        raise WrongUsage("The sandbox stands in for another service than this manifest's.")
    from connector.sandbox import Sandbox

    return Sandbox(quota_mode="extended" if quota_mode == "extended" else "development")

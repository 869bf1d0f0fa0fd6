"""The commands. Each reads what was typed, calls the module that does it, and shows what came of it."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sized
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from connector.cli.arguments import WrongUsage, parse_pairs, read_json_args
from connector.cli.complete import complete_block, complete_field, complete_group, complete_server
from connector.cli.connections import LOGIN_NOTES, connections, login, logout
from connector.cli.exporting import add_export
from connector.cli.mcp_command import add_mcp
from connector.cli.serve import add_serve
from connector.cli.terminal import open_console, print_json, say
from connector.cli.worker import WORKER_NOTES, worker
from connector.errors import ConnectorError
from connector.manifest.blocks import AppMode, QuotaMode
from connector.manifest.manifest import Manifest
from connector.manifest.yaml_file import locate_manifest
from connector.version import __version__


class _Commands(TyperGroup):
    """All commands: what a user did wrong becomes one line on standard error and exit status 2."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except (WrongUsage, ConnectorError) as problem:
            say(str(problem), style="red")
            raise typer.Exit(2) from None


app = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Blocks for workflow builders, from one manifest: look them up, run them, try them in a sandbox.",
)


def main() -> None:
    """Runs the command line; exits 0 for a result, 1 for an error result or a reader that left, 2 for wrong usage,
    130 after Ctrl-C."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that lacks a letter shows another one; a traceback helps nobody.
            stream.reconfigure(errors="replace")
    try:
        try:
            app()
        finally:
            sys.stdout.flush()
    except OSError as problem:
        # What is left must not raise again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(problem, BrokenPipeError):
            say(str(problem), style="red")
        # Whoever closed the pipe has seen enough and needs no word about it.
        sys.exit(1)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _options(
    context: typer.Context,
    manifest: Annotated[
        Path | None,
        typer.Option(help="The manifest to use.", envvar="CONNECTOR_MANIFEST", show_default="the packaged one"),
    ] = None,
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    context.obj = manifest


BlockName = Annotated[
    str, typer.Argument(metavar="BLOCK", help="A block's name.", autocompletion=complete_block, show_default=False)
]
# Typer ends a line wherever the text does, so a paragraph is one line.
_RUN_NOTES = (
    "A secret that is not among the fields is taken from the environment: CONNECTOR_ and the field's name in "
    "capitals, such as CONNECTOR_ACCESS_TOKEN or CONNECTOR_CLIENT_ID, so that it stays out of the shell's history.\n\n"
    "The output goes to standard output, everything else to standard error. Exit status: 0 for a result, 1 for an "
    "error result, 2 for wrong usage."
)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead.")]


@app.command()
def blocks(
    context: typer.Context,
    group: Annotated[str | None, typer.Option(help="Only this group.", autocompletion=complete_group)] = None,
    as_json: AsJson = False,
) -> None:
    """List the blocks; with --json the marketplace's metadata document."""
    from connector.cli.show import show_blocks
    from connector.manifest.documents import build_metadata

    manifest = Manifest.load(context.obj)
    if group and group.lower() not in map(str.lower, manifest.groups):
        raise WrongUsage(f"There is no group {group}; there are {', '.join(manifest.groups)}.")
    chosen = [block for block in manifest if group is None or block.group.lower() == group.lower()]
    if as_json:
        names = {block.name for block in chosen}
        document = build_metadata(manifest)
        print_json({**document, "blocks": [block for block in document["blocks"] if block["name"] in names]})
    else:
        show_blocks(open_console(), chosen)


@app.command()
def describe(context: typer.Context, block: BlockName, as_json: AsJson = False) -> None:
    """Show a block's form; with --json its schemas, scopes, routes and quota in one document."""
    from connector.cli.show import show_block
    from connector.manifest.documents import build_description

    found = Manifest.load(context.obj).block(block)
    if as_json:
        print_json(build_description(found))
    else:
        show_block(open_console(), found, _program(context))


@app.command(epilog=_RUN_NOTES)
def run(
    context: typer.Context,
    block: BlockName,
    fields: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FIELD=VALUE]...",
            help="The block's fields; they win over --args. Lists are written with commas.",
            autocompletion=complete_field,
            show_default=False,
        ),
    ] = None,
    args: Annotated[
        str | None,
        typer.Option(metavar="JSON|@FILE|-", help="Fields as a JSON object: here, in a file, or on standard input."),
    ] = None,
    sandbox: Annotated[
        bool, typer.Option("--sandbox", help="Let a sandbox on this machine answer; no account is needed.")
    ] = False,
    table: Annotated[bool, typer.Option("--table", help="Print a table instead of JSON.")] = False,
    ndjson: Annotated[bool, typer.Option("--ndjson", help="Print entries as they come, one JSON a line.")] = False,
    envelope: Annotated[
        bool, typer.Option("--envelope", help="Print what a marketplace's runner gets, for an error too.")
    ] = False,
    timeout: Annotated[
        float, typer.Option(metavar="SECONDS", min=0.001, help="Longest time without a finished request.")
    ] = 60,
    deadline: Annotated[
        float | None, typer.Option(metavar="SECONDS", min=0.001, help="Bound on the whole invocation.")
    ] = None,
    max_wait: Annotated[
        float, typer.Option(metavar="SECONDS", min=0, help="Longest single wait for a rate limit.")
    ] = 30,
    quota_mode: Annotated[
        QuotaMode, typer.Option(help="What the service lets your app call; auto finds out.")
    ] = "auto",
    connection: Annotated[
        str | None, typer.Option(metavar="NAME", help="Use this connection's token; see login.", show_default=False)
    ] = None,
    server: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=URL", help="Where a server is; may be repeated.", autocompletion=complete_server),
    ] = None,
) -> None:
    """Run a block and print its output."""
    from connector.cli.invoking import Form, Invocation

    if sum((table, ndjson, envelope)) > 1:
        raise WrongUsage("--table, --ndjson and --envelope are three forms of the output: choose one.")
    if "=" in block:
        # Nothing of it is repeated: it may be a secret that was meant for a field.
        raise WrongUsage("The block's name comes first, then its fields: run BLOCK FIELD=VALUE.")
    if sandbox and connection:
        raise WrongUsage("--sandbox has tokens of its own, which no --connection fits: choose one.")
    if sandbox and server:
        raise WrongUsage("--sandbox and --server both say who answers: choose one.")
    manifest = Manifest.load(context.obj)
    invocation = Invocation(
        manifest=manifest,
        block=manifest.block(block),
        given={**read_json_args(args), **parse_pairs(fields or [])},
        servers=parse_pairs(server or [], "NAME=URL"),
        quota_mode=quota_mode,
        timeout=timeout,
        deadline=deadline,
        max_wait=max_wait,
        connection=connection,
        form=Form.TABLE if table else Form.LINES if ndjson else Form.ENVELOPE if envelope else Form.JSON,
        program=_program(context),
    )
    if not (invocation.run_in_sandbox() if sandbox else invocation.run()):
        raise typer.Exit(1)


add_serve(app)
add_mcp(app)


@app.command()
def sandbox(
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1; 0 for any that is free.", min=0, max=65535)] = 8900,
    quota_mode: Annotated[AppMode, typer.Option(help="What the demo app may call.")] = "extended",
) -> None:
    """Run the sandbox alone, until Ctrl-C."""
    from connector.sandbox import serve

    try:
        serve(host="127.0.0.1", port=port, quota_mode=quota_mode)
    except OSError as problem:
        raise WrongUsage(f"Port {port} can't be used: {problem.strerror}. Choose another with --port.") from None


@app.command()
def check(
    context: typer.Context,
    manifest: Annotated[Path | None, typer.Argument(help="The manifest to check.", show_default=False)] = None,
) -> None:
    """Lint a manifest and its schemas; each finding has a file and a line."""
    from connector.lint import check_manifest

    path = manifest or locate_manifest(context.obj)
    findings = check_manifest(path)
    for finding in findings:
        typer.echo(str(finding))
    if findings:
        say(f"{_count(findings, 'finding')} in {path}.", style="red")
        raise typer.Exit(1)
    say(f"{path.name}: nothing to complain about in {len(Manifest.load(path))} blocks.")


add_export(app)


@app.command()
def record(
    context: typer.Context,
    block: Annotated[
        list[str] | None,
        typer.Argument(help="Blocks; all without any.", autocompletion=complete_block, show_default=False),
    ] = None,
    folder: Annotated[Path, typer.Option(help="Where the cassettes go.")] = Path("cassettes"),
    live: Annotated[bool, typer.Option("--live", help="Against the live service, with your credentials.")] = False,
) -> None:
    """Record the cassettes that the tests replay, against the sandbox unless --live."""
    try:
        import_module("vcr")
    except ImportError:
        raise WrongUsage(f"Recording needs vcrpy: pip install '{_program(context)}[record]'") from None
    from connector.cassettes.recording import record as record_cassettes

    try:
        written = record_cassettes(folder, block or [], manifest=context.obj, live=live)
    except RuntimeError as problem:
        say(str(problem), style="red")
        raise typer.Exit(1) from None
    say(f"{_count(written, 'cassette')} written to {folder}.")


app.command(epilog=LOGIN_NOTES)(login)
app.command()(connections)
app.command()(logout)
app.command(epilog=WORKER_NOTES)(worker)


def _program(context: typer.Context) -> str:
    return Path(context.find_root().info_name or "connector").name


def _count(things: Sized, noun: str) -> str:
    return f"{len(things)} {noun}{'' if len(things) == 1 else 's'}"

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

from connector.cli.arguments import WrongUsage
from connector.cli.complete import complete_block, complete_connection
from connector.cli.completion_scripts import use_own_scripts
from connector.cli.connections import connections, logout, open_timely
from connector.cli.doctor import add_doctor
from connector.cli.exporting import add_export
from connector.cli.help_screens import Screen, Screens
from connector.cli.login import LOGIN_NOTES, login
from connector.cli.look_up import blocks, describe
from connector.cli.mcp_command import add_mcp
from connector.cli.polling import add_polling
from connector.cli.run import RUN_NOTES, run
from connector.cli.serve import add_serve
from connector.cli.terminal import say, to_plain
from connector.cli.usage import usage
from connector.cli.verify import VERIFY_NOTES, verify
from connector.cli.worker import WORKER_NOTES, worker
from connector.errors import ConnectorError, tell_extra, tell_refusal
from connector.manifest.manifest import Manifest
from connector.manifest.routes import AppMode
from connector.manifest.yaml_file import locate_manifest
from connector.version import __version__


class _Commands(Screens):
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
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Blocks for workflow builders, from one manifest: look them up, run them, try them in a sandbox.",
)


use_own_scripts()


def main() -> None:
    """Runs the command line; exits 0 for a result, 1 for an error result or a reader that left, 2 for wrong usage,
    130 after Ctrl-C."""
    _open_streams()
    try:
        try:
            app()
        finally:
            sys.stdout.flush()
    except OSError as problem:
        # What is left must not raise again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(problem, BrokenPipeError):
            say(f"{problem.filename or 'The output'} can't be written: {tell_refusal(problem)}.", style="red")
        # Whoever closed the pipe has seen enough and needs no word about it.
        sys.exit(1)


def _open_streams() -> None:
    """Whoever started this may have closed a stream, or opened it in an encoding that lacks letters."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            # In its place, so that nothing else is opened there and takes what is printed.
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - it stays open
        elif isinstance(stream, io.TextIOWrapper):
            # A terminal that lacks a letter shows another one; a traceback helps nobody.
            stream.reconfigure(errors="replace")


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


app.command(cls=Screen)(blocks)
app.command(cls=Screen)(describe)
app.command(cls=Screen, epilog=RUN_NOTES)(run)
add_polling(app)
add_serve(app)
add_mcp(app)


@app.command(cls=Screen)
def sandbox(
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1; 0 for any that is free.", min=0, max=65535)] = 8900,
    quota_mode: Annotated[AppMode, typer.Option(help="What the demo app may call.")] = "development",
) -> None:
    """Run the sandbox alone, until Ctrl-C."""
    from connector.sandbox import serve

    try:
        serve(host="127.0.0.1", port=port, quota_mode=quota_mode)
    except OSError as problem:
        raise WrongUsage(f"Port {port} can't be used: {problem.strerror}. Choose another with --port.") from None


@app.command(cls=Screen)
def check(
    context: typer.Context,
    manifest: Annotated[Path | None, typer.Argument(help="The manifest to check.", show_default=False)] = None,
) -> None:
    """Lint a manifest and its schemas; each finding has a file and a line."""
    from connector.lint import check_manifest

    path = manifest or locate_manifest(context.obj)
    findings = check_manifest(path)
    for finding in findings:
        typer.echo(to_plain(str(finding)))
    if findings:
        say(f"{_count(findings, 'finding')} in {path}.", style="red")
        raise typer.Exit(1)
    sound = Manifest.load(path)
    triggers = len(sound.data.get("triggers", {}))
    beside = f" and {_count(range(triggers), 'trigger')}" if triggers else ""
    say(f"{path.name}: nothing to complain about in {len(sound)} blocks{beside}.")


add_export(app)


@app.command(cls=Screen)
def record(
    context: typer.Context,
    block: Annotated[
        list[str] | None,
        typer.Argument(help="Blocks; all without any.", autocompletion=complete_block, show_default=False),
    ] = None,
    folder: Annotated[Path, typer.Option(help="Where the cassettes go.")] = Path("cassettes"),
    live: Annotated[bool, typer.Option("--live", help="Against the live service, with your credentials.")] = False,
    connection: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="With --live: whose account; see login.",
            show_default=False,
            autocompletion=complete_connection,
        ),
    ] = None,
) -> None:
    """Record the cassettes that the tests replay, against the sandbox unless --live."""
    try:
        import_module("vcr")
    except ImportError:
        raise WrongUsage(f"Recording needs vcrpy: {tell_extra('record')}.") from None
    from connector.cassettes.recording import record as record_cassettes

    if connection and not live:
        raise WrongUsage("--connection says whose account the live service answers for: add --live.")
    store = open_timely(Manifest.load(context.obj).command) if connection else None
    try:
        written = record_cassettes(
            folder, block or [], manifest=context.obj, live=live, store=store, connection=connection
        )
    except RuntimeError as problem:
        say(str(problem), style="red")
        raise typer.Exit(1) from None
    except OSError as problem:
        where = problem.filename or folder
        raise WrongUsage(f"{where} can't be written: {tell_refusal(problem)} (--folder).") from None
    say(f"{_count(written, 'cassette')} written to {folder}.")
    if live:
        say("They hold what your account was answered, but for its secrets: look them through before you share any.")


app.command(cls=Screen, epilog=VERIFY_NOTES)(verify)
app.command(cls=Screen, epilog=LOGIN_NOTES)(login)
app.command(cls=Screen)(connections)
app.command(cls=Screen)(logout)
app.command(cls=Screen)(usage)
add_doctor(app)
app.command(cls=Screen, epilog=WORKER_NOTES)(worker)


def _count(things: Sized, noun: str) -> str:
    return f"{len(things)} {noun}{'' if len(things) == 1 else 's'}"

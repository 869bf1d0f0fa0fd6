"""The commands. Each reads what was typed, calls the module that does it, and shows what came of it."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from connector.cli.arguments import WrongUsage, add_secrets, parse_pairs, read_json_args
from connector.dispatcher import Connector
from connector.errors import ConnectorError, InvocationFailed, UnknownBlock
from connector.manifest import Manifest
from connector.result import Meta, Result
from connector.source import locate_manifest
from connector.version import __version__

if TYPE_CHECKING:
    from connector.sandbox import Sandbox

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Blocks for workflow builders, from one manifest: look them up, run them, try them in a sandbox.",
)
_out = Console()
_err = Console(stderr=True)


class QuotaModes(StrEnum):
    auto = "auto"
    development = "development"
    extended = "extended"


class SandboxModes(StrEnum):
    development = "development"
    extended = "extended"


def main() -> None:
    """Runs the command line; exits 0 for a result, 1 for an error result, 2 for wrong usage."""
    try:
        app()
    except (WrongUsage, UnknownBlock) as problem:
        _err.print(str(problem), style="red", highlight=False)
        sys.exit(2)
    except ConnectorError as problem:
        _err.print(str(problem), style="red", highlight=False)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # Whoever read the output has seen enough; what is left must not raise again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


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


def _complete_block(context: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    manifest = Manifest.load(context.find_root().params.get("manifest"))
    return [(block.name, block.title) for block in manifest if block.name.startswith(incomplete)]


def _complete_field(context: typer.Context, incomplete: str) -> list[str]:
    block = Manifest.load(context.find_root().params.get("manifest")).block(context.params["block"])
    return [f"{name}=" for name in block.fields if name.startswith(incomplete)]


BlockName = Annotated[str, typer.Argument(metavar="BLOCK", help="A block's name.", autocompletion=_complete_block)]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead.")]


@app.command()
def blocks(
    context: typer.Context,
    group: Annotated[str | None, typer.Option(help="Only this group.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the blocks; with --json the marketplace's metadata document."""
    from connector.cli.show import show_blocks
    from connector.metadata import build_metadata

    manifest = Manifest.load(context.obj)
    if as_json:
        _print_json(build_metadata(manifest))
        return
    if group and group.lower() not in map(str.lower, manifest.groups):
        raise WrongUsage(f"There is no group {group}; there are {', '.join(manifest.groups)}.")
    show_blocks(_out, manifest, group)


@app.command()
def describe(context: typer.Context, block: BlockName, as_json: AsJson = False) -> None:
    """Show a block's form; with --json its schemas, scopes, routes and quota in one document."""
    from connector.cli.show import show_block
    from connector.metadata import build_description

    found = Manifest.load(context.obj).block(block)
    if as_json:
        _print_json(build_description(found))
    else:
        show_block(_out, found, _program(context))


@app.command()
def run(
    context: typer.Context,
    block: BlockName,
    fields: Annotated[
        list[str] | None, typer.Argument(metavar="[FIELD=VALUE]...", autocompletion=_complete_field)
    ] = None,
    args: Annotated[str | None, typer.Option(help="Arguments as JSON, as @FILE, or - for standard input.")] = None,
    sandbox: Annotated[bool, typer.Option("--sandbox", help="Let a sandbox on this machine answer.")] = False,
    table: Annotated[bool, typer.Option("--table", help="Print a table instead of JSON.")] = False,
    ndjson: Annotated[bool, typer.Option("--ndjson", help="Print entries as they come, one JSON a line.")] = False,
    envelope: Annotated[bool, typer.Option("--envelope", help="Print what a marketplace's runner gets.")] = False,
    timeout: Annotated[float, typer.Option(help="Longest time without a finished request, in seconds.")] = 60,
    deadline: Annotated[float | None, typer.Option(help="Bound on the whole invocation, in seconds.")] = None,
    quota_mode: Annotated[QuotaModes, typer.Option(help="What the app may call.")] = QuotaModes.auto,
    server: Annotated[list[str] | None, typer.Option(metavar="NAME=URL", help="Where a server is.")] = None,
) -> None:
    """Run a block and print its output.

    A secret that is not among the arguments is taken from the environment: CONNECTOR_ and the field's name in
    capitals, such as CONNECTOR_ACCESS_TOKEN, so that it stays out of the shell's history.
    """
    manifest = Manifest.load(context.obj)
    found = manifest.block(block)
    given = {**read_json_args(args), **parse_pairs(fields or [])}
    with _sandbox_for(manifest, sandbox) as running:
        servers = running.servers if running else parse_pairs(server or [], "NAME=URL")
        if unknown := servers.keys() - manifest.servers.keys():
            raise WrongUsage(f"There is no server {', '.join(unknown)}; there are {', '.join(manifest.servers)}.")
        complete = add_secrets(found, given, running.demo_args if running else {})
        with Connector(
            manifest, servers=servers, quota_mode=quota_mode.value, timeout=timeout, deadline=deadline
        ) as connector:
            result = _stream(connector, block, complete) if ndjson else _invoke(connector, block, complete)
    _print_result(result, manifest, table=table, envelope=envelope, is_printed=ndjson, asked=complete)


@app.command()
def sandbox(
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1.")] = 8900,
    quota_mode: Annotated[SandboxModes, typer.Option(help="What the demo app may call.")] = SandboxModes.extended,
) -> None:
    """Run the sandbox alone, until Ctrl-C."""
    from connector.sandbox import serve

    serve(port=port, quota_mode=quota_mode.value)


@app.command()
def check(
    context: typer.Context,
    manifest: Annotated[Path | None, typer.Argument(help="The manifest to check.")] = None,
) -> None:
    """Lint a manifest and its schemas; each finding has a file and a line."""
    from connector.lint import check_manifest

    path = manifest or locate_manifest(context.obj)
    findings = check_manifest(path)
    for finding in findings:
        typer.echo(str(finding))
    if findings:
        raise typer.Exit(1)
    _err.print(f"{path.name}: nothing to complain about in {len(Manifest.load(path))} blocks.", highlight=False)


@app.command()
def record(
    context: typer.Context,
    block: Annotated[list[str] | None, typer.Argument(help="Blocks; all without any.")] = None,
    folder: Annotated[Path, typer.Option(help="Where the cassettes go.")] = Path("cassettes"),
    live: Annotated[bool, typer.Option("--live", help="Against the live service, with your credentials.")] = False,
) -> None:
    """Record the cassettes that the tests replay, against the sandbox unless --live."""
    try:
        import_module("vcr")
    except ImportError:
        raise WrongUsage(f"Recording needs vcrpy: pip install '{_program(context)}[record]'") from None
    from connector.recording import record as record_cassettes

    written = record_cassettes(folder, block or [], manifest=context.obj, live=live)
    _err.print(f"{len(written)} cassettes written to {folder}.", highlight=False)


def _program(context: typer.Context) -> str:
    return context.find_root().info_name or "connector"


@contextmanager
def _sandbox_for(manifest: Manifest, is_wanted: bool) -> Iterator[Sandbox | None]:
    if not is_wanted:
        yield None
        return
    from connector.sandbox import Sandbox

    if dict(manifest.servers) != Sandbox.stands_in_for:
        raise WrongUsage("The sandbox stands in for another service than this manifest's.")
    with Sandbox() as running:
        _err.print("The answers come from a sandbox on this machine.", style="dim")
        yield running


def _invoke(connector: Connector, block: str, args: dict[str, Any]) -> Result:
    if not _err.is_terminal:
        return connector.invoke(block, args)
    with _err.status("Waiting for the first answer …") as status:

        def report(meta: Meta) -> None:
            status.update(f"{meta.pages or meta.requests} {'pages' if meta.pages else 'requests'} so far …")

        return connector.invoke(block, args, on_progress=report)


def _stream(connector: Connector, block: str, args: dict[str, Any]) -> Result:
    try:
        for entry in connector.stream(block, args):
            sys.stdout.write(json.dumps(entry, ensure_ascii=False) + "\n")
            sys.stdout.flush()
    except InvocationFailed as failure:
        return Result(block, error=failure.error)
    return Result(block)


def _print_result(
    result: Result, manifest: Manifest, *, table: bool, envelope: bool, is_printed: bool, asked: dict[str, Any]
) -> None:
    from connector.cli.show import show_error, show_output

    block = manifest.block(result.block)
    if envelope:
        _print_json(result.envelope())
    elif result.error is None and not is_printed:
        lists = [value for name, value in asked.items() if name in block.fields and block.fields[name].is_list]
        names = lists[0].split(",") if lists and isinstance(lists[0], str) else (lists or [None])[0]
        if table:
            show_output(_out, result.output, names)
        else:
            _print_json(result.output)
    if result.error is not None:
        if not envelope:
            show_error(_err, result.error, block)
        raise typer.Exit(1)


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, indent=2, ensure_ascii=False))

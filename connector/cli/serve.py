"""The command `serve`, whose options are the HTTP runner's settings."""

from __future__ import annotations

import inspect
import logging
import os
import sys
from collections.abc import Callable
from contextlib import ExitStack
from typing import Annotated, Any, Literal

import typer

from connector.cli.arguments import WrongUsage, parse_pairs
from connector.cli.invoking import has_sandbox
from connector.cli.terminal import open_console
from connector.dispatcher import Connector
from connector.manifest import Manifest
from connector.runners.http_server.settings import Setting, build_settings, iter_settings


def add_serve(app: typer.Typer) -> None:
    """Adds the command to `app`."""
    app.command("serve")(_with_settings(_serve))


def _serve(context: typer.Context, server: list[str] | None, **options: Any) -> None:
    """Let platforms call the blocks over HTTP, until Ctrl-C."""
    try:
        from connector.runners.http_server.serving import HttpServer
    except ImportError as problem:
        raise WrongUsage(f"serve needs more libraries ({problem.name}): install the extra [serve].") from None

    manifest = Manifest.load(context.obj)
    settings = build_settings(options, os.environ)
    servers = parse_pairs(server or [], "NAME=URL")
    if unknown := servers.keys() - manifest.servers.keys():
        raise WrongUsage(f"There is no server {', '.join(sorted(unknown))}; there are {', '.join(manifest.servers)}.")
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    console = open_console(stderr=True)
    with ExitStack() as stack:
        if settings.sandbox:
            if servers:
                raise WrongUsage("--sandbox and --server both say who answers: choose one.")
            if not has_sandbox(manifest):
                raise WrongUsage("The sandbox stands in for another service than this manifest's.")
            from connector.sandbox import Sandbox

            sandbox = stack.enter_context(Sandbox())
            servers = sandbox.servers
            console.print(f"The answers come from a sandbox on this machine, {sandbox.url}.", style="dim")
        connector = stack.enter_context(
            Connector(
                manifest,
                servers=servers,
                quota_mode=settings.quota_mode,  # type: ignore[arg-type]
                timeout=settings.timeout,
                deadline=settings.deadline,
            )
        )
        runner = HttpServer(connector, settings)
        runner.run(
            lambda: console.print(
                f"{manifest.package['title']}: {len(manifest)} blocks at {runner.url}, see {runner.url}/docs"
            )
        )


def _with_settings(function: Callable[..., None]) -> Callable[..., None]:
    """`function` with a parameter for each setting that may be an option, as Typer reads them."""
    parameters = [
        inspect.Parameter("context", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context),
        inspect.Parameter(
            "server",
            inspect.Parameter.KEYWORD_ONLY,
            default=None,
            annotation=Annotated[
                list[str] | None, typer.Option(metavar="NAME=URL", help="Where a server is; may be repeated.")
            ],
        ),
        *(_to_parameter(setting, setting.option) for setting in iter_settings() if setting.option),
    ]
    function.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    function.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return function


def _to_parameter(setting: Setting, option: str) -> inspect.Parameter:
    kind, default = setting.type, setting.default
    if setting.note.choices:
        kind = Literal[setting.note.choices]
    elif default == ():
        kind, default = list[str] | None, None
    info = typer.Option(
        f"{option}/--no-{option[2:]}" if default is True else option,
        help=setting.note.text,
        envvar=setting.variable,
        min=setting.note.min,
        max=setting.note.max,
    )
    return inspect.Parameter(
        setting.name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[kind, info]
    )

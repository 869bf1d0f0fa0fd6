"""The command `serve`, whose options are the HTTP runner's settings."""

from __future__ import annotations

import gc
import inspect
import logging
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

import typer

from connector.cli.arguments import WrongUsage, parse_pairs
from connector.cli.connections import STORE_WAIT_S
from connector.cli.help_screens import Screen
from connector.cli.invoking import has_sandbox
from connector.cli.terminal import say
from connector.errors import ConnectorError, tell_extra
from connector.manifest.manifest import Manifest
from connector.runners.environment import open_limits
from connector.runners.http_server.settings import Setting, Settings, build_settings, iter_settings
from connector.way.connector import Connector
from connector.wire.deadline import Deadline

if TYPE_CHECKING:
    from connector.auth import Store
    from connector.runners.http_server.serving import HttpServer
    from connector.subscriptions.places import Place

_DEMO: Final = "demo"
_LOG: Final = logging.getLogger("connector.http")


def add_serve(app: typer.Typer) -> None:
    """Adds the command to `app`."""
    app.command("serve", cls=Screen)(_with_settings(_serve))


def _serve(context: typer.Context, server: list[str] | None, **options: Any) -> None:
    """Let platforms call the blocks over HTTP, until Ctrl-C."""
    manifest = Manifest.load(context.obj)
    settings = build_settings(options, os.environ)
    servers = parse_pairs(server or [], "NAME=URL")
    if settings.sandbox and servers:
        raise WrongUsage("--sandbox and --server both say who answers: choose one.")
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    with _in_sandbox(manifest, settings) if settings.sandbox else _in_service(manifest, settings, servers) as runner:
        title = manifest.package["title"]
        who = "a sandbox on this machine answers" if settings.sandbox else "Ctrl-C ends it"

        def begin() -> None:
            # Nothing of what is there by now ends before the process does: looking through it for garbage would stop
            # all calls, for a tenth of a second on an idle machine.
            gc.collect()
            gc.freeze()
            say(f"{title}: {len(manifest)} blocks at {runner.url}/docs; {who}.")

        runner.run(begin)


@contextmanager
def _in_service(manifest: Manifest, settings: Settings, servers: Mapping[str, str]) -> Iterator[HttpServer]:
    """A server whose blocks call the service, or what `servers` put in its place."""
    from connector.auth import SignIn, open_store

    store = open_store(None, manifest.command, Deadline(STORE_WAIT_S)) if SignIn.from_manifest(manifest) else None
    with _connect(manifest, settings, servers, store) as connector:
        yield _build_server(connector, settings, store, _find_place(manifest))


@contextmanager
def _in_sandbox(manifest: Manifest, settings: Settings) -> Iterator[HttpServer]:
    """A server whose blocks call a sandbox, with its demo user as the connection of calls that name none."""
    from connector.auth import Connection, SignIn
    from connector.auth.stores.memory_store import MemoryStore
    from connector.sandbox import Sandbox
    from connector.sandbox.apps import DEMO_REDIRECT_URIS

    sign_in = SignIn.from_manifest(manifest)
    if not has_sandbox(manifest) or sign_in is None:
        raise WrongUsage("The sandbox stands in for another service than this manifest's.")
    mode = "extended" if settings.quota_mode == "extended" else "development"
    with Sandbox(quota_mode=mode) as sandbox, _open_passing_place() as place:
        demo = sandbox.demo_args
        store = MemoryStore(
            [
                Connection(
                    _DEMO,
                    demo[sign_in.id_field],
                    demo[sign_in.secret_field],
                    access_token=demo["access_token"],
                    refresh_token=demo["refresh_token"],
                )
            ],
            "the sandbox",
        )
        with _connect(manifest, settings, sandbox.servers, store) as connector:
            settings = replace(settings, connection=settings.connection or _DEMO)
            server = _build_server(connector, settings, store, place)
            if server.redirect_uri:
                sandbox.control.seed(app={"redirect_uris": [*DEMO_REDIRECT_URIS, server.redirect_uri]})
            yield server


def _connect(manifest: Manifest, settings: Settings, servers: Mapping[str, str], store: Store | None) -> Connector:
    return Connector(
        manifest,
        servers=servers,
        store=store,
        quota_mode=settings.quota_mode,
        timeout=settings.timeout,
        deadline=settings.deadline,
        max_wait=settings.max_wait,
        substitutes=settings.substitutes or None,
        **open_limits(manifest, is_sandbox=settings.sandbox),
    )


def _find_place(manifest: Manifest) -> Place | None:
    """Where subscriptions are kept; `None`, with a word about it in the log, where there is no place for them."""
    from connector.subscriptions.places import open_place

    try:
        return open_place(manifest.command)
    except ConnectorError as problem:
        _LOG.warning("No subscriptions are taken: %s", problem)
        return None


@contextmanager
def _open_passing_place() -> Iterator[Place | None]:
    """A place for subscriptions that goes with the sandbox; `None` on a machine where nothing can be written."""
    from connector.subscriptions.places import open_folder

    try:
        folder = TemporaryDirectory()
    except OSError:
        _LOG.warning("No subscriptions are taken: there is no folder for temporary files.")
        yield None
        return
    with folder:
        yield open_folder(Path(folder.name))


def _build_server(connector: Connector, settings: Settings, store: Store | None, place: Place | None) -> HttpServer:
    try:
        from connector.runners.http_server.serving import HttpServer
    except ImportError as problem:
        raise WrongUsage(f"Serving needs {problem.name}: {tell_extra('serve')}.") from None
    return HttpServer(connector, settings, store, place)


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

"""The command `login`. What it does is done in `connector.cli.signing_in` and in `connector.auth`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from connector.cli.arguments import WrongUsage, check_seconds
from connector.cli.complete import complete_block
from connector.cli.connections import LOCK_WAIT_S, open_connections
from connector.cli.example import find_example
from connector.cli.terminal import find_program, say
from connector.errors import ConnectorError
from connector.manifest.manifest import Manifest
from connector.manifest.routes import QuotaMode

if TYPE_CHECKING:
    from connector.auth import Connection, Store

LOGIN_NOTES = (
    "The client id and the client secret may also come from the environment, where the shell's history doesn't keep "
    "them: CONNECTOR_ and the field's name in capitals, such as CONNECTOR_CLIENT_ID and CONNECTOR_CLIENT_KEY. Without "
    "a secret the app proves itself by PKCE."
)


def login(
    context: typer.Context,
    name: Annotated[str, typer.Option(metavar="NAME", help="What to call the connection.")] = "default",
    client_id: Annotated[str | None, typer.Option(metavar="ID", help="The app's client id.")] = None,
    client_secret: Annotated[
        str | None, typer.Option(metavar="SECRET", help="The app's client secret.", show_default=False)
    ] = None,
    pkce: Annotated[bool, typer.Option("--pkce", help="Use no client secret, and ask for none.")] = False,
    app: Annotated[
        bool, typer.Option("--app", help="Sign no user in: the app's own connection, for what needs none.")
    ] = False,
    scope: Annotated[
        list[str] | None, typer.Option(metavar="SCOPE", help="Ask for this scope; may be repeated.")
    ] = None,
    for_block: Annotated[
        list[str] | None,
        typer.Option(
            "--for",
            metavar="BLOCK",
            help="Ask for what this block needs, besides what was granted before; may be repeated.",
            autocompletion=complete_block,
        ),
    ] = None,
    quota_mode: Annotated[
        QuotaMode, typer.Option(help="What the service lets your app call; auto finds out.")
    ] = "auto",
    account: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="The developer account of the app, where several apps of one share the day's calls."
        ),
    ] = None,
    paste: Annotated[
        bool, typer.Option("--paste", help="The browser is on another machine: paste the address it ends at.")
    ] = False,
    port: Annotated[
        int, typer.Option(help="Port on 127.0.0.1 that the browser comes back to; 0 for any.", min=0, max=65535)
    ] = 0,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Print the address only.")] = False,
    timeout: Annotated[
        float, typer.Option(metavar="SECONDS", callback=check_seconds, min=1, help="How long to wait for the browser.")
    ] = 300,
) -> None:
    """Sign in, and keep the connection for blocks to use."""
    from connector.auth.connection import DEFAULT_NAME, check_account
    from connector.auth.environment_secrets import variable_for
    from connector.cli.signing_in import Login, choose_credentials, choose_wishes
    from connector.cli.whoami import read_user

    if app and (pkce or scope or for_block or paste):
        raise WrongUsage("--app signs no user in: leave --pkce, --scope, --for and --paste out.")
    manifest = Manifest.load(context.obj)
    sign_in, store = open_connections(manifest)
    if app and sign_in.app_grant is None:
        raise WrongUsage(f"{sign_in.title} gives apps no token without a user.")
    if not store.is_lasting:
        raise WrongUsage(
            f"Connections are in {store.label} here, where none can be added: set CONNECTOR_STORE=file:PATH."
        )
    known = _load_known(store, name)
    # Nobody types a secret to hear then that something else was wrong.
    choose_wishes(manifest, known, scope or [], for_block or [])
    owner = check_account(account) if account else None
    credentials = choose_credentials(sign_in, known, client_id, client_secret, is_pkce=pkce)
    if app and credentials[1] is None:
        secret = variable_for(sign_in.secret_field)
        raise WrongUsage(f"--app needs the app's secret: give --client-secret, or set {secret}.")
    if known is not None and known.client_id != credentials[0]:
        known = None
    run = Login(
        manifest=manifest,
        sign_in=sign_in,
        store=store,
        name=name,
        client_id=credentials[0],
        client_secret=credentials[1],
        scopes=() if app else choose_wishes(manifest, known, scope or [], for_block or []),
        quota_mode=quota_mode,
        account=owner or (known.account if known else None),
        port=port,
        timeout_s=timeout,
        opens_browser=not no_browser,
    )
    try:
        connection = run.for_app() if app else run.by_pasting() if paste else run.by_loopback()
    except WrongUsage:
        raise
    except ConnectorError as failure:
        say(str(failure), style="red")
        raise typer.Exit(1) from None
    if app:
        say(f"The connection {name}, of the app without a user, is in {store.label}. It renews itself.", style="green")
        return
    count = len(connection.scopes or ())
    ends_at = connection.ends_at(sign_in.lifetime_days)
    end = "" if ends_at is None else f" It lasts until {datetime.fromtimestamp(ends_at, UTC):%Y-%m-%d}."
    user = read_user(manifest, sign_in, connection)
    who = f" as {user}" if user else ""
    scopes = f"{count} scope{'' if count == 1 else 's'}"
    say(f"Signed in{who}: the connection {name} with {scopes} is in {store.label}.{end}", style="green")
    if wanted := for_block[0] if for_block else sign_in.user_block:
        block = manifest.block(wanted)
        option = [] if name == DEFAULT_NAME else [f"--connection {name}"]
        say(f"Next: {' '.join([find_program(context), 'run', block.name, *find_example(block), *option])}")


def _load_known(store: Store, name: str) -> Connection | None:
    """The connection of that name; a damaged one is as good as none, for it is about to be replaced."""
    from connector.auth import StoreFailed, check_name
    from connector.auth.stores.store_within import StoreSilent

    check_name(name)
    with store.lock(name, LOCK_WAIT_S):
        try:
            return store.load(name)
        except StoreSilent:
            raise
        except StoreFailed:
            return None

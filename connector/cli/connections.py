"""The commands `connections` and `logout`. What they do is done in `connector.auth`."""

from __future__ import annotations

import math
import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from connector.cli.arguments import WrongUsage
from connector.cli.complete import complete_connection
from connector.cli.terminal import open_console, print_json, say, to_plain
from connector.errors import InvocationFailed
from connector.manifest.manifest import Manifest
from connector.wire.deadline import Deadline

if TYPE_CHECKING:
    from connector.auth import SignIn, Store

LOCK_WAIT_S: Final = 30.0
#: How long a store may take to open and to answer, in seconds: Redis is tried again for three.
STORE_WAIT_S: Final = 5.0
#: How long somebody has to unlock the keyring, in seconds.
_UNLOCK_S: Final = 60.0
_DAY_S: Final = 86_400


def connections(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead.")] = False,
) -> None:
    """List the connections: how old they are, how long they last, what they may do. Never their secrets."""
    sign_in, store = open_connections(Manifest.load(context.obj))
    rows = [describe_connection(sign_in, store, name) for name in store.names()]
    if as_json:
        print_json(rows)
    elif rows:
        _show(rows)
    else:
        say(f"There is no connection in {store.label}. Make one: {sign_in.program} login")
    for row in rows:
        if problem := row.get("problem"):
            say(problem, style="yellow")


def logout(
    context: typer.Context,
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            help="The connection's name.",
            show_default=False,
            autocompletion=complete_connection,
        ),
    ],
) -> None:
    """Remove a connection from this machine."""
    from connector.auth import check_name

    sign_in, store = open_connections(Manifest.load(context.obj))
    if not store.is_lasting:
        raise WrongUsage(f"Connections are in {store.label}: take it out there.")
    with store.lock(check_name(name), LOCK_WAIT_S):
        was_there = store.delete(name)
    if not was_there:
        known = ", ".join(store.names()) or "none"
        raise WrongUsage(f"There is no such connection in {store.label}; there is {known}.")
    say(
        f"The connection {name} is gone from {store.label}. {sign_in.title} still lists the app among those that may "
        "act for the user, until they remove it there."
    )


def open_connections(manifest: Manifest) -> tuple[SignIn, Store]:
    """How one signs in, and the store of connections, which answers in time. Raises `WrongUsage` where there is no
    sign-in, `StoreFailed` for a store that can't be used."""
    from connector.auth import SignIn

    sign_in = SignIn.from_manifest(manifest)
    if sign_in is None:
        raise WrongUsage("This manifest's service has no sign-in.")
    return sign_in, open_timely(sign_in.program)


def open_timely(package: str, within_s: float = math.inf) -> Store:
    """The store of connections, which opens and answers within `within_s` seconds and sooner. Raises `StoreFailed`."""
    from connector.auth import open_store
    from connector.auth.stores.keyring_store import KeyringStore
    from connector.auth.stores.timely_store import TimelyStore

    store = open_store(package=package, deadline=Deadline(min(STORE_WAIT_S, within_s)))
    is_keyring = isinstance(store, KeyringStore)
    return TimelyStore(store, min(find_patience() if is_keyring else STORE_WAIT_S, within_s))


def find_patience() -> float:
    """How long a keyring is waited for, in seconds: whoever sits here may be asked to unlock it."""
    return _UNLOCK_S if sys.stdin.isatty() else STORE_WAIT_S


def describe_connection(sign_in: SignIn, store: Store, name: str) -> dict[str, Any]:
    """What may be shown of a connection: `name`, `state`, and where it can be read `age_days`, `days_left`, `scopes`,
    `quota_mode` and `proof`; `problem` says in words what is wrong with it."""
    from connector.auth import StoreFailed
    from connector.auth.stores.store_within import StoreSilent

    try:
        connection = store.load(name)
    except StoreSilent:
        # The others' turn would take as long.
        raise
    except StoreFailed as problem:
        return {"name": name, "state": "unreadable", "problem": str(problem)}
    except InvocationFailed as problem:
        # What is in the store and isn't ours may be called anything.
        shown = to_plain(name.encode("utf-8", "backslashreplace").decode())
        return {"name": shown, "state": "unreadable", "problem": f"{shown} in {store.label} is not ours. {problem}"}
    now = time.time()
    if connection is None:
        return {"name": name, "state": "gone"}
    signed_in_at = connection.signed_in_at
    days_left = connection.days_left(sign_in.lifetime_days, now)
    warning = sign_in.warn(connection, now)
    if connection.refused_token is not None:
        state = "refused"
        warning = (
            f"{name} is no longer accepted. Sign in again: {sign_in.describe_command(name, is_app=connection.is_app)}"
        )
    elif connection.refresh_token is None and not connection.is_app:
        state = "not refreshable" if connection.is_alive(now) else "ended"
    else:
        state = "ends soon" if warning else "ready"
    return {
        "name": name,
        "state": state,
        "age_days": None if signed_in_at is None else max(0, int((now - signed_in_at) // _DAY_S)),
        "days_left": days_left,
        "signed_in": None
        if signed_in_at is None
        else datetime.fromtimestamp(signed_in_at, UTC).isoformat("T", "seconds"),
        "scopes": None if connection.scopes is None else list(connection.scopes),
        "quota_mode": connection.quota_mode,
        **({"account": connection.account} if connection.account else {}),
        "proof": "app only" if connection.is_app else "PKCE" if connection.client_secret is None else "client secret",
        **({"problem": warning} if warning else {}),
    }


def _show(rows: list[dict[str, Any]]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
    for title in ("name", "state", "age", "days left", "quota mode", "proof", "scopes"):
        table.add_column(title, no_wrap=title != "scopes", justify="right" if title == "days left" else "left")
    for row in rows:
        age, days, scopes = row.get("age_days"), row.get("days_left"), row.get("scopes")
        table.add_row(
            row["name"],
            Text(row["state"], "" if row["state"] == "ready" else "yellow"),
            "" if age is None else f"{age} day{'' if age == 1 else 's'}",
            "" if days is None else str(days),
            row.get("quota_mode", ""),
            row.get("proof", ""),
            "unknown" if scopes is None else " ".join(scopes) or "none",
        )
    open_console().print(table)

"""The command `doctor`: what stands between this computer and a block that works, with what to do about each thing."""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict
from email.utils import parsedate_to_datetime
from typing import Annotated, Final
from urllib.parse import urlsplit

import typer

from connector.auth import SignIn, Store, find_default
from connector.auth.stores.keyring_store import has_keyring
from connector.cli.connections import STORE_WAIT_S, describe_connection, open_timely
from connector.cli.doctor_triggers import look_at_polls, look_at_subscriptions, look_at_triggers
from connector.cli.findings import Finding, Mark
from connector.cli.help_screens import Screen
from connector.cli.terminal import find_program, open_console, print_json, to_plain
from connector.errors import ConnectorError, InvocationFailed, tell_wait
from connector.limits.budget_places import read_daily_calls
from connector.limits.day_budget import DAILY_CALLS
from connector.limits.shared_redis import REDIS_URL, open_redis
from connector.manifest.manifest import Manifest
from connector.version import __version__
from connector.wire.deadline import Deadline

_LOOK_S: Final = 10.0
#: How far a clock may be off before tokens seem to end at other times than they do, in seconds.
_CLOCK_S: Final = 30
_RUNNER: Final = "http://127.0.0.1:8800"
_COLOURS: Final = {"ok": "green", "note": "yellow", "bad": "red"}


def add_doctor(app: typer.Typer) -> None:
    """Adds the command to `app`."""
    app.command(cls=Screen)(doctor)


def doctor(
    context: typer.Context,
    connection: Annotated[
        str | None, typer.Option(metavar="NAME", help="The connection to look at.", show_default="default")
    ] = None,
    runner: Annotated[str, typer.Option(metavar="URL", help="Where a runner should be.")] = _RUNNER,
    offline: Annotated[bool, typer.Option("--offline", help="Ask the service nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead.")] = False,
) -> None:
    """Look at what blocks and triggers need here, and say what to do. Prints no secret; costs one call at most."""
    manifest = Manifest.load(context.obj)
    findings = list(_look(manifest, connection, runner, find_program(context), offline=offline))
    if as_json:
        print_json([asdict(finding) for finding in findings])
    else:
        _show(findings)
    if any(finding.mark == "bad" for finding in findings):
        raise typer.Exit(1)


def _look(manifest: Manifest, name: str | None, runner: str, program: str, *, offline: bool) -> Iterator[Finding]:
    system = f"Python {platform.python_version()} on {platform.system()} {platform.release()}"
    yield Finding("ok", "version", f"{__version__}, {system}")
    yield Finding("ok", "manifest", f"{manifest.package.get('name', '')}, {len(manifest)} blocks")
    yield from _look_at_network(manifest, offline=offline)
    sign_in = SignIn.from_manifest(manifest)
    if sign_in is None:
        yield Finding("ok", "sign-in", "this service has none")
    else:
        yield from _look_at_connection(manifest, sign_in, name, program, offline=offline)
    yield from _tried("calls a day", lambda: _look_at_budget(manifest))
    yield from _tried("redis", _look_at_redis)
    if manifest.data.get("triggers"):
        yield from _tried("polls", lambda: look_at_polls(manifest))
        yield from _tried("subscriptions", lambda: look_at_subscriptions(manifest))
    yield _look_at_runner(runner, program)


def _tried(what: str, look: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """What `look` finds; what can't be used is a finding too."""
    try:
        yield from look()
    except ConnectorError as problem:
        yield Finding("bad", what, to_plain(str(problem)))


def _look_at_network(manifest: Manifest, *, offline: bool) -> Iterator[Finding]:
    from connector.wire.proxies import find_proxy
    from connector.wire.trust import VARIABLES, SettingError

    bundle = next((name for name in VARIABLES if os.environ.get(name)), None)
    yield Finding(
        "ok", "CA bundle", f"{os.environ[bundle]} ({bundle})" if bundle else "the one that comes with requests"
    )
    name, url = next((name, url) for name, url in manifest.servers.items() if manifest.auth[name])
    url = manifest.locate_servers({})[name]
    host = urlsplit(url).hostname
    try:
        proxy = find_proxy(url)
    except SettingError as problem:
        yield Finding("bad", "proxy", to_plain(str(problem)))
        return
    yield Finding("ok", "proxy", f"{urlsplit(proxy.url).hostname} for {host}" if proxy else f"none for {host}")
    if not offline:
        yield _look_at_clock(name, url)


def _look_at_clock(name: str, url: str) -> Finding:
    from connector.wire.request import Request
    from connector.wire.transport import Transport

    transport = Transport({name: url}, f"connector/{__version__}", 1)
    try:
        response = transport.send(Request("GET", name, "/"), Deadline(_LOOK_S))
    except InvocationFailed as failure:
        return Finding("bad", "service", to_plain(str(failure)), "Look at the network, the proxy and the CA bundle.")
    finally:
        transport.close()
    with suppress(TypeError, ValueError):
        off = time.time() - parsedate_to_datetime(response.headers["Date"]).timestamp()
        if abs(off) <= _CLOCK_S:
            return Finding("ok", "clock", f"as the service's at {urlsplit(url).hostname}")
        way = "ahead of" if off > 0 else "behind"
        return Finding("bad", "clock", f"{tell_wait(abs(off))} {way} the service's", "Set it by the network (NTP).")
    return Finding("note", "clock", f"{urlsplit(url).hostname} answers without a date")


def _look_at_connection(
    manifest: Manifest, sign_in: SignIn, name: str | None, program: str, *, offline: bool
) -> Iterator[Finding]:
    try:
        store = open_timely(manifest.command, STORE_WAIT_S)
        names = store.names()
        name = name or find_default(manifest.command, STORE_WAIT_S)
    except ConnectorError as problem:
        yield Finding(
            "bad", "store", to_plain(str(problem)), "CONNECTOR_STORE chooses another: keyring, file, file:PATH."
        )
        return
    count = f"{len(names)} connection{'' if len(names) == 1 else 's'}"
    yield Finding("ok", "store", f"{to_plain(store.label)}, {count}")
    yield Finding("ok", "keyring", "there is one" if has_keyring() else "none here; connections can be in files")
    if name is None or name not in names:
        shown = f"there is no {to_plain(name)}" if name else "none is called default"
        known = f"; there is {', '.join(map(to_plain, names))}" if names else ""
        yield Finding(
            "bad", "connection", shown + known, f"Sign in: {program} login" + (f" --name {name}" if name else "")
        )
        return
    yield from _describe(manifest, sign_in, store, name, offline=offline)


def _describe(manifest: Manifest, sign_in: SignIn, store: Store, name: str, *, offline: bool) -> Iterator[Finding]:
    row = describe_connection(sign_in, store, name)
    days = row.get("days_left")
    left = "" if days is None else f", {days} day{'' if days == 1 else 's'} left"
    mark: Mark = "ok" if row["state"] == "ready" else "note" if row["state"] == "ends soon" else "bad"
    yield Finding(mark, "connection", f"{to_plain(name)}: {row['state']}{left}", to_plain(row.get("problem", "")))
    if row["state"] in ("unreadable", "gone"):
        return
    yield Finding("ok", "quota mode", "not known before a call" if row["quota_mode"] == "auto" else row["quota_mode"])
    known, granted = set(manifest.data.get("scopes", {})), row["scopes"]
    if granted is None:
        yield Finding("note", "scopes", "not known")
    elif lacking := sorted(known - set(granted)):
        yield Finding(
            "note",
            "scopes",
            f"{len(granted)} granted, without {', '.join(lacking)}",
            "Only blocks that need these are closed.",
        )
    else:
        yield Finding("ok", "scopes", f"all {len(granted)}")
    yield from look_at_triggers(manifest, granted)
    connection = None if offline or mark == "bad" or row["proof"] == "app only" else store.load(name)
    if connection is not None:
        from connector.cli.whoami import read_user

        user = read_user(manifest, sign_in, connection)
        told = f"the service knows you as {user}" if user else "the service doesn't say who that is"
        advice = "" if user else f"Run {sign_in.user_block} to see why."
        yield Finding("ok" if user else "bad", "signed in", told, advice)


def _look_at_budget(manifest: Manifest) -> Iterator[Finding]:
    most = read_daily_calls()
    found = f"no more than {most}" if most else f"not counted: {DAILY_CALLS} is not set"
    yield Finding("ok", "calls a day", found, f"{manifest.command} usage tells what was used." if most else "")


def _look_at_redis() -> Iterator[Finding]:
    if not os.environ.get(REDIS_URL):
        yield Finding("ok", "redis", f"not used: {REDIS_URL} is not set")
        return
    redis = open_redis(os.environ[REDIS_URL])
    from redis.exceptions import RedisError

    started = time.monotonic()
    try:
        redis.ping()
    except RedisError as problem:
        raise ConnectorError(f"It doesn't answer where {REDIS_URL} says ({type(problem).__name__}).") from None
    yield Finding("ok", "redis", f"answers in {(time.monotonic() - started) * 1000:.0f} ms")


def _look_at_runner(url: str, program: str) -> Finding:
    import requests

    try:
        with requests.Session() as session:
            # No proxy: a palette on this computer has none either.
            session.trust_env = False
            answer = session.get(f"{url.rstrip('/')}/readyz", timeout=2)
    except (requests.RequestException, ValueError):
        return Finding("ok", "runner", f"none at {url}", f"Palettes need one: {program} serve")
    if answer.ok:
        return Finding("ok", "runner", f"{url} is ready")
    return Finding("note", "runner", f"{url} answers {answer.status_code}", "The runner's log says why.")


def _show(findings: list[Finding]) -> None:
    console = open_console()
    for finding in findings:
        console.print(f"{finding.mark:<5}{finding.what:<15}", style=_COLOURS[finding.mark], end="")
        console.print(finding.found, soft_wrap=True)
        if finding.advice:
            console.print(f"{'':20}{finding.advice}", soft_wrap=True)
    sys.stdout.flush()

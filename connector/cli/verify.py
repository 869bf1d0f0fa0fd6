"""The command `verify`: the blocks against the real service, with the user's own account, and a report for an issue."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from connector.auth import Store, find_default
from connector.cli.arguments import WrongUsage
from connector.cli.complete import complete_connection
from connector.cli.connections import STORE_WAIT_S, open_timely
from connector.cli.invoking import has_sandbox
from connector.cli.terminal import find_program, say
from connector.errors import InvocationFailed, tell_refusal
from connector.manifest.manifest import Manifest
from connector.manifest.routes import QuotaMode
from connector.runners.environment import open_limits
from connector.way.connector import Connector

if TYPE_CHECKING:
    from connector.verifying.survey import Finding

VERIFY_NOTES = (
    "The report names blocks, routes, kinds of error, and where an answer differs from its schema, by path and type: "
    "no value of an answer, nothing of the account. Exit status: 0 where all is as declared, 1 where something isn't."
)


def verify(
    context: typer.Context,
    connection: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Whose account; see login.", show_default=False, autocompletion=complete_connection
        ),
    ] = None,
    writes: Annotated[
        bool, typer.Option("--writes", help="Write too, to something that is made for it and removed again.")
    ] = False,
    sandbox: Annotated[bool, typer.Option("--sandbox", help="Let a sandbox on this machine answer.")] = False,
    plan: Annotated[bool, typer.Option("--plan", help="Say what would be run, and call nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask before the first call.")] = False,
    quota_mode: Annotated[
        QuotaMode, typer.Option(help="What the service lets your app call; auto finds out.")
    ] = "auto",
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where the report goes.")] = Path("verify.md"),
) -> None:
    """Run every reading block with your own account, and write a report without personal data."""
    from connector.verifying.report import tell_outcome, write_report
    from connector.verifying.survey import Survey, make_plan

    if sandbox and connection:
        raise WrongUsage("--sandbox has tokens of its own, which no --connection fits: choose one.")
    manifest = Manifest.load(context.obj)
    if sandbox and not has_sandbox(manifest):
        raise WrongUsage("The sandbox stands in for another service than this manifest's.")
    planned = make_plan(manifest, writes=writes)
    say(f"{len(planned.blocks)} blocks, so {len(planned.blocks)} calls, {planned.most_calls} at most.")
    if plan:
        for block in planned.blocks:
            typer.echo(block.name)
        return
    with ExitStack() as stack:
        store, scopes, secrets, servers = None, None, {}, None
        if sandbox:
            from connector.sandbox import Sandbox

            mode = "extended" if quota_mode == "extended" else "development"
            running = stack.enter_context(Sandbox(quota_mode=mode))
            secrets, servers = running.demo_args, running.servers
        else:
            connection = connection or find_default(manifest.command, STORE_WAIT_S)
            store, scopes = _open(manifest, connection, find_program(context))
            if sys.stdin.isatty() and not yes:
                typer.confirm("Go on?", abort=True, err=True)
        # Better known before the first call than after the last.
        _write(out, "")
        connector = stack.enter_context(
            Connector(
                manifest,
                servers=servers,
                store=store,
                connection=connection,
                quota_mode=quota_mode,
                **open_limits(manifest, is_sandbox=sandbox),
            )
        )

        def tell(finding: Finding) -> None:
            say(f"{finding.block}: {tell_outcome(finding)}", style="dim" if finding.is_good else "yellow")

        survey = Survey(connector, secrets, tell)
        survey.run(planned)
    day = datetime.now(UTC).strftime("%Y-%m-%d")
    report = write_report(manifest, survey, quota_mode=quota_mode, scopes=scopes, is_sandbox=sandbox, day=day)
    _write(out, report)
    if survey.stopped_because:
        say(survey.stopped_because, style="red")
    if survey.is_left:
        say("What was made to be written to is still there: remove it by hand.", style="red")
    good = sum(finding.is_good for finding in survey.findings)
    calls = sum(finding.calls for finding in survey.findings)
    made = f"{calls} call{'' if calls == 1 else 's'}"
    say(f"{good} of {len(planned.blocks)} blocks as declared, {made}. Read {out} before you attach it.")
    if good < len(planned.blocks):
        raise typer.Exit(1)


def _write(out: Path, text: str) -> None:
    try:
        out.write_text(text, "utf-8")
    except OSError as problem:
        raise WrongUsage(f"{out} can't be written: {tell_refusal(problem)} (--out).") from None


def _open(manifest: Manifest, connection: str | None, program: str) -> tuple[Store, Any]:
    """The store that the connection is in, and the scopes that were granted to it. Raises `WrongUsage` where there is
    no such connection."""
    name = connection or "NAME"
    store = open_timely(manifest.command)
    try:
        found = store.load(connection) if connection else None
    except InvocationFailed as failure:
        raise WrongUsage(str(failure)) from None
    if found is None:
        raise WrongUsage(f"Nobody is signed in as {name}: {program} login --name {name}, then --connection {name}.")
    return store, found.scopes

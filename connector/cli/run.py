"""The command `run`. What it does is done in `connector.cli.invoking`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from connector.cli.arguments import WrongUsage, check_seconds, parse_pairs, read_json_args
from connector.cli.complete import complete_block, complete_connection, complete_field, complete_server
from connector.cli.terminal import find_program
from connector.manifest.manifest import Manifest
from connector.manifest.routes import QuotaMode
from connector.manifest.schema_parts import find_file

if TYPE_CHECKING:
    from connector.cli.invoking import Form

#: Of blocks made of others: only the plan is wanted.
_PLAN_FIELD: Final = "dry_run"
# Typer ends a line wherever the text does, so a paragraph is one line.
RUN_NOTES = (
    "A secret that is not among the fields is taken from the environment: CONNECTOR_ and the field's name in "
    "capitals, such as CONNECTOR_ACCESS_TOKEN or CONNECTOR_CLIENT_ID, so that it stays out of the shell's history.\n\n"
    "The output goes to standard output, everything else to standard error. Exit status: 0 for a result, 1 for an "
    "error result, 2 for wrong usage."
)


def run(
    context: typer.Context,
    block: Annotated[
        str, typer.Argument(metavar="BLOCK", help="A block's name.", autocompletion=complete_block, show_default=False)
    ],
    fields: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FIELD=VALUE",
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
    text: Annotated[bool, typer.Option("--text", help="Print the file that the block makes, alone.")] = False,
    timeout: Annotated[
        float,
        typer.Option(
            metavar="SECONDS", callback=check_seconds, min=0.001, help="Longest time without a finished request."
        ),
    ] = 60,
    deadline: Annotated[
        float | None,
        typer.Option(metavar="SECONDS", callback=check_seconds, min=0.001, help="Bound on the whole invocation."),
    ] = None,
    max_wait: Annotated[
        float,
        typer.Option(metavar="SECONDS", callback=check_seconds, min=0, help="Longest single wait for a rate limit."),
    ] = 30,
    quota_mode: Annotated[
        QuotaMode, typer.Option(help="What the service lets your app call; auto finds out.")
    ] = "auto",
    connection: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Use this connection's token; see login.",
            show_default=False,
            autocompletion=complete_connection,
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would be written, and write nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask before most of a list is taken off.")] = False,
    server: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=URL", help="Where a server is; may be repeated.", autocompletion=complete_server),
    ] = None,
) -> None:
    """Run a block and print its output."""
    from connector.cli.invoking import Invocation

    if sum((table, ndjson, envelope, text)) > 1:
        raise WrongUsage("--table, --ndjson, --envelope and --text are four forms of the output: choose one.")
    if "=" in block:
        # Nothing of it is repeated: it may be a secret that was meant for a field.
        raise WrongUsage("The block's name comes first, then its fields: run BLOCK FIELD=VALUE.")
    if sandbox and connection:
        raise WrongUsage("--sandbox has tokens of its own, which no --connection fits: choose one.")
    if sandbox and server:
        raise WrongUsage("--sandbox and --server both say who answers: choose one.")
    manifest = Manifest.load(context.obj)
    if block in manifest.data.get("triggers", {}):
        raise WrongUsage(f"{block} is a trigger: {find_program(context)} poll {block}")
    chosen = manifest.block(block)
    if text and find_file(chosen.output_schema) is None:
        raise WrongUsage(f"{chosen.name} makes no file: leave --text out.")
    if dry_run and _PLAN_FIELD not in chosen.fields:
        raise WrongUsage(f"{chosen.name} makes no plan: leave --dry-run out.")
    plans = {_PLAN_FIELD: True} if dry_run else {}
    invocation = Invocation(
        manifest=manifest,
        block=chosen,
        given={**read_json_args(args), **parse_pairs(fields or []), **plans},
        servers=parse_pairs(server or [], "NAME=URL"),
        quota_mode=quota_mode,
        timeout=timeout,
        deadline=deadline,
        max_wait=max_wait,
        connection=connection,
        form=_choose_form(table=table, ndjson=ndjson, envelope=envelope, text=text),
        program=find_program(context),
        is_agreed=yes,
    )
    if not (invocation.run_in_sandbox() if sandbox else invocation.run()):
        raise typer.Exit(1)


def _choose_form(*, table: bool, ndjson: bool, envelope: bool, text: bool) -> Form:
    from connector.cli.invoking import Form

    if text:
        return Form.TEXT
    return Form.TABLE if table else Form.LINES if ndjson else Form.ENVELOPE if envelope else Form.JSON

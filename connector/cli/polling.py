"""The commands `triggers`, `poll` and `watch`. What they do is done in `connector.cli.looking`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from connector.cli.arguments import WrongUsage, check_seconds, parse_pairs, parse_time
from connector.cli.complete import complete_connection
from connector.cli.help_screens import Screen
from connector.cli.terminal import find_program, open_console, print_json
from connector.errors import ConnectorError
from connector.manifest.blocks import Block
from connector.manifest.manifest import Manifest
from connector.manifest.triggers import describe_trigger, find_trigger, iter_triggers

POLL_NOTES = (
    "Events go to standard output, one JSON a line, the oldest first; everything else to standard error. The state is "
    "written after the events: what comes twice after a crash has the same id. Exit status: 0 for a look that went "
    "well, 1 for an error, 2 for wrong usage."
)


def _complete_trigger(context: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    return [(name, form.title) for name, form in _load_forms(context).items() if name.startswith(incomplete)]


def _complete_word(context: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """The fields of the trigger that was named last, and further triggers."""
    return [*_complete_field(context, incomplete), *_complete_trigger(context, incomplete)]


def _complete_field(context: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    typed = [context.params.get("trigger") or "", *(context.params.get("words") or ())]
    form = _load_forms(context).get([word for word in typed if "=" not in word][-1])
    fields = form.fields.values() if form else ()
    return [(f"{field.name}=", field.title) for field in fields if f"{field.name}=".startswith(incomplete)]


def _load_forms(context: typer.Context) -> dict[str, Block]:
    """The triggers' forms by name; none where the manifest can't be used, for the command itself is to say so."""
    try:
        manifest = Manifest.load(context.find_root().params.get("manifest"))
        return {trigger.name: trigger.form for trigger in iter_triggers(manifest)}
    except ConnectorError:
        return {}


TriggerName = Annotated[
    str,
    typer.Argument(metavar="TRIGGER", help="A trigger's name.", autocompletion=_complete_trigger, show_default=False),
]
Fields = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[FIELD=VALUE]...",
        help="The trigger's fields, such as also_last=3.",
        autocompletion=_complete_field,
        show_default=False,
    ),
]
Words = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[FIELD=VALUE|TRIGGER]...",
        help="Its fields, such as also_last=3, and further triggers, each with its own fields behind it.",
        autocompletion=_complete_word,
        show_default=False,
    ),
]
Connection = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="Use this connection's token; see login.",
        show_default=False,
        autocompletion=complete_connection,
    ),
]
InSandbox = Annotated[
    bool, typer.Option("--sandbox", help="Let a sandbox on this machine answer; no account is needed.")
]


def add_polling(app: typer.Typer) -> None:
    """Adds the commands to `app`."""
    app.command(cls=Screen)(triggers)
    app.command(cls=Screen, epilog=POLL_NOTES)(poll)
    app.command(cls=Screen, epilog=POLL_NOTES)(watch)


def triggers(
    context: typer.Context, as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead.")] = False
) -> None:
    """List the triggers: what can be looked at for changes."""
    from connector.cli.show import show_blocks

    found = sorted(iter_triggers(Manifest.load(context.obj)), key=lambda trigger: trigger.form.group)
    if as_json:
        print_json([describe_trigger(trigger) for trigger in found])
    else:
        show_blocks(open_console(), [each.form for each in found], {each.name: each.closed for each in found})


def poll(
    context: typer.Context,
    trigger: TriggerName,
    fields: Fields = None,
    state: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Go on from the state in this file, and keep the next one there."),
    ] = None,
    connection: Connection = None,
    sandbox: InSandbox = False,
    deadline: Annotated[
        float | None,
        typer.Option(metavar="SECONDS", callback=check_seconds, min=0.001, help="Bound on the whole look."),
    ] = None,
) -> None:
    """Look once at what has changed."""
    _look(context, trigger, fields, connection, sandbox, store=state, deadline=deadline)


def watch(
    context: typer.Context,
    trigger: TriggerName,
    words: Words = None,
    state: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE|FOLDER", help="Go on from the state in this file, or from each trigger's in this folder."
        ),
    ] = None,
    every: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="Time between two looks: 300, 5m, 1h.", show_default="as calls allow"),
    ] = None,
    command: Annotated[
        str | None,
        typer.Option("--exec", metavar="COMMAND", help="Run this for each event, which it gets as JSON on its input."),
    ] = None,
    webhook: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="Post each event there as a CloudEvent, signed with CONNECTOR_WEBHOOK_SECRET.",
            show_default=False,
        ),
    ] = None,
    connection: Connection = None,
    sandbox: InSandbox = False,
) -> None:
    """Look on and on, until Ctrl-C, at one trigger or at several."""
    if command is not None and webhook is not None:
        raise WrongUsage("--exec and --webhook are two ways to hand an event on: choose one.")
    every_s = None if every is None else parse_time(every)
    first, *others = _split(trigger, words or [])
    how: dict[str, Any] = {"every": every_s, "command": command, "webhook": webhook, "is_endless": True}
    _look(context, *first, connection, sandbox, store=state, others=others, **how)


def _split(trigger: str, words: list[str]) -> list[tuple[str, list[str]]]:
    """Each trigger with its fields: a word without `=` is a trigger, and those behind it are its."""
    found: list[tuple[str, list[str]]] = [(trigger, [])]
    for word in words:
        if "=" in word:
            found[-1][1].append(word)
        else:
            found.append((word, []))
    return found


def _look(
    context: typer.Context,
    name: str,
    fields: list[str] | None,
    connection: str | None,
    in_sandbox: bool,
    *,
    store: Path | None,
    others: Sequence[tuple[str, list[str]]] = (),
    deadline: float | None = None,
    **more: Any,
) -> None:
    from connector.cli.invoking import Form
    from connector.cli.looking import Look, choose_stores

    if in_sandbox and connection:
        raise WrongUsage("--sandbox has tokens of its own, which no --connection fits: choose one.")
    manifest = Manifest.load(context.obj)
    named = [
        (find_trigger(manifest, each), parse_pairs(words)) for each, words in ((name, list(fields or ())), *others)
    ]
    first, *beside = [
        Look(
            manifest=manifest,
            block=trigger.form,
            given=given,
            servers={},
            quota_mode="auto",
            timeout=60,
            deadline=deadline,
            max_wait=30,
            connection=connection,
            form=Form.JSON,
            program=find_program(context),
            store=file,
            **more,
        )
        for (trigger, given), file in zip(named, choose_stores(store, named), strict=True)
    ]
    wanted = replace(first, others=tuple(beside))
    if not (wanted.run_in_sandbox() if in_sandbox else wanted.run()):
        raise typer.Exit(1)

"""The command `export`, which writes what a workflow builder installs or reads."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from connector.cli.arguments import WrongUsage
from connector.cli.help_screens import Screen
from connector.cli.terminal import say
from connector.export import EXPORTS, load_exporter
from connector.manifest.manifest import Manifest
from connector.manifest.yaml_file import locate_manifest


def add_export(app: typer.Typer) -> None:
    """Adds the command to `app`."""
    app.command("export", cls=Screen)(_export)


def _export(
    context: typer.Context,
    target: Annotated[
        str,
        typer.Argument(
            metavar="|".join(EXPORTS),
            help="What to write.",
            autocompletion=lambda: list(EXPORTS),
            show_default=False,
        ),
    ],
    out: Annotated[Path, typer.Option(metavar="DIR", help="The folder to write to.", show_default=False)],
) -> None:
    """Write a palette for a workflow builder, or the OpenAPI description.

    The same manifest gives the same bytes. A palette is a whole npm package: install the folder, or pack it first.

    A palette wants an empty folder, or one that it was written to before. Files that an earlier export wrote are
    replaced or removed; all others are left alone, and what is in the way is named.
    """
    if target not in EXPORTS:
        raise WrongUsage(f"There is no export {target}; there are {', '.join(EXPORTS)}.")
    from connector.lint import check_manifest

    path = locate_manifest(context.obj)
    findings = check_manifest(path)
    if findings:
        for finding in findings:
            say(str(finding))
        raise WrongUsage(f"{path} is not sound, so nothing is written: mend it until `check` has nothing to say.")
    written = load_exporter(target)(Manifest.load(path), out)
    total = sum(path.stat().st_size for path in written)
    files = f"{len(written)} {'file' if len(written) == 1 else 'files'}"
    say(f"{files} ({total / 1000:,.0f} kB) written to {out}.")

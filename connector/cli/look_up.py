"""The commands `blocks` and `describe`, which show what the manifest declares."""

from __future__ import annotations

from typing import Annotated

import typer

from connector.cli.arguments import WrongUsage
from connector.cli.complete import complete_described, complete_group
from connector.cli.terminal import find_program, open_console, print_json
from connector.manifest.manifest import Manifest
from connector.manifest.triggers import describe_trigger, find_trigger

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead.")]


def blocks(
    context: typer.Context,
    group: Annotated[str | None, typer.Option(help="Only this group.", autocompletion=complete_group)] = None,
    as_json: AsJson = False,
) -> None:
    """List the blocks; with --json the marketplace's metadata document."""
    from connector.cli.show import show_blocks
    from connector.manifest.documents import build_metadata

    manifest = Manifest.load(context.obj)
    if group and group.lower() not in map(str.lower, manifest.groups):
        raise WrongUsage(f"There is no group {group}; there are {', '.join(manifest.groups)}.")
    chosen = [block for block in manifest if group is None or block.group.lower() == group.lower()]
    if as_json:
        names = {block.name for block in chosen}
        document = build_metadata(manifest)
        print_json({**document, "blocks": [block for block in document["blocks"] if block["name"] in names]})
    else:
        show_blocks(open_console(), chosen, {block.name: block.closed for block in chosen})


def describe(
    context: typer.Context,
    block: Annotated[
        str,
        typer.Argument(
            metavar="BLOCK",
            help="A block's or a trigger's name.",
            autocompletion=complete_described,
            show_default=False,
        ),
    ],
    as_json: AsJson = False,
) -> None:
    """Show a block's form; with --json its schemas, scopes, routes and quota in one document."""
    from connector.cli.show import show_block, show_trigger
    from connector.manifest.documents import build_description

    manifest = Manifest.load(context.obj)
    if block in manifest.data.get("triggers", {}):
        trigger = find_trigger(manifest, block)
        if as_json:
            print_json(describe_trigger(trigger))
        else:
            show_trigger(open_console(), trigger, find_program(context))
        return
    found = manifest.block(block)
    if as_json:
        print_json(build_description(found))
    else:
        show_block(open_console(), found, find_program(context))

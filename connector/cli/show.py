"""What a person sees of a manifest: a table of blocks, a block's form."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from connector.arguments.wording import describe_fit
from connector.auth.environment_secrets import variable_for
from connector.cli.example import find_example, write_word
from connector.errors import tell_wait
from connector.manifest.beforehand import tell_beforehand
from connector.manifest.blocks import Block, Field
from connector.manifest.closed_blocks import describe_closing, tell_closed
from connector.manifest.field_rules import tell_rules
from connector.manifest.output_texts import tell_output
from connector.manifest.routes import Route
from connector.manifest.scope_needs import tell_needs
from connector.manifest.triggers import Trigger

#: Columns below which a description has no room beside a field's name and type.
_NARROW: Final = 70
#: Columns that a title needs beside the longest name.
_LEAST_TEXT: Final = 24


def show_blocks(console: Console, blocks: Sequence[Block], closed: Mapping[str, Mapping[str, str]]) -> None:
    """A list of `blocks`, or forms of triggers, under the names of their groups; where it is narrow, what each does
    stands below it. `closed` has by name the modes to which it is closed, and since when."""
    column = max((len(block.name) for block in blocks), default=0) + 4
    is_narrow = console.width < column + _LEAST_TEXT
    for group, members in groupby(blocks, lambda block: block.group):
        console.print(group, style="bold")
        for block in members:
            since = closed[block.name].get("development")
            told = Text.assemble(block.title, (f"  closed to new apps since {since}", "yellow") if since else "")
            if is_narrow:
                console.print(f"  {block.name}")
                console.print(Padding(told, (0, 0, 0, 6)))
            else:
                row = Table.grid()
                row.add_column(width=column, no_wrap=True)
                row.add_column()
                row.add_row(f"  {block.name}", told)
                console.print(row)


def show_block(console: Console, block: Block, program: str) -> None:
    """A block as a form: what it does, its fields, and how it is done. `program` is what the user calls this one."""
    console.print(Text.assemble((block.name, "bold"), f"  {block.title}", (f"  {block.group}", "dim")))
    console.print(block.description)
    if closed := tell_beforehand(block):
        console.print(Padding(Text("\n".join(closed), "yellow"), (1, 0, 0, 2)))
    console.print()
    _show_fields(console, block)
    if rules := tell_rules(block):
        console.print(f"\n{' '.join(rules)}")
    console.print()
    facts = Table.grid(padding=(0, 2))
    facts.add_column(style="bold")
    facts.add_column()
    for name, value in _iter_facts(block):
        facts.add_row(name, value)
    console.print(facts)
    words = [program, "run", block.name, *find_example(block)]
    # To be copied whole, so it is broken nowhere.
    console.print(Text(f"\n  {' '.join(words)}"), soft_wrap=True)


def show_trigger(console: Console, trigger: Trigger, program: str) -> None:
    """A trigger as a form: what it tells, its fields, and how often it is worth a look."""
    form = trigger.form
    console.print(Text.assemble((form.name, "bold"), f"  {form.title}", (f"  {form.group}", "dim")))
    console.print(form.description)
    if closed := tell_closed(form, trigger.closed):
        console.print(Padding(Text("\n".join(closed), "yellow"), (1, 0, 0, 2)))
    console.print()
    _show_fields(console, form)
    console.print()
    facts = Table.grid(padding=(0, 2))
    facts.add_column(style="bold")
    facts.add_column()
    facts.add_row("watches", trigger.block.name)
    if form.scope_needs:
        facts.add_row("scopes", tell_needs(form.scope_needs))
    facts.add_row("pace", f"a look each {tell_wait(trigger.every)}, as far as the day's calls allow")
    cost = trigger.cost
    if cost.change == cost.quiet:
        facts.add_row("costs", cost.quiet)
    else:
        facts.add_row("costs", f"{cost.quiet} while nothing happens; when something did:")
        facts.add_row("", cost.change)
    facts.add_row("state", cost.state)
    console.print(facts)
    words = [program, "poll", form.name, *find_example(form), "--state", "state.json"]
    console.print(Text(f"\n  {' '.join(words)}"), soft_wrap=True)


def _show_fields(console: Console, block: Block) -> None:
    if console.width < _NARROW:
        for field in block.fields.values():
            console.print(
                Text.assemble((field.name, "bold"), f"  {field.type}", "  required" if field.required else "")
            )
            console.print(Padding(_explain(block, field), (0, 0, 0, 4)))
        return
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("field", "type", "", "what it is"):
        table.add_column(heading, no_wrap=heading != "what it is")
    for field in block.fields.values():
        required = Text("required" if field.required else "", "bold")
        table.add_row(field.name, field.type, required, _explain(block, field))
    console.print(table)


def _explain(block: Block, field: Field) -> Text:
    text = Text(field.description)
    notes = []
    if fits := describe_fit(field.schema):
        notes.append(f"Fits: {fits}.")
    if field.choices:
        notes.append(f"{field.choices.block} lists them.")
    if (default := field.schema.get("default")) is not None:
        notes.append(f"Without it: {write_word(default)}.")
    if field.secret:
        notes.append(f"Or set {variable_for(field.name)}.")
    if reason := block.not_sent.get(field.name):
        notes.append(f"Not sent: {reason}")
    return text.append("".join(f" {note}" for note in notes), "dim")


def _iter_facts(block: Block) -> Iterator[tuple[str, str | Text]]:
    yield "gives", tell_output(block)
    if block.aliases:
        yield "also called", ", ".join(block.aliases)
    if block.scopes:
        yield "scopes", tell_needs(block.scope_needs)
    yield "effect", block.effect + ("" if block.is_idempotent else "; repeating it is not harmless")
    if block.page:
        limit = "; max_items stops earlier" if "max_items" in block.fields else ""
        yield "pages", f"read to the end, {block.page.size} entries a request{limit}"
    if block.procedure:
        needed = block.procedure.needed or block.procedure.parts
        yield "made of", ", ".join(needed)
        if others := [name for name in block.procedure.parts if name not in needed]:
            yield "may need", ", ".join(others)
    heading = "routes" if len(block.routes) > 1 else "route"
    for position, route in enumerate(block.routes, start=1):
        text = _describe_route(route)
        yield (heading if position == 1 else ""), Text(f"{position}. ").append(text) if heading == "routes" else text


def _describe_route(route: Route) -> Text:
    text = Text(route.name)
    if route.batch:
        text.append(f", {route.batch.field} sent {route.batch.size} at a time")
    if route.each:
        text.append(f", once for each of {route.each}")
    if route.consent:
        text.append(f", where the substitute {route.consent.name} is turned on, for what it can be told")
    for name, value in route.cannot.items() if route.consent is None else ():
        text.append(f", not for {name}={json.dumps(value)}")
    if route.falls_back_on:
        text.append(f", else the next where the answer is {' or '.join(map(str, sorted(route.falls_back_on)))}")
    if route.closed:
        text.append(f", {describe_closing(route.closed)}", "yellow")
    return text

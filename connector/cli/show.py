"""What a person sees of a manifest and of an error: a table of blocks, a block's form, what to do next."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from connector.arguments.wording import describe_fit
from connector.auth.environment_secrets import variable_for
from connector.cli.example import find_example, write_word
from connector.cli.terminal import to_plain
from connector.errors import UNCERTAIN_WORDS, ErrorDetail, tell_wait
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
#: Seconds from which on a time of day says more than how long it is.
_CLOCK_S: Final = 600
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


def show_error(
    console: Console,
    error: ErrorDetail,
    block: Block,
    program: str,
    *,
    sign_in: Callable[[], str | None],
    has_sandbox: Callable[[], bool],
) -> None:
    """An error: the message or each field's problem, then what to do next. `sign_in` tells by which words a connection
    would stand in for secrets, if one can; `has_sandbox` whether `--sandbox` would help. They are asked only where that
    matters."""
    if not error.fields:
        console.print(to_plain(error.message), style="red")
    else:
        many = len(error.fields) > 1
        console.print(f"{block.name}: {'these fields need' if many else 'this field needs'} attention.", style="red")
        _show_problems(console, error, block)
        secrets = [name for name in error.missing if name in block.fields and block.fields[name].secret]
        if secrets:
            ways = [f"Set {' and '.join(map(variable_for, secrets))}"]
            if way := sign_in():
                ways.append(way)
            if has_sandbox():
                ways.append("try it with --sandbox, which needs no account")
            console.print(f"{', or '.join(ways)}.", soft_wrap=True)
        console.print(f"All fields: {program} describe {block.name}", soft_wrap=True)
    if error.kind == "unauthorized" and (way := sign_in()):
        console.print(f"{way[:1].upper()}{way[1:]}.", soft_wrap=True)
    if error.retry_after is not None:
        console.print(f"Try again in {tell_wait(error.retry_after)}{_tell_when(error.retry_after)}.")
    if error.is_uncertain:
        console.print(UNCERTAIN_WORDS, soft_wrap=True)
    if error.came is not None and error.resume is not None:
        came = f"{error.came} entr{'y' if error.came == 1 else 'ies'} came before that"
        console.print(f"{came}; resume={to_plain(error.resume)} goes on there.", soft_wrap=True)
    for name, values in (("done", error.done), ("not done", error.not_done), ("uncertain", error.uncertain)):
        if values:
            console.print(f"{name}: {', '.join(to_plain(str(value)) for value in values)}", soft_wrap=True)


def _tell_when(seconds: float) -> str:
    """At what time that is here, where it is worth looking at a clock."""
    if seconds < _CLOCK_S:
        return ""
    now = datetime.now().astimezone()
    try:
        then = now + timedelta(seconds=seconds)
    except OverflowError:
        return ""
    return f", at {then:%H:%M}" if then.date() == now.date() else f", on {then:%Y-%m-%d at %H:%M}"


def _show_problems(console: Console, error: ErrorDetail, block: Block) -> None:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold", overflow="fold", max_width=30)
    table.add_column()
    # Fields of which any one would do share a problem and a line.
    for (problem, fits), group in groupby(error.fields, lambda each: (each.problem, each.fits)):
        names = [each.name for each in group]
        is_one_of = block.together and set(names) == set(block.together.fields)
        rows = [", ".join(names)] if is_one_of else names
        for row in rows:
            text = to_plain(f"{problem} — {fits}" if fits else problem)
            table.add_row(to_plain(row), Text(text))
    console.print(Padding(table, (0, 0, 0, 2)))


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

"""The triggers as a page of the reference, and as a table: what each tells, what it takes and what looks cost."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from shlex import quote

from measured_looks import Looks
from output_objects import find_objects, link_object, to_prose

from connector.arguments.wording import describe_fit
from connector.errors import tell_wait
from connector.export.event_samples import build_event_sample
from connector.export.file_names import to_slug
from connector.export.markdown import build_table, to_code, to_text
from connector.export.n8n.wording import to_label
from connector.manifest.closed_blocks import tell_closed
from connector.manifest.connection_block import CONNECTION
from connector.manifest.field_rules import tell_rules
from connector.manifest.manifest import Manifest
from connector.manifest.schema_parts import find_part
from connector.manifest.scope_needs import tell_needs
from connector.manifest.triggers import POLLING, Trigger, iter_triggers

PAGE = "triggers.md"
_HEAD = """\
# Triggers

[All blocks](README.md). [Triggers](../triggers.md) explains how they are polled and watched, at each door. Every one
takes the fields of the block that it watches, an access token or a [connection](../sign-in.md) among them, and these:

{common}

An event is `{{"id", "type", "time", "data", "brief"}}`; the examples show `brief` in place of `data`, which is the
entry as the block gives it.
"""


def build_triggers(manifest: Manifest) -> str:
    """The page as Markdown, without a head line of origin."""
    triggers = list(iter_triggers(manifest))
    common = [_build_field(triggers[0], name) for name in manifest.data[POLLING]]
    head = _HEAD.format(common=build_table(("field", "type", "", "what it is"), common))
    parts = ["\n\n".join(_iter_parts(manifest, trigger)) for trigger in triggers]
    return "\n\n".join([head.rstrip(), *parts]) + "\n"


def build_trigger_rows(manifest: Manifest) -> Iterator[tuple[str, ...]]:
    """A row of the index for each trigger: what it tells, its own fields, and to whom it is closed."""
    for trigger in iter_triggers(manifest):
        fields = [
            f"`{name}`" + ("" if trigger.form.fields[name].required else "?") for name in _list_own(manifest, trigger)
        ]
        since = trigger.closed.get("development")
        yield (
            f"[`{trigger.name}`]({PAGE}#{trigger.name.lower()})",
            to_text(trigger.form.description),
            ", ".join(fields),
            f"closed since {since}" if since else "open",
        )


def build_cost_table(manifest: Manifest, measured: Mapping[str, Looks]) -> str:
    """What looks cost, as Markdown: calls while nothing happens and when something did, in words and as they were
    `measured` by trigger; the state, and the pace."""
    rows = []
    for trigger in iter_triggers(manifest):
        cost, looks = trigger.cost, measured[trigger.name]
        figures = f"{looks.quiet}" if looks.change in (None, looks.quiet) else f"{looks.quiet}, {looks.change}"
        link = f"[`{trigger.name}`](reference/{PAGE}#{trigger.name.lower()})"
        rows.append(
            (link, to_text(trigger.form.title), cost.quiet, cost.change, figures, cost.state, tell_wait(trigger.every))
        )
    heads = ("trigger", "tells", "calls while nothing happens", "when something did", "measured", "state", "every")
    return build_table(heads, rows)


def _iter_parts(manifest: Manifest, trigger: Trigger) -> Iterator[str]:
    form = trigger.form
    yield f"## {trigger.name}"
    yield f"*{to_text(form.title)}.* {to_text(form.description)}"
    if trigger.closed:
        closed = tell_closed(form, trigger.closed)
        yield f"**{to_text(closed[0])}** {to_text(' '.join(closed[1:]))}".rstrip()
    if own := _list_own(manifest, trigger):
        yield build_table(("field", "type", "", "what it is"), (_build_field(trigger, name) for name in own))
    if rules := tell_rules(form, to_code):
        yield " ".join(rules)
    yield "\n".join(f"- **{name}:** {text}" for name, text in _iter_facts(trigger))
    event = build_event_sample(trigger)
    # In brief, where there is one: the page is to be read.
    data = {"brief" if "brief" in event else "data": event.get("brief", event["data"])}
    shown = {**{name: event[name] for name in ("id", "type", "time")}, **data}
    yield f"```json\n{json.dumps(shown, ensure_ascii=False)}\n```"
    yield from _iter_examples(manifest, trigger)


def _list_own(manifest: Manifest, trigger: Trigger) -> list[str]:
    """The names of the fields that not every trigger has."""
    return [
        name for name, field in trigger.form.fields.items() if not field.secret and name not in manifest.data[POLLING]
    ]


def _build_field(trigger: Trigger, name: str) -> tuple[str, ...]:
    field = trigger.form.fields[name]
    fits = describe_fit(field.schema)
    words = f"{field.description} Fits: {fits}." if fits else field.description
    return to_code(name), field.type, "required" if field.required else "", to_prose(words)


def _iter_facts(trigger: Trigger) -> Iterator[tuple[str, str]]:
    block, cost = trigger.block, trigger.cost
    link = f"[`{block.name}`]({to_slug(block.group)}.md#{block.name.lower()})"
    watched = "the connection itself" if block.name == CONNECTION else link
    yield "Watches", f"{watched}, by the way `{trigger.way}`"
    yield "Data", _tell_data(trigger)
    yield "Scopes", tell_needs(trigger.form.scope_needs, to_code, to_code) or "none"
    yield "New apps", f"closed since {trigger.closed['development']}" if "development" in trigger.closed else "open"
    yield (
        "Costs",
        cost.quiet
        if cost.quiet == cost.change
        else f"{cost.quiet} while nothing happens; when something did: {cost.change}",
    )
    yield "Worth a look", f"every {tell_wait(trigger.every)}, as far as the day's calls allow"
    yield "State", cost.state


def _tell_data(trigger: Trigger) -> str:
    if trigger.way == "value":
        return "what is `changed`, `from` what and `to` what, and all as it is `now`"
    if trigger.words.get("tells") == "gone":
        return "what was kept of what is gone"
    told = trigger.told
    words = f"an entry of what [`{told.name}`]({to_slug(told.group)}.md#{told.name.lower()}) gives"
    root = told.output_schema
    entry = find_part(root, (*(told.listing.at if told.listing else ()), "[]")) or {}
    if objects := find_objects({**entry, "$defs": root.get("$defs", {})}):
        words += f", {' or '.join(map(link_object, objects))}"
    if trigger.words.get("tells_gaps"):
        words += "; of a `gap`, what came `before` it was over"
    return words + (f". In brief: {', '.join(map(to_code, trigger.brief))}." if trigger.brief else "")


def _iter_examples(manifest: Manifest, trigger: Trigger) -> Iterator[str]:
    given = {name: value for name, value in trigger.form.example.items() if not trigger.form.fields[name].secret}
    typed = [f"{name}={quote(value if isinstance(value, str) else json.dumps(value))}" for name, value in given.items()]
    shell = " ".join([manifest.command, "poll", trigger.name, *typed, "--state", f"{trigger.name}.json"])
    body = json.dumps({"args": given, "state": None}, ensure_ascii=False)
    curl = f"curl -s http://127.0.0.1:8800/triggers/{trigger.name} -H 'Content-Type: application/json' -d {quote(body)}"
    yield f"```console\n$ {shell}\n$ {curl}\n```"
    call = f", {json.dumps(given, ensure_ascii=False)}" if given else ""
    yield f'```python\nspotify.poll("{trigger.name}"{call})\n```'
    looked = {"trigger": trigger.name, **({"args": given} if given else {})}
    yield (
        f"MCP: `whats_new` with {to_code(json.dumps(looked, ensure_ascii=False))}. n8n: the trigger node, "
        f"*{to_text(to_label(trigger.form.title))}*. Node-RED: the input node *{to_text(trigger.form.title)}*."
    )

"""Help texts in the form of Node-RED's sidebar, made from what the manifest says about a block."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from connector.export.node_red.palette import Palette
from connector.manifest.beforehand import tell_cost
from connector.manifest.blocks import Block
from connector.manifest.closed_blocks import tell_closed
from connector.manifest.field_rules import tell_rules
from connector.manifest.schema_files import Schema, follow
from connector.manifest.scope_needs import tell_needs
from connector.manifest.triggers import Trigger


def build_help(block: Block) -> str:
    """The help text of a block's node, as HTML; its fields and what every node's says the editor's script puts in."""
    parts = _begin(block, tell_closed(block))
    parts += [f"<p>{escape(rule)}</p>\n" for rule in tell_rules(block)]
    parts += ["<h3>Outputs</h3>\n", _tell_list(_tell_output(block))]
    parts.append("<h3>Details</h3>\n")
    if cost := tell_cost(block):
        parts.append(f"<p>{escape(' '.join(cost))}</p>\n")
    parts += _tell_scopes(block)
    if block.effect == "destructive":
        parts.append("<p>This block takes something away.</p>\n")
    return "".join(parts)


def build_trigger_help(trigger: Trigger) -> str:
    """The help text of a trigger's node, as HTML, in which the editor's script puts what every such help says."""
    form, cost = trigger.form, trigger.cost
    parts = _begin(form, tell_closed(form, trigger.closed))
    parts += [f"<p>{escape(rule)}</p>\n" for rule in tell_rules(form)]
    change = "" if cost.change == cost.quiet else f"; when something did, {cost.change}"
    told = f"While nothing happens a look costs {cost.quiet}{change}."
    parts += ["<h3>Details</h3>\n", f"<p>{escape(told)}</p>\n", *_tell_scopes(form)]
    return "".join(parts)


def _begin(block: Block, closed: list[str]) -> list[str]:
    parts = [f"<p>{escape(block.description)}</p>\n"]
    if closed:
        parts.append(f"<p><strong>{escape(closed[0])}</strong> {escape(' '.join(closed[1:]))}</p>\n")
    return [*parts, "<h3>Inputs</h3>\n"]


def _tell_scopes(block: Block) -> list[str]:
    needs = tell_needs(block.scope_needs, lambda scope: f"<code>{escape(scope)}</code>")
    return [f"<p>Scopes that the user grants: {needs}.</p>\n"] if block.scopes else []


def build_runner_help(palette: Palette) -> str:
    """The help text of the config node, as HTML."""
    program = escape(palette["runner"]["program"])
    texts = {
        "URL": f"Where the runner listens: the address that <code>{program} serve</code> prints. The runner is that "
        f"program, {escape(palette['runner']['origin'])}",
        "API key": "The key that the runner asks for, where it asks for one. Node-RED keeps it with its credentials, "
        "and it goes to this URL alone.",
        "Connection": "Whose account the blocks act for: the name of a connection that the runner keeps. "
        "<code>msg.connection</code> wins over it.",
        "Time zone": "How a moment (a timestamp, a Date, a text with an offset) is told as a date and time; "
        "Node-RED's own zone where it is empty.",
        "Timeout": "The longest silence of the runner, in seconds.",
    }
    rows = [f"<dt>{title}</dt>\n<dd>{text}</dd>\n" for title, text in texts.items()]
    return f"<p>Where the blocks are run, and for whom.</p>\n<h3>Properties</h3>\n{_tell_list(rows)}"


def _tell_list(rows: Iterable[str]) -> str:
    return f'<dl class="message-properties">\n{"".join(rows)}</dl>\n'


def _tell_property(name: str, kind: str, text: str) -> str:
    typed = f'<span class="property-type">{escape(kind)}</span>' if kind else ""
    return f"<dt>{escape(name)} {typed}</dt>\n<dd>{escape(text)}</dd>\n"


def _tell_output(block: Block) -> list[str]:
    root = block.output_schema
    schema = follow(root, root)
    rows = [_tell_property("payload", str(schema.get("type", "")), _describe(schema))]
    for name, inner in schema.get("properties", {}).items():
        if text := _describe(follow(inner, root)):
            rows.append(_tell_property(f"payload.{name}", "", text))
    if block.done:
        rows.append(_tell_property("did", "string", "What was done, in words."))
    return rows


def _describe(schema: Schema) -> str:
    return str(schema.get("description") or schema.get("title") or "")

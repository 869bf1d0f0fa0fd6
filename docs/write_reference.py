"""Writes the reference: a page for each group of blocks, one of the triggers, and their index. `make docs` runs it; a
test compares.

A block's part says what it does, which fields it takes, what comes out, which scopes and how many calls that needs, by
which endpoints it goes, and how it is called through each door.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from shlex import quote
from typing import Any

from output_objects import PAGE, build_objects, find_objects, link_object, to_prose
from trigger_pages import PAGE as TRIGGERS
from trigger_pages import build_trigger_rows, build_triggers

from connector.arguments.wording import describe_fit
from connector.auth.environment_secrets import variable_for
from connector.export.file_names import to_slug
from connector.export.markdown import build_table, to_code, to_text
from connector.export.n8n.wording import to_label, to_resource
from connector.manifest.beforehand import tell_cost
from connector.manifest.blocks import Block, Field
from connector.manifest.closed_blocks import describe_closing, tell_closed
from connector.manifest.field_rules import tell_rules
from connector.manifest.manifest import Manifest
from connector.manifest.routes import Route
from connector.manifest.schema_files import follow
from connector.manifest.scope_needs import tell_needs

FOLDER = Path(__file__).parent / "reference"
INDEX = "README.md"
ORIGIN = "<!-- Written by `make docs` from manifest.yaml. -->"

_INDEX = f"""{ORIGIN}
# All blocks

{{count}} blocks in {{groups}} groups, a page each, and {{triggers}} triggers; a question mark marks an optional field.
*New apps* are those in development mode, which is nearly every app; "closed" blocks still work for apps in extended
quota mode. [Words](../getting-started.md#words) and [what fields take](../getting-started.md#what-fields-take) are
explained once; [what blocks give](objects.md) has the fields of every object.

{{tables}}
"""
_PAGE = f"""{ORIGIN}
# {{group}}

[All blocks](README.md). Examples leave the access token out: a [connection](../sign-in.md) stands in for it, or
`--sandbox` where there is no account. In Python `spotify` is a `Connector.load(connection="default")`; over HTTP a
[runner](../http-runner.md) listens; an MCP client calls the tool of the block's name.

{{parts}}
"""


def build_reference(manifest: Manifest) -> dict[str, str]:
    """The pages as Markdown, by file name."""
    pages = {
        INDEX: _build_index(manifest),
        PAGE: f"{ORIGIN}\n{build_objects(manifest)}",
        TRIGGERS: f"{ORIGIN}\n{build_triggers(manifest)}",
    }
    for group in manifest.groups:
        parts = "\n\n".join("\n\n".join(_iter_parts(manifest, block)) for block in _list_group(manifest, group))
        pages[_name_page(group)] = _PAGE.format(group=to_text(group), parts=parts)
    return pages


def _list_group(manifest: Manifest, group: str) -> list[Block]:
    return [block for block in manifest if block.group == group]


def _name_page(group: str) -> str:
    return f"{to_slug(group)}.md"


def _build_index(manifest: Manifest) -> str:
    tables = []
    for group in manifest.groups:
        blocks = _list_group(manifest, group)
        rows = [_build_row(block, _name_page(group)) for block in blocks]
        head = f"## [{to_text(group)}]({_name_page(group)})"
        tables.append(f"{head}\n\n{build_table(('block', 'what it does', 'fields', 'new apps'), rows)}")
    rows = list(build_trigger_rows(manifest))
    heads = ("trigger", "what it tells", "fields", "new apps")
    tables.append(f"## [Triggers]({TRIGGERS})\n\n{build_table(heads, rows)}")
    return _INDEX.format(
        count=len(list(manifest)), groups=len(manifest.groups), triggers=len(rows), tables="\n\n".join(tables)
    )


def _build_row(block: Block, page: str) -> tuple[str, ...]:
    names = f"[`{block.name}`]({page}#{block.name.lower()})" + "".join(f", `{alias}`" for alias in block.aliases)
    shown = [f"`{field.name}`" + ("" if field.required else "?") for field in block.fields.values() if not field.secret]
    fields = ", ".join(shown) if len(shown) < 10 else f"{', '.join(shown[:6])} and {len(shown) - 6} more"
    since = block.closed_since("development")
    return names, to_text(block.description), fields, f"closed since {since}" if since else "open"


def _iter_parts(manifest: Manifest, block: Block) -> Iterator[str]:
    yield f"## {block.name}"
    also = f" Also called {', '.join(map(to_code, block.aliases))}." if block.aliases else ""
    yield f"*{to_text(block.title)}.* {to_text(block.description)}{also}"
    if closed := tell_closed(block):
        yield f"**{to_text(closed[0])}** {to_text(' '.join(closed[1:]))}".rstrip()
    lent = _find_lent(manifest, block)
    yield build_table(("field", "type", "", "what it is"), (_build_field(block, field, lent) for field in _sort(block)))
    if rules := tell_rules(block, to_code):
        yield " ".join(rules)
    yield "\n".join(f"- **{name}:** {text}" for name, text in _iter_facts(block))
    yield from _iter_examples(manifest, block)


def _sort(block: Block) -> list[Field]:
    """The fields, secrets last: a connection fills them in."""
    return sorted(block.fields.values(), key=lambda field: field.secret)


def _find_lent(manifest: Manifest, block: Block) -> tuple[str, ...]:
    """The fields that a connection stands in for."""
    auth = manifest.auth[block.server]
    return auth.fields if auth and auth.can_sign_in else ()


def _build_field(block: Block, field: Field, lent: Collection[str]) -> tuple[str, ...]:
    words = [field.description]
    if fits := describe_fit(field.schema):
        words.append(f"Fits: {fits}.")
    if (default := field.schema.get("default")) is not None:
        words.append(f"Without it: {_to_word(default)}.")
    if reason := block.not_sent.get(field.name):
        words.append(f"Not sent: {reason}")
    needed = "required" if field.required else ""
    return (
        to_code(field.name),
        field.type,
        "or a connection" if field.name in lent else needed,
        to_prose(" ".join(words)),
    )


def _iter_facts(block: Block) -> Iterator[tuple[str, str]]:
    yield "Gives", _tell_output(block)
    yield "Scopes", tell_needs(block.scope_needs, to_code, to_code) or "none"
    cost = " ".join(tell_cost(block, to_code))
    yield "Costs", cost.removeprefix("Costs ") if cost.startswith("Costs ") else f"one call. {cost}".rstrip()
    again = "" if block.is_idempotent or block.effect == "read" else "; repeating it is not harmless"
    yield "Effect", block.effect + again
    if block.procedure:
        needed = block.procedure.needed or block.procedure.parts
        yield "Made of", ", ".join(map(to_code, needed))
        if others := [name for name in block.procedure.parts if name not in needed]:
            yield "May need", ", ".join(map(to_code, others))
        return
    yield "Goes by", "; or ".join(_tell_route(route) for route in block.routes)


def _tell_output(block: Block) -> str:
    root = block.output_schema
    schema = follow(root, root)
    words = to_prose(str(schema.get("description") or schema.get("title") or schema.get("type", "anything")))
    if objects := find_objects(root):
        words += f" All fields: {' or '.join(map(link_object, objects))}."
    if block.listing and block.listing.at:
        words += f" The list stands at {to_code('.'.join(block.listing.at))}."
    return words + (f" In brief: {', '.join(map(to_code, block.brief))}." if block.brief else "")


def _tell_route(route: Route) -> str:
    words = to_code(route.name)
    if route.consent:
        words += f" of the [substitute](../substitutes.md) {to_text(route.consent.name)}"
    if route.closed:
        words += f", {describe_closing(route.closed)}"
    return words


def _iter_examples(manifest: Manifest, block: Block) -> Iterator[str]:
    args = _choose_example(manifest, block)
    given = {name: value for name, value in args.items() if not block.fields[name].secret}
    secrets = [f"{variable_for(name)}=… " for name in args if name not in given]
    words = [f"{name}={quote(_to_word(value))}" for name, value in given.items()]
    shell = "".join(secrets) + " ".join([manifest.command, "run", block.name, *words])
    told = {name: "…" if name not in given else value for name, value in args.items()}
    body = json.dumps(told, ensure_ascii=False)
    call = "" if not told else f", {_to_python(told)}"
    curl = f"curl -s http://127.0.0.1:8800/blocks/{block.name} -H 'Content-Type: application/json' -d {quote(body)}"
    yield f"```console\n$ {shell}\n$ {curl}\n```"
    yield f'```python\nspotify.invoke("{block.name}"{call})\n```'
    fields = ", ".join(f"*{to_text(block.fields[name].title)}*" for name in given)
    filled = f", with {fields} filled in" if fields else ""
    yield (
        f"MCP: `{block.name}` with {to_code(json.dumps(given, ensure_ascii=False))}. "
        f"n8n: *{to_text(to_resource(block.group))}*, *{to_text(to_label(block.title))}*{filled}. "
        f"Node-RED: the node *{to_text(block.title)}*."
    )


def _choose_example(manifest: Manifest, block: Block) -> Mapping[str, Any]:
    """What must be given, but for what a connection stands in for; where nothing must, how many to read."""
    lent = _find_lent(manifest, block)
    args = {name: value for name, value in block.example.items() if name not in lent}
    if not args and "max_items" in block.fields:
        args["max_items"] = block.fields["max_items"].schema["examples"][0]
    return args


def _to_word(value: Any) -> str:
    if isinstance(value, list) and not any(isinstance(entry, Mapping) for entry in value):
        return ",".join(map(str, value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _to_python(args: Mapping[str, Any]) -> str:
    parts = (f'"{name}": {_to_literal(value)}' for name, value in args.items())
    return f"{{{', '.join(parts)}}}"


def _to_literal(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return repr(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_to_literal, value))}]"
    return _to_python(value) if isinstance(value, Mapping) else json.dumps(value, ensure_ascii=False)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    pages = build_reference(Manifest.load())
    for path in set(FOLDER.glob("*.md")) - {FOLDER / name for name in pages}:
        path.unlink()
    for name, text in pages.items():
        (FOLDER / name).write_text(text, "utf-8")

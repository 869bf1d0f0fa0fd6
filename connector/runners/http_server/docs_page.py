"""The page at `/docs`: every block with its fields, a sample of its answer and a form to try it.

One HTML document that loads nothing: style and script stand in it, and its policy lets the browser run these two and
talk to this server only. Its links are relative, so that they lead to the server below whatever path a proxy shows it.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from functools import lru_cache
from html import escape
from importlib.resources import files
from typing import Any, Final

from connector.arguments.wording import describe_fit
from connector.export.samples import build_sample
from connector.manifest.beforehand import tell_beforehand
from connector.manifest.blocks import Block, Field
from connector.manifest.closed_blocks import describe_closing
from connector.manifest.field_rules import tell_rules
from connector.manifest.manifest import Manifest
from connector.manifest.scope_needs import tell_needs
from connector.version import __version__

#: Up to this many choices are a menu; of more, those that begin with what was typed are shown.
_MENU_SIZE: Final = 30


@lru_cache
def _asset(name: str) -> str:
    return (files(__package__) / name).read_text("utf-8")


def build_policy() -> str:
    """The Content-Security-Policy of pages: their own style and script by hash, pictures as data, calls to here."""
    style, script = (_hash(_asset(name)) for name in ("docs_page.css", "docs_page.js"))
    return (
        f"default-src 'none'; style-src '{style}'; script-src '{script}'; img-src data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


def build_docs(manifest: Manifest) -> str:
    """The whole page for the blocks of `manifest`."""
    package = manifest.package
    blocks = list(manifest)
    return build_page(
        f"{package['title']}: blocks",
        f'<div class="page">{_build_menu(manifest, blocks)}<main>{_build_intro(manifest)}'
        f"{''.join(_build_block(block) for block in blocks)}</main></div>{_build_lists(blocks)}"
        f"<script>{_asset('docs_page.js')}</script>",
        icon=package.get("image", ""),
    )


def build_page(title: str, content: str, icon: str = "") -> str:
    """A page around `content`, which is HTML. `icon` is a picture's address."""
    picture = f'<link rel="icon" href="{escape(icon)}">' if icon.startswith("data:") else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)}</title>{picture}'
        f"<style>{_asset('docs_page.css')}</style></head><body>{content}</body></html>"
    )


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _build_menu(manifest: Manifest, blocks: list[Block]) -> str:
    groups = "".join(
        f'<div class="group"><h3>{escape(group)}</h3><ul>'
        + "".join(_build_entry(block) for block in blocks if block.group == group)
        + "</ul></div>"
        for group in manifest.groups
    )
    return (
        f'<nav aria-label="Blocks"><label>Find a block<input id="filter" type="search" autocomplete="off"></label>'
        f"{groups}</nav>"
    )


def _build_entry(block: Block) -> str:
    words = " ".join((block.name, *block.aliases, block.title, block.group, block.description)).lower()
    closed = ' class="closed"' if block.closed_since("development") else ""
    return (
        f'<li{closed} data-block="{escape(block.name)}" data-words="{escape(words)}">'
        f'<a href="#{escape(block.name)}">{escape(block.title)}</a></li>'
    )


def _build_intro(manifest: Manifest) -> str:
    package = manifest.package
    return (
        f'<div class="intro"><h1>{escape(package["title"])}</h1><p class="tag">{escape(package["tagline"])} · '
        f"{len(manifest)} blocks · version {escape(__version__)}</p>"
        "<p>Call a block with its fields as a JSON object: <code>POST /blocks/{block}</code> answers with its output, "
        "or with a problem document that says what to do. A paged block called with "
        "<code>Accept: application/x-ndjson</code> sends its entries one a line, as they come.</p>"
        "<p>The header <code>X-Connection</code>, or <code>connection</code> in the body, names the connection to use "
        "in place of the secret fields. The key goes into <code>Authorization: Bearer</code> or "
        "<code>X-API-Key</code>.</p>"
        f'<p><a href="openapi.json">OpenAPI document</a> · <a href="blocks">all blocks as JSON</a> · '
        f'<a href="api/{escape(package["name"])}">marketplace metadata</a></p>'
        '<form class="fields"><label>API key<input id="api-key" type="password" autocomplete="off"></label>'
        '<label>Connection<input id="connection" autocomplete="off"></label></form></div>'
    )


def _build_block(block: Block) -> str:
    fields = list(block.fields.values())
    rows = "".join(_build_row(field) for field in fields)
    table = f"<table><thead><tr><th>Field<th>Type<th>What it is</thead><tbody>{rows}</tbody></table>"
    sample = escape(json.dumps(build_sample(block.output_schema), indent=2, ensure_ascii=False))
    return (
        f'<section class="block" id="{escape(block.name)}"><header><h2>{escape(block.title)}</h2>'
        f"<code>{escape(block.name)}</code>{''.join(_iter_badges(block))}</header>"
        f"<p>{escape(block.description)}</p>{''.join(_iter_notes(block))}"
        f'<h3>Fields</h3><div class="scroll">{table}</div>'
        f"<details><summary>What an answer looks like</summary><pre>{sample}</pre></details>"
        f"<details><summary>Try it</summary>{_build_form(block, fields)}</details></section>"
    )


def _iter_badges(block: Block) -> Iterator[str]:
    yield f'<span class="badge {escape(block.effect)}">{escape(block.effect)}</span>'
    if block.page:
        yield '<span class="badge">paged</span>'
    if block.closed:
        yield f'<span class="badge closed">{escape(describe_closing(block.closed))}</span>'


def _iter_notes(block: Block) -> Iterator[str]:
    if block.aliases:
        yield f"<p>Also answers to {', '.join(f'<code>{escape(alias)}</code>' for alias in block.aliases)}.</p>"
    if rules := tell_rules(block):
        yield f"<p>{escape(' '.join(rules))}</p>"
    if block.scopes:
        needs = tell_needs(block.scope_needs, lambda scope: f"<code>{escape(scope)}</code>")
        yield f"<p>Scopes that the user grants: {needs}.</p>"
    if told := tell_beforehand(block):
        yield f"<p>{escape(' '.join(told))}</p>"


def _build_row(field: Field) -> str:
    fits = describe_fit(field.schema)
    must = ' <span class="must">required</span>' if field.required else ""
    more = f' <span class="fits">Fits: {escape(fits)}.</span>' if fits else ""
    return (
        f"<tr><td><code>{escape(field.name)}</code>{must}<td>{escape(field.type)}"
        f"<td>{escape(field.description)}{more}</tr>"
    )


def _build_form(block: Block, fields: list[Field]) -> str:
    controls = "".join(
        f"<label>{escape(field.title)}{_build_control(field, block.example.get(field.name))}</label>"
        for field in sorted(fields, key=lambda field: not field.required)
    )
    return (
        f'<form action="blocks/{escape(block.name)}" method="post"><div class="fields">{controls}</div>'
        '<button>Run</button><output aria-live="polite"></output></form>'
    )


def _build_lists(blocks: list[Block]) -> str:
    """Each long list of values once, for all fields that offer it."""
    lists = {
        _name_list(listed): listed
        for block in blocks
        for field in block.fields.values()
        if (listed := _find_list(field))
    }
    return "".join(
        f'<datalist id="{name}">{"".join(f"<option>{escape(str(value))}</option>" for value in listed)}</datalist>'
        for name, listed in lists.items()
    )


def _find_list(field: Field) -> list[Any]:
    """The values that a field offers, where they are too many for a menu; else none."""
    offered: list[Any] = field.schema.get("enum") or field.schema.get("x-suggestions") or []
    return offered if len(offered) > _MENU_SIZE else []


def _name_list(listed: list[Any]) -> str:
    return f"list-{hashlib.sha256(json.dumps(listed).encode()).hexdigest()[:8]}"


def _build_control(field: Field, example: Any) -> str:
    name = escape(field.name)
    if field.secret:
        return f'<input name="{name}" type="password" autocomplete="off">'
    if listed := _find_list(field):
        return f'<input name="{name}" autocomplete="off" list="{_name_list(listed)}">'
    if choices := field.schema.get("enum"):
        options = "".join(f"<option>{escape(str(choice))}</option>" for choice in choices)
        return f'<select name="{name}"><option value=""></option>{options}</select>'
    if isinstance(example, list) and all(isinstance(entry, str) for entry in example):
        example = ",".join(example)
    elif not isinstance(example, str | int | float | None):
        example = json.dumps(example)
    value = f' value="{escape(str(example))}"' if example is not None else ""
    return f'<input name="{name}" autocomplete="off"{value}>'

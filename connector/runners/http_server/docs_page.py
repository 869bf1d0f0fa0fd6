"""The page at `/docs`: the blocks and triggers by group, with words to find them by. What their forms hold is in
`docs_block` and `docs_trigger`, what makes forms and answers of it in the modules under `page_files`.

Its links are relative, so that they lead to the server below whatever path a proxy shows it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from urllib.parse import urlsplit

from connector.export import list_packages
from connector.manifest.blocks import Block
from connector.manifest.groups import Group
from connector.manifest.manifest import Manifest
from connector.manifest.triggers import Trigger, iter_triggers
from connector.version import __version__

#: The modules that the page runs, each loaded at once with it; the first begins.
SCRIPTS = (
    "page.js",
    "elements.js",
    "block_form.js",
    "trigger_form.js",
    "subscriptions.js",
    "form.js",
    "fields.js",
    "choices.js",
    "calls.js",
    "connections.js",
    "answers.js",
    "made_file.js",
    "problems.js",
    "copies.js",
)


def build_policy(servers: Iterator[str]) -> str:
    """The Content-Security-Policy of the page: style and scripts from here alone, and calls to here. Pictures may come
    from the service, by https or from one of its `servers`."""
    origins = sorted({"://".join(urlsplit(server)[:2]) for server in servers})
    return (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
        f"img-src 'self' data: https: {' '.join(origins)}; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


def build_docs(
    manifest: Manifest,
    *,
    needs_key: bool,
    has_connections: bool,
    has_subscriptions: bool,
    own_connection: str | None,
) -> str:
    """The whole page for the blocks and triggers of `manifest`.

    Args:
        manifest: what is shown.
        needs_key: whether calls need an API key.
        has_connections: whether users can sign in at this server.
        has_subscriptions: whether it takes subscriptions to triggers.
        own_connection: the connection of calls that name none, where everybody may know it.
    """
    package = manifest.package
    image = package.get("image", "")
    icon = f'<link rel="icon" href="{escape(image)}">' if image.startswith("data:") else ""
    logo = f'<img src="{escape(image)}" alt="" width="28" height="28">' if image.startswith("data:") else ""
    preloaded = "".join(f'<link rel="modulepreload" href="docs/{name}">' for name in SCRIPTS)
    facts = {
        "package": package["name"],
        "command": manifest.command,
        "key": "yes" if needs_key else "",
        "connections": "yes" if has_connections else "",
        "subscriptions": "yes" if has_subscriptions else "",
        "own": own_connection or "",
    }
    data = "".join(f' data-{name}="{escape(value)}"' for name, value in facts.items())
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(package["title"])}: blocks</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">{icon}{preloaded}'
        f'<link rel="stylesheet" href="docs/page.css"><script type="module" src="docs/{SCRIPTS[0]}"></script></head>'
        f'<body{data}><a class="skip" href="#block">Skip to the block</a>'
        f'<header class="top"><a class="home" href="#">{logo}{escape(package["title"])}</a>'
        '<div id="who"></div></header>'
        f'<div class="page">{_build_menu(manifest, has_subscriptions=has_subscriptions)}'
        f'<main id="block" tabindex="-1">{_build_welcome(manifest)}'
        '<div id="view"></div></main></div>'
        "<noscript><p>Forms need JavaScript; openapi.json tells the same to programs.</p></noscript></body></html>"
    )


def _build_menu(manifest: Manifest, *, has_subscriptions: bool) -> str:
    listed = '<a class="to-subscriptions" href="#/subscriptions">Subscriptions</a>' if has_subscriptions else ""
    triggers = list(iter_triggers(manifest))
    groups = "".join(_build_group(group, manifest, triggers) for group in manifest.groups.values())
    return (
        '<nav aria-label="Blocks and triggers"><label class="find">Find a block or trigger'
        '<input id="filter" type="search" autocomplete="off" '
        'placeholder="such as playlist, save, volume"></label><p id="found" role="status"></p>'
        f"{listed}{groups}</nav>"
    )


def _build_group(group: Group, manifest: Manifest, triggers: Sequence[Trigger]) -> str:
    blocks = [(block, "block", block.closed) for block in manifest if block.group == group.name]
    forms = [(each.form, "trigger", each.closed) for each in triggers if each.form.group == group.name]
    # What most apps can't call stands last.
    entries = "".join(_build_entry(*entry) for entry in sorted([*blocks, *forms], key=lambda entry: bool(entry[2])))
    icon = (
        f'<svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true" fill="none" '
        f'stroke="{escape(group.colour)}" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">'
        f'<path d="{escape(group.icon)}"/></svg>'
        if group.icon and group.colour
        else ""
    )
    return f'<section class="group"><h2>{icon}{escape(group.name)}</h2><ul>{entries}</ul></section>'


def _build_entry(form: Block, kind: str, closed: Mapping[str, str]) -> str:
    words = " ".join((form.name, *form.aliases, form.title, form.group, form.description, kind)).lower()
    badges = [name for name, is_there in (("trigger", kind == "trigger"), ("closed", closed)) if is_there]
    shown = escape(form.title) + "".join(f' <span class="badge {badge}">{badge}</span>' for badge in badges)
    return f'<li data-kind="{kind}" data-words="{escape(words)}"><a href="#{escape(form.name)}">{shown}</a></li>'


def _build_welcome(manifest: Manifest) -> str:
    package = manifest.package
    palettes = "".join(
        f'<li><a href="export/{name}.tgz" download>Palette for {escape(name)}</a></li>' for name in list_packages()
    )
    count = len(list(iter_triggers(manifest)))
    triggers = f"{count} trigger{'' if count == 1 else 's'} · " if count else ""
    return (
        f'<section id="welcome"><h1>{escape(package["tagline"])}</h1><p class="tag">{len(manifest)} blocks · '
        f"{triggers}version {escape(__version__)}</p>"
        "<p>Choose a block, fill in its form and run it; then take the call along as curl, Python or shell. A trigger "
        "tells at each look what has changed since the one before.</p>"
        f'<ul class="links"><li><a href="openapi.json">OpenAPI document</a></li>{palettes}</ul></section>'
    )

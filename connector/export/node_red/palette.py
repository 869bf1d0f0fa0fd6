"""What a Node-RED palette has to know of a manifest, as one JSON value: read by its runtime and by its editor alike."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

from connector.export import RUNNER_URL
from connector.export.file_names import to_slug
from connector.export.node_red.categories import build_categories, is_closed, order_blocks
from connector.export.node_red.fields import build_field
from connector.export.node_red.front_fields import find_front_fields
from connector.manifest.beforehand import tell_cost
from connector.manifest.blocks import Block
from connector.manifest.closed_blocks import tell_closed
from connector.manifest.manifest import Manifest
from connector.manifest.scope_needs import tell_needs
from connector.manifest.triggers import POLLING, Trigger, iter_triggers
from connector.version import __version__

Palette = dict[str, Any]

#: Longest silence of a runner in seconds. A whole answer comes only once its last page was read.
_TIMEOUT_S: Final = 600


def build_palette(manifest: Manifest) -> Palette:
    """All of a palette that is data: `title`, `groups` (by name, the look of their nodes), `agent`, `runner`,
    `references`, `uri`, and `blocks` and `triggers`, in the order in which the palette shows them.

    The type of a block or a trigger in flows is the service's name and its own; flows stay valid as long as both do.
    """
    service = build_service(manifest)
    return {
        "title": manifest.package["title"],
        "groups": build_categories(manifest, service),
        "agent": f"{build_package_name(manifest)}/{__version__}",
        "runner": {
            "type": f"{service}-runner",
            "label": f"{manifest.package['title']} runner",
            "url": RUNNER_URL,
            "timeout": _TIMEOUT_S,
            "program": manifest.command,
            "origin": _tell_origin(manifest),
        },
        "references": [pattern.pattern.replace("(?P<", "(?<") for pattern in manifest.references.patterns],
        "uri": manifest.references.uri,
        "blocks": [_build_block(manifest, block, f"{service}-{block.name}") for block in order_blocks(manifest)],
        "triggers": [
            _build_trigger(manifest, trigger, f"{service}-{trigger.name}") for trigger in iter_triggers(manifest)
        ],
    }


def share_parts(palette: Palette) -> Palette:
    """`palette` as it is written: equal fields stand once under `fields` and equal schemas once under `schemas`, and in
    blocks, triggers and fields their places there."""
    fields, schemas = _Table(), _Table()

    def place(field: dict[str, Any]) -> int:
        return fields.place({**field, "schema": schemas.place(field["schema"])})

    def share(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{**entry, "fields": [place(field) for field in entry["fields"]]} for entry in entries]

    shared = {kind: share(palette[kind]) for kind in ("blocks", "triggers")}
    return {**palette, **shared, "fields": fields.values, "schemas": schemas.values}


class _Table:
    """Values, of equal ones one."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self._places: dict[str, int] = {}

    def place(self, value: Any) -> int:
        """Where `value` stands among the values."""
        text = json.dumps(value)
        if text not in self._places:
            self._places[text] = len(self.values)
            self.values.append(value)
        return self._places[text]


def build_service(manifest: Manifest) -> str:
    """The service's name as types and file names write it."""
    return to_slug(manifest.package["title"], to_slug(manifest.command))


def build_package_name(manifest: Manifest) -> str:
    """The npm package's name."""
    return f"node-red-contrib-{to_slug(manifest.command)}"


def _build_block(manifest: Manifest, block: Block, node_type: str) -> dict[str, Any]:
    built = _build_form(manifest, block, node_type, find_front_fields(block))
    built["isRead"] = block.effect == "read"
    if is_closed(block):
        built["isClosed"] = True
    if notice := " ".join(tell_closed(block)):
        built["notice"] = notice
    if hint := " ".join([*tell_cost(block, _calling(block)), *_tell_needs(block)]):
        built["hint"] = hint
    if block.brief:
        built["hasBrief"] = True
    if block.page:
        built["entries"] = [*block.page.at, block.page.names["items"]]
    return built


def _build_trigger(manifest: Manifest, trigger: Trigger, node_type: str) -> dict[str, Any]:
    """A trigger is told like a block, and by `watches`, the block that is read, and `every`, the seconds after which
    another look is worth it; a field that says how to look and not at what has `how`."""
    form, polling = trigger.form, manifest.data[POLLING]
    built = _build_form(manifest, form, node_type, find_front_fields(form, polling))
    built["fields"] = [{**field, "how": True} if field["name"] in polling else field for field in built["fields"]]
    built |= {"watches": trigger.block.name, "every": trigger.every}
    if "development" in trigger.closed:
        built["isClosed"] = True
    if notice := " ".join(tell_closed(form, trigger.closed)):
        built["notice"] = notice
    built["hint"] = " ".join([f"While nothing happens a look costs {trigger.cost.quiet}.", *_tell_needs(form)])
    if trigger.brief:
        built["hasBrief"] = True
    return built


def _build_form(manifest: Manifest, block: Block, node_type: str, first: frozenset[str]) -> dict[str, Any]:
    """What blocks and triggers have alike."""
    auth = manifest.auth[block.server]
    lent = auth.fields if auth and auth.can_sign_in else ()
    built: dict[str, Any] = {
        "type": node_type,
        "name": block.name,
        "title": block.title,
        "group": block.group,
        "fields": [
            build_field(
                field,
                is_first=field.name in first,
                is_lent=field.name in lent,
                keeps_places=field.name in block.placed_fields,
                not_sent=block.not_sent.get(field.name),
            )
            for field in block.fields.values()
        ],
    }
    if block.one_of:
        built["one_of"] = [list(group) for group in block.one_of]
    if together := block.together:
        built["together"] = {
            "fields": list(together.fields),
            "at_least": together.at_least,
            "at_most": together.at_most,
        }
    return built


def _tell_origin(manifest: Manifest) -> str:
    source = manifest.package.get("repo")
    return f"from {source}." if source else "which also made this palette: ask for it whoever gave you this."


def _calling(block: Block) -> Callable[[str], str]:
    """Fields by what the form calls them."""
    return lambda name: f'"{block.fields[name].title}"'


def _tell_needs(block: Block) -> list[str]:
    needs = tell_needs(block.scope_needs, call=_calling(block))
    return [f"Needs {needs}."] if needs else []

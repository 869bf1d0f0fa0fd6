"""The palette of the node: a resource for each group, an operation for each block, in the manifest's order.

n8n's linter wants lists in alphabetical order; makers look for what belongs together, and last for what is closed.
"""

from __future__ import annotations

from typing import Any

from connector.export.n8n.taken_values import take
from connector.export.n8n.widgets import Parameter
from connector.export.n8n.wording import mark_closed, to_action, to_hint, to_label, to_resource
from connector.manifest.blocks import Block
from connector.manifest.manifest import Manifest


def list_resources(manifest: Manifest) -> list[dict[str, Any]]:
    """The resources as n8n's options."""
    return [{"name": to_resource(group), "value": group} for group in manifest.groups]


def list_operations(manifest: Manifest) -> dict[str, list[dict[str, Any]]]:
    """The operations of each resource as n8n's options, those closed to new apps marked and last."""
    return {group: [_build_operation(block) for block in _order(manifest, group)] for group in manifest.groups}


def build_palette(manifest: Manifest) -> list[Parameter]:
    """The parameters that resource and operation are chosen with."""
    return [_build_resource(manifest), *(_build_choice(manifest, group) for group in manifest.groups)]


def _order(manifest: Manifest, group: str) -> list[Block]:
    return sorted((block for block in manifest if block.group == group), key=_is_closed)


def _is_closed(block: Block) -> bool:
    return block.closed_since("development") is not None


def _build_operation(block: Block) -> dict[str, Any]:
    label, action = to_label(block.title), to_action(block.title)
    return {
        "name": mark_closed(label, title_case=True) if _is_closed(block) else label,
        "value": block.name,
        "description": to_hint(block.description),
        "action": mark_closed(action) if _is_closed(block) else action,
    }


# n8n leaves out of a saved workflow what is the default: another one would change the workflows that there are.
def _build_resource(manifest: Manifest) -> Parameter:
    return {
        "displayName": "Resource",
        "name": "resource",
        "type": "options",
        "noDataExpression": True,
        "options": take("palette", "resources"),
        "default": min(manifest.groups, key=str.lower),
    }


def _build_choice(manifest: Manifest, group: str) -> Parameter:
    blocks = [block for block in manifest if block.group == group]
    return {
        "displayName": "Operation",
        "name": "operation",
        "type": "options",
        "noDataExpression": True,
        "displayOptions": {"show": {"resource": [group]}},
        "options": take("palette", "operations", group),
        "default": min(blocks, key=lambda block: to_label(block.title).lower()).name,
    }

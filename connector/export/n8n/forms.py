"""The form of the node: a resource for each group, an operation for each block, and a block's fields below them.

Also what the runtime must know to make a block's arguments of the form again, and to tell its items.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from connector.export.n8n.choices import Choices
from connector.export.n8n.fields import FieldForms, build_options
from connector.export.n8n.notices import iter_notices, iter_scopes, show
from connector.export.n8n.operations import build_palette
from connector.export.n8n.widgets import Parameter
from connector.manifest.blocks import Block
from connector.manifest.manifest import Manifest
from connector.manifest.schema_parts import find_file

#: The field that n8n's own pair of parameters, `returnAll` and `limit`, stands for.
_LIMIT_FIELD: Final = "max_items"
#: Names of the node's own parameters, and of those that n8n itself puts beside them.
_TAKEN: Final = frozenset(
    {
        "authentication",
        "limit",
        "more",
        "notice",
        "operation",
        "options",
        "resource",
        "returnAll",
        "scopes",
        "simplify",
    }
)


class Forms:
    """The node's form for all blocks of a manifest, whose long lists of codes are collected in `choices`.

    `parameters` is n8n's `properties`; `blocks` is the runtime's table: of each block its title, the path to its
    entries where it is paged, whether answers can be brief, the field that ends it early, and of each parameter the
    field, its kind, its title, and where its values are listed that they are, or by which parameter they are ticked.
    """

    def __init__(self, manifest: Manifest, choices: Choices | None = None) -> None:
        self.choices = choices or Choices()
        self.blocks: dict[str, Any] = {}
        self._fields = FieldForms(manifest, self.choices, show, _TAKEN)
        blocks = list(manifest)
        self.parameters = [
            *build_palette(manifest),
            *iter_notices(blocks),
            *(parameter for block in blocks for parameter in self._iter_fields(block)),
            *_iter_limits([block for block in blocks if _LIMIT_FIELD in block.fields]),
            *self._fields.build_simplify([block for block in blocks if block.brief]),
            *(more for block in blocks if (more := self._fields.build_more(block, self.blocks[block.name]))),
            _OPTIONS,
            *iter_scopes(blocks),
        ]

    def _iter_fields(self, block: Block) -> Iterator[Parameter]:
        entry: dict[str, Any] = {"title": block.title, "isRead": block.effect == "read"}
        self.blocks[block.name] = entry
        yield from self._fields.iter_first(block, entry, besides=_LIMIT_FIELD)
        if block.page:
            entry["entries"] = [*block.page.at, block.page.names["items"]]
        if block.brief:
            entry["hasBrief"] = True
        if made := find_file(block.output_schema):
            entry["file"] = {part: list(steps) for part, steps in made.items()}
        if _LIMIT_FIELD in block.fields:
            entry["limit"] = _LIMIT_FIELD


def _iter_limits(blocks: list[Block]) -> Iterator[Parameter]:
    if not blocks:
        return
    yield {
        "displayName": "Return All",
        "name": "returnAll",
        "type": "boolean",
        "default": False,
        "description": "Whether to return all results or only up to a given limit",
        "displayOptions": show(blocks),
    }
    shown = show(blocks)
    shown["show"]["returnAll"] = [False]
    yield {
        "displayName": "Limit",
        "name": "limit",
        "type": "number",
        "typeOptions": {"minValue": 1},
        "default": 50,
        "description": "Max number of results to return",
        "displayOptions": shown,
    }


_OPTIONS: Final = build_options(
    600, "Seconds to wait for the runner's answer, which comes only once the last page was read"
)

"""The form of the node: a resource for each group, an operation for each block, and a block's fields below them.

Also what the runtime must know to make a block's arguments of the form again, and to tell its items.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from connector.export.first_fields import find_first_fields
from connector.export.n8n.choices import Choices
from connector.export.n8n.locators import TICKED, build_ticked
from connector.export.n8n.notices import iter_notices, iter_scopes, show
from connector.export.n8n.operations import build_palette
from connector.export.n8n.widgets import Parameter, build_parameter, find_kind, require
from connector.export.n8n.wording import to_label
from connector.manifest.blocks import Block, Field
from connector.manifest.manifest import Manifest

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
_SORTED_FROM: Final = 5


class Forms:
    """The node's form for all blocks of a manifest.

    `parameters` is n8n's `properties`; `blocks` is the runtime's table: of each block its title, the path to its
    entries where it is paged, whether answers can be brief, the field that ends it early, and of each parameter the
    field, its kind, its title, and where its values are listed that they are, or by which parameter they are ticked.
    """

    def __init__(self, manifest: Manifest) -> None:
        self.choices = Choices()
        self.blocks: dict[str, Any] = {}
        schemes = [scheme for scheme in manifest.auth.values() if scheme]
        self._tokens = {scheme.options["token"] for scheme in schemes if "token" in scheme.options}
        self._kept = {name for scheme in schemes for name in scheme.fields}
        blocks = list(manifest)
        self.parameters = [
            *build_palette(manifest),
            *iter_notices(blocks),
            *(parameter for block in blocks for parameter in self._iter_fields(block)),
            *_iter_limits([block for block in blocks if _LIMIT_FIELD in block.fields]),
            *_iter_simplify([block for block in blocks if block.brief]),
            *(more for block in blocks if (more := self._build_more(block))),
            _OPTIONS,
            *iter_scopes(blocks),
        ]

    def _iter_fields(self, block: Block) -> Iterator[Parameter]:
        entry: dict[str, Any] = {
            "title": block.title,
            "isRead": block.effect == "read",
            "fields": {},
            "more": {},
        }
        if block.page:
            entry["entries"] = [*block.page.at, block.page.names["items"]]
        if block.brief:
            entry["hasBrief"] = True
        if _LIMIT_FIELD in block.fields:
            entry["limit"] = _LIMIT_FIELD
        self.blocks[block.name] = entry
        for field in block.fields.values():
            if field.name in self._tokens or field.name == _LIMIT_FIELD:
                continue
            name = f"{field.name}Field" if field.name in _TAKEN else field.name
            told: dict[str, Any] = {"name": field.name, "title": to_label(field.title), "kind": find_kind(field)}
            if separator := field.schema.get("x-separator"):
                told["separator"] = separator
            if field.choices:
                told |= {"ticked": f"{name}{TICKED}"} if field.is_list else {"list": True}
            if not self._is_first(block, field):
                entry["more"][name] = told
                continue
            entry["fields"][name] = told
            parameter = build_parameter(field, name, self.choices, block.not_sent.get(field.name))
            parameter["displayOptions"] = show([block])
            # Where values can be ticked too, only the runner can tell that there is none.
            if field.required and "ticked" not in told:
                require(parameter)
            yield parameter

    def _build_more(self, block: Block) -> Parameter | None:
        entry = self.blocks[block.name]
        options = [
            build_parameter(block.fields[told["name"]], name, self.choices, block.not_sent.get(told["name"]))
            for name, told in entry["more"].items()
        ]
        options += [
            build_ticked(block.fields[told["name"]], told["ticked"])
            for told in [*entry["fields"].values(), *entry["more"].values()]
            if "ticked" in told
        ]
        if not options:
            return None
        if len(options) >= _SORTED_FROM:
            options.sort(key=lambda option: option["displayName"].lower())
        return {
            "displayName": "Additional Fields",
            "name": "more",
            "type": "collection",
            "placeholder": "Add Field",
            "default": {},
            "displayOptions": show([block]),
            "options": options,
        }

    def _is_first(self, block: Block, field: Field) -> bool:
        """Whether a field shows at once; what a connection may bring along need not."""
        return field.name not in self._kept and field.name in find_first_fields(block)


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


def _iter_simplify(blocks: list[Block]) -> Iterator[Parameter]:
    """n8n's own word for short answers, and its own description."""
    if blocks:
        yield {
            "displayName": "Simplify",
            "name": "simplify",
            "type": "boolean",
            "default": True,
            "description": "Whether to return a simplified version of the response instead of the raw data",
            "displayOptions": show(blocks),
        }


_OPTIONS: Final[Parameter] = {
    "displayName": "Options",
    "name": "options",
    "type": "collection",
    "placeholder": "Add Option",
    "default": {},
    "options": [
        {
            "displayName": "Connection",
            "name": "connection",
            "type": "string",
            "default": "",
            "description": "The runner's name for whose account this acts on, instead of the credential's",
        },
        {
            "displayName": "Timeout",
            "name": "timeout",
            "type": "number",
            "typeOptions": {"minValue": 1},
            "default": 600,
            "description": "Seconds to wait for the runner's answer, which comes only once the last page was read",
        },
    ],
}

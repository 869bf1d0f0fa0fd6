"""What a block's form says beside its fields: for whom it is closed, what it costs, and what it needs from its user."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, Final

from connector.export.n8n.widgets import Parameter, Show
from connector.export.n8n.wording import to_label, to_notice
from connector.manifest.beforehand import tell_beforehand
from connector.manifest.blocks import Block
from connector.manifest.field_rules import tell_rules
from connector.manifest.scope_needs import tell_needs

_NAME: Final = re.compile(r"\b[a-z]+[A-Z]\w*\b")


def show(blocks: Iterable[Block]) -> dict[str, Any]:
    """When n8n shows a parameter that is for these blocks alone."""
    shown = list(blocks)
    groups = sorted({block.group for block in shown}, key=str.lower)
    return {"show": {"resource": groups, "operation": [block.name for block in shown]}}


def iter_notices(blocks: list[Block]) -> Iterator[Parameter]:
    """A notice for the blocks that some apps may not call, that cost more than one call, and whose fields exclude or
    need one another."""
    yield from iter_shared("notice", blocks, lambda block: quote_blocks(_tell_use(block), blocks), show)


def iter_scopes(forms: list[Block], when: Show = show) -> Iterator[Parameter]:
    """A notice for the blocks, or the triggers' forms, for which the user must have granted something."""
    yield from iter_shared("scopes", forms, _tell_scopes, when)


def iter_shared(name: str, forms: Iterable[Block], tell: Callable[[Block], str], when: Show) -> Iterator[Parameter]:
    """A notice for each text; forms of which the same is to be said share it."""
    told: dict[str, list[Block]] = {}
    for form in forms:
        if text := tell(form):
            told.setdefault(text, []).append(form)
    for text, shown in told.items():
        yield {
            "displayName": to_notice(text),
            "name": name,
            "type": "notice",
            "default": "",
            "displayOptions": when(shown),
        }


def _tell_use(block: Block) -> str:
    call = partial(quote_label, block)
    return " ".join([*tell_beforehand(block, call), *tell_rules(block, call)])


def _tell_scopes(block: Block) -> str:
    needs = tell_needs(block.scope_needs, call=partial(quote_label, block))
    return f"Needs {needs}." if needs else ""


def quote_blocks(text: str, blocks: Iterable[Block]) -> str:
    """`text` with the names of blocks as the list of operations has them. A name of one word may be any word."""
    labels = {block.name: to_label(block.title) for block in blocks}
    return _NAME.sub(lambda found: f'"{labels[found[0]]}"' if found[0] in labels else found[0], text)


def quote_label(form: Block, name: str) -> str:
    """A field as its form calls it."""
    return f'"{to_label(form.fields[name].title)}"'

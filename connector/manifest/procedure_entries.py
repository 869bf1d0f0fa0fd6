"""A manifest's words on lists and procedures → values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from connector.manifest.blocks import Block, Field
from connector.manifest.procedures import Column, ListKind, Procedure
from connector.manifest.routes import APP_MODES

#: Words of a list that name no block.
_PLAIN: Final = frozenset({"title", "field", "entry", "sorts", "columns", "most", "newest_first", "fixed_title"})
#: What blocks do to a list with keys of its entries.
_EDITS: Final = ("insert", "remove", "replace")


def build_procedure(
    entry: Mapping[str, Any], lists: Mapping[str, Any], find_block: Callable[[str], Block], *, reads_only: bool
) -> Procedure:
    """The procedure that a block's `entry` tells of. One that `reads_only` knows no block of its lists that writes.
    Raises `KeyError` and the like where it can't be built."""
    kinds = {
        part: _build_list(name, lists[name], find_block, reads_only=reads_only)
        for part, name in entry.get("lists", {}).items()
    }
    blocks = entry.get("blocks", {})
    made = Procedure(entry["name"], entry.get("with", {}), kinds, blocks, "", {})
    needed = [find_block(name) for name in made.needed]
    closed: dict[str, str] = {}
    for mode, since in (pair for part in needed for pair in part.closed.items()):
        closed[mode] = min(since, closed.get(mode, since))
    others = [find_block(name) for name in made.parts if name not in made.needed]
    lacking = {mode: tuple(part.name for part in others if mode in part.closed) for mode in APP_MODES}
    return replace(
        made,
        server=[*needed, *others][0].server,
        closed=closed,
        names=entry.get("names", {}),
        lacking={mode: names for mode, names in lacking.items() if names},
    )


def _build_list(
    name: str, entry: Mapping[str, Any], find_block: Callable[[str], Block], *, reads_only: bool
) -> ListKind:
    said = {what: word for what, word in entry.items() if what not in _PLAIN}
    words = {what: {"block": word} if isinstance(word, str) else word for what, word in said.items()}
    if reads_only:
        words = {what: word for what, word in words.items() if find_block(word["block"]).effect == "read"}
    blocks = {what: word["block"] for what, word in words.items()}
    edits = {what: (find_block(blocks[what]), words[what]["keys"]) for what in _EDITS if what in blocks}
    sizes = {what: _find_size(block, keys) for what, (block, keys) in edits.items()}
    return ListKind(
        name,
        entry["title"],
        entry.get("field"),
        blocks,
        words,
        entry["entry"],
        entry.get("sorts", {}),
        {what: size for what, size in sizes.items() if size},
        frozenset(what for what, (block, keys) in edits.items() if not _is_list(block.fields[keys])),
        find_block(blocks["read"]).page,
        tuple(_build_column(name, column) for name, column in entry.get("columns", {}).items()),
        find_block(blocks["read"]).listing,
        entry.get("most"),
        entry.get("newest_first", False),
        entry.get("fixed_title", "It"),
    )


def _find_size(block: Block, keys: str) -> int | None:
    """How many values of the field `keys` one request takes by whichever route; `None` for any number."""
    if not _is_list(block.fields[keys]):
        return 1
    sizes = [route.batch.size for route in block.routes if route.batch and route.batch.field == keys]
    sizes += [1 for route in block.routes if route.each == keys]
    return min(sizes, default=block.fields[keys].schema.get("maxItems"))


def _is_list(field: Field) -> bool:
    return bool(field.schema.get("type") == "array")


def _build_column(name: str, entry: str | Mapping[str, Any]) -> Column:
    if isinstance(entry, str):
        return Column(name, entry)
    return Column(name, entry.get("at"), entry.get("means"), tuple(entry.get("also", ())))

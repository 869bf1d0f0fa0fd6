"""What a block that is made of blocks costs in calls, in words, by its procedure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from connector.manifest.blocks import Block
from connector.manifest.procedures import ListKind, Procedure


def tell_procedure_cost(block: Block, procedure: Procedure, call: Callable[[str], str] = str) -> str:
    """A sentence that says what running `block` takes. `call` makes of a field's name what it is called there."""
    parts = list(_PARTS.get(procedure.name, _tell_editing)(block, procedure))
    told = f"Costs {', '.join(parts[:-1])}{' and ' * (len(parts) > 1)}{parts[-1]}"
    return f"{told}; with {call('dry_run')} it tells them first." if "dry_run" in block.fields else f"{told}."


def _tell_editing(block: Block, procedure: Procedure) -> Iterator[str]:
    """Of what reads lists, and edits one of them where it is to change."""
    yield _tell_reading(procedure.lists.values())
    edited = (procedure.lists[part] for part, use in procedure.uses.items() if "insert" in use.needed)
    target = next(edited, None)
    if target is None:
        return
    moves = "move" in target.blocks and ("how" in block.fields or block.effect == "destructive")
    yield f"one {_tell_sizes([target], 'insert')} that {'come or go' if moves else 'come'}"
    if moves:
        yield "one for each stretch that moves"
    if "match" in procedure.blocks:
        yield "one or more for each row without an address"


def _tell_matching(_: Block, procedure: Procedure) -> Iterator[str]:
    asks = len(procedure.words.get("asks", ()))
    if not asks:
        yield "the calls that reading the whole list takes, however many are looked for"
    else:
        yield f"one call for each row{f' as a rule, {asks} at most' if asks > 1 else ''}"


def _tell_lists(_: Block, procedure: Procedure) -> Iterator[str]:
    """Of what fills several lists, some of which it makes."""
    lists = procedure.lists
    yield _tell_reading(lists.values())
    yield f"one {_tell_sizes([lists['target']] if 'target' in lists else lists.values(), 'insert')} that come"
    yield "one for each list that is made"


def _tell_gathering(_: Block, procedure: Procedure) -> Iterator[str]:
    things, each = procedure.lists["things"].title, procedure.lists["each"].title
    kinds = ", times the kinds" if "kind" in procedure.words else ""
    yield f"a call for each of the {things}{kinds}"
    if "items" in procedure.lists:
        yield f"one for each of the {each} that is new"
    yield _tell_reading([procedure.lists["target"]], "the target holds")
    yield f"one {_tell_sizes([procedure.lists['target']], 'insert')} that come"


def _tell_playing(_: Block, procedure: Procedure) -> Iterator[str]:
    if procedure.words["as"] == "queue":
        yield "a call for each that is queued"
        yield "those that reading what is queued takes"
    elif procedure.words["as"] == "device":
        yield "two or three calls"
        yield "one for each second of waiting"
        yield "one for each step of a fade, 50 at most"
    else:
        yield "two or three calls"
        yield "those that reading a target takes"


_PARTS: Final[Mapping[str, Callable[[Block, Procedure], Iterator[str]]]] = {
    "match": _tell_matching,
    "collect": _tell_lists,
    "copy": _tell_lists,
    "gather": _tell_gathering,
    "play": _tell_playing,
}


def _tell_reading(lists: Iterable[ListKind], what: str = "it reads") -> str:
    sizes = sorted({kind.page.size for kind in lists if kind.page})
    return f"a call per {_tell_range(sizes)} entries that {what}" if sizes else "a call to read"


def _tell_sizes(lists: Iterable[ListKind], what: str) -> str:
    """How many one call takes that does `what`."""
    sizes = sorted({kind.sizes.get(what, 0) for kind in lists if what in kind.blocks})
    return f"per {_tell_range([size for size in sizes if size > 1])}" if max(sizes) > 1 else "for each"


def _tell_range(sizes: list[int]) -> str:
    return str(sizes[0]) if len(sizes) == 1 else f"{sizes[0]} to {sizes[-1]}"

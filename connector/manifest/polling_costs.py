"""What a trigger costs, in words: calls while nothing happens, calls when something did, and what its state grows to.
Each way to see a change has its own; what it reads comes from the manifest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from connector.manifest.blocks import Block
from connector.manifest.connection_block import CONNECTION

#: How many calls a look of a `rota` makes, where the manifest doesn't say.
PER_LOOK: Final = 10
_ONE: Final = "1 call"
_NONE: Final = "no call"


class PollingCost(NamedTuple):
    """Calls of a look while nothing happened (`quiet`) and of one that finds a `change`, and the size of the `state`,
    each in words."""

    quiet: str
    change: str
    state: str


def tell_polling_cost(block: Block, way: str, words: Mapping[str, Any]) -> PollingCost:
    """What a look costs that sees changes in `block` by `way`, to which the manifest says `words`."""
    cost = _WAYS[way](block, words)
    return cost._replace(quiet=_NONE, change=_NONE) if block.name == CONNECTION else cost


def _newest_first(block: Block, _words: Mapping[str, Any]) -> PollingCost:
    change = f"{_ONE}, and one for each further {_size(block)} new entries"
    return PollingCost(_ONE, change, "at most some 10 KB")


def _difference(block: Block, words: Mapping[str, Any]) -> PollingCost:
    whole = _tell_list(block, words)
    state = "some 100 bytes an entry" if "keep" in words else "16 bytes an entry"
    if words.get("tells") == "gone" or not words.get("end"):
        change = f"the whole list, {whole}" if "look" in words or "end" in words else whole
    else:
        place = {"head": "in front", "tail": "at the end"}[words["end"]]
        change = f"{2 if 'look' in words else 1} calls where something came {place}, else the whole list, {whole}"
    return PollingCost(_ONE if words.keys() & {"look", "end"} else whole, change, state)


def _overlap(_block: Block, words: Mapping[str, Any]) -> PollingCost:
    return PollingCost(_ONE, _ONE, f"at most {'some 12 KB' if words.get('remember', 0) > 100 else '2 KB'}")


def _value(_block: Block, _words: Mapping[str, Any]) -> PollingCost:
    return PollingCost(_ONE, _ONE, "less than 1 KB")


def _counters(block: Block, words: Mapping[str, Any]) -> PollingCost:
    whole = _tell_list(block, words)
    if "each" in words:
        return PollingCost(whole, f"{whole}, and 1 or 2 more for each that grew", "at most 300 bytes an entry")
    return PollingCost(whole, f"{whole}, at the look after the next", "some 100 bytes an entry")


def _rota(block: Block, words: Mapping[str, Any]) -> PollingCost:
    calls = f"{words.get('per_look', PER_LOOK)} calls, and at the start of a round {_tell_list(block, words)}"
    return PollingCost(calls, calls, "at most 300 bytes an entry and kind")


_WAYS: Final[Mapping[str, Callable[[Block, Mapping[str, Any]], PollingCost]]] = {
    "newest_first": _newest_first,
    "difference": _difference,
    "overlap": _overlap,
    "value": _value,
    "counters": _counters,
    "rota": _rota,
}


def _tell_list(block: Block, words: Mapping[str, Any]) -> str:
    size = _size(block)
    return _ONE if not size or words.get("first", size + 1) <= size else f"1 call for every {size} entries"


def _size(block: Block) -> int:
    """The most entries that one call gives to every app."""
    return block.page.size if block.page else 0

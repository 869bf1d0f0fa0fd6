"""How a way of seeing reads the block that it watches, and what a call gives."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from connector.arguments.validation import Args
from connector.manifest.blocks import Block
from connector.manifest.dotted_paths import follow
from connector.result import Result

#: Invokes the block of this name. Raises `InvocationFailed`.
Read = Callable[[str, Args], Result]


#: How often a list is read at most that changes while it is read.
_TRIES: Final = 4


class Part(NamedTuple):
    """Some neighbouring entries of a list, from the place `offset` on, and how many there are in all, where told."""

    offset: int
    entries: list[Any]
    total: int | None
    is_last: bool


class Reader:
    """The watched `block` with the trigger's `args`, and the `others` that are read beside it."""

    def __init__(self, block: Block, others: Mapping[str, Block], args: Args, read: Read) -> None:
        self._block = block
        self._others = others
        self._args = args
        self._read = read

    @property
    def size(self) -> int:
        """The most entries of the watched block that one call gives to every app."""
        return self._block.page.size if self._block.page else 0

    def read_part(self, offset: int = 0) -> Part:
        """The entries from `offset` on, as many as one call gives."""
        return self._read_part(self._block, {}, offset)

    def read_all(self, most: int | None = None) -> Part:
        """The whole list, or its first `most` entries."""
        limit = {"max_items": most} if most and self._block.page else {}
        result = self._read(self._block.name, {**self._args, **limit})
        entries = _list(result)
        return Part(0, entries[:most], _find_total(self._block, result.output), most is None)

    def read_steadily(
        self, sign: Callable[[Any], Any], is_known: Callable[[list[Any]], bool], most: int | None = None
    ) -> Part | None:
        """The whole list, or its first `most` entries; `None` where it doesn't keep still.

        Pages shift when something leaves or comes while they are read, so what is on several of them counts when it
        `is_known`, or is read twice, by the signs of the entries.
        """
        before: tuple[list[Any], int | None] | None = None
        for _ in range(_TRIES):
            whole = self.read_all(most)
            now = [sign(entry) for entry in whole.entries], whole.total
            if (
                min(max(len(now[0]), now[1] or 0), most or sys.maxsize) <= self.size
                or is_known(now[0])
                or now == before
            ):
                return whole
            before = now
        return None

    def read_one(self) -> Any:
        """The watched block's whole output."""
        return self._read(self._block.name, self._args).output

    def read_other(self, name: str, args: Args) -> Any:
        """The whole output of another block, for `args` beside the trigger's."""
        return self._read(name, {**self._args, **args}).output

    def read_other_part(self, name: str, args: Args, offset: int = 0) -> Part:
        """Entries of another block's list from `offset` on, as many as one call gives."""
        return self._read_part(self._others[name], args, offset)

    def _read_part(self, block: Block, args: Args, offset: int) -> Part:
        size = block.page.size if block.page else 0
        place = {"resume": str(offset)} if offset else {}
        result = self._read(block.name, {**self._args, **args, "max_items": size, **place})
        entries, total = _list(result), _find_total(block, result.output)
        is_last = block.page is None or len(entries) < size or total == offset + len(entries)
        return Part(offset, entries, total, is_last)


def _list(result: Result) -> list[Any]:
    """The list as it came, nulls too: they count in its total."""
    found = follow(result.output, result.listing.at) if result.listing else result.output
    if not isinstance(found, list):
        return []
    return [result.listing.read(entry) for entry in found] if result.listing else found


def _find_total(block: Block, output: Any) -> int | None:
    part = follow(output, block.page.at) if block.page else None
    total = part.get(block.page.names.get("total", "")) if block.page and isinstance(part, dict) else None
    return total if isinstance(total, int) and not isinstance(total, bool) else None

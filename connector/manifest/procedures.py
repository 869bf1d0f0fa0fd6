"""What a manifest says of blocks that are made of blocks: how they go about it, and with which lists and blocks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from connector.manifest.procedure_uses import Use, find_uses, is_needed
from connector.manifest.routes import Page
from connector.result import Listing

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table of a list's entries. `at` is the expression for what an entry has there, `None` for what only
    files of other programs have; `means` says what it tells the procedures (`uri`, `title`, `artist`, `album`,
    `duration`, `isrc`), `None` for nothing; `also` are other names for it in files."""

    name: str
    at: str | None
    means: str | None = None
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ListKind:
    """A kind of list that is read and edited as a whole. `field` names which list in each of its `blocks`, by what they
    do (`read`, `look`, `insert`, `remove`, `move`, `replace`, `create`, `find`, `me`); `None` where there is only one.
    `words` say for each how it is asked and what it tells; `entry` has an expression for each thing to know of an
    entry, `sorts` those by which entries are sorted; `sizes` say how many entries one call of a block takes, where not
    any number; `singles` are what is done to one entry, in a field that holds no list; `page` is how it is read, `None`
    where one call reads all; `columns` are those of a table of the entries, and `listing` tells where what is read has
    them; `most` is how many the list takes at all, where that is known. `is_newest_first`: what was added last stands
    first. `fixed_title` says in words what could not be put back."""

    name: str
    title: str
    field: str | None
    blocks: Mapping[str, str]
    words: Mapping[str, Mapping[str, Any]]
    entry: Mapping[str, str]
    sorts: Mapping[str, list[str]]
    sizes: Mapping[str, int]
    singles: frozenset[str] = frozenset()
    page: Page | None = None
    columns: tuple[Column, ...] = ()
    listing: Listing | None = None
    most: int | None = None
    is_newest_first: bool = False
    fixed_title: str = "It"

    @property
    def part_size(self) -> int | None:
        """How many entries one call reads from a place on; `None` where reading can begin only at the start."""
        return self.page.size if self.page and self.page.style == "offset" else None

    def reads_in_parts(self, count: int) -> bool:
        """Whether reading so many entries takes several calls, between which others may edit the list."""
        return self.page is not None and count > self.page.size

    def split(self, what: str, things: Sequence[Thing]) -> list[Sequence[Thing]]:
        """`things` in pieces, each of which one call takes that does `what`."""
        step = self.sizes.get(what) or max(1, len(things))
        return [things[start : start + step] for start in range(0, len(things), step)]

    def count_calls(self, what: str, count: int) -> int:
        """How many calls it takes to do `what` with `count` entries."""
        return -(-count // self.sizes[what]) if what in self.sizes else 1


@dataclass(frozen=True, slots=True)
class Procedure:
    """How a block goes about it: the `name` of a procedure, `words` to it, and which `lists` and `blocks` it works
    with, by their parts in it. `names` are those that its fields, and what it tells, have in the manifest, by the
    procedure's own. `server` is told who calls; `closed` are the modes to which a part is that it can't do without,
    with the date, and `lacking` those that it may need and that are closed, by mode."""

    name: str
    words: Mapping[str, Any]
    lists: Mapping[str, ListKind]
    blocks: Mapping[str, str]
    server: str
    closed: Mapping[str, str]
    names: Mapping[str, str] = field(default_factory=dict)
    lacking: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def uses(self) -> dict[str, Use]:
        """What it does to the list in each part."""
        return find_uses(self.name, self.words, self.lists)

    @property
    def needed(self) -> tuple[str, ...]:
        """The blocks that it can't do without, each once."""
        blocks = (block for part, block in self.blocks.items() if is_needed(self.name, part))
        return tuple(dict.fromkeys((*blocks, *self._iter_used(Use._fields[:1]))))

    @property
    def parts(self) -> tuple[str, ...]:
        """Every block that it may run, each once; those that it can't do without come first."""
        return tuple(dict.fromkeys((*self.needed, *self.blocks.values(), *self._iter_used(Use._fields))))

    def _iter_used(self, how: Sequence[str]) -> Iterator[str]:
        for part, use in self.uses.items():
            blocks = self.lists[part].blocks
            yield from (blocks[what] for each in how for what in getattr(use, each) if what in blocks)

"""The edits that turn one list into another with the fewest calls. Pure: what a list is and who keeps it is no matter.

A list is edited as services let it be edited: what is removed goes by its key, with every copy of it; neighbours move
together, and keep what is known of them (when they were added); what is put in goes to one place, in order. So all
that must go goes first, then what stands out of order moves, and what is new comes in last, from the top down. Where
nothing can be moved, what stands out of order goes and comes in anew.

Of what stays, a copy may have to go, which takes them all. It is back by the very next call, so that it is off the list
for no longer, and moves to its place with the others.

The moves are the fewest in which no piece moves twice: neighbours that stay neighbours are one piece, and the most
pieces that are in order already stay where they are (a longest increasing subsequence; M. L. Fredman, 1975). Moves of
several pieces at once can be fewer still, and finding those is NP-hard (L. Bulteau, G. Fertin, I. Rusu, 2012).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Container, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final, TypeVar

_Thing = TypeVar("_Thing")


@dataclass(frozen=True, slots=True)
class Remove:
    """Every copy of these `keys` goes."""

    keys: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Move:
    """`count` neighbours, the first of them at `start`, go to the place `before` another one, both counted before the
    move; `before` is the list's length for its end."""

    start: int
    count: int
    before: int


@dataclass(frozen=True, slots=True)
class Insert:
    """`keys` come in, in order, the first of them at the place `at`."""

    at: int
    keys: tuple[str, ...] = field(repr=False)


Edit = Remove | Move | Insert


@dataclass(frozen=True, slots=True)
class Means:
    """What one call does to a list: it removes at most so many keys, or inserts at most so many, `None` for any number;
    and whether there is one that moves."""

    removes: int | None
    inserts: int | None
    moves: bool = True


@dataclass(frozen=True, slots=True)
class Edits:
    """What to do, in order; the places in the former list of what is `moved` by it, and of what stays but goes and
    comes in `anew`, because a copy of it is to go and removing takes both, or because nothing can be moved."""

    steps: tuple[Edit, ...]
    moved: tuple[int, ...]
    anew: tuple[int, ...]


def plan_edits(
    current: Sequence[str], wanted: Sequence[int | str], means: Means, fixed: Collection[int] = frozenset()
) -> Edits:
    """The edits that make of `current`, a list of keys, the list that is `wanted`: places in `current`, each at most
    once, for what stays, and keys for what comes in. The `fixed` places are never taken off: where nothing can be
    moved, they must be wanted in the order in which they stand."""
    kept = [entry for entry in wanted if isinstance(entry, int)]
    stays = frozenset(kept)
    gone = {key for place, key in enumerate(current) if place not in stays}
    taken = [] if means.moves else _find_out_of_order(current, wanted, gone, fixed)
    gone |= {current[place] for place in taken}
    anew = [place for place in kept if current[place] in gone]
    steps: list[Edit] = []
    left = list(range(len(current)))
    # Those that come back follow each other as they shall, so that few of them have to move.
    going = dict.fromkeys([*(current[place] for place in anew), *(key for key in current if key in gone)])
    for keys in _cut(tuple(going), means.removes):
        off = frozenset(keys)
        left = [place for place in left if current[place] not in off]
        steps.append(Remove(keys))
        back = tuple(place for place in anew if means.moves and current[place] in off)
        for part in _cut(back, means.inserts):
            at = _find_place(left, kept, part[0])
            left[at:at] = part
            steps.append(Insert(at, tuple(current[place] for place in part)))
    ranks = {place: rank for rank, place in enumerate(left)}
    final = [current[entry] if isinstance(entry, int) and entry not in ranks else entry for entry in wanted]
    pieces = _find_pieces([ranks[entry] for entry in final if isinstance(entry, int)])
    unmoved = _find_longest_increasing([piece.start for piece in pieces])
    moving = [piece for index, piece in enumerate(pieces) if index not in unmoved]
    moved = [left[rank] for piece in moving for rank in range(piece.start, piece.start + piece.count)]
    return Edits(
        (*steps, *_plan_moves(pieces, unmoved), *_plan_inserts(final, means.inserts)),
        (*taken, *(place for place in moved if current[place] not in gone)),
        tuple(sorted(anew)),
    )


def _find_place(left: Sequence[int], kept: Sequence[int], place: int) -> int:
    """Where in `left` an entry goes to stand right behind what comes before it in `kept`, as far as that is there."""
    there = {each: rank for rank, each in enumerate(left)}
    before = (there[each] for each in reversed(kept[: kept.index(place)]) if each in there)
    return next(before, -1) + 1


def _find_out_of_order(
    current: Sequence[str], wanted: Sequence[int | str], gone: Container[str], fixed: Collection[int]
) -> list[int]:
    """The fewest places without which those that stay stand in order; the `fixed` ones are none of them."""
    order = [entry for entry in wanted if isinstance(entry, int) and current[entry] not in gone]
    # What stands on the other side of a fixed place than it is wanted can't stay beside that.
    highest = list(accumulate((place if place in fixed else -1 for place in order), max))
    nexts = (place if place in fixed else len(current) for place in reversed(order))
    lowest = list(accumulate(nexts, min))[::-1]
    kept = [place for at, place in enumerate(order) if highest[at] <= place <= lowest[at]]
    unmoved = {kept[index] for index in _find_longest_increasing(kept)}
    return [place for place in order if place not in unmoved]


def apply_edits(current: Sequence[str], edits: Sequence[Edit]) -> list[str]:
    """What the edits make of the list."""
    found = list(current)
    for edit in edits:
        if isinstance(edit, Remove):
            gone = set(edit.keys)
            found = [key for key in found if key not in gone]
        elif isinstance(edit, Insert):
            found[edit.at : edit.at] = edit.keys
        else:
            moved = found[edit.start : edit.start + edit.count]
            rest = found[: edit.start] + found[edit.start + edit.count :]
            at = edit.before if edit.before <= edit.start else edit.before - edit.count
            found = [*rest[:at], *moved, *rest[at:]]
    return found


def _cut(things: tuple[_Thing, ...], size: int | None) -> Iterator[tuple[_Thing, ...]]:
    step = size or max(1, len(things))
    return (things[start : start + step] for start in range(0, len(things), step))


def _plan_inserts(final: Sequence[int | str], size: int | None) -> Iterator[Insert]:
    run: list[str] = []
    for place, entry in enumerate(final):
        if isinstance(entry, str):
            run.append(entry)
        if run and (isinstance(entry, int) or len(run) == size or place == len(final) - 1):
            end = place if isinstance(entry, int) else place + 1
            yield Insert(end - len(run), tuple(run))
            run = []


@dataclass(slots=True)
class _Piece:
    """Neighbours that stay neighbours: where the first one stands, and how many there are."""

    start: int
    count: int


def _find_pieces(order: Sequence[int]) -> list[_Piece]:
    """What stays together, as the pieces shall follow each other."""
    pieces: list[_Piece] = []
    for place in order:
        if pieces and place == pieces[-1].start + pieces[-1].count:
            pieces[-1].count += 1
        else:
            pieces.append(_Piece(place, 1))
    return pieces


def _plan_moves(pieces: Sequence[_Piece], unmoved: Container[int]) -> Iterator[Move]:
    """The moves of all pieces but the `unmoved` ones, by their indices."""
    sums = _Sums(sum(piece.count for piece in pieces))
    for piece in pieces:
        sums.add(piece.start, piece.count)
    anchor = _TOP
    for index, piece in enumerate(pieces):
        if index in unmoved:
            anchor = piece.start
            continue
        yield Move(sums.up_to(piece.start), piece.count, sums.up_to(anchor + 1))
        # What was moved stands right behind the last piece before it that stayed, or at the top.
        sums.add(piece.start, -piece.count)
        sums.add(anchor, piece.count)


#: Stands for the top in sums, which no piece begins before.
_TOP: Final = -1


class _Sums:
    """How many entries stand before a place, as pieces move (P. M. Fenwick, 1994)."""

    def __init__(self, length: int) -> None:
        # The first counts what was moved to the top.
        self._tree = [0] * (length + 2)

    def add(self, place: int, count: int) -> None:
        index = place - _TOP + 1
        while index < len(self._tree):
            self._tree[index] += count
            index += index & -index

    def up_to(self, place: int) -> int:
        """How many are counted at places before this one, the top among them."""
        index, total = place - _TOP, 0
        while index > 0:
            total += self._tree[index]
            index -= index & -index
        return total


def _find_longest_increasing(values: Sequence[int]) -> set[int]:
    """The indices of a longest increasing subsequence."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for index, value in enumerate(values):
        length = bisect_left(tails, value)
        before.append(ends[length - 1] if length else -1)
        if length == len(tails):
            tails.append(value)
            ends.append(index)
        else:
            tails[length] = value
            ends[length] = index
    found: set[int] = set()
    index = ends[-1] if ends else -1
    while index >= 0:
        found.add(index)
        index = before[index]
    return found

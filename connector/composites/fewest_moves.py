"""The fewest moves that bring a list into order, where no piece of it moves twice. Pure.

Neighbours that stay neighbours are one piece, and the most pieces that are in order already stay where they are (a
longest increasing subsequence; M. L. Fredman, 1975). Moves of several pieces at once can be fewer still, and finding
those is NP-hard (L. Bulteau, G. Fertin, I. Rusu, 2012).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from typing import Final


def find_moves(order: Sequence[int]) -> tuple[list[tuple[int, int, int]], list[int]]:
    """The moves that bring what stands at the places 0, 1, … into this `order` of them: where the first of some
    neighbours stands, how many they are, and the place before which they go, both counted before the move. And the
    places of all that moves."""
    pieces = _find_pieces(order)
    unmoved = find_longest_increasing([piece.start for piece in pieces])
    moving = [piece for index, piece in enumerate(pieces) if index not in unmoved]
    moved = [place for piece in moving for place in range(piece.start, piece.start + piece.count)]
    return list(_plan_moves(pieces, unmoved)), moved


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


def _plan_moves(pieces: Sequence[_Piece], unmoved: Container[int]) -> Iterator[tuple[int, int, int]]:
    """The moves of all pieces but the `unmoved` ones, by their indices."""
    sums = _Sums(sum(piece.count for piece in pieces))
    for piece in pieces:
        sums.add(piece.start, piece.count)
    anchor = _TOP
    for index, piece in enumerate(pieces):
        if index in unmoved:
            anchor = piece.start
            continue
        yield sums.up_to(piece.start), piece.count, sums.up_to(anchor + 1)
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


def find_longest_increasing(values: Sequence[int]) -> set[int]:
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

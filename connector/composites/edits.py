"""The edits that turn one list into another with the fewest calls. Pure: what a list is and who keeps it is no matter.

A list is edited as services let it be edited: what is removed goes by its key, with every copy of it; neighbours move
together, and keep what is known of them (when they were added); what is put in goes to one place, in order. So all
that must go goes first, then what stands out of order moves, and what is new comes in last. Where nothing can be moved,
what stands out of order goes and comes in anew.

A copy that is to stay goes with the one that is to go. It is put back by the very next calls, so that nothing is off
the list for longer than that. And whoever stops in between and plans anew from what there is then ends with the same
list: what is new comes in at the end from the top down, and elsewhere from the bottom up.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TypeVar

from connector.composites.fewest_moves import find_longest_increasing, find_moves

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


@dataclass(frozen=True, slots=True)
class Replace:
    """All goes, and `keys` come in its place, in order, at once."""

    keys: tuple[str, ...] = field(repr=False)


Edit = Remove | Move | Insert | Replace


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
    comes in `anew`: a copy of it is to go and removing takes both, nothing can be moved, or all is put there anew."""

    steps: tuple[Edit, ...]
    moved: tuple[int, ...]
    anew: tuple[int, ...]


def plan_edits(
    current: Sequence[str], wanted: Sequence[int | str], means: Means, fixed: Collection[int] = frozenset()
) -> Edits:
    """The edits that make of `current`, a list of keys, the list that is `wanted`: places in `current`, each at most
    once, for what stays, and keys for what comes in. The `fixed` places are never taken off: where nothing can be
    moved, they must be wanted in the order in which they stand."""
    goals = {each: goal for goal, each in enumerate(wanted) if isinstance(each, int)}
    gone = dict.fromkeys(key for place, key in enumerate(current) if place not in goals)
    taken = [] if means.moves else _find_out_of_order(current, wanted, gone, fixed)
    gone |= dict.fromkeys(current[place] for place in taken)
    anew = sorted(place for place in goals if current[place] in gone)
    back = {current[place] for place in anew}
    steps: list[Edit] = []
    # What stands on the list, each as its place in the one that is wanted; what goes for good has none.
    stand = [(goals.get(place, -1), key) for place, key in enumerate(current)]
    for keys in _cut(tuple(sorted(gone, key=lambda key: key not in back)), means.removes):
        steps.append(Remove(keys))
        going = set(keys)
        stand = [each for each in stand if each[1] not in going]
        gone = {key: None for key in gone if key not in going}
        coming = sorted(goals[place] for place in anew if current[place] in going)
        for part in _cut_apart(coming, means, stand, gone):
            put = [(goal, current[int(wanted[goal])]) for goal in part]
            at = _find_place(stand, part[0], gone)
            steps.append(Insert(at, tuple(key for _, key in put)))
            stand[at:at] = put
    ranks = {goal: rank for rank, (goal, _) in enumerate(stand)}
    moves, moved = find_moves([ranks[goal] for goal in sorted(ranks)])
    steps += (Move(*move) for move in moves)
    steps += _plan_inserts([None if goal in ranks else str(key) for goal, key in enumerate(wanted)], means.inserts)
    places = (int(wanted[stand[rank][0]]) for rank in moved)
    return Edits(tuple(steps), (*taken, *(place for place in places if current[place] not in back)), tuple(anew))


def plan_anew(current: Sequence[str], wanted: Sequence[int | str], means: Means, most: int | None) -> Edits:
    """The edits that put all of what is `wanted` there anew: at once where that is no more than `most` entries; else so
    many at a time as one edit takes, each put at the end by the very next call after it was taken off. Where nothing is
    wanted, all is taken off."""
    keys = tuple(current[each] if isinstance(each, int) else each for each in wanted)
    anew = tuple(sorted(each for each in wanted if isinstance(each, int)))
    if keys and (most is None or len(keys) <= most):
        return Edits((Replace(keys),), (), anew)
    coming = set(keys)
    gone = tuple(dict.fromkeys(key for key in current if key not in coming))
    steps: list[Edit] = [Remove(part) for part in _cut(gone, means.removes)]
    left = [key for key in current if key in coming]
    there, put = set(left), 0
    for part in _cut(keys, min(filter(None, (means.removes, means.inserts)), default=None)):
        if going := tuple(dict.fromkeys(key for key in part if key in there)):
            steps.append(Remove(going))
            there.difference_update(going)
            left = [key for key in left if key in there]
        steps.append(Insert(len(left) + put, part))
        put += len(part)
    return Edits(tuple(steps), (), anew)


def _find_place(stand: Sequence[tuple[int, str]], goal: int, gone: Container[str]) -> int:
    """The place in `stand` right behind what goes before `goal`, as far as it stands there and isn't to go."""
    before = max(((each, at) for at, (each, key) in enumerate(stand) if each < goal and key not in gone), default=None)
    return before[1] + 1 if before and before[0] >= 0 else 0


def _cut_apart(
    goals: Sequence[int], means: Means, stand: Sequence[tuple[int, str]], gone: Container[str]
) -> Iterator[tuple[int, ...]]:
    """`goals`, as they come in by one call each: together, where they can be moved then; else those of one place."""
    parts: dict[int, list[int]] = {}
    for goal in goals:
        parts.setdefault(0 if means.moves else _find_place(stand, goal, gone), []).append(goal)
    return (cut for part in parts.values() for cut in _cut(tuple(part), means.inserts))


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
    unmoved = {kept[index] for index in find_longest_increasing(kept)}
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
        elif isinstance(edit, Replace):
            found = list(edit.keys)
        else:
            moved = found[edit.start : edit.start + edit.count]
            rest = found[: edit.start] + found[edit.start + edit.count :]
            at = edit.before if edit.before <= edit.start else edit.before - edit.count
            found = [*rest[:at], *moved, *rest[at:]]
    return found


def _cut(things: tuple[_Thing, ...], size: int | None) -> Iterator[tuple[_Thing, ...]]:
    step = size or max(1, len(things))
    return (things[start : start + step] for start in range(0, len(things), step))


def _plan_inserts(final: Sequence[str | None], size: int | None) -> Iterator[Insert]:
    """Those of the keys in `final`; the rest is there."""
    runs: list[tuple[int, list[str]]] = []
    count, is_open = 0, False
    for key in final:
        if key is None:
            count += 1
        elif is_open:
            runs[-1][1].append(key)
        else:
            runs.append((count, [key]))
        is_open = key is not None
    if is_open:
        at, keys = runs.pop()
        yield from (Insert(at + index * (size or 0), part) for index, part in enumerate(_cut(tuple(keys), size)))
    for at, keys in reversed(runs):
        yield from (Insert(at, part) for part in reversed([*_cut(tuple(keys), size)]))

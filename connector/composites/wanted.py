"""What a list shall be: from what it is and what others hold → places of what stays and keys of what comes in.

Entries that could not be put back stay whatever is wanted, each behind what it stood behind.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Collection, Sequence
from typing import Any

from connector.composites.entries import UNREADABLE, Entry, Sameness, drop_copies, match_copies

#: A list that is wanted: places in the one that there is, and keys of what it lacks.
Wanted = list[int | str]


def mirror(current: Sequence[Entry], source: Sequence[Entry]) -> Wanted:
    """Exactly what `source` holds, in its order."""
    places = match_copies(current, source, Sameness([*current, *source]))
    pairs = zip(places, source, strict=True)
    return _keep_fixed(current, [entry.key if place is None else place for place, entry in pairs])


def add_missing(current: Sequence[Entry], source: Sequence[Entry], at: int | None = None) -> Wanted:
    """What there is, and at the place `at` (without it at the end) what of `source` isn't there yet, once each."""
    same = Sameness([*current, *source])
    there = {same.identify(entry) for entry in current}
    new = [entry.key for entry in drop_copies(source, same) if same.identify(entry) not in there]
    end = len(current) if at is None else min(at, len(current))
    return [*range(end), *new, *range(end, len(current))]


def add_copies(current: Sequence[Entry], source: Sequence[Entry], at: int | None = None) -> Wanted:
    """What there is, and at the place `at` (without it at the end) what of `source` isn't there as often as it is in
    `source`."""
    places = match_copies(current, source, Sameness([*current, *source]))
    new = [entry.key for place, entry in zip(places, source, strict=True) if place is None]
    end = len(current) if at is None else min(at, len(current))
    return [*range(end), *new, *range(end, len(current))]


def leave_fixed(current: Sequence[Entry], chosen: Sequence[Entry]) -> list[Entry]:
    """`chosen` without what can't be put on a list, as far as that is not on it already. What is on it more often stays
    where it is, all of it: which of them was meant would be another one after each run."""
    asked = Counter(entry.key for entry in chosen if entry.is_fixed)
    there = Counter(entry.key for entry in current if entry.is_fixed)
    left = Counter({key: count for key, count in there.items() if count <= asked[key]})
    found: list[Entry] = []
    for entry in chosen:
        if entry.is_fixed:
            left[entry.key] -= 1
        if left[entry.key] >= 0 or not entry.is_fixed:
            found.append(entry)
    return found


def unite(lists: Sequence[Sequence[Entry]], *, once: bool) -> list[Entry]:
    """All that the lists hold, one after the other; `once`: without what came before."""
    every = [entry for entries in lists for entry in entries]
    return list(drop_copies(every, Sameness(every))) if once else every


def subtract(entries: Sequence[Entry], others: Sequence[Sequence[Entry]]) -> list[Entry]:
    """What of `entries` none of the `others` holds."""
    same = Sameness([*entries, *(entry for other in others for entry in other)])
    there = {same.identify(entry) for other in others for entry in other}
    return [entry for entry in entries if same.identify(entry) not in there]


def intersect(lists: Sequence[Sequence[Entry]]) -> list[Entry]:
    """What all of the lists hold, once each, in the order of the first."""
    first, *others = lists
    same = Sameness([entry for entries in lists for entry in entries])
    held = [{same.identify(entry) for entry in other} for other in others]
    return [entry for entry in drop_copies(first, same) if all(same.identify(entry) in other for other in held)]


def take_newest(entries: Sequence[Entry], count: int) -> list[Entry]:
    """The `count` that were added last, the newest first; those without a date count as the oldest, and of those that
    came together the first ones stay."""
    return sorted(entries, key=lambda entry: entry.added or "", reverse=True)[:count]


def dedupe(current: Sequence[Entry], *, keep_first: bool) -> Wanted:
    """What there is with one of each: the oldest, or else the first. What stays keeps its place."""
    same = Sameness(current)
    copies: dict[str, list[int]] = defaultdict(list)
    for place, entry in enumerate(current):
        copies[same.identify(entry)].append(place)
    stay: set[int] = set()
    for places in copies.values():
        free = [place for place in places if not current[place].is_fixed]
        stay |= set(places) - set(free)
        if free and len(free) == len(places):
            stay.add(free[0] if keep_first else min(free, key=lambda place: (current[place].added or "", place)))
    return [place for place in range(len(current)) if place in stay]


def sort(current: Sequence[Entry], by: Callable[[Entry], Any], *, descending: bool) -> Wanted:
    """What there is in the order of what `by` gives, equal ones as they stand; what it gives `None` for comes last."""
    values = {place: by(entry) for place, entry in enumerate(current)}
    known = [place for place in range(len(current)) if values[place] is not None]
    known.sort(key=lambda place: values[place], reverse=descending)
    return [*known, *(place for place in range(len(current)) if values[place] is None)]


def shuffle(current: Sequence[Entry], group: Callable[[Entry], str | None], seed: int | str) -> Wanted:
    """What there is in an order by chance, as far as possible without two of a `group` in a row; the same for the same
    `seed` and the same entries, wherever they stand now."""
    chance = random.Random(seed)  # noqa: S311 - an order, no secret
    names = [UNREADABLE if entry.key.startswith(UNREADABLE) else entry.key for entry in current]
    left: dict[str | None, list[int]] = defaultdict(list)
    for place in sorted(range(len(current)), key=lambda place: (names[place], place)):
        left[name if (name := group(current[place])) is not None else f"\0{place}"].append(place)
    for places in left.values():
        chance.shuffle(places)
    counts = Counter({name: len(places) for name, places in left.items()})
    found: list[int] = []
    last: str | None = None
    total = len(current)
    while counts:
        name = _choose(counts, last, total, chance)
        found.append(left[name].pop())
        counts[name] -= 1
        if not counts[name]:
            del counts[name]
        last, total = name, total - 1
    # Copies keep their order among themselves.
    copies: dict[str, deque[int]] = defaultdict(deque)
    for place, name in enumerate(names):
        copies[name].append(place)
    return [copies[names[place]].popleft() for place in found]


def _choose(counts: Counter[str | None], last: str | None, total: int, chance: random.Random) -> str | None:
    """The group whose turn it is: one by chance, each as likely as it has entries; or the one that has so many left
    that they would stand in a row otherwise."""
    most, count = max(counts.items(), key=lambda pair: pair[1])
    if most != last and count * 2 > total:
        return most
    names = [name for name in counts if name != last] or list(counts)
    return chance.choices(names, [counts[name] for name in names])[0]


def keep_order_of_fixed(current: Sequence[Entry], wanted: Wanted) -> Wanted:
    """`wanted` for a list in which nothing can be moved: what could not be put back stands in the order in which it
    stands now, at the places where any of it is wanted."""
    stays = sorted(each for each in wanted if isinstance(each, int) and current[each].is_fixed)
    places = iter(stays)
    there = frozenset[int | str](stays)
    return [next(places) if each in there else each for each in wanted]


def _keep_fixed(current: Sequence[Entry], wanted: Wanted) -> Wanted:
    """`wanted` with what of `current` has to stay, each behind the last entry before it that stays."""
    there: Collection[int | str] = frozenset(wanted)
    behind: dict[int, list[int]] = defaultdict(list)
    anchor = -1
    for place, entry in enumerate(current):
        if place in there:
            anchor = place
        elif entry.is_fixed:
            behind[anchor].append(place)
    found: Wanted = list(behind[-1])
    for each in wanted:
        found.append(each)
        if isinstance(each, int):
            found += behind[each]
    return found

"""What a list held, as `difference` remembers it, and what differs between two such lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from operator import eq
from typing import Any, Final, NamedTuple

from connector.triggers.watch import Happening, Watch, sign

#: Letters of a sign.
_LETTERS: Final = 8
_KEPT_DEPARTURES: Final = 200
#: The thing of an entry that shows nothing but when it came, for now or for good: of one that was so when the list was
#: first looked at, and of one that came since and is told when it shows.
_OLD_GHOST: Final = "-" * _LETTERS
GHOST: Final = "+" * _LETTERS


class Held(NamedTuple):
    """An entry: signs of the `thing` and of what else tells this `copy` of it apart; what is told of it when it is
    gone; and, of one that was just read, its key, time and data."""

    thing: str
    copy: str
    kept: Any = None
    key: Any = None
    time: str | None = None
    data: Any = None

    @property
    def mark(self) -> str:
        return self.thing + self.copy

    @property
    def is_ghost(self) -> bool:
        return self.thing in (GHOST, _OLD_GHOST)

    def fits(self, other: Held) -> bool:
        """Whether both may be the same entry, of which one shows nothing now."""
        return self.copy == other.copy and (self.thing == other.thing or self.is_ghost or other.is_ghost)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Held) and (self.thing, self.copy) == (other.thing, other.copy)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash((self.thing, self.copy))


class Memory(NamedTuple):
    """What the `look` saw; how many entries the list had, nulls too, or -1 where that is not known; each of the others,
    in the list's order; how often what left it last has done so; and whether all of it was read since it moved."""

    glance: Any
    total: int
    held: list[Held]
    left: dict[str, int]
    is_exact: bool

    def close(self) -> list[Any]:
        signs = "".join(held.mark for held in self.held)
        kept = [held.kept for held in self.held]
        return [self.glance, self.total, signs, kept if any(kept) else None, self.left, self.is_exact]


def open_memory(memory: Any) -> Memory:
    """The memory that `close` gave."""
    glance, total, signs, kept, left, is_exact = memory
    pairs = [signs[at : at + 2 * _LETTERS] for at in range(0, len(signs), 2 * _LETTERS)]
    kept = kept or [None] * len(pairs)
    held = [Held(pair[:_LETTERS], pair[_LETTERS:], it) for pair, it in zip(pairs, kept, strict=True)]
    return Memory(glance, total, held, left, is_exact)


def hold(watch: Watch, data: Any) -> Held:
    """An entry as it was read; a ghost for a null, and for what nothing tells apart."""
    key = None if data is None else watch.find("key", data)
    thing, rest = (key[0], key[1:]) if isinstance(key, list) else (key, [])
    if thing is None:
        return Held(GHOST, sign(rest))
    time = watch.find("time", data)
    kept = watch.find("keep", data) if tells_gone(watch) else None
    return Held(sign(thing), sign(rest), kept, key, time if isinstance(time, str) else None, data)


def tells_gone(watch: Watch) -> bool:
    """Whether what left is told, and not what came."""
    return watch.words.get("tells") == "gone"


def age_ghosts(held: Sequence[Held]) -> list[Held]:
    """The same, whose ghosts are no news when they show."""
    return [entry._replace(thing=_OLD_GHOST) if entry.is_ghost else entry for entry in held]


def see_through_ghosts(before: Sequence[Held], now: Sequence[Held]) -> list[Held]:
    """`now` with those entries of `before` in whose places null stands for them; where several that came together are
    missing, the one that had the null's neighbours."""
    here = Counter(now)
    lost: dict[str, list[int]] = {}
    for at, held in enumerate(before):
        if here[held] > 0:
            here[held] -= 1
        else:
            lost.setdefault(held.copy, []).append(at)
    seen = list(now)
    for at, held in enumerate(now):
        if held.is_ghost and (places := lost.get(held.copy)):
            beside = _get_neighbours(now, at)
            found = max(places, key=lambda place: sum(map(eq, _get_neighbours(before, place), beside)))
            places.remove(found)
            seen[at] = before[found]
    return seen


def _get_neighbours(entries: Sequence[Held], at: int) -> tuple[Held | None, Held | None]:
    return entries[at - 1] if at else None, entries[at + 1] if at + 1 < len(entries) else None


def find_come(memory: Memory, now: Sequence[Held]) -> list[int]:
    """The places of what is in `now` more often than it was held; not of what was a ghost then, and of what left only
    where its time is none or another one: a cheap look may have taken for gone what was moved."""
    before = memory.held
    known = Counter(held.mark for held in before)
    is_replaced = bool(before) and not any(held.mark in known for held in now)
    if is_replaced:
        things = _find_surplus(Counter(held.thing for held in before), [held.thing for held in now])
        return [at for at in things if not now[at].is_ghost]
    ghosts = Counter(held.copy for held in before if held.thing == _OLD_GHOST)
    ghosts.subtract(held.copy for held in now if held.thing == _OLD_GHOST)
    come = []
    for at in _find_surplus(known, [held.mark for held in now]):
        if now[at].is_ghost or (now[at].time and now[at].mark in memory.left):
            continue
        if ghosts[now[at].copy] > 0:
            ghosts[now[at].copy] -= 1
        else:
            come.append(at)
    return come


def find_gone(before: Sequence[Held], now: Sequence[Held]) -> list[int]:
    """The places of what was `before` more often than it is now; of several copies, those that are not there as they
    were."""
    here = frozenset(now)
    order = sorted(range(len(before)), key=lambda at: before[at] not in here)
    surplus = _find_surplus(Counter(held.thing for held in now), [before[at].thing for at in order])
    return sorted(order[at] for at in surplus if not before[order[at]].is_ghost)


def _find_surplus(known: Counter[Any], things: Iterable[Any]) -> list[int]:
    left = known.copy()
    surplus = []
    for at, thing in enumerate(things):
        if left[thing] > 0:
            left[thing] -= 1
        else:
            surplus.append(at)
    return surplus


def count_departures(known: Memory, marks: Sequence[str]) -> dict[str, int]:
    """How often what left last has left, the latest at the end."""
    counts = {mark: known.left.get(mark, 0) + count for mark, count in Counter(marks).items()}
    left = {**{mark: count for mark, count in known.left.items() if mark not in counts}, **counts}
    return dict(list(left.items())[-_KEPT_DEPARTURES:])


def tell_come(known: Memory, now: Sequence[Held], places: Iterable[int], above: Sequence[Held] = ()) -> list[Happening]:
    """Of several entries that nothing tells apart, each has a number of its own, also where one left and came again.
    `above` is what stands before them in the list."""
    seen = Counter(held.mark for held in above)
    numbers = []
    for held in now:
        numbers.append(seen[held.mark] + (known.left.get(held.mark, 0) if held.time is None else 0))
        seen[held.mark] += 1
    return [to_happening(now[at], numbers[at]) for at in places]


def to_happening(held: Held, number: int) -> Happening:
    """That it came, as the one of this `number` among those that nothing tells apart."""
    return Happening([held.key, number] if number else held.key, held.time, held.data)


def tell_gone(known: Memory, places: Sequence[int]) -> list[Happening]:
    """That what stood at these `places` of the known list is gone."""
    numbers = Counter(known.left)
    happenings = []
    for held in (known.held[at] for at in places):
        happenings.append(Happening([held.thing, held.copy, numbers[held.mark]], None, held.kept))
        numbers[held.mark] += 1
    return happenings

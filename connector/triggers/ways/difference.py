"""What came into a list, or left it, wherever in it that stands.

The memory is what the list held. Reordering is nothing; where none of the former entries is left, all was replaced, and
only what wasn't there at all is new. A `look` at a cheaper block tells whether the list need be read; where the
manifest says at which `end` additions stand, the list is read there first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

from connector.triggers.reader import Part
from connector.triggers.watch import Entry, Happening, Seen, Watch, find, sign

#: Letters of a sign.
_LETTERS: Final = 8
_KEPT_DEPARTURES: Final = 200


class Held(NamedTuple):
    """An entry as a memory keeps it: signs of the `thing` and of this `copy` of it, which came at a time; and what is
    told of it when it is gone."""

    thing: str
    copy: str
    kept: Any = None


class _Memory(NamedTuple):
    """What the `look` saw; how many entries the list had, nulls too; each of the others, in the list's order; and how
    often what left it last has done so."""

    glance: Any
    total: int
    held: list[Held]
    left: dict[str, int]

    def close(self) -> list[Any]:
        signs = "".join(held.thing + held.copy for held in self.held)
        kept = [held.kept for held in self.held]
        return [self.glance, self.total, signs, kept if any(kept) else None, self.left]


def _open(memory: Any) -> _Memory:
    glance, total, signs, kept, left = memory
    pairs = [signs[at : at + 2 * _LETTERS] for at in range(0, len(signs), 2 * _LETTERS)]
    kept = kept or [None] * len(pairs)
    held = [Held(pair[:_LETTERS], pair[_LETTERS:], it) for pair, it in zip(pairs, kept, strict=True)]
    return _Memory(glance, total, held, left)


def look(watch: Watch, memory: Any) -> Seen:
    """What came into the list since `memory`, or what left it, as the manifest wants."""
    glance = _glance(watch)
    if memory is None:
        return _begin(watch, glance)
    known = _open(memory)
    if glance is not None and glance == known.glance:
        return Seen([], memory)
    seen = None if watch.is_thorough else _LOOKS[watch.words.get("end")](watch, known, glance)
    return seen or _look_through(watch, known, glance)


def _begin(watch: Watch, glance: Any) -> Seen:
    whole = watch.reader.read_all(watch.first)
    entries = _identify(watch, whole.entries)
    in_time = entries if watch.words.get("end") == "tail" else entries[::-1]
    told = [] if _tells_gone(watch) else in_time[len(in_time) - min(watch.also_last, len(in_time)) :]
    memory = _Memory(glance, _count(whole), [_hold(watch, entry) for entry in entries], {})
    return Seen([_to_happening(entry, 0) for entry in told], memory.close())


def _look_nowhere(_watch: Watch, _known: _Memory, _glance: Any) -> None:
    """Nothing is known of where additions stand."""


def _look_at_head(watch: Watch, known: _Memory, glance: Any) -> Seen | None:
    """What the first page tells; `None` where it doesn't explain the total."""
    part = watch.reader.read_part()
    entries = _identify(watch, part.entries)
    come = [entries[at] for at in _find_come(known.held, [_hold(watch, entry) for entry in entries])]
    if part.total is None or part.total - known.total != len(come) or len(come) >= watch.reader.size:
        return None
    held = [*(_hold(watch, entry) for entry in come), *known.held]
    told = [] if _tells_gone(watch) else [_to_happening(entry, 0) for entry in reversed(come)]
    return Seen(told, _Memory(glance, part.total, held, known.left).close())


def _look_at_tail(watch: Watch, known: _Memory, glance: Any) -> Seen | None:
    """What the end of the list tells; `None` where it didn't grow, or what was last is not in its place."""
    if not known.held:
        return None
    part = watch.reader.read_part(known.total - 1)
    first = watch.identify(part.entries[0]) if part.entries else None
    if part.total is None or part.total <= known.total or first is None or _hold(watch, first) != known.held[-1]:
        return None
    come = part.entries[1:]
    while len(come) < watch.most and not part.is_last:
        part = watch.reader.read_part(part.offset + len(part.entries))
        come += part.entries
    more = len(come) > watch.most or not part.is_last
    come = come[: watch.most]
    entries = _identify(watch, come)
    held = [*known.held, *(_hold(watch, entry) for entry in entries)]
    memory = _Memory(None if more else glance, known.total + len(come), held, known.left)
    told = [] if _tells_gone(watch) else _tell_come(known, entries, range(len(entries)), known.held)
    return Seen(told, memory.close(), more)


_LOOKS: Final = {None: _look_nowhere, "head": _look_at_head, "tail": _look_at_tail}


def _look_through(watch: Watch, known: _Memory, glance: Any) -> Seen:
    whole = watch.reader.read_all(watch.first)
    entries = _identify(watch, whole.entries)
    now = [_hold(watch, entry) for entry in entries]
    if len(entries) == watch.words.get("doubted_size") and len(known.held) > len(entries):
        # A fault of the service that cuts the list here, and not so much leaving it at once.
        now += known.held
    gone, come = _find_gone(known.held, now), _find_come(known.held, now[: len(entries)])
    places = gone if _tells_gone(watch) else come
    told, later = places[: watch.most], places[watch.most :]
    if _tells_gone(watch):
        # What is not told yet stays known, and is missed again the next time.
        held = now + [known.held[at] for at in later]
        happenings = _tell_gone(known, [known.held[at] for at in told])
    else:
        untold = frozenset(later)
        held = [entry for at, entry in enumerate(now) if at not in untold]
        happenings = _tell_come(known, entries, told)
    left = _count_departures(known, [known.held[at].copy for at in (told if _tells_gone(watch) else gone)])
    total = len(held) if later else _count(whole)
    return Seen(happenings, _Memory(None if later else glance, total, held, left).close(), bool(later))


def _count_departures(known: _Memory, copies: Sequence[str]) -> dict[str, int]:
    """How often what left last has left, the latest at the end."""
    counts = {copy: known.left.get(copy, 0) + count for copy, count in Counter(copies).items()}
    left = {**{copy: count for copy, count in known.left.items() if copy not in counts}, **counts}
    return dict(list(left.items())[-_KEPT_DEPARTURES:])


def _find_come(before: Sequence[Held], now: Sequence[Held]) -> list[int]:
    """The places of what is in `now` more often than `before`."""
    known = Counter((held.thing, held.copy) for held in before)
    is_replaced = bool(before) and not any((held.thing, held.copy) in known for held in now)
    if not is_replaced:
        return _find_surplus(known, [(held.thing, held.copy) for held in now])
    return _find_surplus(Counter(held.thing for held in before), [held.thing for held in now])


def _find_gone(before: Sequence[Held], now: Sequence[Held]) -> list[int]:
    """The places of what was `before` more often than it is now; of several copies, those that are not there as they
    were."""
    here = frozenset(held.copy for held in now)
    order = sorted(range(len(before)), key=lambda at: before[at].copy not in here)
    surplus = _find_surplus(Counter(held.thing for held in now), [before[at].thing for at in order])
    return sorted(order[at] for at in surplus)


def _find_surplus(known: Counter[Any], things: Iterable[Any]) -> list[int]:
    left = known.copy()
    surplus = []
    for at, thing in enumerate(things):
        if left[thing] > 0:
            left[thing] -= 1
        else:
            surplus.append(at)
    return surplus


def _tell_come(
    known: _Memory, entries: Sequence[Entry], places: Iterable[int], above: Sequence[Held] = ()
) -> list[Happening]:
    """Of several entries that nothing tells apart, each has a number of its own, also where one left and came again.
    `above` is what stands before them in the list."""
    seen = Counter(held.copy for held in above)
    numbers = []
    for entry in entries:
        numbers.append(seen[entry.mark] + (known.left.get(entry.mark, 0) if entry.time is None else 0))
        seen[entry.mark] += 1
    return [_to_happening(entries[at], numbers[at]) for at in places]


def _to_happening(entry: Entry, number: int) -> Happening:
    return Happening([entry.key, number] if number else entry.key, entry.time, entry.data)


def _tell_gone(known: _Memory, lost: Sequence[Held]) -> list[Happening]:
    numbers = Counter(known.left)
    happenings = []
    for held in lost:
        happenings.append(Happening([held.thing, held.copy, numbers[held.copy]], None, held.kept))
        numbers[held.copy] += 1
    return happenings


def _hold(watch: Watch, entry: Entry) -> Held:
    thing = entry.key[0] if isinstance(entry.key, list) else entry.key
    return Held(sign(thing), entry.mark, watch.find("keep", entry.data) if _tells_gone(watch) else None)


def _identify(watch: Watch, found: Iterable[Any]) -> list[Entry]:
    return [entry for data in found if (entry := watch.identify(data)) is not None]


def _count(whole: Part) -> int:
    return len(whole.entries) if whole.total is None else whole.total


def _tells_gone(watch: Watch) -> bool:
    return watch.words.get("tells") == "gone"


def _glance(watch: Watch) -> Any:
    other = watch.words.get("look")
    return None if other is None else find(other["at"], watch.reader.read_other(other["block"], {}))

"""Looks at a few pages of a list, where those can tell what came into it or left it.

What left is found as a word in a dictionary is: a page in the middle tells how much is missing above it. What these
looks can't see, such as one thing taken out and another put in elsewhere, is left to a thorough one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from connector.triggers.reader import Part
from connector.triggers.watch import Seen, Watch
from connector.triggers.ways.held import (
    Held,
    Memory,
    count_departures,
    find_come,
    find_gone,
    hold,
    see_through_ghosts,
    tell_come,
    tell_gone,
    tells_gone,
)


def look_at_head(watch: Watch, known: Memory, glance: Any) -> Seen | None:
    """What a list tells that is added to in front; `None` where what is missing can't be found in a few pages."""
    part = watch.reader.read_part()
    page = see_through_ghosts(known.held, [hold(watch, data) for data in part.entries])
    if part.total is None or known.total != len(known.held):
        return None
    news = frozenset(find_come(known, page))
    ghosts = Counter(held for held in page if held.is_ghost) - Counter(known.held)
    is_new = [at in news or bool(ghosts[held]) for at, held in enumerate(page)]
    come = [held for held, new in zip(page, is_new, strict=True) if new]
    lost = known.total + len(come) - part.total
    if lost < 0 or (come and len(come) >= watch.reader.size):
        return None
    expected = _put_in(page, is_new, known.held)
    if expected is None:
        return None
    removed = _find_removed(watch, expected, part.total, part.total) if lost else []
    if removed is None or (removed and _is_another(watch, part)):
        return None
    missing = frozenset(removed)
    now = [held for at, held in enumerate(expected) if at not in missing]
    things = Counter(held.thing for held in now)
    if any(things[held.thing] > 1 for held in come if not held.is_ghost):
        # It moved to the front, and something else that can't be seen hides from where.
        return None
    if not tells_gone(watch):
        told = [held for held in reversed(come) if not held.is_ghost]
        memory = Memory(glance, part.total, now, known.left, is_exact=False)
        return Seen(tell_come(known, told, range(len(told))), memory.close())
    gone = find_gone(known.held, now)
    if len(gone) > watch.most:
        return None
    left = count_departures(known, [known.held[at].mark for at in gone])
    return Seen(tell_gone(known, gone), Memory(glance, part.total, now, left, is_exact=False).close())


def _put_in(page: Sequence[Held], is_new: Sequence[bool], known: Sequence[Held]) -> list[Held] | None:
    """The `known` list with what is new on its first `page` in its place there, which is not always the front: entries
    come late, too. `None` where the page has others in another order."""
    merged: list[Held] = []
    at = 0
    for held, new in zip(page, is_new, strict=True):
        if not new:
            end = next((place for place in range(at, len(known)) if known[place] == held), None)
            if end is None:
                return None
            merged += known[at:end]
            at = end + 1
        merged.append(held)
    return [*merged, *known[at:]]


def look_at_tail(watch: Watch, known: Memory, glance: Any) -> Seen | None:
    """What a list tells that is added to at its end; `None` where something may have come elsewhere, and where what
    left is to be told, for that may have gone to another place."""
    # One of several that nothing tells apart doesn't tell where the end was.
    if not known.held or known.total <= 0 or known.held.count(known.held[-1]) > 1:
        return None
    part = watch.reader.read_part(known.total - 1)
    total = part.total
    if total is None:
        return None
    last = known.held[-1]
    if total >= known.total and part.entries and hold(watch, part.entries[0]).fits(last):
        expected, come = known.held, part.entries[1:]
    elif tells_gone(watch) or known.total != len(known.held):
        return None
    else:
        part = watch.reader.read_part(max(0, total - watch.reader.size))
        end = max((at for at, data in enumerate(part.entries, 1) if hold(watch, data).fits(last)), default=0)
        if part.total != total or not end:
            return None
        come = part.entries[end:]
        removed = _find_removed(watch, known.held, part.offset + end, total)
        if removed is None:
            return None
        missing = frozenset(removed)
        expected = [held for at, held in enumerate(known.held) if at not in missing]
    while len(come) < watch.most and not part.is_last:
        part = watch.reader.read_part(part.offset + len(part.entries))
        if part.total != total or not part.entries or any(data in come for data in part.entries):
            # The list moved meanwhile, and what was moved may have been read twice.
            return None
        come = [*come, *part.entries]
    more = len(come) > watch.most or not part.is_last
    come = come[: watch.most]
    entries = [hold(watch, data) for data in come]
    here = frozenset(known.held)
    if any(held in here and not held.is_ghost for held in entries):
        # What was last has moved, and these only seem to have come after it.
        return None
    left = count_departures(known, [known.held[at].mark for at in find_gone(known.held, expected)])
    place = known.total - (len(known.held) - len(expected)) + len(come)
    memory = Memory(None if more else glance, place, [*expected, *entries], left, is_exact=False)
    places = [] if tells_gone(watch) else [at for at, held in enumerate(entries) if not held.is_ghost]
    told = tell_come(known, entries, places, expected)
    return Seen(told, memory.close(), more)


def _is_another(watch: Watch, head: Part) -> bool:
    """Whether the list begins with something else than its `head` did: what seems missing may have moved there."""
    again = watch.reader.read_part()
    return (again.total, again.entries) != (head.total, head.entries)


class _Stretch(NamedTuple):
    """The places from `start` to `end` of the list, where the expected entries from `first` to `last` are looked
    for."""

    start: int
    end: int
    first: int
    last: int

    @property
    def lost(self) -> int:
        return self.last - self.first - (self.end - self.start)


def _find_removed(watch: Watch, expected: Sequence[Held], end: int, total: int) -> list[int] | None:
    """Which of the `expected` entries are missing in the first `end` places of the list, which has a `total` of them;
    `None` where something else than that has happened or happens meanwhile, or where finding it takes half as many
    pages as there are."""
    removed: list[int] = []
    stretches = [_Stretch(0, end, 0, len(expected))]
    reads = 0
    while stretches:
        stretch = stretches.pop()
        if stretch.lost == 0:
            continue
        if stretch.lost < 0 or stretch.start == stretch.end:
            if stretch.lost < 0:
                return None
            removed += range(stretch.first, stretch.last)
            continue
        reads += 1
        middle = stretch.start + max(0, (stretch.end - stretch.start - watch.reader.size) // 2)
        part = watch.reader.read_part(middle)
        page = [hold(watch, data) for data in part.entries]
        if part.total != total or 2 * reads * watch.reader.size > max(end, 8 * watch.reader.size):
            return None
        places = _match(page[: stretch.end - middle], expected, stretch, middle)
        if not places:
            return None
        removed += [at for at in range(places[0], places[-1]) if at not in frozenset(places)]
        stretches.append(_Stretch(stretch.start, middle, stretch.first, places[0]))
        stretches.append(_Stretch(middle + len(places), stretch.end, places[-1] + 1, stretch.last))
    return removed


def _match(page: Sequence[Held], expected: Sequence[Held], stretch: _Stretch, middle: int) -> list[int]:
    """The places among what is expected of the entries of a page that begins at `middle`; empty where they are not
    there in this order."""
    places: list[int] = []
    at = stretch.first + middle - stretch.start
    for held in page:
        # No more can be missing than is missing in the whole stretch.
        furthest = min(stretch.last, stretch.first + middle - stretch.start + len(places) + stretch.lost + 1)
        while at < furthest and not expected[at].fits(held):
            at += 1
        if at >= furthest:
            return []
        places.append(at)
        at += 1
    return places

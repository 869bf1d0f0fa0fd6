"""What came into a list, or left it, wherever in it that stands.

The memory is what the list held. Reordering is nothing; where none of the former entries is left, all was replaced, and
only what wasn't there at all is new. A `look` at a cheaper block tells whether the list need be read; where the
manifest says at which `end` additions stand, a few pages of it do, see `cheap_looks`. A list of several pages may
change while it is read, so it is read until two readings agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from connector.triggers.reader import Part
from connector.triggers.watch import Seen, Watch, find
from connector.triggers.ways.cheap_looks import look_at_head, look_at_tail
from connector.triggers.ways.held import (
    Held,
    Memory,
    age_ghosts,
    count_departures,
    find_come,
    find_gone,
    hold,
    open_memory,
    see_through_ghosts,
    tell_come,
    tell_gone,
    tells_gone,
)

#: Seconds after which such a list may keep still.
_STILL_S: Final = 60


def look(watch: Watch, memory: Any) -> Seen:
    """What came into the list since `memory`, or what left it, as the manifest wants."""
    glance = _glance(watch)
    if memory is None:
        return _begin(watch, glance)
    known = open_memory(memory)
    is_moved = glance is None or glance != known.glance
    if watch.is_thorough:
        return _look_through(watch, known, glance) if is_moved or not known.is_exact else Seen([], memory)
    if not is_moved:
        return Seen([], memory)
    end = watch.words.get("end")
    seen = look_at_head(watch, known, glance) if end == "head" else None
    if end == "tail":
        seen = look_at_tail(watch, known, glance)
    return seen or _look_through(watch, known, glance)


def migrate(memory: Any) -> Any:
    """A memory of version 1, whose entries were told apart by other signs, but things by the same: what is there is
    compared by things alone, once."""
    return [*memory, False]


def _begin(watch: Watch, glance: Any) -> Seen:
    entries, total = _read_steadily(watch, []) or ([], 0)
    # A list that never kept still is looked through the next time.
    memory = Memory(glance if entries else None, total, age_ghosts(entries), {}, is_exact=True)
    come = tell_come(memory, entries, [at for at, entry in enumerate(entries) if not entry.is_ghost])
    in_time = come if watch.words.get("end") == "tail" else come[::-1]
    told = [] if tells_gone(watch) else in_time[len(in_time) - min(watch.also_last, len(in_time)) :]
    return Seen(told, memory.close())


def _read_steadily(watch: Watch, known: Sequence[Held]) -> tuple[list[Held], int] | None:
    """What is on the list, and how many entries it has; `None` where it doesn't keep still."""
    whole = watch.reader.read_steadily(partial(hold, watch), lambda entries: entries == known, watch.first)
    return whole and ([hold(watch, data) for data in whole.entries], _count(whole))


def _look_through(watch: Watch, known: Memory, glance: Any) -> Seen:
    steady = _read_steadily(watch, known.held)
    if steady is None:
        return Seen([], known._replace(glance=None, is_exact=False).close(), next_s=_STILL_S)
    now, total = see_through_ghosts(known.held, steady[0]), steady[1]
    if len(now) == watch.words.get("doubted_size"):
        # A fault of the service that cuts the list here, and not so much leaving it at once.
        shown = frozenset(held.mark for held in now)
        now += [held for held in known.held if held.mark not in shown]
    if tells_gone(watch):
        return _tell_gone(watch, known, now, total, glance)
    places = find_come(known, now)
    # Of what came at a time that nobody knows, the order of the list.
    told = frozenset(sorted(places, key=lambda at: now[at].time or "")[: watch.most])
    later = frozenset(places) - told
    held = [entry for at, entry in enumerate(now) if at not in later]
    left = count_departures(known, [known.held[at].mark for at in find_gone(known.held, now)])
    memory = Memory(None if later else glance, -1 if later else total, held, left, is_exact=not later)
    happenings = tell_come(known, now, [at for at in range(len(now)) if at in told])
    happenings.sort(key=lambda happening: happening.time or "")
    return Seen(happenings, memory.close(), bool(later))


def _tell_gone(watch: Watch, known: Memory, now: list[Held], total: int, glance: Any) -> Seen:
    gone = find_gone(known.held, now)
    told, later = gone[: watch.most], gone[watch.most :]
    left = count_departures(known, [known.held[at].mark for at in told])
    # What is not told yet stays known, and is missed again the next time.
    held = now + [known.held[at] for at in later]
    memory = Memory(None if later else glance, -1 if later else total, held, left, is_exact=not later)
    return Seen(tell_gone(known, told), memory.close(), bool(later))


def _count(whole: Part) -> int:
    return len(whole.entries) if whole.total is None else whole.total


def _glance(watch: Watch) -> Any:
    other = watch.words.get("look")
    return None if other is None else find(other["at"], watch.reader.read_other(other["block"], {}))

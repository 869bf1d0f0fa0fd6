"""A changed value at some places of one answer: from what to what.

The memory is the values that the manifest names, and how many changes there were. `again` names a number in the answer
that only grows while a value stays as it is, such as the place in a track: where it goes back, that value counts as
changed too. Where `passes_over` is true, as of an advertisement, nothing is compared. With `below`, a change is that a
number has come down to one of these limits, each told once until it is above all of them again. `ends` names where such
a number ends, in ms, so that the next look comes when it does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from connector.triggers.watch import Happening, Seen, Watch, find


def look(watch: Watch, memory: Any) -> Seen:
    """Which values are others than in `memory`."""
    output = watch.reader.read_one()
    if memory is not None and watch.find("passes_over", output):
        return Seen([], memory, next_s=_find_end(watch, output))
    chosen = watch.options.get("changes") or list(watch.words["values"])
    now = {name: find(expression, output) for name, expression in watch.words["values"].items()}
    growing = {name: find(expression, output) for name, expression in watch.words.get("again", {}).items()}
    before = memory or {"values": now, "growing": growing, "count": 0}
    told = before.get("told", {})
    limits = watch.words.get("below")
    if limits:
        reached = {name: _find_reached(limits, now[name], told.get(name)) for name in now}
        changed = [name for name in chosen if reached[name] is not None and reached[name] != told.get(name)]
        told = {name: limit for name, limit in reached.items() if limit is not None}
        if memory is None:
            # What is so already is no news.
            changed = changed if watch.also_last else []
    else:
        changed = [
            name
            for name in chosen
            if now[name] != before["values"].get(name) or _went_back(before["growing"].get(name), growing.get(name))
        ]
    count = before["count"] + bool(changed)
    happenings = []
    if changed or (memory is None and watch.also_last and not limits):
        data = {
            "changed": changed,
            "from": {name: before["values"].get(name) for name in changed},
            "to": now,
            "now": output,
        }
        happenings = [Happening([now, count], watch.find("time", output), data)]
    memory = {"values": now, "growing": growing, "count": count, **({"told": told} if limits else {})}
    return Seen(happenings, memory, next_s=_find_end(watch, output))


def _find_reached(limits: Sequence[float], number: Any, told: float | None) -> float | None:
    """The lowest of the `limits` that `number` has come down to since it was above all; `told` is the one until now.
    What nobody knows is above all."""
    if not isinstance(number, int | float) or number > max(limits):
        return None
    reached = min(limit for limit in limits if number <= limit)
    return reached if told is None else min(reached, told)


def _find_end(watch: Watch, output: Any) -> float | None:
    ends = watch.words.get("ends")
    if ends is None or not find(ends["while"], output):
        return None
    end, place = find(ends["at"], output), find(ends["from"], output)
    return max(1.0, (end - place) / 1000) if isinstance(end, int) and isinstance(place, int) else None


def _went_back(before: Any, now: Any) -> bool:
    return isinstance(before, int | float) and isinstance(now, int | float) and now < before

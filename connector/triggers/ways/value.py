"""A changed value at some places of one answer: from what to what.

The memory is the values that the manifest names, and how many changes there were. `again` names a number in the answer
that only grows while a value stays as it is, such as the place in a track: where it goes back, that value counts as
changed too. `ends` names where such a number ends, in ms, so that the next look comes when it does.
"""

from __future__ import annotations

from typing import Any

from connector.triggers.watch import Happening, Seen, Watch, find


def look(watch: Watch, memory: Any) -> Seen:
    """Which values are others than in `memory`."""
    output = watch.reader.read_one()
    chosen = watch.options.get("changes") or list(watch.words["values"])
    now = {name: find(expression, output) for name, expression in watch.words["values"].items()}
    growing = {name: find(expression, output) for name, expression in watch.words.get("again", {}).items()}
    before = memory or {"values": now, "growing": growing, "count": 0}
    changed = [
        name
        for name in chosen
        if now[name] != before["values"].get(name) or _went_back(before["growing"].get(name), growing.get(name))
    ]
    count = before["count"] + bool(changed)
    happenings = []
    if changed or (memory is None and watch.also_last):
        data = {
            "changed": changed,
            "from": {name: before["values"].get(name) for name in changed},
            "to": now,
            "now": output,
        }
        happenings = [Happening([now, count], watch.find("time", output), data)]
    memory = {"values": now, "growing": growing, "count": count}
    return Seen(happenings, memory, next_s=_find_end(watch, output))


def _find_end(watch: Watch, output: Any) -> float | None:
    ends = watch.words.get("ends")
    if ends is None or not find(ends["while"], output):
        return None
    end, place = find(ends["at"], output), find(ends["from"], output)
    return max(1.0, (end - place) / 1000) if isinstance(end, int) and isinstance(place, int) else None


def _went_back(before: Any, now: Any) -> bool:
    return isinstance(before, int | float) and isinstance(now, int | float) and now < before

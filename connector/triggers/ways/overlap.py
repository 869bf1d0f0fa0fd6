"""New entries of a window that shows the last so many, such as what was played, in whatever order they come.

The memory is the last entries seen. Where a full window holds none of them, some were missed, and an event of type
`gap` says so.
"""

from __future__ import annotations

from typing import Any, Final

from connector.triggers.watch import Happening, Seen, Watch

#: How many entries are remembered, where the manifest doesn't say: two windows.
_KEPT: Final = 100


def look(watch: Watch, memory: Any) -> Seen:
    """What the window shows that it didn't show before."""
    part = watch.reader.read_part()
    entries = [entry for data in part.entries if (entry := watch.identify(data)) is not None][::-1]
    marks: list[str] = memory or []
    kept = watch.words.get("remember", _KEPT)
    if memory is None:
        told = entries[len(entries) - min(watch.also_last, len(entries)) :]
        return Seen([Happening(entry.key, entry.time, entry.data) for entry in told], _keep(marks, entries, kept))
    known = frozenset(marks)
    fresh = list({entry.mark: entry for entry in entries if entry.mark not in known}.values())
    is_full = len(part.entries) >= watch.reader.size
    has_gap = bool(watch.words.get("tells_gaps") and fresh and is_full and not any(e.mark in known for e in entries))
    told = fresh[: watch.most - has_gap]
    happenings = [Happening(entry.key, entry.time, entry.data) for entry in told]
    if has_gap:
        first = told[0]
        happenings.insert(0, Happening(first.key, first.time, {"before": first.data}, "gap"))
    seen = [entry for entry in entries if entry.mark in known]
    return Seen(happenings, _keep(marks, [*seen, *told], kept), len(told) < len(fresh))


def _keep(marks: list[str], seen: list[Any], kept: int) -> list[str]:
    """The last `kept` marks, those seen now at the end."""
    now = [entry.mark for entry in seen]
    here = frozenset(now)
    return [*(mark for mark in marks if mark not in here), *now][-kept:]

"""Which of many things changed, as one list of them tells by a count or a version each; where there is more to read of
a thing, it is read only then.

The memory is, for each thing, its count and the last entries seen of it. Its entries may stand with the newest in front
or at the end, so both ends are read. A version may waver after a change: it counts when it is seen twice.
"""

from __future__ import annotations

from typing import Any, Final

from connector.triggers.watch import Entry, Happening, Seen, Watch, find

#: How many entries of a thing are remembered.
_KEPT: Final = 20
#: Seconds after which a version has settled.
_SETTLED_S: Final = 60


def look(watch: Watch, memory: Any) -> Seen:
    """What came to the things whose count grew since `memory`, or the things whose version is another."""
    things = {}
    for data in watch.reader.read_all().entries:
        name = find(watch.words["thing"], data)
        if isinstance(name, str):
            things[name] = data
    counts = {name: find(watch.words["count"], data) for name, data in things.items()}
    if memory is None:
        return Seen([], {name: [count, []] for name, count in counts.items()})
    return _look_into(watch, memory, counts) if "each" in watch.words else _compare(watch, memory, counts, things)


def _compare(watch: Watch, known: dict[str, list[Any]], versions: dict[str, Any], things: dict[str, Any]) -> Seen:
    now: dict[str, list[Any]] = {}
    happenings: list[Happening] = []
    is_settled, more = True, False
    for name, version in versions.items():
        before, wavering = known.get(name, [version, []])
        is_changed = version != before and wavering == [version]
        if is_changed and len(happenings) < watch.most:
            happenings.append(Happening([name, version], watch.find("time", things[name]), things[name]))
            now[name] = [version, []]
        else:
            now[name] = [before, [] if version == before else [version]]
            more = more or is_changed
            is_settled = is_settled and version == before
    return Seen(happenings, now, more, None if is_settled else _SETTLED_S)


def _look_into(watch: Watch, known: dict[str, list[Any]], counts: dict[str, Any]) -> Seen:
    now = {name: [count, known[name][1] if name in known else []] for name, count in counts.items()}
    happenings: list[Happening] = []
    more = False
    for name in (name for name, count in counts.items() if name in known and _is_more(count, known[name][0])):
        if len(happenings) >= watch.most:
            # Its turn comes with the next look, for which it must seem as it was.
            now[name] = known[name]
            more = True
            continue
        count, marks = now[name]
        come = _find_come(watch, name, count - known[name][0], marks)
        happenings += [Happening([name, entry.key], entry.time, entry.data) for entry in come]
        now[name] = [count, [*marks, *(entry.mark for entry in come)][-_KEPT:]]
    return Seen(happenings, now, more)


def _is_more(count: Any, before: Any) -> bool:
    return isinstance(count, int) and isinstance(before, int) and count > before


def _find_come(watch: Watch, name: str, grown: int, marks: list[str]) -> list[Entry]:
    """The `grown` latest entries at either end of a thing's own list that were not told before, the oldest first."""
    each = watch.words["each"]
    args = {each["field"]: name}
    head = watch.reader.read_other_part(each["block"], args)
    entries = head.entries
    if not head.is_last and head.total is not None:
        # Where the whole list isn't one page, its other end is another.
        last = max(len(entries), head.total - len(entries))
        entries = [*entries, *watch.reader.read_other_part(each["block"], args, last).entries]
    found = {entry.mark: entry for data in entries if (entry := watch.identify(data)) and entry.mark not in marks}
    return sorted(found.values(), key=lambda entry: entry.time or "")[-grown:]

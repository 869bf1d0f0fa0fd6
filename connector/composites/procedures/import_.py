"""Puts on a list what a file names: by URI or link where there is one, else by what the matcher finds.

Each row's fate is told, and what could not be put there comes back as a file of the same form, which can be corrected
and imported again.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from connector.composites.delimited import BrokenFile
from connector.composites.entries import Entry, Sameness, match_copies
from connector.composites.files import read, tell_file
from connector.composites.filling import Target
from connector.composites.kept_list import find
from connector.composites.list_plans import Plan
from connector.composites.named_lists import refuse
from connector.composites.rows import read_length
from connector.composites.tables import LINE, Row, Table, split_names
from connector.composites.task import Task
from connector.composites.told import tell_left_out, tell_why
from connector.composites.wanted import Wanted, add_copies, leave_fixed, mirror
from connector.manifest.procedures import ListKind

#: What a line may have around an address.
_WORD: Final = re.compile(r"[^\s,;|\"'<>()]+")
_NOTHING: Final = "Nothing in the row says what it is."
_OTHER: Final = "It is neither of what the list takes."
_NOT_FOUND: Final = "Nothing was found that is like it."
_NO_ADDRESS: Final = "It has no URI or link."


@dataclass(slots=True)
class _Fate:
    """What becomes of a row: the entry that it names, or `why` it names none, and how sure a match is."""

    row: Row
    entry: Entry | None = None
    why: str | None = None
    score: float | None = None
    outcome: str = "left out"
    position: int | None = field(default=None)

    def tell(self, number: int) -> dict[str, Any]:
        """The fate of the row with this `number`, from 1."""
        told = {
            "row": number,
            "outcome": self.outcome,
            "uri": self.entry.key if self.entry else None,
            "position": self.position,
            "score": self.score,
            "why": self.why,
        }
        return {name: value for name, value in told.items() if value is not None}


def run(task: Task) -> dict[str, Any]:
    """The target holds what the file names, beside what it held or in its place. Raises `InvocationFailed`."""
    try:
        table = read(task.args["file"], task.procedure.lists["target"].columns, task.words["most"])
    except BrokenFile as problem:
        raise refuse("file", str(problem)) from None
    if not table.rows:
        raise refuse("file", "has no rows")
    target = Target(task)
    fates = [_name(task, table, row) for row in table.rows]
    _match(task, table, [fate for fate in fates if fate.entry is None and fate.why is None])
    chosen = [fate.entry for fate in fates if fate.entry]
    usable = [entry for entry in chosen if not entry.is_fixed]
    is_mirror = task.args.get("mode") == "mirror"
    if is_mirror and "position" in task.args:
        raise refuse("position", "says nothing where the list becomes what the file names")
    if is_mirror and not chosen:
        raise refuse("file", "names nothing that could be on the list, which would be empty then")

    def choose(before: list[Entry]) -> Wanted:
        if is_mirror:
            return mirror(before, leave_fixed(before, chosen))
        return add_copies(before, usable, task.args.get("position"))

    left_out = [(fate.entry, tell_why(target.kind, fate.entry)) for fate in fates if fate.entry and fate.entry.is_fixed]

    def tell(task: Task, plan: Plan) -> dict[str, Any]:
        _settle(target.kind, fates, plan)
        return _tell_rows(task, table, fates)

    return target.fill(choose, chosen, tell_left_out(target.kind, left_out), tell, may_be_empty=False)


def _tell_rows(task: Task, table: Table, fates: Sequence[_Fate]) -> dict[str, Any]:
    """Each row's fate, and the file of those that were left out."""
    name = f"{task.args['target']} {task.words['file']}"
    back = [(fate.row, fate.why) for fate in fates if fate.why]
    if back:
        task.warn(f"{len(back)} of {len(fates)} rows were left out; they are in the file that came back.")
    return {
        "rows": [fate.tell(number) for number, fate in enumerate(fates, start=1)],
        "not_imported": tell_file(table.give_back(back), name) if back else None,
    }


def _name(task: Task, table: Table, row: Row) -> _Fate:
    """The row with the entry that its address names."""
    if table.is_blank(row):
        return _Fate(row, why=_NOTHING)
    text = table.tell(row, "uri")
    words = [text] if text else _WORD.findall(table.tell(row, LINE) or "")
    title = table.tell(row, "title")
    for word in words:
        if re.fullmatch(task.words["own"], word):
            return _Fate(row, Entry(word, frozenset([word]), is_fixed=True))
        if text and re.fullmatch(task.words["known"], word):
            return _take(task, row, task.words["kinds"][0], word, title)
        if found := task.references.read(word):
            return _take(task, row, *found, title)
    return _Fate(row)


def _take(task: Task, row: Row, kind: str, id_: str, title: str | None) -> _Fate:
    if kind not in task.words["kinds"]:
        return _Fate(row, why=_OTHER)
    key = id_ if task.words.get("keys") == "ids" else task.references.write(kind, id_)
    return _Fate(row, Entry(key, frozenset([key]), title=title))


def _match(task: Task, table: Table, fates: Sequence[_Fate]) -> None:
    """Finds what rows without an address mean, by the block that is the task's `match`."""
    if "match" not in task.procedure.blocks:
        for fate in fates:
            fate.why = _NO_ADDRESS
        return
    words: Mapping[str, Any] = task.words["match"]
    for start in range(0, len(fates), words["most"]):
        asked = fates[start : start + words["most"]]
        rows = [_describe(table, fate.row) for fate in asked]
        output = task.read(task.procedure.blocks["match"], {words["field"]: rows}).output
        for fate, answer in zip(asked, find(words["at"], output), strict=True):
            key, fate.score = find(words["key"], answer), find(words["score"], answer)
            if isinstance(key, str):
                # What was found is the nearest.
                fate.entry = Entry(key, frozenset([key]), title=find(words["title"], answer))
            else:
                fate.why = _tell_nearest(*(find(words[name], answer) for name in ("nearest", "title")))


def _tell_nearest(key: Any, title: Any) -> str:
    """Why nothing was found; what is nearest has its address, so that it can be taken after all."""
    if not isinstance(key, str):
        return _NOT_FOUND
    return f"{_NOT_FOUND} The nearest is {title}, {key}."


def _describe(table: Table, row: Row) -> dict[str, Any]:
    """What is known of a row, in the matcher's words."""
    artist = table.tell(row, "artist")
    told = {
        "text": table.tell(row, LINE),
        "artist": ", ".join(split_names(artist)) if artist else None,
        **{name: table.tell(row, name) for name in ("title", "album", "isrc")},
        "duration": _read_length(table, row),
    }
    return {name: value for name, value in told.items() if value is not None}


def _read_length(table: Table, row: Row) -> int | None:
    """Milliseconds; `None` where the cell is no length, which must not keep the rest of a file from being found."""
    try:
        return read_length(table.tell(row, "duration"))
    except ValueError:
        return None


def _settle(kind: ListKind, fates: Sequence[_Fate], plan: Plan) -> None:
    """Says of each row with an entry whether it comes in, was there, or can't be put there, and at which place."""
    named = [fate for fate in fates if fate.entry]
    entries = [fate.entry for fate in named if fate.entry]
    there = match_copies(plan.before, entries, Sameness([*plan.before, *entries]))
    final = {place: at for at, place in enumerate(plan.wanted) if isinstance(place, int)}
    new: dict[str, deque[int]] = defaultdict(deque)
    for at, key in enumerate(plan.wanted):
        if isinstance(key, str):
            new[key].append(at)
    for fate, entry, place in zip(named, entries, there, strict=True):
        if place is not None:
            fate.outcome, fate.position = "there", final.get(place)
        elif entry.is_fixed:
            fate.why = tell_why(kind, entry)
        else:
            fate.outcome, fate.position = "added", new[entry.key].popleft()

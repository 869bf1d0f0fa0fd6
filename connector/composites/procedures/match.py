"""Finds what lines of text or rows of fields mean, and tells what became of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from connector.composites.matching import LEAST, Found, Match, find_best
from connector.composites.named_lists import refuse
from connector.composites.rows import Row, read_row
from connector.composites.task import Task
from connector.errors import InvocationFailed

#: Candidates of a row that are told.
_MOST_TOLD: Final = 5
#: Rows that are looked for by one call of the block.
_MOST_ROWS: Final = 1_000
_FIELDS: Final = ("artist", "title", "album", "duration", "isrc")


def run(task: Task) -> dict[str, Any]:
    """The best match of each row. Raises `InvocationFailed`, and leaves what was found before with the task."""
    rows = list(_read_rows(task))
    matches: list[Match] = []
    try:
        matches.extend(find_best(task, rows, task.words, least=task.args.get("least_score", LEAST)))
    except InvocationFailed:
        task.came, task.partial = len(matches), _tell(task, matches)
        raise
    if lost := sum(not match.best for match in matches):
        task.warn(f"{lost} of {len(rows)} {'was' if lost == 1 else 'were'} not found.")
    return _tell(task, matches)


def _read_rows(task: Task) -> Iterator[Row]:
    if "text" in task.args:
        lines = [line for line in task.args["text"].splitlines() if line.strip()]
        if len(lines) > _MOST_ROWS:
            raise refuse("text", f"has {len(lines)} lines", f"{_MOST_ROWS} at most")
        yield from map(read_row, lines)
        return
    if "rows" not in task.args:
        row = read_row({name: task.args[name] for name in _FIELDS if name in task.args})
        if not (row.title or row.isrc):
            raise refuse("title", "is needed beside what else is given", "what it is called")
        yield row
        return
    for place, given in enumerate(task.args["rows"], start=1):
        try:
            yield read_row(given)
        except ValueError as problem:
            raise refuse("rows", f"has a row, number {place}, that {problem}") from None


def _tell(task: Task, matches: Sequence[Match]) -> dict[str, Any]:
    found = [match.best.key for match in matches if match.best]
    return {
        "matches": [_tell_match(place, match) for place, match in enumerate(matches)],
        "uris": found,
        "not_found": [
            {"row": place, "text": match.row.tell(), "why": match.why}
            for place, match in enumerate(matches)
            if not match.best
        ],
        "calls": {"read": task.reads, "write": task.writes},
    }


def _tell_match(place: int, match: Match) -> dict[str, Any]:
    best = match.best
    return {
        "row": place,
        "text": match.row.tell(),
        "found": best is not None,
        **({**_tell_found(best), "by": best.by} if best else {"uri": None, "why": [match.why]}),
        "candidates": [_tell_found(each) for each in match.candidates[:_MOST_TOLD]],
    }


def _tell_found(found: Found) -> dict[str, Any]:
    song = found.song
    told = {"album": song.album, "duration_ms": song.length_ms, "isrc": song.isrc}
    return {
        "uri": found.key,
        "name": song.title,
        **({"artists": list(song.artists)} if song.artists else {}),
        **{name: value for name, value in told.items() if value is not None},
        "score": found.points,
        "why": list(found.why),
    }

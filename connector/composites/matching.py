"""Finds what rows look for: asks a search, in the ways that its words name, until something fits well enough.

A search's words are `asks`, in order, each with fields of its block and what of a row goes into them (`isrc`, `artist`,
`title`, or `words` for all of it); and `entry` with expressions for what is to be known of what it gives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from connector.arguments.typed_text import trim
from connector.composites.kept_list import find
from connector.composites.rows import Reading, Row, iter_readings
from connector.composites.scoring import Song, score
from connector.composites.task import Task
from connector.composites.titles import read_title, split_names

#: Points from which what was found is what was looked for, in doubt.
LEAST: Final = 75
#: Points from which nothing better is looked for.
_SURE: Final = 90
#: Entries that a search is asked for: what the service gives by one call, whoever asks.
_MOST: Final = 10
#: Letters of a name that a search is sent.
_LONGEST: Final = 100

#: Gives what a search finds, in its order. Raises `InvocationFailed`.
Search = Callable[[Mapping[str, Any]], Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Found:
    """Something that was found: its `key`, what it is, its score from 0 to 100, what speaks against it, and what it was
    found `by`."""

    key: str
    song: Song
    points: int
    why: tuple[str, ...]
    by: str


@dataclass(frozen=True, slots=True)
class Match:
    """What became of a row: the `best` that was found where it is good enough, and all `candidates`, the best first."""

    row: Row
    best: Found | None
    candidates: tuple[Found, ...]

    @property
    def why(self) -> str:
        """Why nothing is good enough."""
        if not (self.row.text or self.row.title or self.row.isrc or self.row.artist):
            return "It names nothing that could be looked for: text, title, artist or isrc."
        if not self.candidates:
            return "Nothing was found."
        nearest = self.candidates[0]
        against = ", ".join(nearest.why) or "not enough is known"
        return f"The nearest is {nearest.song.title}, {nearest.key}, with {nearest.points} points: {against}."


def find_best(task: Task, rows: Sequence[Row], words: Mapping[str, Any], *, least: int = LEAST) -> Iterator[Match]:
    """A match for each of `rows`, in order, found side by side by the block that `task` has as `search`, or among all
    that the one has that it has as `list`. Rows that say the same are looked for once.

    Raises `InvocationFailed` in the place of the first row that could not be looked for.
    """
    finder = Finder(words, least, _open_search(task))
    matches = task.iter_each(finder.match, list(dict.fromkeys(rows)), "matching", "rows")
    known: dict[Row, Match] = {}
    for row in rows:
        if row not in known:
            known[row] = next(matches)
        yield replace(known[row], row=row)


class Finder:
    """Finds the best for one row, by a `search`; safe to share between threads."""

    def __init__(self, words: Mapping[str, Any], least: int, search: Search) -> None:
        self._entry: Mapping[str, str] = words["entry"]
        self._asks: Sequence[Mapping[str, str]] = words.get("asks", ({},))
        self._least = least
        self._search = search

    def match(self, row: Row) -> Match:
        """What is found for `row`; nothing where it doesn't say what that is called. Raises `InvocationFailed`."""
        if not (row.text or row.title or row.isrc or (row.artist and "artists" not in self._entry)):
            return Match(row, None, ())
        found: dict[str, Found] = {}
        for by, ask in self._iter_asks(row):
            for place, data in enumerate(self._search(ask)):
                entry = self._read(row, data, place, by)
                if entry and (entry.key not in found or found[entry.key].points < entry.points):
                    found[entry.key] = entry
            if any(entry.points >= _SURE for entry in found.values()):
                break
        # Equal ones stay as the search gives them: it knows what most people mean.
        ranked = tuple(sorted(found.values(), key=lambda entry: -entry.points))
        return Match(row, ranked[0] if ranked and ranked[0].points >= self._least else None, ranked)

    def _iter_asks(self, row: Row) -> Iterator[tuple[str, dict[str, str]]]:
        """The ways to ask for `row`, each with its name."""
        values = _tell_words(row, next(iter_readings(row, has_artist="artists" in self._entry)))
        sent: list[dict[str, str]] = []
        for words in self._asks:
            ask = {name: values[word] for name, word in words.items() if values.get(word)}
            if len(ask) == len(words) and ask not in sent:
                sent.append(ask)
                yield _name(words), ask

    def _read(self, row: Row, data: Any, place: int, by: str) -> Found | None:
        told = {name: find(expression, data) for name, expression in self._entry.items()} if data else {}
        key, title = told.get("key"), told.get("title")
        if not isinstance(key, str) or not isinstance(title, str):
            return None
        artists = tuple(name for name in told.get("artists") or () if isinstance(name, str))
        album, isrc, length_ms = (told.get(name) for name in ("album", "isrc", "length_ms"))
        song = Song(
            title,
            artists,
            album if isinstance(album, str) else None,
            length_ms if isinstance(length_ms, int) else None,
            isrc if isinstance(isrc, str) else None,
        )
        points, why = score(row, song, place, has_artist="artists" in self._entry)
        return Found(key, song, points, why, by)


def _open_search(task: Task) -> Search:
    blocks = task.procedure.blocks
    if "list" in blocks:
        entries = task.read(blocks["list"], {}).entries
        return lambda _: entries
    market = {"market": task.args["market"]} if "market" in task.args else {}
    return lambda ask: task.read(blocks["search"], {**ask, **market, "max_items": _MOST}).entries


def _name(words: Mapping[str, str]) -> str:
    """What a way to ask is called."""
    asked = set(words.values())
    return "list" if not asked else "words" if "words" in asked else "isrc" if asked == {"isrc"} else "fields"


def _tell_words(row: Row, reading: Reading) -> dict[str, str]:
    """What of `row` a search can be asked. Of several artists the first alone: it finds what is by all of them, and a
    band whose name is a list."""
    title = read_title(reading.title or reading.words or "")
    name = _cut(" ".join(f"{title.core} {title.version}".split()))
    artist = read_title(reading.artist).core if reading.artist else ""
    first = next(iter(split_names(artist)), artist)
    return {"title": name, "words": _cut(f"{artist} {name}".strip()), "isrc": row.isrc or "", "artist": _cut(first)}


def _cut(text: str) -> str:
    """`text` as far as a search takes it, without signs that mean something to it."""
    # What cannot be seen is nothing to a search, which has to be asked for something.
    plain = trim(" ".join(text.replace('"', " ").replace(":", " ").split()))
    return plain if len(plain) <= _LONGEST else plain[:_LONGEST].rpartition(" ")[0] or plain[:_LONGEST]

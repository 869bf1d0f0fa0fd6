"""Awkward pairs of what people look for and what a search gives, with the right answer: `pairs/*.txt`.

A pair begins with `=` and a line of text, or `artist | title | album | length | isrc`; then a line for each candidate,
`+` before a right one: `artist;artist | title | album | length | isrc`. A pair without `+` has no right answer.
"""

from dataclasses import dataclass
from pathlib import Path

from connector.composites.rows import Row, read_row
from connector.composites.scoring import Song

_FOLDER = Path(__file__).with_name("pairs")
_ROW = ("artist", "title", "album", "duration", "isrc")


@dataclass(frozen=True)
class Pair:
    """What is looked for, the candidates in the order of a search, and the places of the right ones."""

    kind: str
    row: Row
    songs: tuple[Song, ...]
    right: frozenset[int]
    is_held_out: bool


def read_pairs() -> list[Pair]:
    """All pairs. Every third was held out while the weights were chosen."""
    told = [
        (path.stem, text) for path in sorted(_FOLDER.glob("*.txt")) for text in path.read_text("utf-8").split("\n\n")
    ]
    return [_read_pair(kind, text.strip(), place % 3 == 2) for place, (kind, text) in enumerate(told)]


def _read_pair(kind: str, text: str, is_held_out: bool) -> Pair:
    head, *lines = text.splitlines()
    given = head[1:].strip()
    fields = [part.strip() for part in head[1:].split("|")]
    row = read_row(dict(zip(_ROW, fields, strict=False)) if len(fields) > 1 else given)
    right = frozenset(place for place, line in enumerate(lines) if line[0] == "+")
    return Pair(kind, row, tuple(_read_song(line[1:]) for line in lines), right, is_held_out)


def _read_song(line: str) -> Song:
    artists, title, album, length, isrc, *_ = [part.strip() for part in line.split(" | ")] + [""] * 5
    length_ms = read_row({"duration": length}).length_ms
    return Song(title, tuple(artists.split(";")), album or None, length_ms, isrc or None)

"""What is looked for, as rows say it, and in how many ways a line of text can be meant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from connector.composites.titles import fold, read_title, split_names

_LINE_NUMBER: Final = re.compile(r"^\s*(?:#\s*)?\d{1,4}\s*[.):]\s+(?=\S)")
_DASH: Final = re.compile(r"\s+[-\u2010-\u2015|~]+\s+|\t+|\s*[\u2014]\s*")
#: What is added to an artist's name for a channel of theirs.
_CHANNEL: Final = re.compile(r"\s*(?:-\s*topic|vevo|official(?:\s+channel)?)$", re.IGNORECASE)
_COLON: Final = re.compile(r"^([^:]{2,40}):\s+(.+)$")
_BY: Final = re.compile(r"^(.+)\s+(?:by|von|par)\s+(.+)$", re.IGNORECASE)
_QUOTED: Final = re.compile(r"^(.*?)\s*[「『《“\"](.+?)[」』》”\"]\s*(.*)$")
_CLOCK: Final = re.compile(r"^(?:(\d{1,2}):)?(\d{1,3}):(\d{2})$")
#: Milliseconds, also as tables of numbers write them; more of them than of any recording are none.
_NUMBER: Final = re.compile(r"[0-9]{1,12}(?:\.[0-9]+)?")
#: ISO 3901.
_ISRC: Final = re.compile(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}")
#: Letters of a text that are read; nothing is called by more.
_LONGEST: Final = 500
_NAMES: Final = ("text", "artist", "title", "album", "duration", "isrc")


@dataclass(frozen=True, slots=True)
class Row:
    """What is looked for: a line of `text`, or fields; the length in milliseconds. `given` is the row as it came."""

    text: str | None = None
    artist: str | None = None
    title: str | None = None
    album: str | None = None
    length_ms: int | None = None
    isrc: str | None = None
    given: Any = field(default=None, compare=False, repr=False)

    def tell(self) -> str:
        """The row in a line of text."""
        return self.text or " - ".join(filter(None, (self.artist, self.title))) or self.isrc or self.album or ""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way in which a row can be meant: `title` and `artist`, either of which may be unknown, or all `words` without
    a sign which is which. `doubt` counts against it."""

    title: str | None
    artist: str | None
    words: str | None = None
    doubt: int = 0


def read_row(given: Any) -> Row:
    """The row that a mapping, whose names may be written in any case, or a line of text is. Raises `ValueError`, which
    says what is wrong with it."""
    if isinstance(given, str):
        return Row(text=_read_text("text", given), given=given)
    if not isinstance(given, Mapping):
        raise ValueError("is neither a text nor an object")  # noqa: TRY004 - what a user gave
    # Spreadsheets have their columns' names in capitals; a name that is written right goes before these.
    values = {str(name).strip().casefold(): value for name, value in given.items()} | dict(given)
    texts = {name: _read_text(name, values.get(name)) for name in _NAMES if name != "duration"}
    # A code that is none says nothing, and what else the row says still does.
    isrc = re.sub(r"[\s-]", "", texts.pop("isrc") or "").upper()
    return Row(
        **texts,
        isrc=isrc if _ISRC.fullmatch(isrc) else None,
        length_ms=read_length(values.get("duration")),
        given=given,
    )


def iter_readings(row: Row, *, has_artist: bool = True) -> Iterator[Reading]:
    """The ways in which `row` can be meant; where what is looked for has no artist, all of it is its name."""
    if not has_artist:
        yield Reading(row.title or row.text or row.artist, None)
        return
    if row.title or not row.text:
        yield from _iter_field_readings(row)
        return
    for text in dict.fromkeys((row.text, _LINE_NUMBER.sub("", row.text))):
        yield from _iter_text_readings(text)


def _iter_field_readings(row: Row) -> Iterator[Reading]:
    """What fields say; the titles of videos say the artist too, and their channels are called after them."""
    artist = (_CHANNEL.sub("", row.artist) or row.artist) if row.artist else None
    pieces = _split_line(row.title or "")
    name = fold(artist or "").replace(" ", "")
    if len(pieces) > 1 and name and name == fold(pieces[0]).replace(" ", ""):
        yield Reading(" - ".join(pieces[1:]), pieces[0])
    elif row.title and not artist and read_title(row.title).parts:
        yield from _iter_text_readings(row.title)
    yield Reading(row.title, artist)


def _split_line(text: str) -> list[str]:
    return [piece for piece in _DASH.split(text) if piece.strip()]


def _iter_text_readings(text: str) -> Iterator[Reading]:
    pieces = _split_line(text)
    for at in range(1, min(len(pieces), 3)):
        left, right = " - ".join(pieces[:at]), " - ".join(pieces[at:])
        yield Reading(right, left, doubt=2 * (at - 1))
        yield Reading(left, right, doubt=2 + 2 * (at - 1))
    if match := _QUOTED.match(text):
        before, title, after = match.groups()
        title = f"{title} ({after})" if after else title
        yield Reading(title, before.strip(" -\u2013\u2014:") or None, doubt=1 if before else 6)
    if len(pieces) < 2:
        if match := _COLON.match(text):
            yield Reading(match[2], match[1], doubt=1)
        if match := _BY.match(text):
            yield Reading(match[1], match[2], doubt=1)
        yield Reading(None, None, text, doubt=2)
    if len(pieces) < 2 or not read_title(text).parts:
        yield Reading(text, None)


def name_artists(text: str) -> tuple[str, ...]:
    """The artist that a text names: the whole of it first, for a band's name may be a list, and then each of them."""
    return tuple(dict.fromkeys((text, *split_names(text))))


def _read_text(name: str, value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return (value or "").strip()[:_LONGEST] or None
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ", ".join(value)[:_LONGEST] or None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise ValueError(f"has a {name} that is no text")


def read_length(value: Any) -> int | None:
    """Milliseconds in `value`: a number of them, or `m:ss`. Raises `ValueError`."""
    if value is None or value == "":
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return round(value)
    text = str(value).strip()
    if match := _CLOCK.match(text):
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        return ((hours * 60 + minutes) * 60 + seconds) * 1000
    if _NUMBER.fullmatch(text):
        return round(float(text))
    raise ValueError("has a duration that is neither milliseconds nor such as 3:45")

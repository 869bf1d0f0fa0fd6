"""How well what was found is what was looked for: 100 less what speaks against it, each point with its reason."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from rapidfuzz import fuzz

from connector.composites.likeness import (
    ALIKE,
    compare_artists,
    compare_texts,
    compare_titles,
    drop_the,
    share_parts,
    share_work,
)
from connector.composites.rows import Reading, Row, iter_readings
from connector.composites.titles import Title, fold, read_title
from connector.composites.versions import find_versions

#: Lengths of one recording differ by no more.
_NEAR_MS: Final = 3_000
#: What counts against a version that was not asked for, and what counts where one that was isn't there.
_UNASKED: Final[Mapping[str, int]] = {"edit": 4, "extended": 14, "new recording": 10, "orchestral": 30}
_UNMET: Final[Mapping[str, int]] = {"edit": 5, "extended": 12, "interlude": 30}
_OTHER_VERSION: Final = 38
_MORE_OF_IT: Final = 16
#: Of an album alone, or of an artist's name, it is not so certain.
_BY_ALBUM: Final[Mapping[str, int]] = {
    "live": 12,
    "karaoke": 40,
    "cover": 30,
    "instrumental": 14,
    "remix": 6,
    "demo": 6,
}
_OTHER_TITLE: Final = 70
_OTHER_ARTIST: Final = 60
#: Words of a version that don't tell it from others of its kind.
_PLAIN_WORD: Final = re.compile(
    "live|remix|mix|rmx|version|ver|at|in|the|from|edit|radio|extended|club|acoustic|karaoke|instrumental|demo|official"
    "|on|by|of|a|video|sessions?|cover|originally|performed|style|made|famous|popular|en|vivo|ao|remixed|original|and"
)


@dataclass(frozen=True, slots=True)
class Song:
    """What was found, as far as it can be compared: a track, an album, or whatever else has a name."""

    title: str
    artists: tuple[str, ...] = ()
    album: str | None = None
    length_ms: int | None = None
    isrc: str | None = None


class Score(NamedTuple):
    """From 0 to 100, and what speaks against it, in words."""

    points: int
    why: tuple[str, ...]


class Loss(NamedTuple):
    """What speaks against it: so many points, and why."""

    points: float
    why: str


def score(row: Row, song: Song, place: int = 0, *, has_artist: bool = True) -> Score:
    """How well `song`, found at a `place` among others, is what `row` looks for."""
    is_same_code = bool(row.isrc and song.isrc and row.isrc == song.isrc.upper())
    if not (row.title or row.text or row.artist):
        return Score(100, ()) if is_same_code else Score(0, ("other ISRC",))
    losses = [
        [*_compare(reading, row, song, place), *_compare_facts(row, song)]
        for reading in iter_readings(row, has_artist=has_artist)
    ]
    best = min(losses, key=lambda each: sum(loss.points for loss in each))
    points = sum(loss.points for loss in best)
    if is_same_code:
        points = min(points / 10, 5) if points < _OTHER_ARTIST else points
    elif row.isrc and song.isrc:
        best.append(Loss(3, "other ISRC"))
        points += 3
    why = tuple(loss.why for loss in sorted(best, key=lambda loss: -loss.points) if loss.points >= 1)
    return Score(max(0, round(100 - points)), why)


def _compare(reading: Reading, row: Row, song: Song, place: int) -> Iterator[Loss]:
    wanted, found = read_title(reading.title or reading.words or ""), read_title(song.title)
    if reading.doubt:
        yield Loss(reading.doubt, "read as another form of the text")
    if reading.words is not None:
        yield _compare_words(wanted, found, song)
    else:
        yield from _compare_names(reading, wanted, found, row, song, place)
    yield from _compare_versions(wanted, found, song, row)
    yield from _compare_numbers(wanted, found, reading, song)


def _compare_names(reading: Reading, wanted: Title, found: Title, row: Row, song: Song, place: int) -> Iterator[Loss]:
    title = compare_titles(wanted, found) if reading.title else 100.0
    is_work = found.is_work and reading.title is not None
    # Of works, and of what is sung to or played after, the title says whose it is.
    is_told = is_work or bool(wanted.kinds & found.kinds & {"karaoke", "cover", "instrumental"})
    artist = compare_artists(reading.artist, song.title, song.artists, is_told=is_told) if reading.artist else 100.0
    is_near = None not in (row.length_ms, song.length_ms) and _measure(row, song) <= _NEAR_MS
    if title is None and artist is None:
        yield Loss(_OTHER_TITLE, "title and artist in another script")
        return
    if title is None:
        yield Loss(20 if is_near and artist and artist >= 90 else 45, "title in another script")
    elif title < ALIKE:
        # Of those that are none, the nearest is told first.
        yield Loss(_OTHER_TITLE + (ALIKE - title) / 10, "other title")
    else:
        yield Loss((100 - title) * 1.2, "title differs")
    if artist is None:
        is_sure = title is not None and title >= 95 and (is_near or place == 0)
        yield Loss(20 if is_sure else 40, "artist in another script")
    elif not reading.artist:
        yield Loss(8 if song.artists else 0, "no artist given")
    elif artist < ALIKE:
        yield Loss(_OTHER_ARTIST, "other artist")
    else:
        yield Loss((100 - artist) * 0.9, "artist differs")
    yield from _compare_features(reading, wanted, found, song)


def _compare_words(wanted: Title, found: Title, song: Song) -> Loss:
    """A line in which nothing tells title from artist, against both together."""
    artists = [*song.artists, " ".join(song.artists)]
    titles = {found.words, found.whole}
    texts = [f"{drop_the(fold(artist))} {title}" for artist in artists for title in titles]
    ours = {" ".join((drop_the(wanted.whole), *map(fold, wanted.features))), wanted.words}
    alike = max((fuzz.token_sort_ratio(one, text) for one in ours for text in texts), default=0.0)
    return Loss((100 - alike) * 1.3 if alike >= ALIKE else _OTHER_TITLE, "words differ")


def _compare_features(reading: Reading, wanted: Title, found: Title, song: Song) -> Iterator[Loss]:
    """Who takes part: more where they were asked for and are not there."""
    ours = {fold(name) for name in (*wanted.features, *(read_title(reading.artist).features if reading.artist else ()))}
    theirs = {fold(name) for name in (*found.features, *song.artists[1:])}
    everyone = [*theirs, *map(fold, song.artists)]
    if lacking := [name for name in ours if max((compare_texts(name, other) for other in everyone), default=0.0) < 80]:
        yield Loss(min(8, 5 * len(lacking)), "without who takes part")
    named = fold(reading.artist or "")
    artists = [fold(name) for name in song.artists]
    if any(name in named for name in artists[1:]):
        # Whoever was asked for stands behind someone else.
        theirs |= set(artists)
    if named and not ours and any(name not in named for name in theirs):
        yield Loss(1.5, "someone else takes part")


def _compare_versions(wanted: Title, found: Title, song: Song, row: Row) -> Iterator[Loss]:
    album = find_versions(fold(song.album or ""))
    asked = wanted.kinds | (find_versions(fold(row.album)) if row.album else set())
    by_name = {kind for name in song.artists for kind in find_versions(fold(name))} & {"karaoke", "cover"}
    # A live version may be an acoustic one, too.
    most = _MORE_OF_IT if wanted.kinds & found.kinds else _OTHER_VERSION
    for kind in sorted(found.kinds - asked):
        yield Loss(min(_UNASKED.get(kind, _OTHER_VERSION), most), f"{kind} version")
    for kind in sorted((album | by_name) - found.kinds - asked):
        yield Loss(_BY_ALBUM.get(kind, 0), f"from a {kind} album")
    is_told = bool(wanted.parts and found.parts) and share_parts(wanted, found)
    for kind in sorted(wanted.kinds - found.kinds):
        is_there = kind in album or (kind.startswith("in ") and is_told)
        yield Loss(2 if is_there else _UNMET.get(kind, _OTHER_VERSION), f"no {kind} version")
    if found.parts and not wanted.parts and wanted.whole != found.whole:
        yield Loss(3, "has a subtitle")
    if wanted.kinds & found.kinds:
        ours, theirs = _tell_details(wanted.version), _tell_details(found.version)
        if ours and theirs and (alike := fuzz.token_set_ratio(ours, theirs)) < 75:
            most = _OTHER_VERSION if "remix" in wanted.kinds & found.kinds else 14
            yield Loss(most * (100 - alike) / 100 if most < _OTHER_VERSION else most, "another such version")
        elif ours and not theirs:
            yield Loss(4, "says less of the version")


def _compare_numbers(wanted: Title, found: Title, reading: Reading, song: Song) -> Iterator[Loss]:
    """Parts, symphonies and the like: what differs in its number is something else, however alike the words are."""
    if wanted.works and found.works and not share_work(wanted, found):
        yield Loss(40, "another work")
    if wanted.movement and found.movement and wanted.movement != found.movement:
        yield Loss(34, "another movement")
    theirs = set(found.numbers)
    if reading.words is not None:
        theirs |= {word for name in song.artists for word in fold(name).split() if word.isdecimal()}
    if found.is_work:
        theirs |= {word for word in found.full.split() if word.isdecimal()}
        differ = set(wanted.numbers) - theirs
    else:
        differ = set(wanted.numbers) ^ theirs
    if differ and not (wanted.words == found.words and wanted.parts == found.parts):
        yield Loss(34, "another number")


def _compare_facts(row: Row, song: Song) -> Iterator[Loss]:
    if row.length_ms is not None and song.length_ms is not None:
        seconds = (_measure(row, song) - _NEAR_MS) / 1000
        if seconds > 0:
            yield Loss(min(32, 1 + seconds), "other length")
    if row.album and song.album:
        alike = compare_texts(read_title(row.album).words, read_title(song.album).words)
        yield Loss(min(7, (100 - alike) / 5), "other album")


def _measure(row: Row, song: Song) -> int:
    """By how many milliseconds the lengths differ."""
    return abs((row.length_ms or 0) - (song.length_ms or 0))


def _tell_details(version: str) -> str:
    """What a version says of itself beside its kind: who made it, where it was recorded."""
    return " ".join(word for word in fold(version).split() if not _PLAIN_WORD.fullmatch(word))

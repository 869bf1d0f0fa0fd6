"""How alike titles and names are, from 0 to 100, however they are written.

Letters are compared by `rapidfuzz`, and what is in another script by what `anyascii` makes of it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Final

from anyascii import anyascii
from rapidfuzz import fuzz

from connector.composites.rows import name_artists
from connector.composites.titles import Title, fold, read_title, split_names

#: Titles and names that are less alike are others.
ALIKE: Final = 62
#: Subtitles that are less alike are others.
_SAME_PART: Final = 82
#: Scripts whose letters don't tell, or not wholly, how a word is spoken.
_UNREADABLE: Final = frozenset({"CJK", "ARABIC", "HEBREW", "THAI"})
_READABLE: Final = frozenset({"LATIN", "CYRILLIC", "GREEK", "HANGUL", "HIRAGANA", "KATAKANA"})


def compare_titles(wanted: Title, found: Title) -> float | None:
    """How alike two titles are, from 0 to 100; `None` where they are in scripts of which neither can be read in the
    other."""
    if wanted.full == found.full:
        return 100.0
    texts = [(wanted.words, found.words, 0.0), (wanted.whole, found.whole, 0.0), (wanted.words, found.whole, 3.0)]
    texts += [(wanted.whole, found.words, 3.0)]
    texts += [(wanted.words, part, 6.0) for part in found.parts if len(part.split()) > 1]
    if _is_opaque(wanted.whole, found.whole):
        shared = [part for part in (found.words, *found.parts) if not _is_opaque(wanted.words, part)]
        return max((compare_texts(wanted.words, part) for part in shared), default=None)
    alike = max(compare_texts(ours, theirs) - less for ours, theirs, less in texts)
    if wanted.parts and found.parts and not share_parts(wanted, found):
        alike = min(alike, 70.0)
    if found.is_work:
        if wanted.words in found.pieces:
            alike = max(alike, 94.0)
        if len(wanted.whole.split()) > 1:
            alike = max(alike, fuzz.token_set_ratio(wanted.whole, found.full) * 0.95)
        if wanted.works and share_work(wanted, found):
            alike = max(alike, 92.0)
    return alike


def compare_artists(artist: str, song_title: str, names: Sequence[str], *, is_told: bool) -> float | None:
    """How alike the artist that is looked for is to any of the song's `names`, or to all of them; where `is_told`, the
    title may say it too. `None` where they are in scripts of which neither can be read in the other."""
    lead = read_title(artist).core if " feat" in artist.casefold() or " ft" in artist.casefold() else artist
    wanted = [fold(name) for name in name_artists(lead)]
    found = [fold(name) for name in names]
    joined = [" ".join(found), " and ".join(found)] if len(found) > 1 else []
    pairs = [(ours, theirs, 0.0 if place == 0 else 4.0) for place, ours in enumerate(wanted) for theirs in found]
    pairs += [(wanted[0], theirs, 0.0) for theirs in joined]
    pairs += [(wanted[0], fold(part), 6.0) for name in names for part in split_names(name)[:1]]
    clear = [pair for pair in pairs if not _is_opaque(pair[0], pair[1])]
    alike = max((compare_texts(drop_the(ours), drop_the(theirs)) - less for ours, theirs, less in clear), default=0.0)
    if is_told and _names(wanted[0], f"{' '.join(found)} {fold(song_title)}".split()):
        alike = max(alike, 92.0)
    return None if alike < ALIKE and len(clear) < len(pairs) else alike


def _names(artist: str, words: Collection[str]) -> bool:
    """Whether each word of the artist's name is there, or begins as one does of which it is the initial."""
    return bool(artist) and all(
        word in words or (len(word) == 1 and any(other.startswith(word) for other in words)) for word in artist.split()
    )


def share_parts(wanted: Title, found: Title) -> bool:
    """Whether each subtitle that is wanted is there, or all of them are as they stand."""
    return compare_texts(" ".join(wanted.parts), " ".join(found.parts)) >= _SAME_PART or all(
        any(compare_texts(ours, theirs) >= _SAME_PART for theirs in (*found.parts, found.words))
        for ours in wanted.parts
    )


def share_work(wanted: Title, found: Title) -> bool:
    """Whether a number in a catalogue is the same; one without a number within it stands for all."""
    return any(
        ours[:2] == theirs[:2] and (not ours[2] or not theirs[2] or ours[2] == theirs[2])
        for ours in wanted.works
        for theirs in found.works
    )


def compare_texts(one: str, other: str) -> float:
    """How alike two folded texts are, whatever the order of their words, their spaces and their script."""
    if not _scripts(one) & _scripts(other):
        one, other = _romanise(one), _romanise(other)
        alike = _compare_letters(one, other)
        # What languages make of other letters differs, and says less than a typing error.
        return 100 - (100 - alike) * 0.6 if alike >= ALIKE else alike
    return _compare_letters(one, other)


def drop_the(name: str) -> str:
    """A band's name as people leave out its article."""
    return name.removeprefix("the ") or name


def _is_opaque(one: str, other: str) -> bool:
    """Whether two texts share no script, and one is in letters that don't tell how it is spoken."""
    ours, theirs = _scripts(one), _scripts(other)
    return not ours & theirs and bool((ours | theirs) & _UNREADABLE)


@lru_cache(maxsize=8192)
def _compare_letters(one: str, other: str) -> float:
    if one == other:
        return 100.0
    squeezed = fuzz.ratio(one.replace(" ", ""), other.replace(" ", ""))
    return max(fuzz.ratio(one, other), squeezed, fuzz.token_sort_ratio(one, other) - 2)


@lru_cache(maxsize=4096)
def _romanise(text: str) -> str:
    return fold(anyascii(text))


@lru_cache(maxsize=4096)
def _scripts(text: str) -> frozenset[str]:
    """The scripts of the letters in `text`; of signs and digits alone, that of whatever it is compared with."""
    names = (unicodedata.name(letter, "").partition(" ")[0] for letter in text if letter.isalpha())
    return frozenset(names) or _READABLE | _UNREADABLE

"""Titles as people and services write them → which words say what it is, and which say what version of it.

Titles of any script; what languages call a live recording or a remix is in `versions`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from connector.composites.versions import NOISE, find_features, find_version_at_end, find_versions, is_noise

#: Accents, points and vowel signs that are left out in writing as often as not. Those of Indic and Thai letters are
#: part of the word, and stay.
_MARKS: Final = re.compile(
    "[\u0300-\u036f\u0591-\u05c7\u0640\u064b-\u065f\u0670\u200b-\u200f\u20d0-\u20ff\ufe00-\ufe0f]"
)
_LETTERS: Final = str.maketrans(
    {"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "\u0131": "i", "ħ": "h", "ŋ": "n"}
)
_APOSTROPHES: Final = re.compile("['\u2019\u2018`\u00b4\u02bc]")
_BRACKETS: Final = re.compile(r"[(\[{【]([^()\[\]{}【】]*)[)\]}】]")
_DASH: Final = re.compile(r"\s+[-\u2010-\u2015~|]+\s+")
#: What Japanese titles put between dashes or waves at their end, as others do in brackets.
_FRAMED: Final = re.compile(r"\s+[-~\u301c]([^-~\u301c]+)[-~\u301c]\s*$")
_FEATURED: Final = re.compile(r"\s+(?:feat|ft|featuring|f/)\b\.?\s*(.+)$", re.IGNORECASE)
_TRAILING: Final = re.compile(rf"[\s,]+(?:{NOISE})$", re.IGNORECASE)
_BETWEEN: Final = re.compile(
    r"\s*[,;/&+\u3001\uff0c\u00d7\u2022]\s*|\s+(?:feat|ft|featuring|with|and|und|et|y|e|x|vs)\b\.?\s+", re.IGNORECASE
)
_AND: Final = re.compile(r"[&+]")
_PART: Final = re.compile(r"\b(?:pt|pts|parte|teil|chapter|chap|partie)\b")
_NUMBERED: Final = re.compile(r"\b(part|no|nr|vol|volume|op|act|movement|book) ([ivx]+)\b")
_ROMAN: Final = re.compile(r"\b(?:ii|iii|iv|vi|vii|viii|ix|xi|xii|xiii|xiv)\b")
_ROMANS: Final = {
    name: str(number)
    for number, name in enumerate(
        ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv"), start=1
    )
}
_CATALOGUED: Final = re.compile(
    r"\b(op|opus|bwv|k|kv|d|hwv|rv|hob|woo|deutsch|twv|sz|bb)\.? ?(?=\d)(\d{1,4}[a-z]?)"
    r"(?: ?(?:no|nr)?\.? ?(\d{1,3})\b)?"
)
_YEAR: Final = re.compile(r"\b(?:19|20)\d\d\b")
_MOVEMENT: Final = re.compile(r"(?:^|[:,;\-\u2013]\s*)(i{1,3}|iv|vi{0,3}|ix|x|\d{1,2})\.\s", re.IGNORECASE)
_WORK: Final = re.compile(
    r", (?!pt|part|vol)[^\W\d]{1,4}\.? ?\d{1,4}\b|\bact (?:[ivx]+|\d)\b|"
    r"\b(?:sonata|sonate|symphony|symphonie|sinfonia|concerto|konzert|suite|prelude|nocturne|etude|fugue|toccata|requiem"
    r"|quartet|quintet|trio|variations|bagatelle|waltz|mazurka|polonaise|aria|partita|mass|opus|op|bwv|rv|hwv|woo|adagio"
    r"|allegro|andante|(?:in )?[a-g](?: sharp| flat)? (?:major|minor)|dur|moll)\b"
)


@dataclass(frozen=True, slots=True)
class Title:
    """A title taken apart. `text` is all of it and `full` the same folded; `core` is what it is called, as it is
    written, and `words` the same folded; `parts` are subtitles, `features` who takes part, `kinds` the versions that it
    says it is, in the words `version`; `numbers` are those that tell parts, symphonies and the like apart; `works` are
    numbers in catalogues, `movement` is which one."""

    text: str
    core: str
    words: str
    parts: tuple[str, ...]
    features: tuple[str, ...]
    kinds: frozenset[str]
    version: str
    full: str
    numbers: frozenset[str]
    works: frozenset[tuple[str, str, str]]
    movement: str | None

    @property
    def whole(self) -> str:
        """The words with those of subtitles."""
        return " ".join((self.words, *self.parts))

    @property
    def is_work(self) -> bool:
        """Whether it names a work as classical ones are named."""
        return bool(self.works) or _WORK.search(simplify_letters(self.text)) is not None

    @property
    def pieces(self) -> list[str]:
        """What stands between its colons, commas and quotes, folded."""
        return [fold(piece) for piece in re.split(r"[:,;\"\u201c\u201d\u201e!]|\.\s", self.text) if piece.strip()]


def simplify_letters(text: str) -> str:
    """`text` in small letters without accents, each sign in its usual form."""
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return unicodedata.normalize("NFC", _MARKS.sub("", text)).translate(_LETTERS)


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """The words of `text` as they are compared: small letters and digits with single spaces; of signs alone, these."""
    plain = simplify_letters(text)
    plain = re.sub(r"(?<=[^\W\d_])\$|\$(?=[^\W\d_])", "s", plain)
    plain = re.sub(r"(?<=[^\W\d_])!(?=[^\W\d_])", "i", plain)
    plain = _AND.sub(" and ", _APOSTROPHES.sub("", plain)) if any(map(str.isalnum, plain)) else plain
    words = "".join(letter if letter.isalnum() or unicodedata.category(letter)[0] == "M" else " " for letter in plain)
    return " ".join(words.split()) or "".join(plain.split())


@lru_cache(maxsize=4096)
def read_title(text: str) -> Title:
    """The title that `text` is."""
    text = _FRAMED.sub(r" (\1)", unicodedata.normalize("NFKC", text).strip())
    core, said = _cut_segments(text)
    parts: list[str] = []
    features: list[str] = []
    kinds: set[str] = set()
    versions: list[str] = []
    core, inline = _cut_features(core)
    features += inline
    for segment, is_bracket in said:
        words = fold(segment)
        if not words:
            continue
        found = find_versions(words)
        if who := find_features(segment, is_bracket=is_bracket):
            features += split_names(who)
        elif found:
            kinds |= found
            versions.append(segment)
        elif not is_noise(words):
            parts.append(_number(words))
    core = _cut_trailing(core)
    if (end := find_version_at_end(fold(core))) and len(core.split()) > end[1]:
        kinds.add(end[0])
        versions.append(" ".join(core.split()[-end[1] :]))
        core = " ".join(core.split()[: -end[1]])
    words = _number(fold(core))
    counted = " ".join((words, *(_YEAR.sub(" ", part) for part in parts)))
    movement = _MOVEMENT.search(text)
    return Title(
        text=text,
        core=core,
        words=words,
        parts=tuple(parts),
        features=tuple(features),
        kinds=frozenset(kinds),
        version=" ".join(versions),
        full=fold(text),
        numbers=frozenset(re.findall(r"\b\d+\b", counted)),
        works=frozenset(_find_works(simplify_letters(text))),
        movement=None if movement is None else _ROMANS.get(movement[1].lower(), movement[1]),
    )


def split_names(text: str) -> list[str]:
    """The names in a list of them, such as `A, B & C`."""
    names = _BETWEEN.split(text)
    return [name.strip(" .()[]") for name in names if name.strip(" .()[]")]


def _cut_segments(text: str) -> tuple[str, list[tuple[str, bool]]]:
    """What stands outside brackets and before dashes, and what stands in or behind them."""
    said: list[tuple[str, bool]] = []
    while match := _BRACKETS.search(text):
        if not (text[: match.start()] + text[match.end() :]).strip():
            text = match[1]
            break
        said.append((match[1].strip(), True))
        text = f"{text[: match.start()]} {text[match.end() :]}"
    core, *behind = [piece for piece in _DASH.split(text.strip(" -\u2013\u2014|~")) if piece.strip()] or [""]
    return " ".join(core.split()), [*said, *((piece.strip(), False) for piece in behind)]


def _cut_features(core: str) -> tuple[str, list[str]]:
    match = _FEATURED.search(core)
    return (core[: match.start()].strip(), split_names(match[1])) if match and match.start() else (core, [])


def _cut_trailing(core: str) -> str:
    while (match := _TRAILING.search(core)) and match.start():
        core = core[: match.start()].strip()
    return core


def _number(words: str) -> str:
    """`words` with numbers of parts in digits."""
    words = _PART.sub("part", words)
    words = _NUMBERED.sub(lambda match: f"{match[1]} {_ROMANS.get(match[2], match[2])}", words)
    return _ROMAN.sub(lambda match: _ROMANS.get(match[0], match[0]), words)


def _find_works(plain: str) -> set[tuple[str, str, str]]:
    names = {"kv": "k", "opus": "op", "deutsch": "d"}
    return {
        (names.get(name, name), number, within)
        for name, number, within in _CATALOGUED.findall(plain)
        if name not in ("k", "d") or len(number) > 1
    }

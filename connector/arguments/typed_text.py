"""Text as keyboards, phones and chat programs write it → the text that was meant. Knows nothing of fields."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

#: Marks without width: joiners, breaks, directions, the soft hyphen and the byte order mark.
_INVISIBLE: Final = (
    "\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\ufeff"
)
_SPACE: Final = "".join(letter for letter in map(chr, range(0x3001)) if letter.isspace())
_EDGES: Final = _SPACE + _INVISIBLE
_SIGNS: Final = str.maketrans(
    {
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033", '"'),
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2039\u203a\u2032", "'"),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        **dict.fromkeys(_INVISIBLE, ""),
    }
)
#: Quotes that stand before a word, each with those that may end it.
_QUOTES: Final = {
    **{plain: plain for plain in "\"'`"},
    **{"\u201c": "\u201d", "\u201e": "\u201c\u201d", "\u201d": "\u201d", "\u00ab": "\u00bb", "\u00bb": "\u00ab"},
    **{"\u2018": "\u2019", "\u201a": "\u2018\u2019", "\u2039": "\u203a", "\u203a": "\u2039"},
}
#: `[words](address)`, and `[words](<address> "title")`.
_MARKDOWN: Final = re.compile(r"!?\[[^\]]*\]\(\s*<?([^\s<>()]+)>?(?:\s[^()]*)?\)")
#: `<address>`, and `<address|words>` as some chats send it.
_ANGLES: Final = re.compile(r"<([^<>|\s]+)(?:\|[^<>]*)?>")
_ADDRESS: Final = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_AFTER: Final = ".,;:!?)]}'\"…*~"
#: Longer text is taken as it is: nobody types an id, a number or a link of that length.
_LONGEST: Final = 2_000


def trim(text: str) -> str:
    """`text` without spaces and invisible marks at its ends."""
    return text.strip(_EDGES)


def simplify(text: str) -> str:
    """`text` in plain letters, digits, quotes and dashes (NFKC), without invisible marks: for what has a form of its
    own, such as a number, and not for prose."""
    if text.isascii() or len(text) > _LONGEST:
        return trim(text)
    return trim(unicodedata.normalize("NFKC", text.translate(_SIGNS)).translate(_SIGNS))


def unlink(text: str) -> str:
    """`text` with the addresses of its Markdown links in their places."""
    return _MARKDOWN.sub(r"\1", text) if "](" in text and len(text) <= _LONGEST else text


def iter_spellings(text: str) -> Iterator[str]:
    """What `text` may stand for, beginning with itself: unwrapped, simplified, and the one address in it."""
    seen = {text}
    yield text
    if len(text) > _LONGEST:
        return
    for form in (unwrap(text), unwrap(simplify(text)), *_find_address(text)):
        if form and form not in seen:
            seen.add(form)
            yield form


def unwrap(text: str) -> str:
    """`text` without the link, brackets, quotes and the end of a sentence around it."""
    outer = ""
    while text != outer:
        outer, text = text, trim(text)
        if match := _MARKDOWN.fullmatch(text) or _ANGLES.fullmatch(text):
            text = match[1]
        elif len(text) > 1 and text[-1] in _QUOTES.get(text[0], ""):
            text = text[1:-1]
        else:
            text = text.rstrip(_AFTER).lstrip("([{*~")
    return text


def _find_address(text: str) -> list[str]:
    """The address in a text that holds one among other words."""
    found = {address.rstrip(_AFTER) for address in _ADDRESS.findall(simplify(text))}
    return list(found) if len(found) == 1 else []

"""The manifest's words as n8n writes them: labels in title case, hints without a closing full stop.

The rules are those of n8n's linter for community nodes.
"""

from __future__ import annotations

import re
from typing import Final

#: Words that stay small inside a label.
_SMALL: Final = re.compile(
    "a|an|and|as|at|because|but|by|en|for|if|in|neither|nor|of|on|only|or|over|per|so|some|than|that|the|to|up|upon|"
    "versus|via|vs|when|with|without|yet"
)
_CAPITALS: Final = {
    "id": "ID",
    "ids": "IDs",
    "url": "URL",
    "urls": "URLs",
    "uri": "URI",
    "uris": "URIs",
    "json": "JSON",
}
_CODE: Final = re.compile(r"\b(?:ids?|urls?|json)\b", re.IGNORECASE)
_POSSESSIVE: Final = re.compile(r"\b((?:an?|the) [\w ]+)'s ([\w ]+)$")
_WORD: Final = re.compile(r"[^\W_][\w']*")


def to_label(text: str) -> str:
    """`text` in title case: `Check whether a user is followed` → `Check Whether a User Is Followed`."""
    words = list(_WORD.finditer(text))
    edges = {words[0].start(), words[-1].start()} if words else set()

    def change(match: re.Match[str]) -> str:
        word = match[0]
        if word.lower() in _CAPITALS:
            return _CAPITALS[word.lower()]
        if not word.islower() or (_SMALL.fullmatch(word) and match.start() not in edges):
            return word
        return word[0].upper() + word[1:]

    return _WORD.sub(change, text)


def to_notice(text: str) -> str:
    """Sentences as a notice shows them: its text is a label for the linter, which wants `ID` in capitals."""
    return _CODE.sub(lambda match: _CAPITALS[match[0].lower()], text)


def to_action(text: str) -> str:
    """`text` as the list of a node's actions shows it: in sentence case, of nothing but words, since the linter takes
    no apostrophes: `Get a track's albums` → `Get albums of a track`."""
    text = re.sub(r"[\W_]+", " ", _POSSESSIVE.sub(r"\2 of \1", text)).strip()
    words = [word if word.isupper() else word.lower() for word in text.split()]
    return " ".join([words[0][:1].upper() + words[0][1:], *words[1:]])


def tell_origin(source: str) -> str:
    """Where the runner is from, as the end of a sentence about it; `source` is a link, empty where there is none."""
    return f"from {source}." if source else "which also made this package: ask for it whoever gave you this."


def mark_closed(text: str, *, title_case: bool = False) -> str:
    """`text`, the name of a block that is closed to new apps, with that said behind it."""
    return f"{text} ({'Closed to New Apps' if title_case else 'closed to new apps'})"


def to_resource(text: str) -> str:
    """`text` as the name of a resource, which n8n has in the singular: `Saved tracks` → `Saved Track`."""
    label = to_label(text)
    if re.search(r"(?:ss|us|is|series|species|news)$", label) or not label.endswith("s"):
        return label
    return f"{label[:-3]}y" if label.endswith("ies") else label[:-1]


def to_hint(text: str) -> str:
    """`text` as the hint beside a field: a single sentence has no full stop, several keep the last one's."""
    text = _CODE.sub(lambda match: _CAPITALS[match[0].lower()], " ".join(text.split()))
    text = text[:1].upper() + text[1:]
    return text if ". " in text.replace("e.g.", "") else text.removesuffix(".")


def to_whether(text: str) -> str:
    """`text` as the hint beside a switch, which begins with `Whether`."""
    hint = to_hint(text)
    return hint if hint.startswith("Whether") else f"Whether this holds: {hint[:1].lower()}{hint[1:]}"


def to_class_name(text: str) -> str:
    """`text` as the name of a JavaScript class: `the harbour-office` → `TheHarbourOffice`."""
    name = "".join(word[0].upper() + word[1:] for word in re.findall(r"[A-Za-z0-9]+", text))
    return f"The{name}" if name[:1].isdigit() else name

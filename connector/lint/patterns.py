"""Patterns that are no use in a form: those that some text keeps busy for ages, and those that not all read alike.

Which text that may be is worked out from the pattern: what comes before a repetition, then what it repeats, more and
more often, then something that doesn't fit. It is tried, so a finding is never a guess; a pattern without a finding is
no proof, for a text that nobody thought of may be slow all the same.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import import_module
from typing import Any, Final

#: What is said of a slow pattern.
SLOW: Final = "takes ages over some texts, for it can read them in many ways: repeat nothing that is repeated inside"
#: Letters of the longest text that is tried; one that grows without bound shows by then.
TEXT_LIMIT: Final = 10_000
#: The longest that one text may take, in seconds of this thread's own time. A sound pattern takes a thousandth of it.
_LONGEST_S: Final = 0.03
#: Repetitions up to this number are tried one by one: what grows without bound shows by then.
_ONE_BY_ONE: Final = 40
#: A repetition of less than this is taken for one that is bounded.
_FEW: Final = 20
_ENDS: Final = ("\x00", "!", "")
_LETTERS: Final = "a0 Z_-.:/,@~é\n"
#: What the standard library itself reads patterns with; there is no public reader.
_PARSER: Final[Any] = import_module("re._parser")
#: What JavaScript doesn't know, or takes for another set of letters than Python does.
_DIFFERENT: Final = re.compile(r"(?:[^\\]|\\.)*?(\\[AZdDwWsSbB]|\(\?(?:P|>|#|[aiLmsux-]+[:)])|[*+?}]\+)", re.DOTALL)


def find_difference(pattern: str) -> str | None:
    """What in `pattern` builders in JavaScript read otherwise, or not at all; `None` where there is nothing."""
    match = _DIFFERENT.match(pattern)
    return match[1] if match else None


@cache
def is_slow(pattern: str, flags: int = 0, limit: int = TEXT_LIMIT) -> bool:
    """Whether a text of at most `limit` letters takes longer than any value of a field should."""
    compiled = re.compile(pattern, flags)
    tree = _PARSER.parse(pattern, flags)
    if _is_ambiguous(tree):
        # Not tried: the first text might never end.
        return True
    tried = dict.fromkeys(_iter_attacks(tree, ""))
    return any(
        _grows(compiled, before, repeated, end, limit) for before, repeated in tried if repeated for end in _ENDS
    )


def _grows(compiled: re.Pattern[str], before: str, repeated: str, end: str, limit: int) -> bool:
    times = 1
    while len(before) + times * len(repeated) < limit:
        text = before + times * repeated + end
        began = time.thread_time()
        compiled.search(text)
        if time.thread_time() - began > _LONGEST_S:
            return True
        times = times + 1 if times < _ONE_BY_ONE else times * 2
    return False


def _is_ambiguous(tree: Sequence[Any]) -> bool:
    """Whether something is repeated that is itself nothing but a repetition, or may be nothing at all."""
    for name, detail in tree:
        kind = str(name)
        if kind.endswith("_REPEAT"):
            _, most, inner = detail
            if most >= _FEW and (inner.getwidth()[0] == 0 or _is_repetition(inner)):
                return True
        if any(_is_ambiguous(inner) for inner in _list_inner(kind, detail)):
            return True
    return False


def _is_repetition(tree: Sequence[Any]) -> bool:
    if len(tree) != 1:
        return False
    [(name, detail)] = tree
    kind = str(name)
    if kind.endswith("_REPEAT"):
        return bool(detail[0] != detail[1] and detail[1] > 1)
    return kind == "SUBPATTERN" and _is_repetition(detail[3])


def _list_inner(kind: str, detail: Any) -> Sequence[Any]:
    """The patterns within a part of a pattern."""
    if kind.endswith("_REPEAT"):
        return [detail[2]]
    if kind == "SUBPATTERN":
        return [detail[3]]
    if kind == "ATOMIC_GROUP":
        return [detail]
    if kind == "BRANCH":
        return list(detail[1])
    return [detail[1]] if kind in ("ASSERT", "ASSERT_NOT") else []


def _iter_attacks(tree: Sequence[Any], before: str) -> Iterator[tuple[str, str]]:
    """What may come before each repetition in `tree`, and what it repeats."""
    for name, detail in tree:
        kind = str(name)
        if kind.endswith("_REPEAT"):
            _, most, inner = detail
            if most >= _FEW:
                yield from ((before, text) for text in dict.fromkeys(_iter_texts(inner)))
        for inner in _list_inner(kind, detail):
            yield from _iter_attacks(inner, before)
        before += _make_text([(name, detail)], is_short=True)


def _iter_texts(tree: Sequence[Any]) -> Iterator[str]:
    """Texts that `tree` fits: a short one, one with all that may be left out, and what its choices are, alone and one
    after the other."""
    yield _make_text(tree, is_short=True)
    yield _make_text(tree, is_short=False)
    for name, detail in tree:
        if str(name) == "BRANCH":
            texts = [_make_text(branch, is_short=True) for branch in detail[1]]
            yield from (*texts, "".join(texts))
        elif str(name) == "SUBPATTERN":
            yield from _iter_texts(detail[3])


def _make_text(tree: Sequence[Any], *, is_short: bool) -> str:
    text = ""
    for name, detail in tree:
        kind = str(name)
        if kind == "LITERAL":
            text += chr(detail)
        elif kind == "NOT_LITERAL":
            text += next(letter for letter in _LETTERS if ord(letter) != detail)
        elif kind == "ANY":
            text += _LETTERS[0]
        elif kind == "IN":
            text += _pick(detail)
        elif kind.endswith("_REPEAT"):
            least, _, inner = detail
            text += _make_text(inner, is_short=is_short) * (least if is_short else max(1, least))
        elif not kind.startswith("ASSERT"):
            text += "".join([_make_text(inner, is_short=is_short) for inner in _list_inner(kind, detail)[:1]])
    return text


def _pick(items: Sequence[Any]) -> str:
    """A letter of a set."""
    own = [chr(detail if str(name) == "LITERAL" else detail[0]) for name, detail in items if str(name) in _LISTED]
    return next((letter for letter in (*_LETTERS, *own) if _holds(items, letter)), "")


_LISTED: Final = ("LITERAL", "RANGE")


def _holds(items: Sequence[Any], letter: str) -> bool:
    code = ord(letter)
    found = is_negated = False
    for name, detail in items:
        kind = str(name)
        if kind == "NEGATE":
            is_negated = True
        elif kind == "LITERAL":
            found |= code == detail
        elif kind == "RANGE":
            found |= detail[0] <= code <= detail[1]
        elif kind == "CATEGORY":
            found |= _is_in(str(detail), letter)
    return found is not is_negated


def _is_in(category: str, letter: str) -> bool:
    if "DIGIT" in category:
        is_in = letter.isdigit()
    elif "SPACE" in category:
        is_in = letter.isspace()
    else:
        is_in = letter.isalnum() or letter == "_"
    return is_in is not ("NOT_" in category)

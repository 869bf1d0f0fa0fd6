"""Words in a sentence."""

from __future__ import annotations

from collections.abc import Iterable


def join_words(words: Iterable[str], link: str) -> str:
    """`words`, of which there is one at least, with commas and the `link` (`and`, `or`) before the last."""
    *rest, last = words
    return f"{', '.join(rest)} {link} {last}" if rest else last

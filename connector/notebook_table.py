"""A result as a notebook shows it: a table of what a person wants of each entry, as HTML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import Any, Final

#: More rows say no more at a glance; the entries have them all.
_MOST_ROWS: Final = 20


def build_table(heading: str, entries: Sequence[Any], pointers: Sequence[str]) -> str:
    """`entries` below a `heading`, a column for each of the `pointers`, such as `artists[].name`; the heading alone
    without any. All of it is text: nothing that a service sends becomes markup."""
    told = f"<p><code>{escape(heading)}</code></p>"
    if not pointers or not entries:
        return told
    names = "".join(f"<th>{escape(pointer)}</th>" for pointer in pointers)
    rows = [
        "".join(f"<td>{escape(', '.join(_iter_texts(entry, pointer.split('.'))))}</td>" for pointer in pointers)
        for entry in entries[:_MOST_ROWS]
    ]
    body = "".join(f"<tr>{cells}</tr>" for cells in rows)
    more = len(entries) - len(rows)
    rest = f"<p>and {more} more in <code>entries</code></p>" if more > 0 else ""
    return f"{told}<table><thead><tr>{names}</tr></thead><tbody>{body}</tbody></table>{rest}"


def _iter_texts(value: Any, steps: Sequence[str]) -> Iterator[str]:
    """The plain values at a pointer's `steps`, `name[]` for each entry of a list."""
    if isinstance(value, list):
        for each in value:
            yield from _iter_texts(each, steps)
    elif steps:
        if isinstance(value, dict):
            yield from _iter_texts(value.get(steps[0].removesuffix("[]")), steps[1:])
    elif isinstance(value, str | int | float):
        yield str(value)

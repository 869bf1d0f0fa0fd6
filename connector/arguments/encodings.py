"""Bytes of a text file, in whichever encoding a program saved it → text."""

from __future__ import annotations

import codecs
from typing import Final

#: Marks at a file's beginning, the longer ones first: UTF-32's begins with UTF-16's.
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: So many bytes tell which of two encodings it is.
_SAMPLE: Final = 4_096
_C1: Final = "windows-1252 as browsers read it"


def decode_text(raw: bytes) -> str:
    """The text that `raw` holds: as a byte order mark says; UTF-16 without one, where every other byte of much is 0;
    UTF-8 where it is that; else Windows-1252, as old spreadsheets save, with the five bytes that it leaves open taken
    for controls (WHATWG Encoding Standard, "windows-1252").

    Raises `UnicodeDecodeError` where a mark, or zeros, say what the rest isn't.
    """
    for mark, name in _MARKS:
        if raw.startswith(mark):
            return raw[len(mark) :].decode(name)
    if order := _find_utf_16(raw[:_SAMPLE]):
        return raw.decode(order)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("windows-1252", _C1)


def has_mark(raw: bytes) -> bool:
    """Whether `raw` begins with a byte order mark."""
    return any(raw.startswith(mark) for mark, _ in _MARKS)


def _find_utf_16(sample: bytes) -> str | None:
    """The byte order of what looks like UTF-16: no text has zeros otherwise, and commas and line ends have them in
    any script."""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if even == odd:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _take_as_control(problem: UnicodeError) -> tuple[str, int]:
    if not isinstance(problem, UnicodeDecodeError):
        raise problem
    return problem.object[problem.start : problem.end].decode("latin-1"), problem.end


codecs.register_error(_C1, _take_as_control)

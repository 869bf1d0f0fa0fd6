"""Files that are given as a value: their bytes, as far as a field takes them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from connector.arguments.wording import Unfit


def read_opened(value: Any, most: int) -> Any:
    """What a `Path` or an open file holds, one byte more than `most` at the most; `value` as it is where it is neither.

    Raises `Unfit` for a file that can't be read.
    """
    if isinstance(value, Path):
        try:
            with value.open("rb") as opened:
                return opened.read(most + 1)
        except OSError as problem:
            raise Unfit(f"is a file that can't be read: {problem.strerror}") from None
    if callable(read := getattr(value, "read", None)):
        try:
            return read(most + 1)
        except Exception:
            # What unpacks as it reads fails in its library's own ways.
            raise Unfit("is a file that can't be read") from None
    return value

"""Entries of a page in which the service renamed something: both names can be read, whichever it sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any


def add_twins(items: Iterable[Any], names: Sequence[str]) -> None:
    """Gives each entry of `items` what one of the two `names` holds under the other one too, in place."""
    if not names:
        return
    first, second = names
    for item in items:
        if isinstance(item, dict):
            if first not in item and second in item:
                item[first] = item[second]
            elif second not in item and first in item:
                item[second] = item[first]

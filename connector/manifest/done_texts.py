"""What a block did, in words: a text such as `Saved {ids|track|tracks}[ to {name}]`, filled in with a call's arguments.

`{field}` is a field's value; `{field|one|many}` is how many entries its list has, with the word for one or for many, or
of a switch the word for on or for off. What stands in `[]` is left out where a field in it isn't given.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

_OPTIONAL: Final = re.compile(r"\[([^][]*)\]")
_FIELD: Final = re.compile(r"\{(\w+)(?:\|([^{}|]*)\|([^{}|]*))?\}")
#: Longer values say nothing at a glance; in characters.
_VALUE_LIMIT: Final = 60


def find_told(text: str) -> frozenset[str]:
    """Names of the fields that `text` speaks of."""
    return frozenset(name for name, _, _ in _FIELD.findall(text))


def find_always_told(text: str) -> frozenset[str]:
    """Names of those without which it makes no sense."""
    return find_told(_OPTIONAL.sub("", text))


def find_counted(text: str) -> frozenset[str]:
    """Names of those that it gives words for."""
    return frozenset(name for name, _, words in _FIELD.findall(text) if words)


def tell_done(text: str | None, args: Mapping[str, Any]) -> str | None:
    """`text` for `args`, which are valid and in normal form; `None` for none. Never fails, for what it tells of has
    happened."""
    if text is None:
        return None

    def keep(part: re.Match[str]) -> str:
        return part[1] if find_told(part[1]) <= args.keys() else ""

    return _FIELD.sub(lambda found: _write(args.get(found[1], ""), found[2], found[3]), _OPTIONAL.sub(keep, text))


def _write(value: Any, one: str | None, many: str | None) -> str:
    if one is None or many is None:
        told = str(value)
        return told if len(told) <= _VALUE_LIMIT else f"{told[: _VALUE_LIMIT - 1]}…"
    if isinstance(value, list):
        return f"{len(value)} {one if len(value) == 1 else many}"
    return one if value else many

"""What a way of seeing is given, what it gives, and how it tells entries apart."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from connector.manifest.expressions import compile_expression
from connector.triggers.reader import Reader


class Happening(NamedTuple):
    """Something that happened: the `key` that tells it from all others, the service's `time` of it, what it happened
    to, and its `type` where that is not the trigger itself."""

    key: Any
    time: str | None
    data: Any
    type: str | None = None


class Seen(NamedTuple):
    """What a look saw, oldest first; the `memory` for the next look; whether `more` waits; and the seconds until
    another look is worth it, where what was seen tells."""

    happenings: list[Happening]
    memory: Any
    more: bool = False
    next_s: float | None = None


class Entry(NamedTuple):
    """An entry of a list with what tells it apart: its `key`, the `mark` that stands for that in a memory, and the time
    that it bears."""

    data: Any
    key: Any
    mark: str
    time: str | None


def take_latest(happenings: list[Happening], count: int) -> list[Happening]:
    """The `count` latest by the service's time, oldest first; those without a time count as the oldest."""
    in_time = sorted(happenings, key=lambda each: each.time or "")
    return in_time[max(0, len(in_time) - count) :]


#: The most events that are told at a time, where nothing else is asked for.
_MOST: Final = 100


@dataclass(frozen=True, slots=True)
class Watch:
    """What the manifest says to the way (`words`), what reads the block, and what was given beside the block's own
    fields (`options`)."""

    words: Mapping[str, Any]
    reader: Reader
    options: Mapping[str, Any]

    @property
    def most(self) -> int:
        """The most events to tell at a time."""
        return int(self.options.get("max_events", _MOST))

    @property
    def also_last(self) -> int:
        """How many of the latest to tell where there is no memory yet."""
        return int(self.options.get("also_last", 0))

    @property
    def is_thorough(self) -> bool:
        """Whether to read the whole where less might do."""
        return bool(self.options.get("thorough", False))

    @property
    def first(self) -> int | None:
        """How many entries of the list are looked at; `None` for all."""
        first: int | None = self.options.get("first", self.words.get("first"))
        return first

    def find(self, word: str, thing: Any) -> Any:
        """What the manifest's expression `word` finds in `thing`; `None` where it has no such word."""
        return None if word not in self.words else find(self.words[word], thing)

    def identify(self, data: Any) -> Entry | None:
        """The entry; `None` for a null, and for what has nothing to tell it apart."""
        key = None if data is None else self.find("key", data)
        if key is None or (isinstance(key, list) and key[0] is None):
            return None
        time = self.find("time", data)
        return Entry(data, key, sign(key), time if isinstance(time, str) else None)


def find(expression: str, thing: Any) -> Any:
    """What a JMESPath `expression` finds in `thing`."""
    parsed, options = compile_expression(expression)
    return parsed.search(thing, options)


def sign(key: Any) -> str:
    """Eight letters that stand for `key`: among ten thousand, two are alike by a chance of one in five million."""
    text = json.dumps(key, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(hashlib.blake2b(text.encode(), digest_size=6).digest()).decode()

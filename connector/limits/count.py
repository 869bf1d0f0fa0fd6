"""What counts the calls of a day, wherever that is: in this process, in a file or on Redis."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from typing import Final, NamedTuple, Protocol

#: How long (s) a call counts.
DAY_S: Final = 86_400.0
#: Calls within so many seconds are kept as one lot, which counts until its last call is a day old.
LOT_S: Final = 900.0


class Lot(NamedTuple):
    """So many `calls` that were made close together, the last of them `age` seconds ago."""

    calls: int
    age: float


class Count(Protocol):
    """The calls of the last 24 hours, each account's by itself; used by many threads at once."""

    def take(self, account: str, most: int) -> int | None:
        """Counts a call of `account` where fewer than `most` are counted; gives how many are left after it, `None`
        where it is not counted."""
        ...

    def read(self, account: str) -> Sequence[Lot]:
        """What is counted of `account`, the oldest first."""
        ...

    def postpone(self, account: str, seconds: float, most: float) -> float:
        """Puts the next turn of `account` off by so many seconds, from now on where it has come, and no further than
        `most` seconds ahead; gives how far ahead it is then."""
        ...


class KeptCount(Count, Protocol):
    """A count that outlives the process, at a place that people know by its `label`; `is_alone` where it could not be
    reached when it was last asked, and the process counted by itself."""

    label: str
    is_alone: bool

    def read_others(self, known: Collection[str]) -> list[Sequence[Lot]]:
        """What is counted of accounts that are none of the `known`."""
        ...


def hide(account: str) -> str:
    """What stands for an account where names are nobody's business."""
    return hashlib.sha256(account.encode("utf-8", "replace")).hexdigest()[:32]

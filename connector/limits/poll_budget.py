"""The day's budget as polls see it: actions go before them, and all polls of an account share what they may take.

How often an account is polled is decided by nobody who sees all of its triggers: each poll asks here for the next turn.
A turn lasts as long as its calls do when the polls' calls are spread evenly over a day, and turns follow each other, so
that many triggers come one after the other and each waits for as many turns as there are others.
"""

from __future__ import annotations

import hashlib
from typing import Final

from connector.limits.count import DAY_S
from connector.limits.day_budget import DAILY_CALLS, DayBudget

#: Calls a day that the polls of an account take together, where no budget is set.
POLLS_A_DAY: Final = 300
#: One in so many calls of a budget is kept for actions.
_KEPT_PART: Final = 5
#: Where less than one in so many of the polls' calls is free, turns take the longer the fewer are.
_SCARCE_PART: Final = 10
#: The most calls of one poll that make its turn longer. What it took more is missed by all polls of the day alike, for
#: others shall not wait for hours because a long list was read once.
_LONGEST_TURN: Final = 12
#: As good as no bound, where calls are only counted.
_NO_BOUND: Final = 10**15
#: Who was refused comes back later by up to this part of the wait, and no more than so many seconds.
_SPREAD_PART: Final = 4
_SPREAD_S: Final = 3_600.0


def share_of_polls(calls: int) -> int:
    """How many of a day's `calls` polls may take: the rest is kept for actions."""
    return calls - calls // _KEPT_PART


class PollBudget(DayBudget):
    """What is left of the `day` for one poll: all but the calls that are kept for actions.

    Where the day has no budget, no poll is refused, and turns are given as if polls had 300 calls.
    """

    def __init__(self, day: DayBudget) -> None:
        kept = 0 if day.calls is None else day.calls - share_of_polls(day.calls)
        super().__init__(None if day.calls is None else day.calls - kept, day.count, day.gate, day.polls)
        self._kept = kept
        self._account: str | None = None
        if kept:
            self.source = f"{DAILY_CALLS}, less {kept} that are kept for actions"

    def begin(self, account: str) -> int | None:
        left = super().begin(account)
        self._account = account
        self.polls.take(account, _NO_BOUND)
        return None if left is None else left + self._kept

    def book_turn(self, calls: int) -> float:
        """Seconds until another poll by the same account has its turn, after one that took so many `calls`."""
        account = self._account
        if account is None:
            return 0.0
        most = self.calls or POLLS_A_DAY
        due = self.polls.postpone(account, 0, DAY_S)
        # Those whose turns are given already make their calls until then, while older ones come free.
        lots = (self.polls if self.calls is None else self.count).read(account)
        used = sum(lot.calls for lot in lots if lot.age + due < DAY_S) + due / DAY_S * most
        slots = min(most, _SCARCE_PART * max(1.0, most - used))
        return self.polls.postpone(account, min(calls, _LONGEST_TURN) * DAY_S / slots, DAY_S)


def spread_out(wait: float, what: str) -> float:
    """A little more than `wait` seconds, always the same for `what` is polled: those who wait for the end of one
    closure don't all come back at once."""
    fraction = int.from_bytes(hashlib.sha256(what.encode("utf-8", "replace")).digest()[:4], "big") / 2**32
    return wait + fraction * min(wait / _SPREAD_PART, _SPREAD_S)

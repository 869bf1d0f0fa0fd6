"""The day's budget: how many calls a developer account may make in any 24 hours, over all its apps.

A service that counts calls a day refuses all of them once they are used up, for hours. So each call asks the budget
right before it is sent, and nothing is sent that has no place in it. What an account is called is the caller's affair.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from connector.errors import ErrorDetail, InvocationFailed, tell_wait
from connector.limits.count import DAY_S, Count, Lot
from connector.limits.local_count import LocalCount
from connector.limits.local_gate import Gate, LocalGate

#: How long (s) an account stays away that the service refused without saying for how long.
UNTOLD_S: Final = 3_600.0
#: The environment variable for the calls that an account may make in a day.
DAILY_CALLS: Final = "CONNECTOR_DAILY_CALLS"
_REASON: Final = "quota_exceeded"


class DayBudget:
    """At most `calls` of an account in any 24 hours, counted by `count`; `None` for no such bound. `gate` keeps what
    the service itself said, for each account. `polls` counts what polls took of them, bound or not, and whose turn it
    is (see `poll_budget`).

    Safe to share between threads. Raises `ValueError` for a number of calls that is below one.
    """

    def __init__(self, calls: int | None, count: Count, gate: Gate | None = None, polls: Count | None = None) -> None:
        if calls is not None and not (isinstance(calls, int) and not isinstance(calls, bool) and calls >= 1):
            raise ValueError("daily_calls is a whole number of calls, one at least.")
        self.calls = calls
        self.count = count
        self.gate: Gate = gate or LocalGate()
        self.polls = polls or LocalCount()
        #: Where the number of calls comes from, in words.
        self.source = DAILY_CALLS

    def begin(self, account: str) -> int | None:
        """Counts a call that is about to be sent, and gives how many are left after it; `None` where nobody counts.

        Raises `InvocationFailed` (`rate_limited`) where it may not be sent.
        """
        if self.calls is None:
            return None
        left = self.count.take(account, self.calls)
        if left is None:
            wait = max(1.0, self._measure_wait(account, 1))
            raise _refuse(
                f"the {self.calls} calls of the day's budget ({self.source}) are used up, counted over all apps of the "
                f"developer account; call again in {tell_wait(wait)}.",
                wait,
            )
        return left

    def check(self, account: str, calls: int) -> None:
        """That the service takes calls of `account`, and that so many may be sent, of which none has been yet.

        Raises `InvocationFailed` (`rate_limited`), which says when there would be enough.
        """
        if wait := self.closed_for(account):
            raise _refuse(
                "the service said that the day's calls of the developer account are used up; "
                f"call again in {tell_wait(wait)}, not before.",
                wait,
            )
        if self.calls is None or calls <= 1:
            return
        left = self.left(account) or 0
        if calls <= left:
            return
        needs = (
            f"this takes {calls} calls and {left} of the day's {self.calls} ({self.source}) are left, so none was sent"
        )
        if calls > self.calls:
            raise _refuse(f"{needs}; ask for less at a time.", None)
        wait = self._measure_wait(account, calls)
        raise _refuse(f"{needs}; ask for less, or call again in {tell_wait(wait)}.", wait)

    def close(self, account: str, seconds: float | None) -> float:
        """The service says that the calls of `account` are used up, for so many seconds where it says so too: none is
        sent until then. Gives for how long."""
        wait = UNTOLD_S if seconds is None else min(seconds, DAY_S)
        self.gate.close(_GATE_NAME + account, wait)
        return wait

    def closed_for(self, account: str) -> float:
        """Seconds for which the service wants no call of `account`; 0 where it takes some."""
        return self.gate.left(_GATE_NAME + account)

    def left(self, account: str) -> int | None:
        """How many calls of `account` are left; `None` where nobody counts."""
        if self.calls is None:
            return None
        return max(0, self.calls - sum(lot.calls for lot in self.count.read(account)))

    def _measure_wait(self, account: str, calls: int) -> float:
        return measure_wait(self.count.read(account), calls, self.calls or calls)


def measure_wait(lots: Sequence[Lot], calls: int, most: int) -> float:
    """Seconds until so many `calls` are left of `most` a day, where `lots` were made, the oldest first."""
    missing = calls - (most - sum(lot.calls for lot in lots))
    for lot in lots:
        if missing <= 0:
            break
        missing -= lot.calls
        if missing <= 0:
            return max(0.0, DAY_S - lot.age)
    return 0.0


#: Keeps accounts apart from the apps of the same name that share the gate.
_GATE_NAME: Final = "account "


def _refuse(message: str, wait: float | None) -> InvocationFailed:
    error = ErrorDetail("rate_limited", message, retry_after=wait, reason=_REASON)
    return InvocationFailed(error, is_unsent=True, is_lasting=True)

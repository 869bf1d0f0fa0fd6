"""Where a day's budget is counted: in Redis where the gate is, else in a file, else in this process."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from connector.errors import ConnectorError
from connector.limits.count import Count
from connector.limits.day_budget import DAILY_CALLS, DayBudget
from connector.limits.local_count import LocalCount
from connector.limits.local_gate import Gate

#: Digits of a number of calls, beyond which nothing counts any more.
_LONGEST: Final = 15


def read_daily_calls() -> int | None:
    """The calls a day that the environment allows an account (`CONNECTOR_DAILY_CALLS`); `None` where it says nothing.
    Raises `ConnectorError` for what is no number of calls."""
    text = os.environ.get(DAILY_CALLS, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= _LONGEST and int(text)):
        raise ConnectorError(f"{DAILY_CALLS} is a number of calls, such as 500: at most so many in any 24 hours.")
    return int(text)


def open_budget(
    calls: int | None, gate: Gate | None, file: Path | None = None, polls_file: Path | None = None
) -> DayBudget:
    """A budget of `calls` a day, by default those that the environment says, if any.

    It is shared as `gate` is, on the same Redis. Without one it is counted in `file`, what polls took in `polls_file`,
    or both in this process. Raises `ConnectorError` and `ValueError` for what is no number of calls.
    """
    calls = read_daily_calls() if calls is None else calls
    own: Gate | None = None
    count: Count | None = None
    polls: Count | None = None
    if gate is not None:
        from connector.limits.pace import Pace
        from connector.limits.redis_gate import RedisGate

        # A pace would count who only asks whether an account is closed.
        own = gate.gate if isinstance(gate, Pace) else gate
        if isinstance(own, RedisGate):
            from connector.limits.redis_count import RedisCount

            count, polls = RedisCount(own.redis, own.package), RedisCount(own.redis, own.package, "polls")
        else:
            own = None
    if count is None and (file or polls_file):
        from connector.limits.file_count import FileCount

        if file:
            count = own = FileCount(file)
        polls = FileCount(polls_file) if polls_file else None
    return DayBudget(calls, count or LocalCount(), own, polls)

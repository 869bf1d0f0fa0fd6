"""The calls of the last 24 hours, counted by this process alone."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from dataclasses import dataclass
from itertools import islice
from typing import Final

from connector.forks import renew_in_child
from connector.limits.count import DAY_S, LOT_S, Lot

#: The most accounts that are counted at a time; beyond them, the one that called least recently is forgotten.
MOST_ACCOUNTS: Final = 5_000


@dataclass(slots=True)
class _Lot:
    number: int
    calls: int
    last: float


class LocalCount:
    """Counts in memory: for each account about a hundred lots at most, however many calls it makes."""

    def __init__(self) -> None:
        #: The account that called least recently comes first, and so does its oldest lot.
        self._accounts: OrderedDict[str, deque[_Lot]] = OrderedDict()
        self._turns: OrderedDict[str, float] = OrderedDict()
        self._begin_anew()
        renew_in_child(self._begin_anew)

    def take(self, account: str, most: int) -> int | None:
        now = time.monotonic()
        number = int(now // LOT_S)
        with self._lock:
            lots = self._accounts.setdefault(account, deque())
            self._accounts.move_to_end(account)
            _forget_old(lots, now)
            left = most - 1 - sum(lot.calls for lot in lots)
            if left < 0:
                return None
            if lots and lots[-1].number == number:
                lots[-1].calls += 1
                lots[-1].last = now
            else:
                lots.append(_Lot(number, 1, now))
            # Accounts come and go: each that comes takes two with it that are history.
            for oldest in list(islice(self._accounts, 2)):
                _forget_old(self._accounts[oldest], now)
                if not self._accounts[oldest] or len(self._accounts) > MOST_ACCOUNTS:
                    del self._accounts[oldest]
        return left

    def read(self, account: str) -> list[Lot]:
        now = time.monotonic()
        with self._lock:
            lots = self._accounts.get(account, deque())
            _forget_old(lots, now)
            return [Lot(lot.calls, now - lot.last) for lot in lots]

    def postpone(self, account: str, seconds: float, most: float) -> float:
        now = time.monotonic()
        with self._lock:
            left = min(max(self._turns.get(account, now) - now, 0) + seconds, most)
            self._turns[account] = now + left
            self._turns.move_to_end(account)
            if len(self._turns) > MOST_ACCOUNTS:
                self._turns.popitem(last=False)
        return left

    def _begin_anew(self) -> None:
        self._lock = threading.Lock()


def _forget_old(lots: deque[_Lot], now: float) -> None:
    while lots and now - lots[0].last >= DAY_S:
        lots.popleft()

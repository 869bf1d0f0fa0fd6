"""The calls of the last 24 hours in a file, and what the service said of them, so that commands which end at once count
together with servers and workers of the same machine."""

from __future__ import annotations

import errno
import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any, Final, TypeVar

from connector.errors import tell_refusal
from connector.forks import renew_in_child
from connector.limits.count import DAY_S, LOT_S, Lot, hide
from connector.limits.local_count import MOST_ACCOUNTS, LocalCount
from connector.limits.local_gate import Gate, LocalGate

Out = TypeVar("Out")

_LOG: Final = logging.getLogger(__name__)
#: The longest wait (s) for others that write.
_WAIT_S: Final = 1.0
#: How long (s) a file that could not be used is not tried again, so that it doesn't slow every question of every call.
_REST_S: Final = 1.0
_TABLES: Final = (
    "CREATE TABLE IF NOT EXISTS calls"
    " (account TEXT, lot INTEGER, calls INTEGER, last REAL, PRIMARY KEY (account, lot)) WITHOUT ROWID",
    "CREATE INDEX IF NOT EXISTS calls_by_time ON calls (last)",
    "CREATE TABLE IF NOT EXISTS closed (name TEXT PRIMARY KEY, at REAL, until REAL) WITHOUT ROWID",
)
_ADD: Final = """
INSERT INTO calls VALUES (?, ?, 1, ?) ON CONFLICT DO UPDATE SET calls = calls + 1, last = excluded.last
"""
_FORGET: Final = """
DELETE FROM calls WHERE account IN (SELECT account FROM calls GROUP BY account ORDER BY max(last) LIMIT ?)
"""


class FileCount:
    """A `Count`, and a `Gate`, in an SQLite `file`, which is made 0600 with the first call; it holds hashes of the
    accounts' names.

    No method raises: while the file can't be used, this process counts by itself, and a warning is logged once. Safe
    to share between threads and processes.
    """

    is_alone = False

    def __init__(self, file: Path) -> None:
        self.label = str(file)
        self._file = file
        self._own = LocalCount()
        self._own_gate: Gate = LocalGate()
        self._is_said = False
        self._rests_until = 0.0
        self._begin_anew()
        renew_in_child(self._begin_anew)

    def take(self, account: str, most: int) -> int | None:
        return self._ask(lambda: self._take(hide(account), most), lambda: self._own.take(account, most))

    def read(self, account: str) -> list[Lot]:
        return self._ask(lambda: self._read(hide(account)), lambda: self._own.read(account))

    def read_others(self, known: Collection[str]) -> list[Sequence[Lot]]:
        own = {hide(account) for account in known}
        return self._ask(lambda: [lots for key, lots in self._iter_accounts() if key not in own], list)

    def postpone(self, account: str, seconds: float, most: float) -> float:
        name = hide(f"turn of {account}")
        return self._ask(
            lambda: self._postpone(name, seconds, most), lambda: self._own.postpone(account, seconds, most)
        )

    def left(self, app: str) -> float:
        return self._ask(lambda: self._find_left(hide(app)), lambda: self._own_gate.left(app))

    def close(self, app: str, seconds: float) -> None:
        self._own_gate.close(app, seconds)
        self._ask(lambda: self._close(hide(app), seconds), lambda: None)

    def _take(self, account: str, most: int) -> int | None:
        now = time.time()
        with self._change() as database:
            database.execute("DELETE FROM calls WHERE last <= ?", (now - DAY_S,))
            # What lies ahead is of a clock that was set back.
            database.execute("UPDATE calls SET last = ? WHERE last > ?", (now, now))
            [used] = database.execute("SELECT total(calls) FROM calls WHERE account = ?", (account,)).fetchone()
            left = most - 1 - int(used)
            if left >= 0:
                if not used:
                    _make_room(database)
                database.execute(_ADD, (account, int(now // LOT_S), now))
        return left if left >= 0 else None

    def _read(self, account: str) -> list[Lot]:
        now = time.time()
        query = "SELECT calls, min(last, ?) FROM calls WHERE account = ? AND last > ? ORDER BY last"
        return [Lot(calls, now - last) for calls, last in self._select(query, now, account, now - DAY_S)]

    def _iter_accounts(self) -> Iterator[tuple[str, list[Lot]]]:
        """Each account's lots, the oldest first."""
        now = time.time()
        rows = self._select(
            "SELECT account, calls, min(last, ?) FROM calls WHERE last > ? ORDER BY account, last", now, now - DAY_S
        )
        for account, lots in groupby(rows, key=lambda row: row[0]):
            yield account, [Lot(calls, now - last) for _, calls, last in lots]

    def _find_left(self, name: str) -> float:
        now = time.time()
        # Of a clock that was set back the closure may seem to begin later: it lasts no longer for that.
        rows = self._select("SELECT until - max(at, ?) FROM closed WHERE name = ? AND until > ?", now, name, now)
        return float(rows[0][0]) if rows else 0.0

    def _close(self, name: str, seconds: float) -> None:
        now = time.time()
        with self._change() as database:
            database.execute("DELETE FROM closed WHERE until <= ?", (now,))
            until = now + max(seconds, self._find_left(name))
            database.execute("REPLACE INTO closed VALUES (?, ?, ?)", (name, now, until))

    def _postpone(self, name: str, seconds: float, most: float) -> float:
        now = time.time()
        with self._change() as database:
            database.execute("DELETE FROM closed WHERE until <= ?", (now,))
            left = min(self._find_left(name) + seconds, most)
            database.execute("REPLACE INTO closed VALUES (?, ?, ?)", (name, now, now + left))
        return left

    def _select(self, query: str, *values: object) -> list[Any]:
        if not self._file.exists() or not self._file.stat().st_size:
            return []
        with self._open() as database:
            return database.execute(query, values).fetchall()

    @contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        is_new = not self._file.exists()
        if is_new:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._open() as database:
            if is_new:
                # SQLite makes the file. To open it here as well would cost other threads their locks when it is closed.
                database.execute("PRAGMA user_version")
                self._file.chmod(0o600)
            # Nothing is lost with the process; with the machine's power the day's count may be.
            database.execute("PRAGMA synchronous = OFF")
            database.execute("BEGIN IMMEDIATE")
            for table in _TABLES:
                database.execute(table)
            yield database
            database.execute("COMMIT")

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        # Threads take turns here, for SQLite lets those who wait sleep too long. Opened each time: an open one must not
        # be carried into a forked process.
        if not self._lock.acquire(timeout=_WAIT_S):
            raise TimeoutError(errno.ETIMEDOUT, "other threads wait for it")
        try:
            if time.monotonic() < self._rests_until:
                raise TimeoutError(errno.ETIMEDOUT, "it was in use a moment ago")
            with closing(sqlite3.connect(self._file, timeout=_WAIT_S, isolation_level=None)) as database:
                yield database
        finally:
            self._lock.release()

    def _begin_anew(self) -> None:
        self._lock = threading.RLock()

    def _ask(self, question: Callable[[], Out], alone: Callable[[], Out]) -> Out:
        if time.monotonic() < self._rests_until:
            return alone()
        try:
            answer = question()
        except (sqlite3.Error, OSError) as problem:
            self.is_alone = True
            self._rests_until = time.monotonic() + _REST_S
            if not self._is_said:
                self._is_said = True
                why = tell_refusal(problem) if isinstance(problem, OSError) else problem
                _LOG.warning(
                    "The day's calls can't be counted in %s (%s): this process counts by itself.", self._file, why
                )
            return alone()
        self.is_alone = False
        return answer


def _make_room(database: sqlite3.Connection) -> None:
    """Forgets the accounts that called least recently, where there are too many for another one."""
    [count] = database.execute("SELECT count(DISTINCT account) FROM calls").fetchone()
    if count >= MOST_ACCOUNTS:
        database.execute(_FORGET, (count + 1 - MOST_ACCOUNTS,))

"""Subscriptions in an SQLite file, for one machine: many threads, and as many processes as like.

Each change is one transaction, so that a crash at any point leaves what was kept before it or after it. A file that is
damaged, of a newer version or somebody else's is left as it is, and the error says so.
"""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import sqlite3
import stat
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from connector.errors import tell_refusal
from connector.forks import renew_in_child
from connector.subscriptions.records import read_record, write_asked, write_progress
from connector.subscriptions.store import Leased, SubscriptionsUnreachable
from connector.subscriptions.subscription import Progress, Status, Subscription

_LOG: Final = logging.getLogger(__name__)
#: The longest wait (s) for other processes that write.
_WAIT_S: Final = 10.0
#: Tells the file from SQLite's other ones, and its tables from those of other versions.
_MARK: Final = 0x53554253
_VERSION: Final = 1
#: `wakes` is when a subscription may be taken: when it is due, or its lease ends.
_TABLES: Final = (
    "CREATE TABLE subscriptions (id TEXT PRIMARY KEY, owner TEXT NOT NULL, created REAL NOT NULL, asked TEXT NOT NULL,"
    " status TEXT NOT NULL, why TEXT, progress TEXT NOT NULL, due REAL NOT NULL, wakes REAL NOT NULL, token TEXT,"
    " leased_until REAL)",
    "CREATE INDEX subscriptions_by_owner ON subscriptions (owner, created)",
    "CREATE INDEX subscriptions_by_time ON subscriptions (wakes) WHERE status = 'active'",
    f"PRAGMA application_id = {_MARK}",
    f"PRAGMA user_version = {_VERSION}",
)
_GET: Final = "SELECT asked, status, why, progress FROM subscriptions WHERE id = ?"
_READ_ALL: Final = "SELECT asked, status, why, progress FROM subscriptions WHERE owner = ? ORDER BY created, id"
_ADD: Final = """
INSERT INTO subscriptions (id, owner, created, asked, status, why, progress, due, wakes)
SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8 WHERE (SELECT count(*) FROM subscriptions WHERE owner = ?2) < ?9
"""
_FIND_DUE: Final = """
SELECT id, asked, status, why, progress FROM subscriptions WHERE status = 'active' AND wakes <= ? ORDER BY wakes LIMIT ?
"""
_LEASE: Final = "UPDATE subscriptions SET token = ?1, leased_until = ?2, wakes = ?2 WHERE id = ?3"
_SET_STATUS: Final = """
UPDATE subscriptions SET status = ?1, why = ?2, wakes = CASE ?1 WHEN 'active' THEN coalesce(leased_until, 0) ELSE wakes
END WHERE id = ?3
"""
_KEEP: Final = """
UPDATE subscriptions SET progress = ?1, due = ?2, leased_until = ?3, wakes = coalesce(?3, ?2)
WHERE id = ?4 AND token = ?5
"""


class SqliteSubscriptions:
    """The subscriptions in `file`, which is made 0600 with the first one. Safe to share between threads, and to carry
    into a child process; several of them, in one process or in many, may share the file."""

    def __init__(self, file: Path) -> None:
        self.label = str(file)
        self._file = file
        self._database: sqlite3.Connection | None = None
        self._seen: tuple[int, int] | None = None
        self._begin_anew()
        renew_in_child(self._begin_anew)

    def __repr__(self) -> str:
        return f"<SqliteSubscriptions in {self.label}>"

    def add(self, subscription: Subscription, progress: Progress, most: int) -> bool:
        one = subscription
        values = (one.id, one.owner, one.created, write_asked(one), one.status, one.why, write_progress(progress))
        return self._alter(_ADD, *values, progress.due, most, is_new=True)

    def get(self, name: str) -> tuple[Subscription, Progress] | None:
        found = self._select(_GET, name)
        return read_record(*found[0]) if found else None

    def read_all(self, owner: str) -> list[tuple[Subscription, Progress]]:
        return [read_record(*record) for record in self._select(_READ_ALL, owner)]

    def count(self, owner: str) -> int:
        [[found]] = self._select("SELECT count(*) FROM subscriptions WHERE owner = ?", owner) or [[0]]
        return int(found)

    def remove(self, name: str) -> bool:
        return self._alter("DELETE FROM subscriptions WHERE id = ?", name)

    def set_status(self, name: str, status: Status, why: str | None = None) -> bool:
        return self._alter(_SET_STATUS, status, why, name)

    def lease(self, now: float, most: int, lease_s: float) -> list[Leased]:
        token = secrets.token_hex(16)
        with self._change() as database:
            due = database.execute(_FIND_DUE, (now, most)).fetchall() if database else []
            if database and due:
                database.executemany(_LEASE, [(token, now + lease_s, name) for name, *_ in due])
        return [Leased(*found, token) for _, *record in due if (found := self._read_leased(record))]

    def keep(self, leased: Leased, progress: Progress, *, lease_until: float | None) -> bool:
        name, text = leased.subscription.id, write_progress(progress)
        return self._alter(_KEEP, text, progress.due, lease_until, name, leased.token)

    def read_next_due(self) -> float | None:
        [[first]] = self._select("SELECT min(wakes) FROM subscriptions WHERE status = 'active'") or [[None]]
        return None if first is None else float(first)

    def close(self) -> None:
        with self._lock:
            self._let_go()

    def _read_leased(self, record: Sequence[Any]) -> tuple[Subscription, Progress] | None:
        try:
            return read_record(*record)
        except (KeyError, TypeError, ValueError):
            # It stays leased for as long; the others are not held up by it.
            _LOG.error("A subscription in %s can't be read, and is left alone.", self._file)
            return None

    def _select(self, query: str, *values: object) -> list[Any]:
        with self._lock, self._explained():
            database = self._find(is_needed=False)
            return database.execute(query, values).fetchall() if database else []

    def _alter(self, query: str, *values: object, is_new: bool = False) -> bool:
        """Whether the one that `query` is about has changed."""
        with self._change(is_new=is_new) as database:
            return database is not None and database.execute(query, values).rowcount == 1

    @contextlib.contextmanager
    def _change(self, *, is_new: bool = False) -> Iterator[sqlite3.Connection | None]:
        """The open file, in one transaction; `None` where there is none yet and nothing new is to be kept."""
        with self._lock, self._explained():
            database = self._find(is_needed=is_new)
            if database is None:
                yield None
                return
            database.execute("BEGIN IMMEDIATE")
            try:
                yield database
                database.execute("COMMIT")
            except BaseException:
                # It may be undone already.
                with contextlib.suppress(sqlite3.Error):
                    database.execute("ROLLBACK")
                raise

    def _find(self, *, is_needed: bool) -> sqlite3.Connection | None:
        """The open file; `None` where there is none yet, unless one is needed."""
        if self._database is not None and self._look() != self._seen:
            # Somebody has put another file in its place.
            self._let_go()
        if self._database is None and (is_needed or self._file.exists()):
            self._database = self._open()
            self._seen = self._look()
        return self._database

    def _open(self) -> sqlite3.Connection:
        if not self._file.exists():
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with contextlib.suppress(FileExistsError):
                # Never for a file that is there: to close one that SQLite has open costs other threads their locks.
                os.close(os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        elif os.name == "posix" and stat.S_IMODE(self._file.stat().st_mode) & 0o077:
            self._file.chmod(0o600)
            _LOG.warning("%s was open to other users of this machine; now it is closed to them.", self._file)
        database = sqlite3.connect(self._file, timeout=_WAIT_S, isolation_level=None, check_same_thread=False)
        try:
            self._prepare(database)
        except BaseException:
            database.close()
            raise
        return database

    def _prepare(self, database: sqlite3.Connection) -> None:
        database.execute("PRAGMA busy_timeout = 10000")
        if self._read_version(database) == 0:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("BEGIN IMMEDIATE")
            if self._read_version(database) == 0:
                for table in _TABLES:
                    database.execute(table)
            database.execute("COMMIT")
        # With the machine's power the latest may be lost: what was told since is told again, with the same id.
        database.execute("PRAGMA synchronous = NORMAL")
        [[state]] = database.execute("PRAGMA quick_check(1)").fetchall()
        if state != "ok":
            raise sqlite3.DatabaseError(state)

    def _read_version(self, database: sqlite3.Connection) -> int:
        """0 for a file without tables. Raises `SubscriptionsUnreachable` for one that isn't ours to write."""
        [mark], [version], [tables] = (
            database.execute(query).fetchone()
            for query in ("PRAGMA application_id", "PRAGMA user_version", "SELECT count(*) FROM sqlite_master")
        )
        if tables and mark != _MARK:
            raise SubscriptionsUnreachable(f"{self._file} holds something else than subscriptions; move it away.")
        if version > _VERSION:
            raise SubscriptionsUnreachable(
                f"The subscriptions in {self._file} were kept by a newer version of this program, and are left as they "
                "are: update this one, or name another place (CONNECTOR_STORE)."
            )
        return int(version)

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as problem:
            self._let_go()
            raise SubscriptionsUnreachable(self._explain(problem)) from None

    def _explain(self, problem: sqlite3.Error | OSError) -> str:
        if isinstance(problem, OSError):
            return f"The subscriptions in {self._file} can't be used: {tell_refusal(problem)} (CONNECTOR_STORE)."
        if isinstance(problem, sqlite3.OperationalError):
            return f"The subscriptions in {self._file} can't be used: {problem}; see who may use it and what holds it."
        return (
            f"The subscriptions in {self._file} are damaged ({problem}), and are left as they are: put a copy in their "
            "place, or move the file away to begin anew."
        )

    def _look(self) -> tuple[int, int] | None:
        try:
            state = self._file.stat()
        except FileNotFoundError:
            return None
        return state.st_dev, state.st_ino

    def _let_go(self) -> None:
        database, self._database = self._database, None
        if database is not None:
            database.close()

    def _begin_anew(self) -> None:
        # What a parent process has open is left open: to close it here would cost the parent its locks.
        self._left_open = self._database
        self._database = None
        self._lock = threading.RLock()

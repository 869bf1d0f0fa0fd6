"""Connections in this process's memory: what the environment holds, and connections that were handed over as values."""

from __future__ import annotations

import contextlib
import threading
import weakref
from collections.abc import Iterable, Iterator

from connector.auth.connection import Connection, check_name
from connector.forks import renew_in_child


class MemoryStore:
    """The given `connections`, and what is saved later; gone with the process. `label` says where they came from."""

    is_lasting = False

    def __init__(self, connections: Iterable[Connection] = (), label: str = "this process") -> None:
        self.label = label
        self._connections = {connection.name: connection for connection in connections}
        self._begin_anew()
        renew_in_child(self._begin_anew)

    def _begin_anew(self) -> None:
        # A lock is kept for as long as someone holds it, or waits for it.
        self._locks: weakref.WeakValueDictionary[str, threading.Lock] = weakref.WeakValueDictionary()
        self._guard = threading.Lock()

    def names(self) -> list[str]:
        with self._guard:
            return sorted(self._connections)

    def load(self, name: str) -> Connection | None:
        with self._guard:
            return self._connections.get(check_name(name))

    def save(self, connection: Connection) -> None:
        with self._guard:
            self._connections[check_name(connection.name)] = connection

    def delete(self, name: str) -> bool:
        with self._guard:
            return self._connections.pop(check_name(name), None) is not None

    @contextlib.contextmanager
    def lock(self, name: str, timeout_s: float) -> Iterator[None]:
        with self._guard:
            lock = self._locks.setdefault(check_name(name), threading.Lock())
        if not lock.acquire(timeout=max(0.0, timeout_s)):
            raise TimeoutError(f"{name} is held by another thread")
        try:
            yield
        finally:
            lock.release()

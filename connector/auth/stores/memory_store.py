"""Connections in this process's memory: what the environment holds, and connections that were handed over as values."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterable, Iterator

from connector.auth.connection import Connection, check_name


class MemoryStore:
    """The given `connections`, and what is saved later; gone with the process. `label` says where they came from."""

    is_lasting = False

    def __init__(self, connections: Iterable[Connection] = (), label: str = "this process") -> None:
        self.label = label
        self._connections = {connection.name: connection for connection in connections}
        self._locks: dict[str, threading.Lock] = {}
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

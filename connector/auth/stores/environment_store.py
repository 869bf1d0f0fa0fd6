"""Connections from `CONNECTOR_CONNECTION`, for containers: JSON, either one connection, a list of them, or a mapping
from name to connection.

The environment can't be written, so what is saved lives as long as the process, and each process refreshes by itself.
That suits apps with a client secret, whose refresh tokens stay; where the service gives a new refresh token at each
refresh (PKCE), the next process starts with a dead one, so such connections belong in another store.
"""

from __future__ import annotations

import os
from typing import Any, Final

from connector.auth.connection import Connection
from connector.auth.stores.memory_store import MemoryStore
from connector.auth.stores.store import StoreFailed, read_json

CONNECTION_VARIABLE: Final = "CONNECTOR_CONNECTION"
_OWN_KEYS: Final = frozenset({"client_id", "access_token", "refresh_token"})
#: What was made of the variable's text. Each step with it is one for all threads, so it needs no lock.
_opened: dict[str, MemoryStore] = {}


def open_environment() -> MemoryStore:
    """The connections in `CONNECTOR_CONNECTION`; the same store each time, as long as the variable stays the same.

    Raises `StoreFailed`, without a word of the variable's text, where it can't be read.
    """
    text = os.environ.get(CONNECTION_VARIABLE, "")
    if text not in _opened:
        made = MemoryStore(_parse(text), f"the environment ({CONNECTION_VARIABLE})")
        store = _opened.setdefault(text, made)
        for old in [other for other in list(_opened) if other != text]:
            _opened.pop(old, None)
        return store
    return _opened[text]


def _parse(text: str) -> list[Connection]:
    try:
        found = _read(text)
    except ValueError as error:
        problem = str(error)
    else:
        if len({connection.name for connection in found}) == len(found):
            return found
        problem = "two connections have one name: give each a name of its own"
    raise StoreFailed(f"{CONNECTION_VARIABLE} can't be used: {problem}.")


def _read(text: str) -> list[Connection]:
    text = text.removeprefix("\ufeff").strip()
    value: Any = read_json(text) if text else []
    if isinstance(value, list):
        return [Connection.from_dict(entry) for entry in value]
    if isinstance(value, dict) and not _OWN_KEYS & value.keys():
        return [Connection.from_dict(entry, name) for name, entry in value.items()]
    return [Connection.from_dict(value)]

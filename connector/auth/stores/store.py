"""What a store of connections is: the interface that every one has, and the text that they keep."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from typing import Any, Protocol

from connector.auth.connection import Connection
from connector.errors import ConnectorError


class StoreFailed(ConnectorError):
    """A store can't be used, or what it holds can't be read; the text says which and what to do, without secrets."""


class ConnectionDamaged(StoreFailed):
    """What a store holds under one name can't be read; the others may be well."""


class StoreReadOnly(StoreFailed):
    """A store can be read and not written, such as a folder that is mounted read-only."""


class Store(Protocol):
    """Connections by name. Names have passed `check_name`. It is used from many threads.

    Every method raises `StoreFailed` where the store can't be used. `is_lasting` is false where what is saved ends
    with the process. `label` says in a few words where it is.

    A store whose lock may be lost while it is held has a method `replace(old, new)` as well: it saves `new` where the
    store still holds `old`, in one step, and tells whether it did.
    """

    is_lasting: bool

    @property
    def label(self) -> str: ...

    def names(self) -> list[str]:
        """The names of all connections, sorted."""
        ...

    def load(self, name: str) -> Connection | None:
        """The connection as it was last saved, `None` where there is none."""
        ...

    def save(self, connection: Connection) -> None:
        """Keeps `connection` under its name, wholly or not at all; when it returns, it is kept."""
        ...

    def delete(self, name: str) -> bool:
        """Removes the connection; tells whether there was one."""
        ...

    def lock(self, name: str, timeout_s: float) -> AbstractContextManager[None]:
        """Held by one at a time, among all threads and processes that share the store.

        Raises `TimeoutError` where it isn't free within `timeout_s` seconds; 0 asks once.
        """
        ...


def to_text(connection: Connection) -> str:
    """A connection as stores write it: one JSON object. It holds the secrets."""
    return json.dumps(connection.to_dict(), separators=(",", ":"))


def read_json(text: str) -> Any:
    """What JSON `text` says. Raises `ValueError`, without a word of the text, which is all secrets."""
    try:
        return json.loads(text.removeprefix("\ufeff"))
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except ValueError:
        raise ValueError("it is no JSON") from None


def from_text(text: str, name: str, where: str) -> Connection:
    """The connection that `to_text` wrote; `where` says in an error what is damaged. Raises `ConnectionDamaged`."""
    try:
        return Connection.from_dict(read_json(text), name)
    except ValueError as error:
        problem = str(error)
    raise ConnectionDamaged(f"The connection {name} in {where} can't be read: {problem}. Sign in again to replace it.")

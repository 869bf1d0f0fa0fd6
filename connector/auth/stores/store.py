"""Where connections are kept: the interface that every store has, and which store is used.

`spec`, or `CONNECTOR_STORE`, is one of `keyring`, `file`, `file:PATH`, `environment`, `redis://…`. Without either it is
the environment where `CONNECTOR_CONNECTION` is set, else the operating system's keyring where there is one, else
files.
"""

from __future__ import annotations

import json
import os
from contextlib import AbstractContextManager
from importlib import import_module
from pathlib import Path
from typing import Final, Protocol

from connector.auth.connection import DEFAULT_NAME, Connection
from connector.errors import ConnectorError

STORE_VARIABLE: Final = "CONNECTOR_STORE"
CONNECTION_VARIABLE: Final = "CONNECTOR_CONNECTION"


class StoreFailed(ConnectorError):
    """A store can't be used, or what it holds can't be read; the text says which and what to do, without secrets."""


class Store(Protocol):
    """Connections by name. Names have passed `check_name`.

    Every method raises `StoreFailed` where the store can't be used. `is_lasting` is false where what is saved ends
    with the process. `label` says in a few words where it is.
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


def open_store(spec: str | None = None, package: str = "connector") -> Store:
    """The store that `spec`, the environment or the machine calls for.

    `package` is the name under which files and keyring entries are kept. Raises `StoreFailed` where `spec` names no
    store, or one that this machine doesn't have.
    """
    # Each store is loaded when it is used: their libraries take longer to load than a block takes to run.
    spec = spec or os.environ.get(STORE_VARIABLE) or _choose()
    kind, colon, rest = spec.partition(":")
    if kind == "environment" and not colon:
        from connector.auth.stores.environment_store import open_environment

        return open_environment()
    if kind == "keyring" and not colon:
        from connector.auth.stores.keyring_store import KeyringStore

        return KeyringStore(package)
    if kind == "file" and (rest or not colon):
        from connector.auth.stores.file_store import FileStore, locate_folder

        return FileStore(Path(rest).expanduser() if rest else locate_folder(package))
    if kind in ("redis", "rediss", "unix"):
        return _open_redis(spec, package)
    # The word isn't repeated: an address may hold a password.
    raise StoreFailed(
        f"{STORE_VARIABLE} names no store: it is keyring, file, file:PATH, environment or redis://HOST:PORT/NUMBER."
    )


def find_default(package: str = "connector") -> str | None:
    """The name of the connection to use where none is named: `default`, or the only one that the environment holds;
    `None` where there is no such. Raises `StoreFailed` like `open_store`."""
    store = open_store(package=package)
    names = store.names()
    if DEFAULT_NAME in names:
        return DEFAULT_NAME
    return names[0] if len(names) == 1 and not store.is_lasting else None


def _choose() -> str:
    if os.environ.get(CONNECTION_VARIABLE):
        return "environment"
    from connector.auth.stores.keyring_store import has_keyring

    return "keyring" if has_keyring() else "file"


def _open_redis(spec: str, package: str) -> Store:
    try:
        module = import_module("connector.auth.stores.redis_store")
    except ImportError:
        raise StoreFailed(f"Connections in Redis need the redis library: pip install '{package}[celery]'.") from None
    store: Store = module.RedisStore(spec, package)
    return store


def to_text(connection: Connection) -> str:
    """A connection as stores write it: one JSON object. It holds the secrets."""
    return json.dumps(connection.to_dict(), separators=(",", ":"))


def from_text(text: str, name: str, where: str) -> Connection:
    """The connection that `to_text` wrote; `where` says in an error what is damaged. Raises `StoreFailed`."""
    try:
        return Connection.from_dict(json.loads(text), name)
    except RecursionError:
        problem = "it is nested too deeply"
    except json.JSONDecodeError:
        # The decoder's error carries the text, which is all secrets.
        problem = "it is no JSON"
    except ValueError as error:
        problem = str(error)
    raise StoreFailed(f"The connection {name} in {where} can't be read: {problem}. Sign in again to replace it.")

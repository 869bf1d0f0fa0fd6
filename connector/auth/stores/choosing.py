"""Which store is used: the one that is named, or what the environment and the machine call for.

`spec`, or `CONNECTOR_STORE`, is one of `keyring`, `file`, `file:PATH`, `environment`, `redis://…`. Without either it is
the environment where `CONNECTOR_CONNECTION` is set or there is no home to keep files in, else the operating system's
keyring where there is one, else files.
"""

from __future__ import annotations

import math
import os
from importlib import import_module
from pathlib import Path
from typing import Final

from connector.auth.connection import DEFAULT_NAME
from connector.auth.stores.environment_store import CONNECTION_VARIABLE, open_environment
from connector.auth.stores.store import Store, StoreFailed
from connector.auth.stores.store_within import ask_in_time
from connector.bounded_wait import BoundedWait
from connector.errors import tell_extra
from connector.wire.deadline import Deadline

STORE_VARIABLE: Final = "CONNECTOR_STORE"
_WAITS: Final = BoundedWait("connector-store", 8)


def open_store(spec: str | None = None, package: str = "connector", deadline: Deadline | None = None) -> Store:
    """The store that `spec`, the environment or the machine calls for.

    `package` is the name under which files and keyring entries are kept. Looking for the machine's keyring may hang;
    with a `deadline` it does so no longer than that. Raises `StoreFailed` where `spec` names no store, or one that this
    machine doesn't have, `StoreSilent` where time is up, and `InvocationFailed` (`cancelled`).
    """
    if deadline is None:
        return _open_store(spec, package)
    return ask_in_time(_WAITS, lambda: _open_store(spec, package), deadline, math.inf, "the store of connections")


def _open_store(spec: str | None, package: str) -> Store:
    # Each store is loaded when it is used: their libraries take longer to load than a block takes to run.
    spec = spec or os.environ.get(STORE_VARIABLE, "").strip() or _choose(package)
    kind, colon, rest = spec.partition(":")
    if kind == "environment" and not colon:
        return open_environment()
    if kind == "keyring" and not colon:
        from connector.auth.stores.keyring_store import KeyringStore

        return KeyringStore(package)
    if kind == "file" and (rest or not colon):
        from connector.auth.stores.file_store import FileStore, locate_folder

        return FileStore(_expand(rest) if rest else locate_folder(package))
    if kind in ("redis", "rediss", "unix"):
        return _open_redis(spec, package)
    # The word isn't repeated: an address may hold a password.
    raise StoreFailed(
        f"{STORE_VARIABLE} names no store: it is keyring, file, file:PATH, environment or redis://HOST:PORT/NUMBER."
    )


def locate_files(package: str = "connector") -> Path:
    """The folder for what is kept in files: that of the connections where they are files, else where they would be.
    Raises `StoreFailed` where there is no home for it."""
    from connector.auth.stores.file_store import locate_folder

    kind, _, rest = os.environ.get(STORE_VARIABLE, "").strip().partition(":")
    return _expand(rest) if kind == "file" and rest else locate_folder(package)


def find_default(package: str = "connector", within_s: float | None = None) -> str | None:
    """The name of the connection to use where none is named: `default`, or the only one that the environment holds;
    `None` where there is no such. Raises `StoreFailed` like `open_store`, and `StoreSilent` where the store doesn't
    answer within `within_s` seconds."""
    if within_s is None:
        return _find_default(package)
    deadline = Deadline(within_s)
    return ask_in_time(_WAITS, lambda: _find_default(package), deadline, math.inf, "the store of connections")


def _find_default(package: str) -> str | None:
    store = _open_store(None, package)
    names = store.names()
    if DEFAULT_NAME in names:
        return DEFAULT_NAME
    return names[0] if len(names) == 1 and not store.is_lasting else None


def _choose(package: str) -> str:
    if os.environ.get(CONNECTION_VARIABLE):
        return "environment"
    from connector.auth.stores.file_store import locate_folder
    from connector.auth.stores.keyring_store import has_keyring

    try:
        locate_folder(package)
    except StoreFailed:
        # Nothing is there and nothing can be added, which is no reason not to run blocks with tokens of their own.
        return "environment"
    return "keyring" if has_keyring() else "file"


def _expand(path: str) -> Path:
    try:
        return Path(path).expanduser()
    except RuntimeError:
        raise StoreFailed(
            f"{STORE_VARIABLE} begins with ~, and there is no home folder: write the whole path."
        ) from None


def _open_redis(spec: str, package: str) -> Store:
    try:
        module = import_module("connector.auth.stores.redis_store")
    except ImportError:
        raise StoreFailed(f"Connections in Redis need the redis library: {tell_extra('celery')}.") from None
    store: Store = module.RedisStore(spec, package)
    return store

"""Connections in the operating system's keyring, by the library `keyring`.

A keyring gives out what it holds by name and lists nothing, so the names are kept in an entry of their own. It has no
locks either; those are files in the user's data folder.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from connector.auth.connection import Connection, check_name
from connector.auth.stores.file_lock import hold_file
from connector.auth.stores.file_store import locate_folder
from connector.auth.stores.private_folder import is_writable
from connector.auth.stores.store import StoreFailed, StoreReadOnly, from_text, to_text

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

#: No connection can be called this.
_INDEX: Final = "(names)"
#: The library's own mark: below 1 a backend is no safe place, or a stand-in that refuses everything.
_LEAST_PRIORITY: Final = 1
_INDEX_WAIT_S: Final = 10.0


def has_keyring() -> bool:
    """Whether the library is there and finds a keyring that it recommends."""
    return _find_backend() is not None


def _find_backend() -> KeyringBackend | None:
    try:
        import keyring

        backend = keyring.get_keyring()
        # A chainer stands for others; it is as good as the best of them.
        found = getattr(backend, "backends", None) or [backend]
        is_good = max(float(each.priority) for each in found) >= _LEAST_PRIORITY
    except Exception:
        # Whatever a platform's keyring raises, it is not usable.
        return None
    return backend if is_good else None


class KeyringStore:
    """Connections in the keyring, as the service `package`. Raises `StoreFailed` where there is no keyring."""

    is_lasting = True
    label = "the keyring"

    def __init__(self, package: str) -> None:
        backend = _find_backend()
        if backend is None:
            raise StoreFailed("This machine has no keyring that can be used: set CONNECTOR_STORE=file.")
        self._backend = backend
        self._package = package
        self._locks = locate_folder(package).with_name("locks")

    def names(self) -> list[str]:
        try:
            found = json.loads(self._read(_INDEX) or "[]")
        except (ValueError, RecursionError):
            found = None
        return sorted(name for name in found if isinstance(name, str)) if isinstance(found, list) else []

    def load(self, name: str) -> Connection | None:
        text = self._read(check_name(name))
        if text is None:
            return None
        self._check_case(name, text)
        return from_text(text, name, self.label)

    def save(self, connection: Connection) -> None:
        name = check_name(connection.name)
        if text := self._read(name):
            self._check_case(name, text)
        self._call("set_password", name, to_text(connection))
        self._list(name, is_there=True)

    def delete(self, name: str) -> bool:
        if (text := self._read(check_name(name))) is None:
            self._list(name, is_there=False)
            return False
        self._check_case(name, text)
        self._call("delete_password", name)
        self._list(name, is_there=False)
        return True

    @contextlib.contextmanager
    def lock(self, name: str, timeout_s: float) -> Iterator[None]:
        with self._hold(check_name(name), timeout_s):
            yield

    @contextlib.contextmanager
    def _hold(self, name: str, timeout_s: float) -> Iterator[None]:
        try:
            self._locks.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as problem:
            raise StoreReadOnly(f"The folder {self._locks} can't be made: {problem.strerror}.") from None
        if not is_writable(self._locks):
            raise StoreReadOnly(f"Locks can't be written in {self._locks}: the folder is read-only.")
        with hold_file(self._locks / f"{name}.lock", timeout_s):
            yield

    def _check_case(self, name: str, text: str) -> None:
        """That the entry is `name`'s own: to some keyrings `alice` and `Alice` are one entry."""
        try:
            twin = str(json.loads(text)["name"])
        except (ValueError, TypeError, KeyError, RecursionError):
            # What is damaged may be replaced, under any name.
            return
        if twin != name and twin.lower() == name.lower():
            raise StoreFailed(
                f"The keyring can't tell {name} from {twin}, which differs by capitals alone: choose another name."
            )

    def _list(self, name: str, *, is_there: bool) -> None:
        known = set(self.names())
        if (name in known) == is_there:
            return
        with self._hold("_names", _INDEX_WAIT_S):
            known = set(self.names())
            known = known | {name} if is_there else known - {name}
            self._call("set_password", _INDEX, json.dumps(sorted(known)))

    def _read(self, entry: str) -> str | None:
        text: str | None = self._call("get_password", entry)
        return text

    def _call(self, method: str, *args: str) -> Any:
        try:
            return getattr(self._backend, method)(self._package, *args)
        except Exception as problem:
            # Each platform's keyring has errors of its own. Only the kind is repeated: the text may hold what was kept.
            raise StoreFailed(
                f"The keyring refuses ({type(problem).__name__}): unlock it, or set CONNECTOR_STORE=file."
            ) from None

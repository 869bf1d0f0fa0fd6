"""Connections as files: one 0600 file each, in a folder of their own.

A file is replaced as a whole, and is on the disk when `save` returns. Locks are files beside it.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from connector.auth.connection import Connection, check_name
from connector.auth.stores.store import StoreFailed, from_text, to_text

_SUFFIX: Final = ".json"


def locate_folder(package: str) -> Path:
    """Where connections are kept on this platform: `connections` in the user's data folder for `package`."""
    from platformdirs import user_data_path

    return user_data_path(package, appauthor=False) / "connections"


class FileStore:
    """Connections in `folder`, which is made 0700 when the first one is saved."""

    is_lasting = True

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def label(self) -> str:
        return f"the folder {self.folder}"

    def names(self) -> list[str]:
        with self._explained("read"):
            if not self.folder.exists():
                return []
            files = [path for path in self.folder.iterdir() if path.suffix == _SUFFIX and path.name[0] != "."]
        return sorted(path.name.removesuffix(_SUFFIX) for path in files)

    def load(self, name: str) -> Connection | None:
        file = self._file(name)
        with self._explained("read"):
            try:
                content = file.read_bytes()
            except FileNotFoundError:
                return None
        return from_text(content.decode("utf-8", "replace"), name, str(file))

    def save(self, connection: Connection) -> None:
        file = self._file(connection.name)
        with self._explained("written"):
            self._make_folder()
            draft = self.folder / f".{connection.name}.{secrets.token_hex(6)}.new"
            try:
                with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
                    stream.write(to_text(connection).encode())
                    stream.flush()
                    os.fsync(stream.fileno())
                draft.replace(file)
            except BaseException:
                draft.unlink(missing_ok=True)
                raise
            self._sync_folder()

    def delete(self, name: str) -> bool:
        with self._explained("written"):
            try:
                self._file(name).unlink()
            except FileNotFoundError:
                return False
            self._sync_folder()
        return True

    @contextlib.contextmanager
    def lock(self, name: str, timeout_s: float) -> Iterator[None]:
        with self._explained("written"):
            self._make_folder()
        with hold_file(self.folder / f"{check_name(name)}.lock", timeout_s):
            yield

    def _file(self, name: str) -> Path:
        return self.folder / f"{check_name(name)}{_SUFFIX}"

    def _make_folder(self) -> None:
        if not self.folder.is_dir():
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            self.folder.mkdir(mode=0o700, exist_ok=True)

    def _sync_folder(self) -> None:
        # Windows opens no folders, and needs no such care.
        if os.name == "posix":
            descriptor = os.open(self.folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    @contextlib.contextmanager
    def _explained(self, done: str) -> Iterator[None]:
        try:
            yield
        except OSError as problem:
            raise StoreFailed(
                f"The connections in {self.folder} can't be {done}: {problem.strerror or 'the system refuses it'}."
            ) from None


@contextlib.contextmanager
def hold_file(file: Path, timeout_s: float) -> Iterator[None]:
    """Holds the lock that `file` stands for, among threads and processes; it is freed if the process dies.

    Raises `TimeoutError` where it isn't free within `timeout_s` seconds, `StoreFailed` where there can be none.
    """
    from filelock import FileLock, Timeout

    # A lock of its own each time: a shared one would count two threads' holds as one thread's.
    lock = FileLock(file, mode=0o600, thread_local=False)
    try:
        lock.acquire(timeout=max(0.0, timeout_s), poll_interval=0.02)
    except Timeout:
        raise TimeoutError(f"{file.name} is held by another process") from None
    except (OSError, NotImplementedError):
        raise StoreFailed(f"The lock {file} can't be taken; check who may write there.") from None
    try:
        yield
    finally:
        lock.release()

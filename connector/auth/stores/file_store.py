"""Connections as files: one 0600 file each, in a folder of their own that is open to nobody else.

A file is replaced as a whole, and is on the disk when `save` returns. Locks are files beside it. A folder that can't be
written, such as a mounted secret, is read as it is.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from connector.auth.connection import Connection, check_name
from connector.auth.stores.file_lock import hold_file
from connector.auth.stores.private_folder import close_file_to_others, close_to_others, is_writable, sync_folder
from connector.auth.stores.store import ConnectionDamaged, StoreFailed, StoreReadOnly, from_text, to_text
from connector.errors import tell_refusal

_SUFFIX: Final = ".json"
#: The largest file that is read, in bytes.
_FILE_LIMIT: Final = 1024 * 1024


def locate_folder(package: str) -> Path:
    """Where connections are kept on this platform: `connections` in the user's data folder for `package`. Raises
    `StoreFailed` for a user who has no home."""
    from platformdirs import user_data_path

    try:
        folder = user_data_path(package, appauthor=False) / "connections"
    except (RuntimeError, KeyError):
        folder = Path()
    if not folder.is_absolute():
        raise StoreFailed("There is no home folder to keep connections in: set CONNECTOR_STORE=file:PATH.")
    return folder


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
            close_to_others(self.folder)
            files = [path for path in self.folder.iterdir() if path.suffix == _SUFFIX and path.name[0] != "."]
        return sorted(path.name.removesuffix(_SUFFIX) for path in files)

    def load(self, name: str) -> Connection | None:
        file = self._file(name)
        with self._explained("read"):
            if not self.folder.exists():
                return None
            close_to_others(self.folder)
            try:
                content = _read(file)
            except FileNotFoundError:
                return None
            self._check_case(name)
        return from_text(content.decode(json.detect_encoding(content), "replace"), name, str(file))

    def save(self, connection: Connection) -> None:
        file = self._file(connection.name)
        with self._explained("written"):
            self._make_folder()
            if file.exists():
                self._check_case(connection.name)
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
            sync_folder(self.folder)

    def delete(self, name: str) -> bool:
        file = self._file(name)
        with self._explained("written"):
            if not self.folder.exists():
                return False
            self._remove_drafts(name)
            try:
                if was_there := os.path.lexists(file):
                    self._check_case(name)
                    file.unlink()
            except FileNotFoundError:
                return False
            sync_folder(self.folder)
        return was_there

    @contextlib.contextmanager
    def lock(self, name: str, timeout_s: float) -> Iterator[None]:
        file = self.folder / f"{check_name(name)}.lock"
        with self._explained("written"):
            self._make_folder()
        with hold_file(file, timeout_s):
            yield

    def _file(self, name: str) -> Path:
        return self.folder / f"{check_name(name)}{_SUFFIX}"

    def _check_case(self, name: str) -> None:
        """That the file there is `name`'s own: to some systems `alice.json` and `Alice.json` are one file."""
        if name.swapcase() == name or not self._file(name.swapcase()).exists():
            return
        names = [path.name.removesuffix(_SUFFIX) for path in self.folder.iterdir() if path.suffix == _SUFFIX]
        if name not in names:
            twin = next((each for each in names if each.lower() == name.lower()), "another one")
            raise StoreFailed(
                f"{self.folder} can't tell {name} from {twin}, which differs by capitals alone: choose another name."
            )

    def _remove_drafts(self, name: str) -> None:
        """Removes what a process that was killed while it saved has left of this name."""
        draft = re.compile(rf"\.{re.escape(name)}\.[0-9a-f]{{12}}\.new")
        for path in self.folder.iterdir():
            if draft.fullmatch(path.name):
                path.unlink(missing_ok=True)

    def _make_folder(self) -> None:
        if self.folder.is_dir():
            close_to_others(self.folder)
            if not is_writable(self.folder):
                raise StoreReadOnly(
                    f"The connections in {self.folder} can't be written: the folder is read-only; see who may use it, "
                    "or name another place (CONNECTOR_STORE)."
                )
        else:
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            self.folder.mkdir(mode=0o700, exist_ok=True)

    @contextlib.contextmanager
    def _explained(self, done: str) -> Iterator[None]:
        try:
            yield
        except OSError as problem:
            words = f"The connections in {self.folder} can't be {done}: {tell_refusal(problem)} (CONNECTOR_STORE)."
            raise StoreFailed(words) from None


def _read(file: Path) -> bytes:
    # Not waited for: what looks like a file may be a pipe that nobody writes to.
    descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise ConnectionDamaged(f"{file} is no file; connections are files.")
    with os.fdopen(descriptor, "rb") as stream:
        close_file_to_others(file, descriptor)
        return stream.read(_FILE_LIMIT)

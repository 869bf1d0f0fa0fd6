"""A folder for secrets: closed to the other users of the machine, or not used."""

from __future__ import annotations

import logging
import os
import stat
from pathlib import Path
from typing import Final

from connector.auth.stores.store import StoreFailed

_LOG: Final = logging.getLogger(__name__)
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_OTHERS_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH
#: What a folder of connections holds, with the count of the day's calls and the subscriptions; one that holds anything
#: else is somebody's for other purposes too.
_OWN_ENDINGS: Final = (".json", ".lock", ".new", ".calls", ".calls-journal", ".db", ".db-wal", ".db-shm", ".key")


def close_to_others(folder: Path) -> None:
    """Closes a folder of this user's, which holds connections alone, to all others, with a warning in the log.

    Raises `StoreFailed` where others may write in it and that can't be changed, for they could put a connection of
    theirs in there. One that nobody can write, such as a mounted secret, is taken as it is. Raises `OSError` where the
    folder can't be looked at.
    """
    if os.name != "posix":
        return
    state = folder.stat()
    if not state.st_mode & _OTHERS or not is_writable(folder):
        return
    is_own = state.st_uid == os.geteuid() and not state.st_mode & stat.S_ISVTX
    if is_own and all(path.name.endswith(_OWN_ENDINGS) for path in folder.iterdir()):
        folder.chmod(stat.S_IMODE(state.st_mode) & ~_OTHERS)
        _LOG.warning("The connections in %s were open to other users of this machine; now they are closed.", folder)
    elif state.st_mode & _OTHERS_WRITE:
        raise StoreFailed(
            f"Other users of this machine may write in {folder}, so connections are not kept there: give them a folder "
            "of their own that is open to nobody else (chmod 700)."
        )


def close_file_to_others(file: Path, descriptor: int) -> None:
    """Closes a file of this user's, which is open as `descriptor`, to all others, with a warning in the log."""
    if os.name != "posix":
        return
    state = os.fstat(descriptor)
    if state.st_mode & _OTHERS and state.st_uid == os.geteuid() and is_writable(file.parent):
        os.fchmod(descriptor, stat.S_IMODE(state.st_mode) & ~_OTHERS)
        _LOG.warning("%s was open to other users of this machine; now it is closed to them.", file)


def is_writable(folder: Path) -> bool:
    """Whether this process may write in the folder, by its rights and by how the folder is mounted."""
    return os.access(folder, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def sync_folder(folder: Path) -> None:
    """Has the disk keep which files are in the folder. Raises `OSError`."""
    # Windows opens no folders, and needs no such care.
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

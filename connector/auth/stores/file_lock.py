"""A lock that a file stands for, among threads and processes."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from connector.auth.stores.store import StoreFailed


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

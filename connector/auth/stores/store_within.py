"""A store asked within the time that an invocation has left, whatever hangs in it: a keyring that waits to be unlocked,
a Redis that says nothing, a folder on a server that is away."""

from __future__ import annotations

import contextlib
import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any, Final, TypeVar

from connector.auth.connection import Connection
from connector.auth.stores.memory_store import MemoryStore
from connector.auth.stores.store import Store, StoreFailed
from connector.bounded_wait import BoundedWait, NoThreadError
from connector.wire.deadline import Deadline, fail_cancelled

Out = TypeVar("Out")

#: Of the time that is left, what a lock that is held leaves for saying so, in seconds.
_LAST_WORD_S: Final = 0.1
#: The longest that a write is waited for, in seconds, for nothing ends that wait early.
_WRITE_S: Final = 10.0
#: How often a lock that is held is asked for, in seconds.
_POLL_S: Final = 0.03


class StoreSilent(StoreFailed):
    """A store did not answer in the time allowed."""


class StoreWithin:
    """`store` for one invocation: each answer comes before its `deadline`, and within `patience_s` seconds.

    Questions are asked in the threads of `waits`. One that hangs keeps its thread; what it was about to write is
    written when it goes on. Besides what the store raises, every method raises `StoreSilent`, and `InvocationFailed`
    (`cancelled`).
    """

    def __init__(self, store: Store, waits: BoundedWait, deadline: Deadline, patience_s: float = math.inf) -> None:
        self.store = store
        self._waits = waits
        self._deadline = deadline
        self._patience_s = patience_s

    def names(self) -> list[str]:
        return self._ask(lambda: self.store.names())

    def load(self, name: str) -> Connection | None:
        return self._ask(lambda: self.store.load(name))

    def save(self, connection: Connection) -> None:
        self._ask(lambda: self.store.save(connection), is_write=True)

    def delete(self, name: str) -> bool:
        return self._ask(lambda: self.store.delete(name), is_write=True)

    def replace(self, old: Connection, new: Connection) -> bool:
        """Saves `new` where the store still holds `old`; tells whether it did."""
        replace: Callable[[Connection, Connection], bool]
        replace = getattr(self.store, "replace", self._replace_under_lock)
        return self._ask(lambda: replace(old, new), is_write=True)

    @contextlib.contextmanager
    def lock(self, name: str, wait_s: float) -> Iterator[None]:
        """Raises `TimeoutError` where the lock is not free within `wait_s` seconds, and before the deadline."""

        def enter() -> AbstractContextManager[None] | None:
            lock = self.store.lock(name, 0.0)
            try:
                lock.__enter__()
            except TimeoutError:
                return None
            return lock

        # Waited for here: threads that wait for a lock would stand in the way of those that are to release one.
        end = time.monotonic() + min(wait_s, self._deadline.left - _LAST_WORD_S)
        while (lock := self._ask(enter, discard=_leave)) is None:
            if time.monotonic() >= end:
                raise TimeoutError(f"{name} is held elsewhere")
            self._deadline.sleep(_POLL_S)
        try:
            yield
        finally:
            self._release(lock)

    def _replace_under_lock(self, old: Connection, new: Connection) -> bool:
        if self.store.load(new.name) != old:
            return False
        self.store.save(new)
        return True

    def _ask(
        self,
        question: Callable[[], Out],
        discard: Callable[[Out], object] | None = None,
        *,
        is_write: bool = False,
    ) -> Out:
        if type(self.store) is MemoryStore:
            return question()
        return ask_in_time(
            self._waits, question, self._deadline, self._patience_s, self.store.label, discard, is_write=is_write
        )

    def _release(self, lock: AbstractContextManager[None]) -> None:
        if type(self.store) is MemoryStore:
            _leave(lock)
            return
        is_done = threading.Event()

        def release() -> None:
            try:
                _leave(lock)
            finally:
                is_done.set()

        try:
            # Nobody gives this question up: it is asked, if late.
            self._waits.begin(release)
        except NoThreadError:
            release()
        is_done.wait(max(0.0, min(self._deadline.left, self._patience_s)))


def ask_in_time(
    waits: BoundedWait,
    question: Callable[[], Out],
    deadline: Deadline,
    patience_s: float,
    label: str,
    discard: Callable[[Out], object] | None = None,
    *,
    is_write: bool = False,
) -> Out:
    """The answer to `question`, by the `deadline` and within `patience_s` seconds. What comes later goes to `discard`.

    Raises what it raises, `StoreSilent` in the name of the store called `label`, and `InvocationFailed` (`cancelled`).
    """
    try:
        answer = waits.begin(question, discard)
    except NoThreadError:
        return question()
    # A write is finished, whoever leaves.
    unsubscribe = deadline.cancel.subscribe(answer.give_up) if deadline.cancel and not is_write else None
    try:
        patience_s = min(patience_s, _WRITE_S) if is_write else patience_s
        return answer.take(max(0.0, min(deadline.left, patience_s)))
    except TimeoutError:
        if deadline.is_cancelled and not is_write:
            raise fail_cancelled(is_unsent=True) from None
        words = f"{label[:1].upper()}{label[1:]} did not answer in the time allowed: see to it, and call again."
        raise StoreSilent(words) from None
    finally:
        if unsubscribe:
            unsubscribe()


def _leave(lock: AbstractContextManager[None] | None) -> Any:
    if lock is not None:
        lock.__exit__(None, None, None)

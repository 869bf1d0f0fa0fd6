"""How long an invocation may still take, and the switch that ends it early.

`Deadline` counts down: a stall limit that each answer that serves renews, and an end for the whole. `Cancel` is set by
whoever started the invocation, from any thread; it ends waits and requests under way at once.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from typing import Final

from connector.errors import ErrorDetail, InvocationFailed

#: The longest time (s) that is counted, a week and a half: operating systems count no longer waits on a socket. A time
#: that is longer is taken for this one.
LONGEST_S: Final = 1e6
_GLANCE_S: Final = 0.05


def check_seconds(name: str, value: float) -> float:
    """`value` (s) of the setting `name`, as far as times are counted.

    Raises `ValueError` where it is no number, not finite, or below zero.
    """
    try:
        is_time = not isinstance(value, bool) and math.isfinite(value) and value >= 0
    except OverflowError:
        # A whole number too large for a float.
        is_time = value >= 0
    except TypeError:
        is_time = False
    if not is_time:
        raise ValueError(f"{name} must be a finite number of seconds, zero or more.")
    return float(min(value, LONGEST_S))


class Cancel:
    """A switch that is set once, from any thread or signal handler, and ends the invocations that it was given to.

    Nothing here takes a lock, so that a signal handler that interrupts `subscribe` can't wait for itself.
    """

    __slots__ = ("_callbacks", "_is_set")

    def __init__(self) -> None:
        self._is_set = False
        self._callbacks: dict[object, Callable[[], object]] = {}

    @property
    def is_set(self) -> bool:
        return self._is_set

    def set(self) -> None:
        """Ends everything under way. Setting it again changes nothing."""
        self._is_set = True
        for key in list(self._callbacks):
            self._call(key)

    def subscribe(self, callback: Callable[[], object]) -> Callable[[], None]:
        """Calls `callback` once, in the thread that sets the switch, or at once where it is set already.

        `callback` must be quick and raise nothing. What is returned takes it back.
        """
        key = object()
        self._callbacks[key] = callback
        if self._is_set:
            self._call(key)

        def unsubscribe() -> None:
            self._callbacks.pop(key, None)

        return unsubscribe

    def _call(self, key: object) -> None:
        # Whoever takes the callback out calls it, so that two threads can't both do so.
        if callback := self._callbacks.pop(key, None):
            callback()


class Deadline:
    """Counts down for one invocation; its threads may share it.

    `timeout_s` (s) is the longest time without progress, which is an answer that serves, never an error; `total_s` (s),
    where given, bounds everything; `cancel`, where given, ends it early. Nothing is counted beyond `LONGEST_S`.
    """

    __slots__ = ("_end", "_part_of", "_stall_end", "_timeout", "cancel")

    def __init__(self, timeout_s: float, total_s: float | None = None, cancel: Cancel | None = None) -> None:
        now = time.monotonic()
        self.cancel = cancel
        self._part_of: Deadline | None = None
        self._timeout = min(LONGEST_S, timeout_s)
        self._stall_end = now + self._timeout
        self._end = now + min(LONGEST_S, total_s) if total_s is not None else None

    @property
    def end(self) -> float:
        """The moment on `time.monotonic()`'s clock at which time is up, as long as there is no progress before."""
        return self._stall_end if self._end is None else min(self._stall_end, self._end)

    @property
    def left(self) -> float:
        """Seconds left; zero or less when time is up."""
        return self.end - time.monotonic()

    @property
    def is_cancelled(self) -> bool:
        return self.cancel is not None and self.cancel.is_set

    def renew(self) -> None:
        """There was progress: the stall limit starts anew."""
        self._stall_end = time.monotonic() + self._timeout
        if self._part_of:
            self._part_of.renew()

    def without_cancel(self) -> Deadline:
        """The same time for what has to be finished once it is begun, whoever leaves; its progress is the whole's."""
        made = Deadline(self._timeout, cancel=Cancel())
        made._stall_end, made._end, made._part_of = self._stall_end, self._end, self
        return made

    def acquire(self, lock: threading.Lock) -> bool:
        """Takes `lock` as soon as it is free; tells whether it was before time was up.

        Raises `InvocationFailed` (`cancelled`) soon after the invocation is cancelled while others hold the lock.
        """
        # Nothing wakes who waits for a lock, so the switch is looked at now and then.
        while not lock.acquire(timeout=max(0.0, min(_GLANCE_S, self.left))):
            if self.is_cancelled:
                raise fail_cancelled(is_unsent=True)
            if self.left <= 0:
                return False
        return True

    def pause(self, seconds: float) -> None:
        """Waits for `seconds` as a part of the work, which is no lack of progress; no longer than the whole may take.

        Raises `InvocationFailed` as `sleep` does.
        """
        self._stall_end += seconds
        self.sleep(seconds)

    def sleep(self, seconds: float) -> None:
        """Waits for `seconds`, or for what is left if that is less.

        Raises `InvocationFailed` (`cancelled`) as soon as the invocation is cancelled, also where it already was.
        """
        seconds = min(seconds, self.left)
        if self.cancel is None:
            if seconds > 0:
                time.sleep(seconds)
            return
        is_over = threading.Event()
        unsubscribe = self.cancel.subscribe(is_over.set)
        try:
            # An event that is set already is seen even where there is nothing to wait for.
            is_over.wait(max(0.0, seconds))
        finally:
            unsubscribe()
        if self.cancel.is_set:
            raise fail_cancelled(is_unsent=True)


def fail_cancelled(*, is_unsent: bool) -> InvocationFailed:
    """What is raised where a cancelled invocation would go on."""
    return InvocationFailed(ErrorDetail("cancelled", "cancelled before it was finished."), is_unsent=is_unsent)

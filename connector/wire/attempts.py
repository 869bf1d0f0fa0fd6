"""One request under way, and what it uses at each moment, so that it can be cut off at any of them."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, Literal, TypeVar

from connector.bounded_wait import Answer
from connector.wire.time_limits import WATCHDOG

Out = TypeVar("Out")

#: The watchdog leaves a socket's own timeout this much time to come first, in seconds.
_GRACE_S: Final = 0.05


class Attempt:
    """One request under way, which is over at `end` on `time.monotonic()`'s clock.

    It knows the socket that the request uses, from the moment that it connects until the connection goes back into its
    pool, so that the watchdog or a cancel can shut it down. What happened to it tells what a failure means:
    `guard` judges each address before it is connected to.
    `is_connected`: the request may have left. `is_reused`: its connection had carried another one before. `ended_by`
    tells what cut it off, if anything did.
    """

    __slots__ = ("_answer", "_handle", "_sock", "end", "ended_by", "guard", "is_connected", "is_reused", "stop")

    def __init__(self, stop: float, guard: Callable[[str], bool] | None = None) -> None:
        self.stop = stop
        self.guard = guard
        self.end = stop + _GRACE_S
        self.ended_by: Literal["timeout", "cancelled"] | None = None
        self.is_connected = False
        self.is_reused = False
        self._answer: Answer[Any] | None = None
        self._sock: Any = None
        self._handle: socket.socket | None = None

    @property
    def left(self) -> float:
        """Seconds left; zero or less when time is up."""
        return self.stop - time.monotonic()

    def expire(self) -> None:
        """Time is up: cuts the connection off."""
        self._cut_off("timeout")

    def cancel(self) -> None:
        """Nobody wants the answer any more: cuts the connection off, unless the attempt is over."""
        if WATCHDOG.release(self):
            self._cut_off("cancelled")

    def wait_for(self, answer: Answer[Out]) -> Out:
        """`answer`, which comes from a thread of its own. Raises `TimeoutError` when time is up or the attempt is cut
        off."""
        self._answer = answer
        if self.ended_by:
            answer.give_up()
        try:
            return answer.take(max(0.0, self.left))
        finally:
            self._answer = None

    def connect_by(self, sock: socket.socket) -> None:
        """`sock` is about to connect. Raises `InterruptedError` where the attempt was cut off before."""
        self.let_go()
        # TLS takes the socket over and shows its own only when it is done; a second handle stays good until then.
        self._handle = sock.dup()
        self._use(self._handle)

    def go_over(self, sock: Any) -> None:
        """The request goes over `sock`, which is connected. Raises like `connect_by`."""
        self._use(sock)
        self.let_go()
        self.is_connected = True

    def let_go(self) -> None:
        """Gives back what connecting has taken."""
        if self._handle is not None:
            self._handle.close()
            self._handle = None

    def _use(self, sock: Any) -> None:
        self._sock = sock
        if self.ended_by:
            raise InterruptedError(self.ended_by)

    def _cut_off(self, reason: Literal["timeout", "cancelled"]) -> None:
        self.ended_by = reason
        if answer := self._answer:
            answer.give_up()
        # A TLS connection within another has its socket inside.
        sock = getattr(self._sock, "socket", self._sock)
        if isinstance(sock, socket.socket):
            with suppress(OSError):
                # Not a TLS socket's own method: that would first let the reading thread go on without encryption.
                socket.socket.shutdown(sock, socket.SHUT_RDWR)


class _Current(threading.local):
    """The attempt that this thread is busy with. The pools are shared, and their methods don't pass it on."""

    attempt: Attempt


current: Final = _Current()

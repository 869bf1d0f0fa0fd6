"""Lines from a thread to the event loop: bounded, so that a slow reader holds the writer back, and given up when
either side leaves.
"""

from __future__ import annotations

import asyncio
import threading
from typing import Final

#: Bytes that may wait for the reader.
_ROOM: Final = 256 * 1024


class ReaderGone(Exception):
    """Nobody reads the lines any more."""


class Lines:
    """Made in the event loop's thread, where `read` and `leave` belong; `write` and `end` belong to the other one.

    `patience_s` is how long the writer waits for a reader that takes nothing.
    """

    def __init__(self, patience_s: float) -> None:
        self._loop = asyncio.get_running_loop()
        self._patience_s = patience_s
        self._waiting = bytearray()
        self._has_ended = False
        self._is_left = False
        self._is_hurried = False
        self._room = threading.Condition()
        self._news = asyncio.Event()

    def write(self, line: bytes) -> None:
        """Hands over a line; waits while there is no room. Raises `ReaderGone`."""
        with self._room:
            self._room.wait_for(lambda: self._is_hurried or self._has_room, self._patience_s)
            if self._is_left or not self._has_room:
                raise ReaderGone
            is_first = not self._waiting
            self._waiting += line
            self._waiting += b"\n"
        if is_first:
            self._loop.call_soon_threadsafe(self._news.set)

    def end(self) -> None:
        """No more lines will come."""
        with self._room:
            self._has_ended = True
        self._loop.call_soon_threadsafe(self._news.set)

    async def read(self) -> bytes:
        """All lines that have come since the last time, once there are some; empty at the end."""
        while True:
            with self._room:
                found = bytes(self._waiting)
                self._waiting.clear()
                has_ended = self._has_ended
                self._room.notify()
                self._news.clear()
            if found or has_ended:
                return found
            await self._news.wait()

    def leave(self) -> None:
        """The reader goes: the writer is told at its next line."""
        self._is_left = True
        self.hurry()

    def hurry(self) -> None:
        """From now on the writer doesn't wait for room; may be called from any thread."""
        with self._room:
            self._is_hurried = True
            self._room.notify()

    @property
    def _has_room(self) -> bool:
        return len(self._waiting) < _ROOM

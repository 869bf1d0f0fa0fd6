"""Clients that mean a server no good, for the soak run and for tests: each holds what it can until it is closed.

None of them needs an API key. `SERVER` is what they all take: the host and port of a server.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, Final

SERVER = tuple[str, int]
_PIECE: Final = 64 * 1024
#: Between two turns of a client that has nothing to hurry for, in seconds.
_PAUSE_S: Final = 0.02


class HostileClient:
    """Keeps `count` connections to a server open, writes on each what `write` gives, and reads no answer.

    A connection that the server ends is opened anew, at most `rate` of them in a second.
    """

    def __init__(self, server: SERVER, count: int, write: Callable[[], Iterator[bytes]], rate: float = 500) -> None:
        self._server = server
        self._count = count
        self._write = write
        self._rate = rate
        self._selector = selectors.DefaultSelector()
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="hostile")
        #: How many connections were tried, and how many bytes were sent.
        self.opened = 0
        self.sent = 0

    def __enter__(self) -> HostileClient:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    def _run(self) -> None:
        began = time.monotonic()
        try:
            while not self._is_over.is_set():
                allowed = (time.monotonic() - began) * self._rate
                while len(self._selector.get_map()) < self._count and self.opened < allowed:
                    self._open()
                sent = self.sent
                for key, _ in self._selector.select(_PAUSE_S):
                    self._step(key.fileobj, key.data)
                if self.sent == sent:
                    time.sleep(_PAUSE_S)
        finally:
            for key in list(self._selector.get_map().values()):
                self._close(key.fileobj)
            self._selector.close()

    def _open(self) -> None:
        connection = socket.socket()
        # What isn't read shall wait at the server.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        connection.settimeout(1)
        try:
            connection.connect(self._server)
        except OSError:
            connection.close()
            return
        finally:
            self.opened += 1
        connection.setblocking(False)
        self._selector.register(connection, selectors.EVENT_WRITE, [self._write(), b"", 0.0])

    def _step(self, connection: Any, state: list[Any]) -> None:
        """Sends some more; `state` is what comes next, what is left of the last piece, and when to go on."""
        source, left, go_on_at = state
        now = time.monotonic()
        if now < go_on_at:
            if _is_ended(connection):
                self._close(connection)
            return
        left = left or next(source, b"")
        try:
            count = connection.send(left) if left else 0
        except BlockingIOError:
            return
        except OSError:
            self._close(connection)
            return
        self.sent += count
        # A short piece is a drop of a drip; an empty one means that nothing more is sent.
        state[1:] = [left[count:], now + (0.0 if len(left) > 16 else 0.2)]
        if _is_ended(connection):
            self._close(connection)

    def _close(self, connection: Any) -> None:
        self._selector.unregister(connection)
        connection.close()


def _is_ended(connection: socket.socket) -> bool:
    """Whether the server has ended the connection. Answers are looked at, and left where they are."""
    with contextlib.suppress(BlockingIOError):
        try:
            return connection.recv(1, socket.MSG_PEEK) == b""
        except OSError as problem:
            if isinstance(problem, BlockingIOError):
                raise
            return True
    return False


def send_headers_without_end() -> Iterator[bytes]:
    """One header whose value never ends."""
    yield b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: "
    while True:
        yield b"a" * _PIECE


def send_headers_without_number() -> Iterator[bytes]:
    """Short headers, one after the other."""
    yield b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    while True:
        yield b"X-Some: thing\r\n" * 4000


def send_trailers_without_end() -> Iterator[bytes]:
    """A body in pieces, after which headers come again."""
    yield b"POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n"
    while True:
        yield b"X-Some: thing\r\n" * 4000


def send_requests_without_end() -> Iterator[bytes]:
    """Requests down one connection, and no answer is read."""
    while True:
        yield b"GET /openapi.json HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 1000


def send_nothing() -> Iterator[bytes]:
    """A connection on which nothing comes."""
    yield from ()


def drip_headers() -> Iterator[bytes]:
    """A request that comes byte by byte."""
    yield b"GET / HTTP"
    while True:
        yield b"/"


def drip_body() -> Iterator[bytes]:
    """Most of a large body at once, the rest byte by byte."""
    yield (
        b"POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json, text/event-stream\r\n"
        b"Content-Type: application/json\r\nContent-Length: 1000000\r\n\r\n"
    )
    yield b" " * 900_000
    while True:
        yield b" "


def ask_and_read_nothing() -> Iterator[bytes]:
    """One request for a large answer, which is never read."""
    yield b"GET /openapi.json HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


#: What each writes, and on how many connections.
HOSTILE: Final[dict[str, tuple[int, Callable[[], Iterator[bytes]]]]] = {
    "headers without end": (50, send_headers_without_end),
    "headers without number": (50, send_headers_without_number),
    "trailers without end": (50, send_trailers_without_end),
    "requests without end": (50, send_requests_without_end),
    "silent sockets": (1200, send_nothing),
    "dripped headers": (600, drip_headers),
    "dripped bodies": (600, drip_body),
    "answers never read": (600, ask_and_read_nothing),
}


def build_hostile_client(name: str, server: SERVER) -> HostileClient:
    """The client of that name in `HOSTILE`, to be entered."""
    count, write = HOSTILE[name]
    return HostileClient(server, count, write)

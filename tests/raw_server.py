"""A server on this machine that says whatever a test wants, byte by byte."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from typing import Any


class Peer:
    """The server's end of one connection."""

    def __init__(self, sock: socket.socket, server: RawServer) -> None:
        self.sock = sock
        self._server = server

    def say(self, content: bytes) -> None:
        self.sock.sendall(content)

    def drip(self, content: bytes, *, every_s: float = 0.02) -> None:
        """Sends `content` again and again, one byte at a time, until the other side has had enough."""
        while not self._server.is_stopping.wait(every_s):
            self.say(content[:1])
            content = content[1:] + content[:1]

    def pour(self, content: bytes) -> None:
        """Sends `content` again and again until the other side has had enough."""
        while not self._server.is_stopping.is_set():
            self.say(content)

    def wait(self, seconds: float) -> None:
        """Takes its time, unless the test is over."""
        self._server.is_stopping.wait(seconds)

    def hang(self) -> None:
        """Says nothing more, and does not hang up either."""
        self._server.is_stopping.wait()

    def reset(self) -> None:
        """Ends the connection as a crash does: by RST, not FIN."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()

    def read_request(self) -> bytes:
        """The next request, head and body; empty where the other side hung up."""
        head = b""
        while b"\r\n\r\n" not in head:
            if not (part := self.sock.recv(65536)):
                return b""
            head += part
        head, _, body = head.partition(b"\r\n\r\n")
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                while len(body) < int(line.split(b":")[1]):
                    body += self.sock.recv(65536)
        return head + b"\r\n\r\n" + body


Play = Callable[[Peer], object]


class RawServer:
    """A server on 127.0.0.1 that answers each request by the next of `plays`, by the last one when they run out.

    A play gets the connection and may say anything; when it returns, the next request is awaited on the same
    connection. `requests` holds what came; `connections` counts. `greeting` is said to whoever comes.
    """

    def __init__(self, tls: ssl.SSLContext | None = None, greeting: bytes = b"") -> None:
        self.plays: list[Play] = []
        self.requests: list[bytes] = []
        self.connections = 0
        self.is_stopping = threading.Event()
        self._tls = tls
        self._greeting = greeting
        self._lock = threading.Lock()
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._start(self._accept)

    @property
    def port(self) -> int:
        port: int = self._listener.getsockname()[1]
        return port

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    def stop(self) -> None:
        self.is_stopping.set()
        for sock in [self._listener, *self._open]:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        for sock in [self._listener, *self._open]:
            sock.close()

    def _start(self, run: Callable[..., None], *args: Any) -> None:
        self._threads.append(threading.Thread(target=run, args=args))
        self._threads[-1].start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                sock, _ = self._listener.accept()
                self._open.append(sock)
                self.connections += 1
                self._start(self._serve, sock)

    def _serve(self, sock: socket.socket) -> None:
        with contextlib.suppress(OSError), sock:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._tls:
                sock = self._tls.wrap_socket(sock, server_side=True)
                self._open.append(sock)
            with sock:
                sock.sendall(self._greeting)
                peer = Peer(sock, self)
                while request := peer.read_request():
                    with self._lock:
                        self.requests.append(request)
                        play = self.plays.pop(0) if len(self.plays) > 1 else self.plays[0]
                    play(peer)

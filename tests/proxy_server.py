"""A proxy as companies have them, which leads every name to one server: HTTP, CONNECT and SOCKS5 on one port."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
from urllib.parse import urlsplit


class ProxyServer:
    """Notes in `asked` where callers want to go, in `said` what they told the proxy itself; `silent` ones only listen.

    Names are taken as they come and never resolved: all lead to `leads_to`. With `tls` callers come by TLS.
    """

    def __init__(self, leads_to: str, *, silent: bool = False, tls: ssl.SSLContext | None = None) -> None:
        parts = urlsplit(leads_to)
        self._leads_to = (parts.hostname, parts.port)
        self._silent = silent
        self._tls = tls
        self.asked: list[str] = []
        self.said: list[bytes] = []
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._start(self._accept)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._listener.getsockname()[1]}"

    def stop(self) -> None:
        for sock in [self._listener, *self._open]:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        for sock in [self._listener, *self._open]:
            sock.close()

    def _start(self, run, *args) -> None:
        self._threads.append(threading.Thread(target=run, args=args))
        self._threads[-1].start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                sock, _ = self._listener.accept()
                self._open.append(sock)
                if not self._silent:
                    self._start(self._serve, sock)

    def _serve(self, sock: socket.socket) -> None:
        with contextlib.suppress(OSError):
            if self._tls:
                sock = self._tls.wrap_socket(sock, server_side=True)
                self._open.append(sock)
                self._serve_http(sock)
            elif sock.recv(1, socket.MSG_PEEK) == b"\x05":
                self._serve_socks(sock)
            else:
                self._serve_http(sock)

    def _serve_http(self, sock: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            if not (part := sock.recv(65536)):
                return
            head += part
        self.said.append(head)
        method, target, _ = head.split(b"\r\n", 1)[0].decode().split(" ")
        self.asked.append(f"{method} {target}")
        onward = self._open_onward()
        if method == "CONNECT":
            sock.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        else:
            onward.sendall(head)
        self._join(sock, onward)

    def _serve_socks(self, sock: socket.socket) -> None:
        methods = sock.recv(2)[1]
        sock.recv(methods)
        sock.sendall(b"\x05\x00")
        kind = sock.recv(4)[3]
        host = sock.recv(sock.recv(1)[0]).decode() if kind == 3 else socket.inet_ntoa(sock.recv(4))
        [port] = struct.unpack("!H", sock.recv(2))
        self.asked.append(f"SOCKS {host}:{port}")
        onward = self._open_onward()
        sock.sendall(b"\x05\x00\x00\x01" + bytes(6))
        self._join(sock, onward)

    def _open_onward(self) -> socket.socket:
        onward = socket.create_connection(self._leads_to)
        self._open.append(onward)
        return onward

    def _join(self, one: socket.socket, other: socket.socket) -> None:
        self._start(self._pass_on, other, one)
        self._pass_on(one, other)

    def _pass_on(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while part := one.recv(65536):
                other.sendall(part)
            other.shutdown(socket.SHUT_WR)

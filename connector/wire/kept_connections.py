"""Kept connections that can be cut off at any moment: `requests`' adapter over urllib3's pools, watched.

An `Attempt` is one request under way. It knows the socket that the request uses, from the moment that it connects
until the connection goes back into its pool, so that the watchdog or a cancel can shut it down. What happened to it
tells what a failure means: whether the request can have left, and whether the connection was an old one.
"""

from __future__ import annotations

import functools
import http.client
import socket
import ssl
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Literal

import requests
from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.util.connection import allowed_gai_family
from urllib3.util.ssl_ import create_urllib3_context

from connector.wire.time_limits import WATCHDOG

#: The longest that one address is tried, in seconds: the kernel has sent its question four times by then.
CONNECT_S: Final = 10.0
#: The watchdog leaves a socket's own timeout this much time to come first, in seconds.
_GRACE_S: Final = 0.05


class Attempt:
    """One request under way, which is over at `end` on `time.monotonic()`'s clock.

    `is_connected`: the request may have left. `is_reused`: its connection had carried another one before.
    `ended_by` tells what cut it off, if anything did.
    """

    __slots__ = ("_handle", "_sock", "end", "ended_by", "is_connected", "is_reused", "stop")

    def __init__(self, stop: float) -> None:
        self.stop = stop
        self.end = stop + _GRACE_S
        self.ended_by: Literal["timeout", "cancelled"] | None = None
        self.is_connected = False
        self.is_reused = False
        self._sock: Any = None
        self._handle: socket.socket | None = None

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self.stop

    def expire(self) -> None:
        """Time is up: cuts the connection off."""
        self._cut_off("timeout")

    def cancel(self) -> None:
        """Nobody wants the answer any more: cuts the connection off, unless the attempt is over."""
        if WATCHDOG.release(self):
            self._cut_off("cancelled")

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
        # A TLS connection within another has its socket inside.
        sock = getattr(self._sock, "socket", self._sock)
        if isinstance(sock, socket.socket):
            with suppress(OSError):
                # Not a TLS socket's own method: that would first let the reading thread go on without encryption.
                socket.socket.shutdown(sock, socket.SHUT_RDWR)


class Adapter(HTTPAdapter):
    """`requests`' adapter with watched pools, and one TLS context for all connections instead of one for each."""

    def __init__(self, kept: int, ca_bundle: str | None) -> None:
        self._ca_bundle = ca_bundle
        super().__init__(pool_maxsize=kept)

    @functools.cached_property
    def _context(self) -> ssl.SSLContext:
        context = create_urllib3_context()
        path = self._ca_bundle or DEFAULT_CA_BUNDLE_PATH
        if Path(path).is_dir():
            context.load_verify_locations(capath=path)
        else:
            context.load_verify_locations(cafile=path)
        return context

    def get_pool(self, url: str, proxies: dict[str, str]) -> Any:
        """The pool for `url`. Raises `OSError` where the CA bundle can't be read."""
        request = requests.PreparedRequest()
        request.method = "GET"
        request.url = url
        return self.get_connection_with_tls_context(request, verify=True, proxies=proxies)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        _watch_pools(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        if proxy.lower().startswith("https"):
            options.setdefault("proxy_ssl_context", self._context)
        manager = super().proxy_manager_for(proxy, **options)
        _watch_pools(manager)
        return manager

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, verify: Any, cert: Any = None
    ) -> tuple[Any, Any]:
        host, options = super().build_connection_pool_key_attributes(request, verify, cert)
        if host["scheme"] == "https":
            options["ssl_context"] = self._context
        return host, options


#: The attempt that this thread is busy with. The pools are shared, and their methods don't pass it on.
current = threading.local()


class _WatchedPool(HTTPConnectionPool):
    """Tells the current attempt which socket it uses."""

    def _new_conn(self) -> Any:
        connection: Any = super()._new_conn()
        connection.response_class = _Answer
        # Proxies of other kinds (SOCKS) have their own way to connect.
        if getattr(connection._new_conn, "__func__", None) is HTTPConnection._new_conn:
            connection._new_conn = functools.partial(
                _connect, connection._dns_host, connection.port, connection.socket_options
            )
        return connection

    def _get_conn(self, timeout: float | None = None) -> Any:
        connection: Any = super()._get_conn(timeout)
        current.attempt.is_reused = not connection.is_closed
        return connection

    def _validate_conn(self, conn: Any) -> None:
        if conn.is_closed:
            conn.connect()
        super()._validate_conn(conn)
        current.attempt.go_over(conn.sock)

    def _put_conn(self, conn: Any) -> None:
        # From here on another request may get the connection, so it must not be cut off any more.
        if conn is not None and not WATCHDOG.release(current.attempt):
            conn.close()
        super()._put_conn(conn)


class _Answer(http.client.HTTPResponse):
    """Three corrections of the standard library.

    It takes a head that breaks off for a whole one, knows 100 only of the informational answers that may come first
    (RFC 9110, 15.2), and for a chunk of negative size it would read all that the server has.
    """

    def begin(self) -> None:
        source = self.fp
        lines: Any = _Lines(source)
        self.fp = lines
        try:
            super().begin()
            while 100 <= self.status < 200 and self.status != http.client.SWITCHING_PROTOCOLS:
                self.headers = self.msg = None  # type: ignore[assignment]
                super().begin()
        finally:
            if self.fp is lines:
                self.fp = source
        if not lines.last:
            raise http.client.RemoteDisconnected("the head broke off")

    def _safe_read(self, amt: int) -> bytes:
        if amt < 0:
            raise http.client.IncompleteRead(b"")
        content: bytes = super()._safe_read(amt)  # type: ignore[misc]
        return content


class _Lines:
    """Reads lines from a file and remembers the last one."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self.last = b""
        self.close = file.close

    def readline(self, limit: int) -> bytes:
        self.last = self._file.readline(limit)
        return self.last


@functools.cache
def _watched(pool_class: type[HTTPConnectionPool]) -> type[HTTPConnectionPool]:
    return type(f"Watched{pool_class.__name__}", (_WatchedPool, pool_class), {})


def _watch_pools(manager: Any) -> None:
    classes = manager.pool_classes_by_scheme
    manager.pool_classes_by_scheme = {
        scheme: kind if issubclass(kind, _WatchedPool) else _watched(kind) for scheme, kind in classes.items()
    }


def _connect(host: str, port: int, options: Any) -> socket.socket:
    """A connection to `host`, by the first of its addresses that answers in its share of the time.

    urllib3 would give the whole time to each address. Raises `OSError`, and `socket.gaierror` for an unknown name.
    """
    attempt: Attempt = current.attempt
    try:
        addresses = socket.getaddrinfo(host.strip("[]"), port, allowed_gai_family(), socket.SOCK_STREAM)
    except UnicodeError:
        raise socket.gaierror(socket.EAI_NONAME, "no such name") from None
    failure = OSError("no address")
    for position, (family, kind, protocol, _, address) in enumerate(addresses):
        left = attempt.stop - time.monotonic()
        if left <= 0:
            raise TimeoutError("no time left to connect")
        sock = socket.socket(family, kind, protocol)
        try:
            attempt.connect_by(sock)
            for option in options or ():
                sock.setsockopt(*option)
            sock.settimeout(min(CONNECT_S, left / (len(addresses) - position)))
            sock.connect(address)
            sock.settimeout(max(0.001, attempt.stop - time.monotonic()))
        except OSError as error:
            sock.close()
            failure = error
        else:
            return sock
    raise failure

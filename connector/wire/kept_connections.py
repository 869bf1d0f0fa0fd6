"""Kept connections that can be cut off at any moment: urllib3's pools, which tell the current attempt what they do.

urllib3 and the standard library have no open place for that, so parts of theirs that are private are used here and
nowhere else. They are why urllib3 has an upper bound among the dependencies:

| part | why |
|---|---|
| `HTTPConnectionPool._get_conn`, `_put_conn` | when a connection begins and ceases to be an attempt's own |
| `HTTPConnectionPool._new_conn`, `_validate_conn` | where a connection is made, and is about to be used |
| `HTTPConnection._new_conn`, `_dns_host`; `PoolManager.pool_classes_by_scheme` | its socket is opened by `connecting` |
| `http.client.HTTPResponse.begin`, `fp`, `_safe_read` | corrections of how an answer is read |
"""

from __future__ import annotations

import functools
import http.client
import ssl
from typing import Any, Final

import urllib3
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool

from connector.wire.attempts import current
from connector.wire.connecting import connect, connect_elsewhere
from connector.wire.proxies import Proxy, find_proxy
from connector.wire.time_limits import WATCHDOG
from connector.wire.trust import load_trust

#: The longest head of an answer, with those of the informational ones before it, in bytes.
_HEAD_LIMIT: Final = 256 * 1024


class Pools:
    """Opens pools of `kept` connections, all of them with one TLS context, and closes them. `is_direct`: whatever the
    environment says of proxies."""

    def __init__(self, kept: int, *, is_direct: bool = False) -> None:
        self._kept = kept
        self._is_direct = is_direct
        self._managers: dict[str | None, urllib3.PoolManager] = {}

    @functools.cached_property
    def _trust(self) -> ssl.SSLContext:
        return load_trust()

    def open(self, url: str) -> HTTPConnectionPool:
        """The pool for `url`, by the way that the environment prescribes. Raises `SettingError` where that can't be."""
        proxy = None if self._is_direct else find_proxy(url)
        key = proxy.url if proxy else None
        if key not in self._managers:
            self._managers[key] = _watch_pools(self._make_manager(proxy))
        options = {"ssl_context": self._trust, "cert_reqs": "CERT_REQUIRED"} if url.startswith("https:") else {}
        return self._managers[key].connection_from_url(url, options)

    def close(self) -> None:
        for manager in self._managers.values():
            manager.clear()

    def _make_manager(self, proxy: Proxy | None) -> urllib3.PoolManager:
        if proxy is None:
            return urllib3.PoolManager(maxsize=self._kept)
        if proxy.is_socks:
            from urllib3.contrib.socks import SOCKSProxyManager

            return SOCKSProxyManager(proxy.url, maxsize=self._kept)
        context = self._trust if proxy.url.startswith("https:") else None
        return urllib3.ProxyManager(
            proxy.url, proxy_headers=proxy.headers, proxy_ssl_context=context, maxsize=self._kept
        )


class _WatchedPool(HTTPConnectionPool):
    """Tells the current attempt which socket it uses."""

    def _new_conn(self) -> Any:
        connection: Any = super()._new_conn()
        connection.response_class = _Answer
        open_socket = connection._new_conn
        if getattr(open_socket, "__func__", None) is HTTPConnection._new_conn:
            host, port, options = connection._dns_host, connection.port, connection.socket_options
            connection._new_conn = lambda: connect(current.attempt, host, port, options)
        else:
            # A SOCKS proxy has a way of its own to connect.
            connection._new_conn = lambda: connect_elsewhere(current.attempt, open_socket)
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
    """Four corrections of the standard library.

    It takes a head that breaks off for a whole one, knows 100 only of the informational answers that may come first
    (RFC 9110, 15.2), reads heads of 6 MB, and for a chunk of negative size it would read all that the server has.
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
    """Reads lines from a file, not without end, and remembers the last one."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._left = _HEAD_LIMIT
        self.last = b""
        self.close = file.close

    def readline(self, limit: int) -> bytes:
        self.last = self._file.readline(limit)
        self._left -= len(self.last)
        if self._left < 0:
            raise http.client.HTTPException("the head is too long")
        return self.last


@functools.cache
def _watched(pool_class: type[HTTPConnectionPool]) -> type[HTTPConnectionPool]:
    return type(f"Watched{pool_class.__name__}", (_WatchedPool, pool_class), {})


def _watch_pools(manager: urllib3.PoolManager) -> urllib3.PoolManager:
    classes = manager.pool_classes_by_scheme
    manager.pool_classes_by_scheme = {scheme: _watched(kind) for scheme, kind in classes.items()}
    return manager

"""One request over HTTP, on connections that are kept: `Request` → `Response`, in the time that is left.

Never follows a redirect, so a token stays with the server that it belongs to. Retries nothing and reads no meaning
into a status. What the environment says of proxies and CA bundles is worked out once for each server.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any, Final
from urllib.parse import urlsplit

import urllib3
from urllib3.util import Retry

from connector.forks import renew_in_child
from connector.wire.attempts import Attempt, current
from connector.wire.deadline import Deadline, fail_cancelled
from connector.wire.failures import explain, fail_sending
from connector.wire.kept_connections import Pools
from connector.wire.request import Request
from connector.wire.time_limits import WATCHDOG
from connector.wire.trust import SettingError

#: The largest body that is read, in bytes, after decompression.
BODY_LIMIT: Final = 32 * 1024 * 1024
_CHUNK: Final = 128 * 1024
#: The longest content that is read where nobody wants it, in bytes.
_SKIMMED: Final = 16 * 1024
#: To how many servers the way is remembered, with the connections that are kept.
_MOST_LINES: Final = 64
_NO_RETRY: Final = Retry(False, redirect=False)
#: Statuses whose answers have no body (RFC 9110, 6.4.1).
_BODILESS: Final = frozenset({204, 304})
#: Ways of packing that urllib3 knows where their libraries are installed, and would unpack without bound.
_UNASKED: Final = re.compile(r"\b(br|zstd)\b", re.IGNORECASE)
_NO_HEADER: Final = "a token or key has line breaks or letters that no header can carry; copy it anew"


@dataclass(frozen=True, slots=True)
class Response:
    """A server's answer, read to its end: status, headers (names in any case) and decoded content."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Line:
    """The way to a server: its pool, and what stands before a request's target there."""

    pool: Any
    prefix: str


class _AsNamed(dict[str, str]):
    """Servers whose names are their base URLs."""

    def __missing__(self, base: str) -> str:
        return base


class Transport:
    """Sends requests to named servers; safe to share between threads, and good in a forked process too.

    `servers` maps names to base URLs; without any, requests name their server by its base URL. `pool_size` is the
    number of connections kept for each. With a `guard`, which judges each IP address before it is connected to, no
    proxy is used, for that would connect to any. `is_head_enough`: status and headers are the answer, whatever becomes
    of its content, which is not given.
    """

    def __init__(
        self,
        servers: Mapping[str, str] | None,
        user_agent: str,
        pool_size: int = 100,
        *,
        guard: Callable[[str], bool] | None = None,
        is_head_enough: bool = False,
    ) -> None:
        self._servers = _AsNamed() if servers is None else dict(servers)
        self._is_head_enough = is_head_enough
        self._headers = {"User-Agent": user_agent, "Accept-Encoding": "gzip, deflate"}
        self._pool_size = pool_size
        self._guard = guard
        self._begin_anew()
        # Two processes on one connection would read each other's answers.
        renew_in_child(self._begin_anew)

    def send(self, request: Request, deadline: Deadline) -> Response:
        """The answer to `request`, from one attempt.

        Raises `InvocationFailed` without one: `network`, `timeout`, `bad_answer`, or `cancelled`.
        """
        base = self._servers[request.server]
        left = deadline.left
        if deadline.is_cancelled:
            raise fail_cancelled(is_unsent=True)
        if not all(value.isascii() and value.isprintable() for _, value in request.headers):
            raise fail_sending("invalid_fields", base, _NO_HEADER, is_unsent=True, is_lasting=True)
        if left <= 0:
            raise fail_sending("timeout", base, "no time was left to send the request", is_unsent=True)
        attempt = current.attempt = Attempt(deadline.end, self._guard)
        unsubscribe: Callable[[], None] | None = None
        answer: Any = None
        content: bytes | None = None
        try:
            WATCHDOG.watch(attempt)
            if deadline.cancel is not None:
                unsubscribe = deadline.cancel.subscribe(attempt.cancel)
            line = self._lines.get(request.server) or self._open_line(request.server)
            answer = line.pool.urlopen(
                request.method,
                line.prefix + request.target,
                request.content,
                {**self._headers, **dict(request.headers)},
                _NO_RETRY,
                redirect=False,
                assert_same_host=False,
                timeout=left,
                preload_content=False,
            )
            content = _skim(answer, base) if self._is_head_enough else _read(answer, base)
        except (urllib3.exceptions.HTTPError, HTTPException, OSError, ValueError) as error:
            raise explain(error, attempt, base, has_begun=answer is not None) from None
        finally:
            if content is None and answer is not None:
                answer.close()
            WATCHDOG.release(attempt)
            del current.attempt
            attempt.let_go()
            if unsubscribe:
                unsubscribe()
        if attempt.ended_by and not self._is_head_enough:
            # A body without a length ends with the connection, whoever ends it.
            raise explain(EOFError(), attempt, base, has_begun=True)
        return Response(answer.status, answer.headers, content)

    def close(self) -> None:
        """Closes all kept connections; requests under way end as they would. The transport may be used again."""
        pools = self._pools
        self._begin_anew()
        pools.close()

    def _begin_anew(self) -> None:
        self._lock = threading.Lock()
        self._lines: dict[str, _Line] = {}
        self._pools = Pools(self._pool_size, is_direct=self._guard is not None)

    def _open_line(self, server: str) -> _Line:
        base = self._servers[server]
        with self._lock:
            if server not in self._lines:
                if len(self._lines) >= _MOST_LINES:
                    # What is sent there now goes on; the connections that are kept are closed with the pool.
                    del self._lines[next(iter(self._lines))]
                try:
                    pool = self._pools.open(base)
                except SettingError as problem:
                    raise fail_sending("network", base, str(problem), is_unsent=True, is_lasting=True) from None
                parts = urlsplit(base)
                is_forwarded = pool.proxy is not None and parts.scheme == "http"
                self._lines[server] = _Line(pool, base if is_forwarded else parts.path)
            return self._lines[server]


def _has_content(answer: Any, base: str) -> bool:
    """Whether an answer has content by its status; the connection of one that sends some all the same is closed."""
    if answer.status < 200:
        raise fail_sending("bad_answer", base, f"the server answered {answer.status}, which was not asked for")
    headers = answer.headers
    if answer.status in _BODILESS and (headers.get("Content-Length", "0") != "0" or "Transfer-Encoding" in headers):
        # What follows would be taken for the next answer.
        answer.close()
        return False
    return True


def _skim(answer: Any, base: str) -> bytes:
    """Reads a content that says that it is short, for the connection to be used again; gives nothing of it."""
    if not _has_content(answer, base):
        return b""
    if answer.length_remaining is None or answer.length_remaining > _SKIMMED:
        answer.close()
        return b""
    try:
        answer.read(decode_content=False)
    except (urllib3.exceptions.HTTPError, HTTPException, OSError, ValueError):
        answer.close()
    return b""


def _read(answer: Any, base: str) -> bytes:
    if not _has_content(answer, base):
        return b""
    if _UNASKED.search(answer.headers.get("Content-Encoding", "")):
        raise fail_sending("bad_answer", base, "the answer is packed in a way that was not asked for")
    collected = bytearray()
    while True:
        chunk = answer.read(_CHUNK)
        collected += chunk
        if len(collected) > BODY_LIMIT:
            raise fail_sending(
                "bad_answer", base, f"the answer is larger than {BODY_LIMIT // 2**20} MiB", is_lasting=True
            )
        if len(chunk) < _CHUNK:
            # Less comes at the end alone.
            return bytes(collected)

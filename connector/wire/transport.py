"""One request over HTTP, on connections that are kept: `Request` → `Response`, in the time that is left.

Never follows a redirect, so a token stays with the server that it belongs to. Retries nothing and reads no meaning
into a status. What the environment says of proxies and CA bundles is worked out once for each server.
"""

from __future__ import annotations

import re
import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException, IncompleteRead
from socket import gaierror
from typing import Any, Final
from urllib.parse import urlsplit

import urllib3
from urllib3.exceptions import DecodeError
from urllib3.util import Retry

from connector.bounded_wait import NoThreadError
from connector.errors import ErrorDetail, ErrorKind, InvocationFailed
from connector.forks import renew_in_child
from connector.wire.attempts import Attempt, current
from connector.wire.connecting import ClosedAddressError, SlowResolverError
from connector.wire.deadline import Deadline, fail_cancelled
from connector.wire.kept_connections import Pools
from connector.wire.request import Request
from connector.wire.time_limits import WATCHDOG
from connector.wire.trust import SettingError

#: The largest body that is read, in bytes, after decompression.
BODY_LIMIT: Final = 32 * 1024 * 1024
_CHUNK: Final = 128 * 1024
_NO_RETRY: Final = Retry(False, redirect=False)
#: Statuses whose answers have no body (RFC 9110, 6.4.1).
_BODILESS: Final = frozenset({204, 304})
#: Ways of packing that urllib3 knows where their libraries are installed, and would unpack without bound.
_UNASKED: Final = re.compile(r"\b(br|zstd)\b", re.IGNORECASE)
#: What the standard library says of a proxy that answers CONNECT with an error; the proxy's own words follow.
_TUNNEL_REFUSED: Final = re.compile(r"Tunnel connection failed: (\d{3})")
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


class Transport:
    """Sends requests to named servers; safe to share between threads, and good in a forked process too.

    `servers` maps names to base URLs; `pool_size` is the number of connections kept for each. With a `guard`, which
    judges each IP address before it is connected to, no proxy is used, for that would connect to any.
    """

    def __init__(
        self,
        servers: Mapping[str, str],
        user_agent: str,
        pool_size: int = 100,
        *,
        guard: Callable[[str], bool] | None = None,
    ) -> None:
        self._servers = dict(servers)
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
            raise _fail("invalid_fields", base, _NO_HEADER, is_unsent=True, is_lasting=True)
        if left <= 0:
            raise _fail("timeout", base, "no time was left to send the request", is_unsent=True)
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
            content = _read(answer, base)
        except (urllib3.exceptions.HTTPError, HTTPException, OSError, ValueError) as error:
            raise _explain(error, attempt, base, has_begun=answer is not None) from None
        finally:
            if content is None and answer is not None:
                answer.close()
            WATCHDOG.release(attempt)
            del current.attempt
            attempt.let_go()
            if unsubscribe:
                unsubscribe()
        if attempt.ended_by:
            # A body without a length ends with the connection, whoever ends it.
            raise _explain(EOFError(), attempt, base, has_begun=True)
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
                try:
                    pool = self._pools.open(base)
                except SettingError as problem:
                    raise _fail("network", base, str(problem), is_unsent=True, is_lasting=True) from None
                parts = urlsplit(base)
                is_forwarded = pool.proxy is not None and parts.scheme == "http"
                self._lines[server] = _Line(pool, base if is_forwarded else parts.path)
            return self._lines[server]


def _read(answer: Any, base: str) -> bytes:
    if answer.status < 200:
        raise _fail("bad_answer", base, f"the server answered {answer.status}, which was not asked for")
    headers = answer.headers
    if answer.status in _BODILESS and (headers.get("Content-Length", "0") != "0" or "Transfer-Encoding" in headers):
        # What follows all the same would be taken for the next answer.
        answer.close()
        return b""
    if _UNASKED.search(headers.get("Content-Encoding", "")):
        raise _fail("bad_answer", base, "the answer is packed in a way that was not asked for")
    collected = bytearray()
    while True:
        chunk = answer.read(_CHUNK)
        collected += chunk
        if len(collected) > BODY_LIMIT:
            raise _fail("bad_answer", base, f"the answer is larger than {BODY_LIMIT // 2**20} MiB", is_lasting=True)
        if len(chunk) < _CHUNK:
            # Less comes at the end alone.
            return bytes(collected)


def _explain(error: Exception, attempt: Attempt, base: str, *, has_begun: bool) -> InvocationFailed:
    """What a library's exception means for the caller, by what happened to the attempt."""
    is_unsent = not attempt.is_connected
    if attempt.ended_by == "cancelled":
        return fail_cancelled(is_unsent=is_unsent)
    is_timeout = _is_caused_by(error, TimeoutError, urllib3.exceptions.TimeoutError)
    if attempt.ended_by == "timeout" or (is_timeout and attempt.left <= 0):
        what = "the answer did not end in the time allowed" if has_begun else "no answer in the time allowed"
        if _is_caused_by(error, SlowResolverError):
            what = "its name was not resolved in the time allowed; check the network's name server"
        return _fail("timeout", base, what, is_unsent=is_unsent)
    if _is_caused_by(error, ClosedAddressError):
        what = "its address may not be connected to"
        return _fail("invalid_fields", base, what, is_unsent=True, is_lasting=True)
    if is_unsent:
        is_refused = _is_caused_by(error, ssl.SSLCertVerificationError)
        if is_refused or _is_caused_by(error, ssl.SSLError):
            what = "no trusted connection (TLS); check the address and the CA bundle"
        elif _is_caused_by(error, gaierror):
            what = "its name can't be resolved; check the address and the network"
        elif refusal := _TUNNEL_REFUSED.search(str(error)):
            what = f"the proxy refused to lead there ({refusal[1]})"
        elif _is_caused_by(error, NoThreadError):
            what = "the system lets this process start no further thread; it would have bounded the time"
        else:
            what = "no connection; check the network and proxies"
        return _fail("network", base, what, is_unsent=True, is_lasting=is_refused)
    if _is_caused_by(error, DecodeError):
        return _fail("bad_answer", base, "the answer can't be decompressed")
    is_broken_off = _is_caused_by(error, OSError, IncompleteRead)
    if not has_begun and not is_broken_off:
        return _fail("bad_answer", base, "the answer is no HTTP; a proxy may be in between")
    what = "the connection broke off before the answer was complete"
    return _fail("network", base, what, is_stale=attempt.is_reused and not has_begun)


def _is_caused_by(error: BaseException, *kinds: type[BaseException]) -> bool:
    """Whether an exception or one that it wraps, as these libraries do it, is of one of these kinds."""
    if isinstance(error, kinds):
        return True
    causes = (error.__cause__, *error.args)
    return any(_is_caused_by(cause, *kinds) for cause in causes if isinstance(cause, BaseException))


def _fail(kind: ErrorKind, base: str, what: str, **flags: bool) -> InvocationFailed:
    return InvocationFailed(ErrorDetail(kind, f"{base}: {what}."), **flags)

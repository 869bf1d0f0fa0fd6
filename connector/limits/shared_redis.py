"""Redis from a URL, for what many processes and machines share: the gate, the store, the workers; and a lock there."""

from __future__ import annotations

import contextlib
import logging
import os
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import urlsplit

from connector.bounded_wait import BoundedWait
from connector.errors import ConnectorError

if TYPE_CHECKING:
    from redis import Redis
    from redis.lock import Lock
    from redis.retry import Retry

Out = TypeVar("Out")

_LOG: Final = logging.getLogger(__name__)
#: The environment variable that says where Redis is.
REDIS_URL: Final = "CONNECTOR_REDIS_URL"
#: Longest wait (s) for a connection, and for an answer on one: Redis stands next door.
WAIT_S: Final = 1.0
#: How long (s) something is tried again; the pauses of seven tries fit in.
RETRIED_S: Final = 3.0
#: How long (s) a lock outlives a holder that died. One that lives renews it.
LEASE_S: Final = 15.0
#: Longest wait (s) of an invocation for what is shared; without an answer it goes on by what is known here.
ANSWER_S: Final = 0.5
#: How long (s) a Redis that failed is not asked again.
REST_S: Final = 1.0
#: How long (s) nothing is logged of further outages: a Redis may be away and back many times.
SILENT_S: Final = 60.0
#: Options of an address that name files.
_FILES: Final = ("ssl_ca_certs", "ssl_ca_path", "ssl_certfile", "ssl_keyfile")
_POLL_S: Final = 0.05


def open_redis(url: str | None = None, *, retries: int = 1) -> Redis:
    """A client for the Redis at `url`, or at `CONNECTOR_REDIS_URL`; it connects when it is first asked something.

    What fails for the connection's sake is tried again `retries` times, but not after `RETRIED_S`: at once, then after
    pauses that grow to a second. Safe to share between threads, and to carry into a child process. Raises
    `ConnectorError` where there is no usable URL, or where the package `redis` is missing.
    """
    address = url or os.environ.get(REDIS_URL)
    if not address:
        raise ConnectorError(f"Where is Redis? Set {REDIS_URL}, such as redis://127.0.0.1:6379/0.")
    if not _is_address(address):
        raise ConnectorError("The address of Redis is redis://HOST:PORT/NUMBER, rediss:// with TLS, or unix://PATH.")
    try:
        from redis import Redis
        from redis.exceptions import RedisError
    except ImportError:
        raise ConnectorError("Redis needs the package redis: pip install 'redis>=8.1'.") from None
    waits = {} if urlsplit(address).scheme == "unix" else {"socket_connect_timeout": WAIT_S}
    try:
        client = Redis.from_url(
            address,
            socket_timeout=WAIT_S,
            retry=_build_retry(retries),
            **waits,
        )
        # Connects to nothing yet, but complains of options that there aren't.
        client.connection_pool.make_connection()
    except (TypeError, ValueError, RedisError):
        raise ConnectorError(f"The address of Redis at {describe_address(address)} can't be read.") from None
    for name in _FILES:
        path = client.connection_pool.connection_kwargs.get(name)
        if path and not Path(path).exists():
            raise ConnectorError(f"Redis at {describe_address(address)}: {name} names a file that isn't there.")
    return client


def _build_retry(retries: int) -> Retry:
    """How redis-py tries again. By itself it counts the tries only, each of which a silent Redis lets wait."""
    from redis.backoff import ExponentialBackoff
    from redis.exceptions import ConnectionError as ConnectionFailed
    from redis.exceptions import TimeoutError as TookTooLong
    from redis.retry import Retry

    class TimedRetry(Retry):
        def call_with_retry(
            self,
            do: Callable[[], Any],
            fail: Callable[..., Any],
            is_retryable: Callable[[Exception], bool] | None = None,
            with_failure_count: bool = False,
        ) -> Any:
            end = time.monotonic() + RETRIED_S

            def is_worth_it(error: Exception) -> bool:
                return time.monotonic() < end and (is_retryable is None or is_retryable(error))

            return super().call_with_retry(do, fail, is_worth_it, with_failure_count)

    errors = (ConnectionFailed, TookTooLong) if retries > 1 else (ConnectionFailed,)
    return TimedRetry(ExponentialBackoff(cap=1.0, base=0.02), retries, supported_errors=errors)


def _is_address(url: str) -> bool:
    """Whether `url` is of a form that redis-py reads whole; it goes to database 0 for a path that is no number."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return parts.path.strip("/") != ""
    return parts.scheme in ("redis", "rediss") and (parts.path.strip("/") or "0").isdecimal()


def describe_address(url: str) -> str:
    """Host and port, or the socket's path, of a Redis `url`: what a message may say, for the rest may be secret."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return parts.path
    try:
        return f"{parts.hostname or 'localhost'}:{parts.port or 6379}"
    except ValueError:
        return parts.hostname or "an unreadable address"


class Outages:
    """Questions to a `redis` that may be away, for who can do `what` alone meanwhile, such as "the rate limit".

    Each has `ANSWER_S` to be answered, whatever Redis's client would wait for. After a failure Redis is not asked
    again for `REST_S`, by nobody who shares the client, so that an outage doesn't slow every call; a warning is logged
    when it is away, and when it is back, for one outage every `SILENT_S`. Safe to share between threads.
    """

    def __init__(self, what: str, redis: Redis | None) -> None:
        self._what = what
        self._rest = _rests.setdefault(redis, _Rest()) if redis is not None else _Rest()
        self._is_away = False
        self._is_said = False
        self._silent_until = 0.0

    def ask(self, question: Callable[[], Out]) -> Out | None:
        """What Redis answers to `question`; `None` while it is away."""
        from redis.exceptions import RedisError

        rest = self._rest
        now = time.monotonic()
        if now < rest.ends_at:
            self._say_away(rest.reason)
            return None
        if self._is_away:
            # One asks whether it is back; the others go on by themselves meanwhile.
            rest.ends_at = now + REST_S
        try:
            answer = _WAITS.ask(question, ANSWER_S)
        except (RedisError, OSError) as problem:
            rest.ends_at, rest.reason = time.monotonic() + REST_S, type(problem).__name__
            self._say_away(rest.reason)
            return None
        rest.ends_at = 0.0
        if self._is_away:
            self._is_away = False
            if self._is_said:
                _LOG.warning("Redis answers again: %s is shared.", self._what)
        return answer

    def _say_away(self, reason: str) -> None:
        if self._is_away:
            return
        self._is_away = True
        now = time.monotonic()
        self._is_said = now >= self._silent_until
        if self._is_said:
            self._silent_until = now + SILENT_S
            # The text of Redis's own errors may hold its address with a password in it.
            _LOG.warning(
                "Redis doesn't answer (%s): until it does, this process minds %s by itself.", reason, self._what
            )


class _Rest:
    """The time after a failure in which a Redis is not asked; `reason` is the kind of the failure."""

    def __init__(self) -> None:
        self.ends_at = 0.0
        self.reason = ""


#: One for each client, whoever asks it.
_rests: Final[weakref.WeakKeyDictionary[Redis, _Rest]] = weakref.WeakKeyDictionary()
#: As many questions may hang at a time as there are threads here.
_WAITS: Final = BoundedWait("connector-redis", 32)


@contextlib.contextmanager
def hold_lock(redis: Redis, key: str, timeout_s: float, lease_s: float = LEASE_S) -> Iterator[Lock]:
    """Holds the lock `key` among all machines that share `redis`; only its holder can release it.

    It is renewed while it is held, and ends `lease_s` after its holder died. Raises `TimeoutError` where it isn't free
    within `timeout_s` seconds (0 asks once), and Redis's own errors.
    """
    from redis.exceptions import LockError, RedisError

    lock = redis.lock(key, timeout=lease_s, sleep=_POLL_S, blocking_timeout=max(0.0, timeout_s), thread_local=False)
    if not lock.acquire():
        raise TimeoutError("the lock is held by another process")
    is_done = threading.Event()
    renewing = threading.Thread(target=_renew, args=(lock, lease_s, is_done), daemon=True, name=f"renews {key}")
    renewing.start()
    try:
        yield lock
    finally:
        is_done.set()
        renewing.join()
        # Released already, lost, or out of reach: it ends by itself, and what was done under it is done.
        with contextlib.suppress(LockError, RedisError):
            lock.release()


def _renew(lock: Lock, lease_s: float, is_done: threading.Event) -> None:
    from redis.exceptions import LockError, RedisError

    while not is_done.wait(lease_s / 3):
        try:
            lock.reacquire()
        except LockError:
            _LOG.warning("A lock in Redis was lost before its work was done; was Redis emptied?")
            return
        except RedisError:
            # The lease may still stand when Redis is back.
            continue

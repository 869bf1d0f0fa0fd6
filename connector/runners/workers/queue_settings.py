"""Celery's settings for a queue and results in the same Redis as everything else that is shared.

What redis-py read from the address is said once more in Celery's words: for the queue and for the results each, which
know neither `unix://` nor `rediss://` without the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

if TYPE_CHECKING:
    from redis import Redis

#: Longest wait (s) for a connection to Redis, and for an answer on one, which the queue's longest wait is part of.
CONNECT_S: Final = 5.0
ANSWER_S: Final = 10.0


def build_queue_settings(redis: Redis) -> dict[str, Any]:
    """Settings by which an app keeps its queue and its results where `redis`, from `open_redis`, connects to."""
    from redis.connection import SSLConnection

    pool = redis.connection_pool
    known = pool.connection_kwargs
    names = [quote(known.get(each) or "", safe="") for each in ("username", "password")]
    login = f"{':'.join(names)}@" if any(names) else ""
    number = known.get("db") or 0
    settings: dict[str, Any] = {
        "redis_socket_connect_timeout": CONNECT_S,
        "redis_socket_timeout": ANSWER_S,
    }
    if path := known.get("path"):
        url = f"redis+socket://{login}{quote(path)}?virtual_host={number}"
    elif issubclass(pool.connection_class, SSLConnection):
        url = f"rediss://{login}{_write_host(known)}/{number}"
        # Who doesn't say otherwise wants the server's certificate looked at; both would ask for it to be said.
        tls = {"ssl_cert_reqs": "required"} | {key: each for key, each in known.items() if key.startswith("ssl_")}
        settings |= {"broker_use_ssl": tls, "redis_backend_use_ssl": tls}
    else:
        url = f"redis://{login}{_write_host(known)}/{number}"
    return {**settings, "broker_url": url, "result_backend": url}


def _write_host(known: dict[str, Any]) -> str:
    host = known.get("host") or "localhost"
    return f"{f'[{host}]' if ':' in host else host}:{known.get('port') or 6379}"

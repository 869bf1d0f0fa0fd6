"""The connector that all doors use: what it shares with other processes and machines is said by the environment.

`CONNECTOR_REDIS_URL` names the Redis through which the gate of a rate limit is shared; without it each process minds
its own. `CONNECTOR_STORE` names the store of connections, whose lock is as shared as the store.
"""

from __future__ import annotations

import os
from typing import Any

from connector.dispatcher import Connector
from connector.manifest import Manifest
from connector.ratelimit import Gate
from connector.redis_client import REDIS_URL, open_redis


def load_connector(
    path: str | os.PathLike[str] | None = None, *, redis_url: str | None = None, **options: Any
) -> Connector:
    """`Connector.load(path, **options)`, with a gate in the Redis at `redis_url`, or at `CONNECTOR_REDIS_URL`.

    Raises `ConnectorError` for a Redis that is named and can't be used, `ManifestError` for such a manifest.
    """
    if options.get("gate") is None:
        options["gate"] = open_gate(Manifest.load(path), redis_url)
    return Connector.load(path, **options)


def open_gate(manifest: Manifest, redis_url: str | None = None) -> Gate | None:
    """The gate in the Redis at `redis_url`, or at `CONNECTOR_REDIS_URL`; `None` where neither names one.

    Raises `ConnectorError` for a Redis that is named and can't be used.
    """
    url = redis_url or os.environ.get(REDIS_URL)
    if not url:
        return None
    from connector.redis_gate import RedisGate

    return RedisGate(open_redis(url), manifest.command)

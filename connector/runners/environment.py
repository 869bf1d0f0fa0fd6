"""The connector that all doors use: what it shares with other processes and machines is said by the environment.

`CONNECTOR_REDIS_URL` names the Redis through which the gate of a rate limit is shared; without it each process minds
its own. `CONNECTOR_STORE` names the store of connections, whose lock is as shared as the store.
"""

from __future__ import annotations

import os
from typing import Any

from connector.dispatcher import Connector
from connector.manifest import Manifest
from connector.redis_client import REDIS_URL, open_redis


def load_connector(
    path: str | os.PathLike[str] | None = None, *, redis_url: str | None = None, **options: Any
) -> Connector:
    """`Connector.load(path, **options)`, with a gate in the Redis at `redis_url`, or at `CONNECTOR_REDIS_URL`.

    Raises `ConnectorError` for a Redis that is named and can't be used, `ManifestError` for such a manifest.
    """
    url = redis_url or os.environ.get(REDIS_URL)
    if url and options.get("gate") is None:
        from connector.redis_gate import RedisGate

        options["gate"] = RedisGate(open_redis(url), Manifest.load(path).command)
    return Connector.load(path, **options)

"""The connector that all doors use: what it shares with other processes and machines is said by the environment.

`CONNECTOR_REDIS_URL` names the Redis through which the gate of a rate limit is shared; without it each process minds
its own. `CONNECTOR_PACE` is the rate that no app's calls shall exceed. `CONNECTOR_STORE` names the store of
connections, whose lock is as shared as the store.
"""

from __future__ import annotations

import os
from typing import Any, Final

from connector.errors import ConnectorError
from connector.limits.local_gate import Gate
from connector.limits.pace import Pace
from connector.limits.shared_redis import REDIS_URL, open_redis
from connector.manifest.manifest import Manifest
from connector.way.connector import Connector

#: The environment variable for a rate below which all calls of an app are kept.
PACE: Final = "CONNECTOR_PACE"


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
    """The gate in the Redis at `redis_url`, or at `CONNECTOR_REDIS_URL`, that keeps the pace in `CONNECTOR_PACE`;
    `None` where the environment names neither.

    Raises `ConnectorError` for a Redis or a pace that is named and can't be used.
    """
    url = redis_url or os.environ.get(REDIS_URL)
    pace = os.environ.get(PACE)
    redis = open_redis(url) if url else None
    gate: Gate | None = None
    if redis:
        from connector.limits.redis_gate import RedisGate

        gate = RedisGate(redis, manifest.command)
    if not pace:
        return gate
    calls, _, seconds = pace.partition("/")
    if not (calls.isdecimal() and seconds.isdecimal() and int(calls) and int(seconds)):
        raise ConnectorError(f"{PACE} is CALLS/SECONDS, such as 150/30: at most 150 calls in any 30 seconds.")
    return Pace(int(calls), int(seconds), gate, redis)

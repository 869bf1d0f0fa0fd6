"""The connector that all doors use: what it shares with other processes and machines is said by the environment.

`CONNECTOR_REDIS_URL` names the Redis through which the gate of a rate limit is shared; without it each process minds
its own. `CONNECTOR_PACE` is the rate that no app's calls shall exceed. `CONNECTOR_STORE` names the store of
connections, whose lock is as shared as the store. `CONNECTOR_DAILY_CALLS` is the most calls that a developer account
makes in any 24 hours, counted in that Redis, else in a file beside the connections.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final, TypedDict, cast

from connector.errors import ConnectorError
from connector.limits.budget_places import open_budget, read_daily_calls
from connector.limits.count import KeptCount
from connector.limits.day_budget import DayBudget
from connector.limits.local_count import LocalCount
from connector.limits.local_gate import Gate
from connector.limits.pace import Pace
from connector.limits.shared_redis import REDIS_URL, open_redis
from connector.manifest.manifest import Manifest
from connector.way.connector import Connector

#: The environment variable for a rate below which all calls of an app are kept.
PACE: Final = "CONNECTOR_PACE"
#: Where the calls of a day are counted, beside the connections.
DAY_FILE: Final = "day.calls"
#: Where it is counted which of them polls took.
POLLS_FILE: Final = "polls.calls"


def load_connector(
    path: str | os.PathLike[str] | None = None, *, redis_url: str | None = None, **options: Any
) -> Connector:
    """`Connector.load(path, **options)`, with a gate in the Redis at `redis_url`, or at `CONNECTOR_REDIS_URL`, and with
    the day's budget of the environment.

    Raises `ConnectorError` for a Redis that is named and can't be used, `ManifestError` for such a manifest.
    """
    manifest = Manifest.load(path)
    if options.get("gate") is None:
        options["gate"] = open_gate(manifest, redis_url)
    if options.get("daily_calls") is None:
        options["daily_calls"] = open_day_budget(manifest, options["gate"])
    return Connector.load(path, **options)


class Limits(TypedDict):
    """What holds calls back, as options of a `Connector`."""

    gate: Gate | None
    daily_calls: DayBudget


def open_limits(manifest: Manifest, *, is_sandbox: bool = False) -> Limits:
    """The limits that the environment sets; what a sandbox answers counts for it alone. Raises `ConnectorError` for
    limits that can't be used."""
    gate = open_gate(manifest)
    return {"gate": gate, "daily_calls": open_budget(None, None) if is_sandbox else open_day_budget(manifest, gate)}


#: Letters of a pace, beyond which it is none.
_LONGEST: Final = 30


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
    if len(pace) > _LONGEST or not (calls.isdecimal() and seconds.isdecimal() and int(calls) and int(seconds)):
        raise ConnectorError(f"{PACE} is CALLS/SECONDS, such as 150/30: at most 150 calls in any 30 seconds.")
    return Pace(int(calls), int(seconds), gate, redis)


def open_day_budget(manifest: Manifest, gate: Gate | None) -> DayBudget:
    """The budget that `CONNECTOR_DAILY_CALLS` sets, if any, shared as `gate` is, else by all processes of this machine
    that keep their connections in the same place; by this one alone where there is no place for a file.

    Raises `ConnectorError` for a budget that is none.
    """
    calls = read_daily_calls()
    polls_file = _locate(manifest.command, POLLS_FILE)
    return open_budget(calls, gate, None if calls is None else _locate(manifest.command, DAY_FILE), polls_file)


def open_kept_budget(manifest: Manifest, gate: Gate | None) -> tuple[DayBudget, KeptCount]:
    """The budget as all processes share it, whether this one counts or not, and where it is counted. Raises
    `ConnectorError` where they share none."""
    command = manifest.command
    budget = open_budget(None, gate, _locate(command, DAY_FILE), _locate(command, POLLS_FILE))
    if isinstance(budget.count, LocalCount):
        raise ConnectorError(
            f"Each process counts by itself here: there is no home folder, and {REDIS_URL} names no Redis to share."
        )
    return budget, cast("KeptCount", budget.count)


def _locate(package: str, file: str) -> Path | None:
    from connector.auth import StoreFailed
    from connector.auth.stores.choosing import locate_files

    try:
        return locate_files(package) / file
    except StoreFailed:
        return None

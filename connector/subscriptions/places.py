"""Where subscriptions are kept: in Redis where the environment names one, else in a file beside the connections."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final, NamedTuple

from connector.auth.stores.choosing import locate_files
from connector.limits.shared_redis import REDIS_URL
from connector.subscriptions.sqlite_store import SqliteSubscriptions
from connector.subscriptions.store import SubscriptionStore

#: The file, beside the connections.
FILE: Final = "subscriptions.db"


class Place(NamedTuple):
    """The `store`, and the `folder` for a key that seals secrets; `None` where the environment must give the key."""

    store: SubscriptionStore
    folder: Path | None


def open_place(package: str) -> Place:
    """The place that `CONNECTOR_REDIS_URL` names, else the folder for the package's files; nothing is made or asked
    before it is used. Raises `ConnectorError` where there is none."""
    if url := os.environ.get(REDIS_URL):
        from connector.subscriptions.redis_store import RedisSubscriptions

        return Place(RedisSubscriptions(url, package), None)
    return open_folder(locate_files(package))


def open_folder(folder: Path) -> Place:
    """The place in a folder of its own."""
    return Place(SqliteSubscriptions(folder / FILE), folder)

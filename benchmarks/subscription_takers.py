"""Who takes the turns of many subscriptions: workers that share a Redis, or one server with its file; and what becomes
of them on the way."""

from __future__ import annotations

import os
import signal
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from cryptography.fernet import Fernet
from redis_server import RedisServer

from connector.auth import Store
from connector.auth.stores.file_store import FileStore
from connector.auth.stores.redis_store import RedisStore
from connector.limits.shared_redis import open_redis

if TYPE_CHECKING:
    from many_subscriptions import Story
    from workers_proof import Figures

WORKERS: Final = 4
#: How long (s) Redis is away.
AWAY_S: Final = 10.0
_SERVE: Final = ("serve", "--port", "0", "--subscriptions", "100000", "--no-access-log", "--subscription-threads")


class Takers(Protocol):
    """`environment` is what all processes are told of, `ended` the status with which one ends that was told to."""

    environment: dict[str, str]
    ended: int

    def open_store(self, package: str, /) -> Store:
        """Where the connections are kept."""
        ...

    def serve(self, story: Story) -> str:
        """Starts a server that takes no turns, and gives its address."""
        ...

    def begin(self, story: Story) -> None:
        """Starts those that take turns."""
        ...

    def disturb(self, story: Story) -> None:
        """Kills one of them, and what else may happen here."""
        ...

    def note_memory(self, figures: Figures) -> None:
        """What keeps the subscriptions takes, where it is a process of its own."""
        ...


class Workers:
    """Four workers and a Redis."""

    ended = 0

    def __init__(self, stack: ExitStack, folder: Path) -> None:
        self._redis = stack.enter_context(RedisServer(folder))
        self._key = Fernet.generate_key().decode()
        self.environment = {
            **os.environ,
            "CONNECTOR_REDIS_URL": self._redis.url,
            "CONNECTOR_STORE": self._redis.url,
            "CONNECTOR_STORE_KEY": self._key,
        }

    def open_store(self, package: str, /) -> Store:
        return RedisStore(self._redis.url, package, self._key)

    def serve(self, story: Story) -> str:
        return _read_url(story, "runner")

    def begin(self, story: Story) -> None:
        for number in range(1, WORKERS + 1):
            story.start(f"worker {number}", "worker", "--concurrency=1", takes_turns=True)

    def disturb(self, story: Story) -> None:
        story.kill("worker 1")
        story.go_by(0.5)
        self._redis.stop()
        time.sleep(AWAY_S)
        self._redis.start()
        story.go_by(0.5)

    def note_memory(self, figures: Figures) -> None:
        with open_redis(self._redis.url) as redis:
            information: Any = redis.info("memory")
        figures.note("Redis, MiB", f"{information['used_memory'] / 2**20:.0f}")


class OneServer:
    """One server, which keeps subscriptions and connections in files."""

    # Uvicorn ends by the signal that told it to.
    ended = -signal.SIGTERM

    def __init__(self, _stack: ExitStack, folder: Path) -> None:
        self._folder = folder / "connections"
        self.environment = {**os.environ, "CONNECTOR_STORE": f"file:{self._folder}"}

    def open_store(self, _package: str, /) -> Store:
        return FileStore(self._folder)

    def serve(self, story: Story) -> str:
        return _read_url(story, "asked")

    def begin(self, story: Story) -> None:
        story.kill("asked")
        story.start("server", *_SERVE, "8", takes_turns=True)

    def disturb(self, story: Story) -> None:
        story.kill("server")
        story.start("server again", *_SERVE, "8", takes_turns=True)
        story.go_by(1)

    def note_memory(self, figures: Figures) -> None:
        size = sum(path.stat().st_size for path in self._folder.glob("subscriptions.db*"))
        figures.note("file of subscriptions, MiB", f"{size / 2**20:.0f}")


def _read_url(story: Story, name: str) -> str:
    server = story.start(name, *_SERVE, "0")
    return server.wait_for(" at http://", 60).split(" at ")[1].split("/docs")[0]

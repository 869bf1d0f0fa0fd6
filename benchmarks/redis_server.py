"""A real Redis on a free port of this computer, with a folder of its own, for the proof and for the tests."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from redis import Redis
from redis.exceptions import ConnectionError as ConnectionFailed

_START_S: Final = 20.0


class NotInstallable(Exception):
    """There is no redis-server here and none can be installed; the text says why."""


class RedisServer:
    """Starts `redis-server` on 127.0.0.1; use it in a `with` statement.

    Args:
        folder: where it keeps its data, which outlive a restart.

    Raises:
        NotInstallable: there is no redis-server, nor a way to get it.
    """

    def __init__(self, folder: Path) -> None:
        self._program = find_program()
        self._folder = folder
        self._port = _find_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self._port}/0"

    def start(self) -> Self:
        """Start it, again after `stop`; it answers when this returns."""
        options = {"port": self._port, "bind": "127.0.0.1", "dir": self._folder, "appendonly": "yes", "save": ""}
        words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
        self._process = subprocess.Popen([self._program, *words], stdout=subprocess.DEVNULL)
        ends_at = time.monotonic() + _START_S
        with Redis.from_url(self.url) as client:
            while True:
                try:
                    client.ping()
                except ConnectionFailed:
                    if time.monotonic() > ends_at or self._process.poll() is not None:
                        raise
                    time.sleep(0.02)
                else:
                    return self

    def stop(self) -> None:
        """End it and wait until it has written what it knows; harmless when it doesn't run."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
            self._process = None

    def freeze(self) -> None:
        """Have it say nothing any more, though its connections stay open, until `thaw`."""
        if self._process is not None:
            self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def find_program() -> str:
    """The path of `redis-server`; installs Debian's package where it is missing and may be installed."""
    if program := shutil.which("redis-server"):
        return program
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise NotInstallable("there is no redis-server here; on Debian: apt-get install redis-server")
    for words in (["update"], ["install", "--yes", "--no-install-recommends", "redis-server"]):
        done = subprocess.run(["apt-get", "--quiet", *words], capture_output=True, text=True, check=False)
        if done.returncode:
            raise NotInstallable(f"redis-server can't be installed: {done.stderr.strip()[-200:]}")
    program = shutil.which("redis-server")
    if program is None:
        raise NotInstallable("redis-server was installed and still isn't found")
    return program


def _find_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port

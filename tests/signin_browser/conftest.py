"""A real browser, a sandbox to sign in at, and the command `login` as a process of its own."""

import contextlib
import json
import os
import queue
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from connector.auth import Connection
from connector.auth.stores.file_store import FileStore
from connector.sandbox import Control, Sandbox

SECRET = "sandbox-secret-not-real"


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    context = browser.new_context()
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def _running() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(_running: Sandbox) -> Sandbox:
    _running.control.reset()
    return _running


@pytest.fixture
def control(sandbox: Sandbox) -> Control:
    return sandbox.control


@pytest.fixture
def store(tmp_path) -> FileStore:
    return FileStore(tmp_path / "connections")


class Login:
    """`login` under way; its standard error is read as it comes."""

    def __init__(self, words: tuple[str, ...], environment: dict[str, str]) -> None:
        command = [sys.executable, "-c", "from connector.cli import main; main()", "login", *words]
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **environment},
        )
        self.said = ""
        self._pieces: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        stream = self.process.stderr
        assert stream is not None
        while piece := stream.read(1):
            self._pieces.put(piece)
        self._pieces.put("")

    def type(self, line: str) -> None:
        """What the user types, and the enter key."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()

    def wait_for(self, pattern: str) -> re.Match[str]:
        """Reads on until standard error has `pattern`."""
        while not (found := re.search(pattern, self.said)):
            piece = self._pieces.get(timeout=30)
            assert piece, f"login ended without {pattern!r}: {self.said}"
            self.said += piece
        return found

    @property
    def url(self) -> str:
        return self.wait_for(r"(http\S+/authorize\?\S+)\n")[1]

    @property
    def redirect_uri(self) -> str:
        return self.wait_for(r"come back to (\S+) ")[1]

    def finish(self) -> int:
        """Waits for the end; gives the exit status. Nothing of what it prints may be for programs."""
        status = self.process.wait(60)
        self._reader.join()
        while piece := self._pieces.get():
            self.said += piece
        assert self.process.stdout is not None
        assert self.process.stdout.read() == ""
        return status

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self._reader.join()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            assert stream is not None
            with contextlib.suppress(BrokenPipeError):
                stream.close()


@pytest.fixture
def login(sandbox: Sandbox, store: FileStore) -> Iterator[Callable[..., Login]]:
    """Starts `login` with these words; variables as keywords."""
    started: list[Login] = []

    def start(*words: str, **variables: str) -> Login:
        environment = {
            "CONNECTOR_STORE": f"file:{store.folder}",
            "CONNECTOR_CLIENT_ID": "sandbox-client",
            "CONNECTOR_SERVER_ACCOUNTS": sandbox.servers["accounts"],
            "CONNECTOR_SERVER_API": sandbox.servers["api"],
            "NO_COLOR": "1",
            **variables,
        }
        started.append(Login(words, environment))
        return started[-1]

    yield start
    for process in started:
        process.close()


@pytest.fixture
def run_block(sandbox: Sandbox, store: FileStore) -> Callable[[str, str], Any]:
    """Runs a block with a connection, and gives its output."""

    def run(block: str, name: str) -> Any:
        from connector import Connector

        with Connector.load(servers=sandbox.servers, connection=name, store=f"file:{store.folder}") as connector:
            result = connector.invoke(block)
        assert result.ok, result.error
        return json.loads(json.dumps(result.output))

    return run


@pytest.fixture
def load(store: FileStore) -> Callable[[str], Connection]:
    def load_one(name: str = "default") -> Connection:
        connection = store.load(name)
        assert connection is not None
        return connection

    return load_one

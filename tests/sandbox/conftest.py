"""One sandbox for all its tests, reset before each; plain `requests` on the other side."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from connector.sandbox import Control, Sandbox


class Client:
    """Calls the sandbox as an app would, the demo user's token in hand."""

    def __init__(self, sandbox: Sandbox, session: requests.Session) -> None:
        self.url = sandbox.url
        self.session = session
        self.token: str | None = None
        self.sandbox = sandbox

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        self.token = self.token or self.sandbox.demo_args["access_token"]
        headers = {"Authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        url = path if path.startswith("http") else f"{self.url}/v1{path}"
        return self.session.request(method, url, headers=headers, **options)

    def get(self, path: str, **query: Any) -> requests.Response:
        return self.call("GET", path, params=query)

    def put(self, path: str, **options: Any) -> requests.Response:
        return self.call("PUT", path, **options)

    def delete(self, path: str, **options: Any) -> requests.Response:
        return self.call("DELETE", path, **options)

    def token_call(self, **options: Any) -> requests.Response:
        return self.session.post(f"{self.url}/api/token", **options)


@pytest.fixture(scope="session")
def _running() -> Iterator[Sandbox]:
    with Sandbox(quota_mode="extended") as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(_running: Sandbox) -> Sandbox:
    _running.control.reset()
    return _running


@pytest.fixture
def control(sandbox: Sandbox) -> Control:
    return sandbox.control


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[Client]:
    with requests.Session() as session:
        yield Client(sandbox, session)

"""HTTP runners on real sockets, in front of a sandbox or of a server that does as it is told."""

import contextlib

import pytest
import requests

from connector import Connector
from connector.auth import Connection
from connector.auth.stores.memory_store import MemoryStore
from connector.runners.http_server.serving import HttpServer
from connector.runners.http_server.settings import Settings
from connector.sandbox import SECOND_LISTENER, Sandbox


class Client(requests.Session):
    """A client of one runner: paths instead of addresses, and no proxies."""

    def __init__(self, url, key=None):
        super().__init__()
        self.url = url
        self.trust_env = False
        if key:
            self.headers["X-API-Key"] = key

    def request(self, method, path, **options):
        return super().request(method, path if path.startswith("http") else self.url + path, timeout=30, **options)

    def run(self, block, args=None, **options):
        return self.post(f"/blocks/{block}", json={} if args is None else args, **options)


@pytest.fixture(scope="session")
def _running_sandbox():
    with Sandbox(quota_mode="extended") as running:
        yield running


@pytest.fixture
def sandbox(_running_sandbox):
    _running_sandbox.control.reset()
    return _running_sandbox


@contextlib.contextmanager
def starting():
    with contextlib.ExitStack() as stack:

        def begin(connector, store=None, key=None, place=None, **settings):
            settings = {"port": 0, "shutdown_grace": 0, **settings}
            runner = stack.enter_context(HttpServer(connector, Settings(**settings), store, place))
            return stack.enter_context(Client(runner.url, key))

        yield begin


@pytest.fixture
def start():
    """`start(connector, store, key=…, place=…, **settings)` gives a client of a new runner."""
    with starting() as begin:
        yield begin


@pytest.fixture(scope="module")
def start_shared():
    """Like `start`, for runners that a module's tests share, since ending one takes a while."""
    with starting() as begin:
        yield begin


def build_store(sandbox):
    demo = sandbox.demo_args
    tokens = {"access_token": demo["access_token"], "refresh_token": demo["refresh_token"]}
    other = sandbox.control.demo_args(SECOND_LISTENER)["access_token"]
    own = [Connection(name, demo["client_id"], demo["client_key"], **tokens) for name in ("alice", "bob")]
    return MemoryStore([*own, Connection("old-account", demo["client_id"], access_token=other)])


@pytest.fixture
def store(sandbox):
    """Two connections of the demo user, alice and bob, and one of the second listener."""
    return build_store(sandbox)


@pytest.fixture(scope="module")
def shared_client(_running_sandbox, start_shared):
    """A client for calls that succeed: what a connector learns from errors would reach the tests after it."""
    store = build_store(_running_sandbox)
    with Connector.load(servers=_running_sandbox.servers, store=store) as loaded:
        yield start_shared(loaded, store)


@pytest.fixture
def connector(sandbox, store):
    with Connector.load(servers=sandbox.servers, store=store) as loaded:
        yield loaded


@pytest.fixture
def client(start, connector, store):
    """A client of a runner without keys, in front of the sandbox."""
    return start(connector, store)


@pytest.fixture
def example_args(sandbox):
    """Arguments that work in the sandbox, where the second listener is signed in as well."""

    def build(block):
        build_store(sandbox)
        return {**block.example, **{name: value for name, value in sandbox.demo_args.items() if name in block.fields}}

    return build

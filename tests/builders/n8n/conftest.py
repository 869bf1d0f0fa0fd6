"""A stage for the n8n package: the sandbox, the HTTP runner before it, and n8n with the package installed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from builders.n8n_install import install_linter, install_n8n
from builders.n8n_server import N8n
from builders.n8n_workflows import Workbench
from builders.provision import CannotInstall, Node, find_node
from giving_up import give_up
from moving import leave_nothing_to_chance

from connector import Connector
from connector.auth import Connection
from connector.auth.stores.memory_store import MemoryStore
from connector.export.n8n import build_package
from connector.export.n8n.names import Names
from connector.export.package import to_tgz
from connector.limits.local_gate import LocalGate
from connector.manifest.blocks import Block
from connector.manifest.manifest import Manifest
from connector.runners.http_server.serving import HttpServer
from connector.runners.http_server.settings import Settings
from connector.sandbox import SECOND_LISTENER, Sandbox

API_KEY = "a-key-of-the-tests"


class OpenedGate:
    """A gate that a test can open again, so that a rate limit ends with the test that is about it."""

    def __init__(self) -> None:
        self.open()

    def open(self) -> None:
        self._gate = LocalGate()

    def left(self, app: str) -> float:
        return self._gate.left(app)

    def close(self, app: str, seconds: float) -> None:
        self._gate.close(app, seconds)


@dataclass
class Stage:
    """The runner and what it calls. `reset` puts the sandbox back to its start and signs its listeners in again."""

    sandbox: Sandbox
    connector: Connector
    store: MemoryStore
    gate: OpenedGate
    runner_url: str

    def reset(self, **seed: Any) -> None:
        self.gate.open()
        self.sandbox.control.reset()
        if seed:
            self.sandbox.control.seed(seed)
        accounts = {"demo": self.sandbox.demo_args, "old-account": self.sandbox.control.demo_args(SECOND_LISTENER)}
        for name, known in accounts.items():
            self.store.save(
                Connection(
                    name,
                    known["client_id"],
                    known["client_key"],
                    access_token=known["access_token"],
                    refresh_token=known["refresh_token"],
                )
            )

    def example(self, block: Block) -> dict[str, Any]:
        """Arguments that fit and that the sandbox knows; the token is the connection's."""
        known = {name: value for name, value in self.sandbox.demo_args.items() if name in block.fields}
        args = {**block.example, **leave_nothing_to_chance(block), **known}
        args.pop("access_token", None)
        return args


@pytest.fixture(scope="session")
def node() -> Node:
    try:
        return find_node()
    except CannotInstall as problem:
        give_up(problem)


@pytest.fixture(scope="session")
def linter(node: Node) -> Path:
    """The folder that holds n8n's linter for community packages."""
    try:
        return install_linter(node)
    except CannotInstall as problem:
        give_up(problem)


@pytest.fixture(scope="session")
def session_stage() -> Iterator[Stage]:
    store, gate = MemoryStore(label="the tests"), OpenedGate()
    settings = Settings(port=0, keys=f"n8n:{API_KEY}:*", connection="demo", access_log=False)
    with (
        Sandbox(quota_mode="extended") as sandbox,
        Connector.load(servers=sandbox.servers, store=store, connection="demo", gate=gate, max_wait=1) as connector,
        HttpServer(connector, settings, store) as runner,
    ):
        yield Stage(sandbox, connector, store, gate, runner.url)


@pytest.fixture
def stage(session_stage: Stage) -> Stage:
    session_stage.reset()
    return session_stage


@pytest.fixture(scope="session")
def n8n(node: Node, manifest: Manifest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[N8n]:
    """n8n with the exported package, its owner signed in."""
    home = tmp_path_factory.mktemp("n8n")
    archive = home / "palette.tgz"
    archive.write_bytes(to_tgz(build_package(manifest)))
    try:
        running = N8n(node, install_n8n(node), home)
    except CannotInstall as problem:
        give_up(problem)
    running.install(archive)
    try:
        running.start()
        running.set_up_owner()
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="session")
def credential(n8n: N8n, manifest: Manifest, session_stage: Stage) -> dict[str, Any]:
    """The credential that all workflows use, as n8n keeps it."""
    names = Names.from_manifest(manifest)
    data = {"url": session_stage.runner_url, "apiKey": API_KEY, "connection": "demo"}
    made: dict[str, Any] = n8n.rest(
        "POST", "/credentials", {"name": names.title, "type": names.credential, "data": data}
    )
    return {**made, "data": data}


@pytest.fixture(scope="session")
def workbench(manifest: Manifest, credential: dict[str, Any]) -> Workbench:
    return Workbench(manifest, credential)

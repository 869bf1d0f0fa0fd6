"""A stage for the palette: the sandbox, the HTTP runner in front of it, and a Node-RED that calls the runner."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from builders.node_red_install import install_node_red
from builders.node_red_server import NodeRed, build_line
from builders.patience import PATIENCE_S
from builders.provision import CannotInstall, find_node
from giving_up import give_up

from connector import Connector
from connector.auth import Connection, open_store
from connector.export.node_red import build_package
from connector.export.node_red.flows import build_node, build_runner
from connector.export.node_red.palette import build_palette
from connector.export.package import to_tgz
from connector.manifest.manifest import Manifest
from connector.sandbox import SECOND_LISTENER, Sandbox

ROOT = Path(__file__).resolve().parents[3]
HARBOUR = Manifest.load(ROOT / "tests" / "harbour" / "manifest.yaml")
COMMAND = Path(sys.executable).with_name("spotify-blocks")
API_KEY = "a-key-of-the-tests"


def sign_in(sandbox: Sandbox) -> dict[str, dict[str, str]]:
    """What the connections to the listeners hold. Tokens are known from the first time that they are asked for."""
    return {"demo": sandbox.demo_args, "old-account": sandbox.control.demo_args(SECOND_LISTENER)}


def reset(sandbox: Sandbox) -> None:
    """Puts the sandbox back to its start, its listeners signed in."""
    sandbox.control.reset()
    sign_in(sandbox)


@dataclass
class Stage:
    """Everything that a test needs to build flows and to know what they must give."""

    sandbox: Sandbox
    runner_url: str
    connector: Connector
    manifest: Manifest

    def __post_init__(self) -> None:
        self.palette = build_palette(self.manifest)
        self._entries = {entry["name"]: entry for entry in self.palette["blocks"] + self.palette["triggers"]}

    def reset(self) -> None:
        reset(self.sandbox)

    def entry(self, block: str) -> dict[str, Any]:
        return self._entries[block]

    def build_runner(self, **more: Any) -> dict[str, Any]:
        """The config node for the runner, its API key included."""
        node = build_runner(self.palette, "runner")
        settings = {"url": self.runner_url, "connection": "demo", "credentials": {"apiKey": API_KEY}}
        return {**node, **settings, **more}

    def build_node(self, block: str, args: dict[str, Any], **more: Any) -> dict[str, Any]:
        """The node of a block or a trigger with `args` in its form; secrets stand in its credentials."""
        entry = self.entry(block)
        secrets = {
            f"secret_{field['name']}": args[field["name"]]
            for field in entry["fields"]
            if field["widget"] == "secret" and field["name"] in args
        }
        return build_node(entry, args, runner="runner", credentials=secrets, **more)


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(quota_mode="extended") as running:
        yield running


@pytest.fixture(scope="session")
def stage(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    store = f"file:{tmp_path_factory.mktemp('connections')}"
    for name, known in sign_in(sandbox).items():
        open_store(store).save(
            Connection(
                name,
                known["client_id"],
                known["client_key"],
                access_token=known["access_token"],
                refresh_token=known["refresh_token"],
            )
        )
    servers = [f"--server={name}={url}" for name, url in sandbox.servers.items()]
    environment = {**os.environ, "CONNECTOR_STORE": store, "CONNECTOR_SERVE_KEYS": f"palette:{API_KEY}:*"}
    log = tmp_path_factory.mktemp("runner") / "log.txt"
    with log.open("wb") as output:
        process = subprocess.Popen([COMMAND, "serve", "--port=0", *servers], stderr=output, env=environment)
    with process, Connector.load(servers=sandbox.servers, store=store, connection="demo") as connector:
        try:
            yield Stage(sandbox, _wait_for_address(process, log), connector, Manifest.load())
        finally:
            process.terminate()


def _wait_for_address(process: subprocess.Popen[bytes], log: Path) -> str:
    """Where the runner listens, as it says itself."""
    end = time.monotonic() + PATIENCE_S
    while process.poll() is None and time.monotonic() < end:
        if found := re.search(r"(http://[0-9.:]+)/docs", log.read_text("utf-8")):
            return found[1]
        time.sleep(0.1)
    raise RuntimeError(f"The runner did not start: {log.read_text('utf-8')}")


@pytest.fixture(scope="session")
def build_node_red(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., NodeRed]:
    """Installs a Node-RED with this project's palette, and with the one of the second manifest; `with` starts it."""

    def build(settings: str = "") -> NodeRed:
        packages = []
        for manifest in (Manifest.load(), HARBOUR):
            packages.append(tmp_path_factory.mktemp("package") / "palette.tgz")
            packages[-1].write_bytes(to_tgz(build_package(manifest)))
        try:
            node = find_node()
            installed = install_node_red(node)
        except CannotInstall as problem:
            give_up(str(problem))
        return NodeRed(node, installed, tmp_path_factory.mktemp("node-red"), packages, settings)

    return build


@pytest.fixture(scope="session")
def node_red(build_node_red: Callable[..., NodeRed]) -> Iterator[NodeRed]:
    """The Node-RED that most tests share."""
    with build_node_red() as running:
        yield running


@pytest.fixture(autouse=True)
def _fresh(sandbox: Sandbox) -> None:
    reset(sandbox)


@pytest.fixture
def deploy(node_red: NodeRed, stage: Stage) -> Callable[..., None]:
    """Deploys lines (name → node, or name → keywords of `build_line`) with the runner beside them."""

    def deploy(lines: dict[str, Any], runner: dict[str, Any] | None = None) -> None:
        flow = [runner or stage.build_runner()]
        for name, line in lines.items():
            flow += build_line(name, **line) if "node" in line else build_line(name, line)
        node_red.deploy(flow)

    return deploy

"""A Node-RED of the tests' own: its folder, its process, its admin API, and flows that a test can call by HTTP."""

from __future__ import annotations

import json
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from builders.patience import PATIENCE_S
from builders.provision import Node

Flow = list[dict[str, Any]]

_STARTED = "Started flows"
_SETTINGS = """\
module.exports = {
    uiHost: "127.0.0.1",
    uiPort: %d,
    credentialSecret: "of the tests",
    flowFile: "flows.json",
    telemetry: { enabled: false, updateNotification: false },
    editorTheme: { tours: false, palette: { catalogues: [] } },
    %s
};
"""


class NodeRed:
    """A Node-RED in `folder`, started by `with`, as often as one likes; `packages` are the palettes (`.tgz`) that it
    has, `settings` lines of its settings file beside those that all have."""

    def __init__(self, node: Node, installed: Path, folder: Path, packages: Sequence[Path], settings: str = "") -> None:
        self._node = node
        self._script = installed / "node_modules" / "node-red" / "red.js"
        self._folder = folder
        self._log = folder / "log.txt"
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = free.getsockname()[1]
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"name": "flows", "private": true}', "utf-8")
        (folder / "settings.js").write_text(_SETTINGS % (self._port, settings), "utf-8")
        for package in packages:
            # What a palette needs it brings along: nothing may be fetched.
            node.npm(["install", "--offline", str(package)], folder)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def log(self) -> str:
        return self._log.read_text("utf-8", "replace")

    def __enter__(self) -> NodeRed:
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [self._node.program, self._script, "-u", self._folder, "-s", self._folder / "settings.js"],
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self._node.environment(),
                cwd=self._folder,
            )
        try:
            self._wait_until(lambda: _STARTED in self.log, "did not start")
            # A second after the editor's start it shows a tip, whether the box for it is there yet or not.
            self.post("settings/user", {"editor": {"view": {"view-show-tips": False}}}).raise_for_status()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def kill(self) -> None:
        """Ends it as a crash does."""
        self._process.kill()
        self._process.wait()

    def _wait_until(self, condition: Callable[[], bool], failing: str) -> None:
        end = time.monotonic() + PATIENCE_S
        while not condition():
            if self._process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"Node-RED {failing}: {self.log[-2000:]}")
            time.sleep(0.05)

    def _stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def get(self, path: str) -> Any:
        answer = requests.get(f"{self.url}/{path}", headers={"Accept": "application/json"}, timeout=PATIENCE_S)
        answer.raise_for_status()
        return answer.json()

    def post(self, path: str, body: Any = None, timeout: float = PATIENCE_S) -> requests.Response:
        return requests.post(f"{self.url}/{path}", json=body, timeout=timeout)

    def deploy(self, flow: Flow) -> None:
        """Puts `flow` in the place of all flows there are; credentials stand in the nodes."""
        headers = {"Node-RED-API-Version": "v2", "Node-RED-Deployment-Type": "full"}
        with self.starting_flows():
            answer = requests.post(f"{self.url}/flows", json={"flows": flow}, headers=headers, timeout=PATIENCE_S)
            assert answer.status_code == 200, answer.text

    @contextmanager
    def starting_flows(self) -> Iterator[None]:
        """Waits, after what is done inside, until Node-RED has started flows: it answers before the nodes listen."""
        starts = self.log.count(_STARTED)
        yield
        self._wait_until(lambda: self.log.count(_STARTED) > starts, "did not start the flows")

    def run(self, name: str, body: Mapping[str, Any] | None = None) -> requests.Response:
        """Sends a message into the line `name` of a flow made by `build_line`; its payload is `body`."""
        return self.post(f"run/{name}", dict(body or {}))

    def read_global(self, name: str) -> Any:
        """A value of the global context; `None` where there is none."""
        found = self.get(f"context/global/{name}")
        return json.loads(found["msg"]) if found.get("format") in ("number", "boolean", "Object") else found.get("msg")


def build_line(name: str, node: dict[str, Any], *, before: Flow = (), after: Flow = ()) -> Flow:
    """A tab that takes a request at `/run/NAME`, runs `node` and answers with what came out of it.

    What fails is answered with status 500 and `{"error", "problem"}` as a Catch node gets them. Nodes of `before` and
    `after` stand in the line before and after the node; all get their ids and wires here.
    """
    tab = f"tab-{name}"
    line = [
        {"type": "http in", "url": f"/run/{name}", "method": "post"},
        *before,
        node,
        *after,
        {"type": "http response"},
    ]
    failed = [
        {"type": "catch", "scope": None},
        {
            "type": "change",
            "rules": [
                {
                    "t": "set",
                    "p": "payload",
                    "pt": "msg",
                    "to": '{"error": error, "problem": problem}',
                    "tot": "jsonata",
                },
                {"t": "set", "p": "statusCode", "pt": "msg", "to": "500", "tot": "num"},
            ],
        },
        {"type": "http response"},
    ]
    return [{"id": tab, "type": "tab", "label": name}, *_chain(tab, "line", line), *_chain(tab, "failed", failed)]


def _chain(tab: str, kind: str, nodes: Flow) -> Flow:
    ids = [f"{tab}-{kind}-{position}" for position in range(len(nodes))]
    following = [[[node_id]] for node_id in ids[1:]] + [[]]
    return [
        {"name": "", "x": 100, "y": 100, **node, "id": node_id, "z": tab, "wires": wires}
        for node, node_id, wires in zip(nodes, ids, following, strict=True)
    ]

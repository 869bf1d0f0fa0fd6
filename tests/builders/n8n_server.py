"""n8n as a test drives it: its own folder, its server on a free port, its command line and its REST interface."""

from __future__ import annotations

import json
import secrets
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import requests
from builders.patience import PATIENCE_S
from builders.provision import Node

OWNER = {"email": "owner@example.com", "firstName": "Ada", "lastName": "Maker", "password": "Blocks-for-makers-1"}
#: Longest time in seconds until n8n has started, on a machine that does much else.
START_TIMEOUT_S = 300
_QUIET = {
    "N8N_DIAGNOSTICS_ENABLED": "false",
    "N8N_VERSION_NOTIFICATIONS_ENABLED": "false",
    "N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED": "false",
    "N8N_DYNAMIC_BANNERS_ENABLED": "false",
    "N8N_TEMPLATES_ENABLED": "false",
    "N8N_PERSONALIZATION_ENABLED": "false",
    "N8N_HIRING_BANNER_ENABLED": "false",
    "N8N_ONBOARDING_FLOW_DISABLED": "true",
    "N8N_REINSTALL_MISSING_PACKAGES": "false",
    "N8N_DISABLED_MODULES": "mcp-registry,instance-ai",
    "N8N_COMMUNITY_PACKAGES_ENABLED": "true",
    "N8N_VERIFIED_PACKAGES_ENABLED": "false",
    "N8N_UNVERIFIED_PACKAGES_ENABLED": "true",
    "N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS": "true",
    "N8N_SECURE_COOKIE": "false",
    "EXECUTIONS_DATA_PRUNE": "false",
    "GENERIC_TIMEZONE": "Europe/Stockholm",
    "NO_COLOR": "1",
}


class N8n:
    """One n8n with a folder of its own.

    Args:
        node: the Node.js to run it with.
        program: the folder that n8n is installed in.
        home: an empty folder for its database, its keys and its packages.
    """

    def __init__(self, node: Node, program: Path, home: Path) -> None:
        self._node = node
        self._program = program / "node_modules" / "n8n" / "bin" / "n8n"
        self.home = home
        self.port = _find_port()
        self._broker_port = _find_port()
        self._secret = secrets.token_hex(16)
        self._process: subprocess.Popen[bytes] | None = None
        self.session = requests.Session()
        self.session.headers["browser-id"] = "tests"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def files(self) -> Path:
        """The folder whose files workflows may read."""
        return self.home / "files"

    @property
    def log(self) -> Path:
        return self.home / "n8n.log"

    def install(self, archive: Path) -> None:
        """Installs a community package from its archive, as n8n itself does: into the folder of its own packages."""
        folder = self.home / ".n8n" / "nodes"
        folder.mkdir(parents=True, exist_ok=True)
        package = {"name": "installed-nodes", "private": True, "dependencies": {}}
        (folder / "package.json").write_text(json.dumps(package), "utf-8")
        self._node.npm(
            ["install", "--prefix", ".", "--ignore-scripts", "--omit=peer", "--offline", str(archive)], folder
        )

    def start(self) -> None:
        """Starts the server and waits until it answers. Raises `AssertionError` with its log's end where it doesn't."""
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [str(self._node.program), str(self._program), "start"],
                cwd=self.home,
                env=self._environment(),
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        end = time.monotonic() + START_TIMEOUT_S
        while not self._is_ready():
            tail = self.log.read_text("utf-8", "replace")[-2000:]
            assert self._process.poll() is None, f"n8n ended: {tail}"
            assert time.monotonic() < end, f"n8n did not answer in {START_TIMEOUT_S} s: {tail}"
            time.sleep(0.5)

    def stop(self) -> None:
        """Ends the server."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
        self.session.close()

    def crash(self) -> None:
        """Ends the server as a power cut does."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def set_up_owner(self) -> None:
        """Makes the first account and signs it in."""
        self.rest("POST", "/owner/setup", OWNER)
        self.rest("POST", "/login", {"emailOrLdapLoginId": OWNER["email"], "password": OWNER["password"]})

    def rest(self, method: str, path: str, body: Any = None) -> Any:
        """What n8n's own interface answers, the `data` of it. Raises `AssertionError` with the answer of a refusal."""
        response = self.session.request(method, f"{self.url}/rest{path}", json=body, timeout=PATIENCE_S)
        assert response.ok, f"{method} {path}: {response.status_code} {response.text[:500]}"
        answer = response.json()
        return answer.get("data", answer) if isinstance(answer, dict) else answer

    def execute(self, workflow_id: str) -> dict[str, Any]:
        """Runs a workflow from the command line: what each node gave, by the nodes' names, each run in order."""
        printed = self.command("execute", f"--id={workflow_id}", "--rawOutput")
        # Other parts of n8n print before and after.
        document, _ = json.JSONDecoder().raw_decode(printed, printed.index("{"))
        found: dict[str, Any] = document["data"]["resultData"]["runData"]
        return found

    def run(self, workflow: Mapping[str, Any]) -> dict[str, Any]:
        """Saves a workflow and lets the server run it, as its editor does: what each node gave, as in `execute`."""
        return self.run_saved(self.rest("POST", "/workflows", workflow))

    def run_saved(self, made: Mapping[str, Any]) -> dict[str, Any]:
        """Lets the server run a workflow as it was saved, from its first node: what each node gave, as in `execute`."""
        start = {"workflowData": made, "triggerToStartFrom": {"name": made["nodes"][0]["name"]}}
        execution = self.rest("POST", f"/workflows/{made['id']}/run", start)["executionId"]
        end = time.monotonic() + PATIENCE_S
        while not self.rest("GET", f"/executions/{execution}").get("stoppedAt"):
            assert time.monotonic() < end, f"The workflow did not end in {PATIENCE_S} s."
            time.sleep(0.2)
        runs: dict[str, Any] = self._read_results(execution)["runData"]
        return runs

    def activate(self, made: Mapping[str, Any]) -> None:
        """Publishes a workflow as it was saved, so that its trigger starts it."""
        self.rest("POST", f"/workflows/{made['id']}/activate", {"versionId": made["versionId"]})

    def executions(self, workflow_id: str) -> list[dict[str, Any]]:
        """The workflow's executions that have ended, the oldest first: each with its `status`, under `runs` what each
        node gave, and the `error` of one that failed."""
        wanted = json.dumps({"workflowId": workflow_id})
        listed = self.rest("GET", f"/executions?filter={quote(wanted)}&limit=50")["results"]
        ended = sorted((each for each in listed if each.get("stoppedAt")), key=lambda each: int(each["id"]))
        results = {each["id"]: self._read_results(each["id"]) for each in ended}
        return [
            {**each, "runs": results[each["id"]]["runData"], "error": results[each["id"]].get("error")}
            for each in ended
        ]

    def _read_results(self, execution: str) -> dict[str, Any]:
        results: dict[str, Any] = parse_flatted(self.rest("GET", f"/executions/{execution}")["data"])["resultData"]
        return results

    def command(self, *arguments: str) -> str:
        """Runs one of n8n's commands beside the server and gives back what it printed."""
        environment = self._environment({"N8N_RUNNERS_BROKER_PORT": str(_find_port())})
        command = [str(self._node.program), str(self._program), *arguments]
        # `execute` prints what the blocks gave, and some give tokens: that is kept apart from what is watched for them.
        with tempfile.TemporaryFile("w+", encoding="utf-8") as printed:
            subprocess.run(
                command, cwd=self.home, env=environment, stdout=printed, stderr=subprocess.PIPE, check=True, timeout=300
            )
            printed.seek(0)
            return printed.read()

    def _is_ready(self) -> bool:
        try:
            return self.session.get(f"{self.url}/healthz/readiness", timeout=5).ok
        except requests.RequestException:
            return False

    def _environment(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        own = {
            "N8N_USER_FOLDER": str(self.home),
            "N8N_ENCRYPTION_KEY": self._secret,
            "N8N_LISTEN_ADDRESS": "127.0.0.1",
            "N8N_PORT": str(self.port),
            "N8N_RUNNERS_BROKER_PORT": str(self._broker_port),
            "N8N_EDITOR_BASE_URL": self.url,
            "N8N_RESTRICT_FILE_ACCESS_TO": str(self.files),
        }
        return self._node.environment({**_QUIET, **own, **(more or {})})


def parse_flatted(text: str) -> Any:
    """A value that n8n wrote down part by part: what is inside another part is that part's number, as a text."""
    parts = json.loads(text)
    built: dict[int, Any] = {}

    def build(place: int) -> Any:
        if place not in built:
            part = parts[place]
            if isinstance(part, dict):
                built[place] = {}
                built[place].update((key, resolve(value)) for key, value in part.items())
            elif isinstance(part, list):
                built[place] = []
                built[place].extend(map(resolve, part))
            else:
                built[place] = part
        return built[place]

    def resolve(value: Any) -> Any:
        return build(int(value)) if isinstance(value, str) else value

    return build(0)


def _find_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port

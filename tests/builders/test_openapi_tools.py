"""What reads OpenAPI documents has nothing to complain of, and clients that it generates call a runner.

Two linters with the rules that they recommend, and a generator of Python and one of TypeScript, whose clients are
typed.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
import requests
from builders.openapi_install import install_openapi_tools, install_python_generator
from builders.patience import PATIENCE_S
from builders.provision import CannotInstall, find_node
from giving_up import give_up

from connector import Connector
from connector.auth import Connection
from connector.auth.stores.memory_store import MemoryStore
from connector.runners.http_server.serving import HttpServer
from connector.runners.http_server.settings import Settings
from connector.sandbox import Sandbox

CALLERS = Path(__file__).with_name("openapi_clients")
#: As it is outside of the tests: nothing of theirs is handed on to programs of others.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith(("CONNECTOR_", "COVERAGE"))}
SPECTRAL = 'extends: ["spectral:oas"]\n'
#: A strict project of today.
COMPILER = {"strict": True, "module": "nodenext", "target": "es2022", "types": [], "outDir": "out"}


@pytest.fixture(scope="module")
def runner():
    with Sandbox(quota_mode="extended") as sandbox:
        demo = sandbox.demo_args
        tokens = {"access_token": demo["access_token"], "refresh_token": demo["refresh_token"]}
        store = MemoryStore([Connection("alice", demo["client_id"], demo["client_key"], **tokens)])
        with (
            Connector.load(servers=sandbox.servers, store=store) as connector,
            HttpServer(connector, Settings(port=0, shutdown_grace=0), store) as running,
        ):
            yield running


@pytest.fixture(scope="module")
def document(runner, tmp_path_factory):
    """The file of the document that the runner serves."""
    path = tmp_path_factory.mktemp("document") / "openapi.json"
    path.write_bytes(requests.get(f"{runner.url}/openapi.json", timeout=PATIENCE_S).content)
    return path


@pytest.fixture(scope="module")
def tools():
    """`tools(program, *words, folder=…)` runs one of npm's programs, and gives back what it printed; it has to end
    well. `tools.modules` is where they are installed."""
    try:
        node = find_node()
        modules = install_openapi_tools(node) / "node_modules"
    except CannotInstall as problem:
        give_up(str(problem))

    def run_tool(program: str, *words: str | Path, folder: Path) -> str:
        environment = {
            **node.environment(ENVIRONMENT),
            "REDOCLY_TELEMETRY": "off",
            "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true",
        }
        return run([node.program, modules / ".bin" / program, *words], folder, environment)

    run_tool.modules = modules
    run_tool.node = node
    return run_tool


def run(command, folder, environment):
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=PATIENCE_S * 4,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_linters_have_nothing_to_say(document, tools):
    assert run_redocly(document, tools) == {"errors": 0, "warnings": 0, "ignored": 0}
    rules = document.with_name("spectral.yaml")
    rules.write_text(SPECTRAL, "utf-8")
    words = ("lint", document, "--ruleset", rules, "--format", "json", "--fail-severity", "hint", "--quiet")
    assert json.loads(tools("spectral", *words, folder=document.parent)) == []


def run_redocly(document, tools):
    """How much it found."""
    told = tools("redocly", "lint", document, "--extends", "recommended", "--format", "json", folder=document.parent)
    # What it says besides, to people, stands around it.
    return json.JSONDecoder().raw_decode(told[told.index("{") :])[0]["totals"]


def test_a_linter_sees_what_is_wrong(document, tools, tmp_path):
    broken = json.loads(document.read_text("utf-8"))
    del broken["info"]["license"], broken["tags"][0]["description"]
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(broken), "utf-8")
    assert run_redocly(path, tools)["warnings"] == 2


def check_answers(told):
    assert told["blocks"] > 50
    assert told["track"] == "4iV5W9uYEdYUVa79Axb7Rh"
    assert len(told["saved"]) == 3
    assert all(told["saved"])
    assert told["heard"] == told["saved"][1::-1]
    assert told["written"] == [200, "Saved 1 track"]
    assert told["refused"] == [422, "invalid_fields", "id"]


def test_a_typescript_client_is_typed_and_calls(document, runner, tools, tmp_path):
    (tmp_path / "node_modules").symlink_to(tools.modules)
    (tmp_path / "package.json").write_text('{"type": "module"}', "utf-8")
    (tmp_path / "tsconfig.json").write_text(json.dumps({"compilerOptions": COMPILER, "files": ["call.ts"]}), "utf-8")
    shutil.copy(CALLERS / "call.ts", tmp_path)
    assert "warn" not in tools("openapi-typescript", document, "-o", tmp_path / "blocks.d.ts", folder=tmp_path).lower()
    tools("tsc", folder=tmp_path)
    done = run([tools.node.program, "out/call.js", runner.url], tmp_path, tools.node.environment(ENVIRONMENT))
    check_answers(json.loads(done))


def test_a_python_client_is_typed_and_calls(document, runner, tmp_path):
    try:
        programs = install_python_generator()
    except CannotInstall as problem:
        give_up(str(problem))
    # It has its files put in order by a program that it looks for.
    environment = {**ENVIRONMENT, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    settings = tmp_path / "settings.json"
    settings.write_text('{"package_name_override": "blocks_client"}', "utf-8")
    where = ("--path", document, "--output-path", tmp_path / "client", "--config", settings)
    run(
        [programs / "python", "-m", "openapi_python_client", "generate", "--fail-on-warning", *where],
        tmp_path,
        environment,
    )
    client = tmp_path / "client"
    done = run(
        [programs / "python", CALLERS / "call.py", runner.url], client, {**environment, "PYTHONPATH": str(client)}
    )
    check_answers(json.loads(done))

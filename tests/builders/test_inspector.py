"""The official MCP inspector's command line lists and calls the tools, over both transports."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from builders.inspector_install import PROGRAMS, install_inspector
from builders.patience import PATIENCE_S
from builders.provision import CannotInstall, find_node
from giving_up import give_up
from starlette.applications import Starlette
from starlette.routing import Route

from connector import Connector
from connector.manifest.manifest import Manifest
from connector.runners.mcp_server.offer import Offer
from connector.runners.mcp_server.server import build_mcp_app
from connector.runners.mcp_server.tools import build_input_schema
from connector.sandbox import Sandbox

COMMAND = Path(sys.executable).with_name("spotify-blocks")
MANIFEST = Manifest.load()
#: The user's cache, as it was before the tests got one of their own.
CACHE = os.environ.get("XDG_CACHE_HOME")
WHOLE = Offer(is_whole=True, has_output_schemas=True)
Inspect = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox() as running:
        yield running


@pytest.fixture(scope="module", params=["stdio", "http"])
def target(request, sandbox, serve_asgi, tmp_path_factory):
    """How the inspector is told where the server is."""
    if request.param == "stdio":
        # Options of the command would be taken for the inspector's own, so addresses go by the environment, and the
        # others into a program.
        program = tmp_path_factory.mktemp("program") / "serve-tools"
        program.write_text(f"#!/bin/sh\nexec {shlex.quote(str(COMMAND))} mcp --all --output-schemas\n", "utf-8")
        program.chmod(0o700)
        servers = (f"CONNECTOR_SERVER_{name.upper()}={url}" for name, url in sandbox.servers.items())
        yield [*(word for pair in servers for word in ("-e", pair)), str(program)]
        return
    with Connector.load(servers=sandbox.servers) as connector:
        app = build_mcp_app(connector, offer=WHOLE)
        with serve_asgi(Starlette(routes=[Route("/mcp", app)], lifespan=lambda _: app.run())) as url:
            yield [f"{url}/mcp", "--transport", "http"]


@pytest.fixture(scope="module", params=PROGRAMS)
def inspect(request, target, tmp_path_factory) -> Inspect:
    """`inspect("--method", …)` is what the inspector prints, as JSON."""
    try:
        node = find_node()
        with pytest.MonkeyPatch.context() as patch:
            patch.delenv("XDG_CACHE_HOME")
            if CACHE:
                patch.setenv("XDG_CACHE_HOME", CACHE)
            program = install_inspector(node, request.param)
    except CannotInstall as problem:
        give_up(str(problem))
    environment = node.environment({"HOME": str(tmp_path_factory.mktemp("home"))})

    def run(*words: str) -> dict[str, Any]:
        done = subprocess.run(
            [node.program, program, "--cli", *target, *words],
            env=environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
        try:
            printed: dict[str, Any] = json.loads(done.stdout)
        except ValueError:
            pytest.fail(f"{done.stdout}\n{done.stderr}")
        return printed

    return run


def call(inspect: Inspect, tool: str, **args: str) -> dict[str, Any]:
    pairs = [word for name, value in args.items() for word in ("--tool-arg", f"{name}={value}")]
    return inspect("--method", "tools/call", "--tool-name", tool, *pairs)


def test_it_lists_every_tool(inspect):
    tools = {tool["name"]: tool for tool in inspect("--method", "tools/list")["tools"]}
    assert list(tools) == [*MANIFEST.names, "whats_new"]
    for block in MANIFEST:
        assert tools[block.name]["inputSchema"] == build_input_schema(block, offer=WHOLE)


@pytest.mark.parametrize(
    ("tool", "args"),
    [("getUserSavedTracks", {"max_items": "2"}), ("checkSavedTrack", {"id": "11dFghVXANMlKmJXsNCbNl"})],
    ids=["object", "list"],
)
def test_it_calls_a_tool_and_finds_the_answer_to_fit_its_schema(inspect, sandbox, tool, args):
    """The inspector itself refuses structured content that its schema does not describe."""
    answer = call(inspect, tool, access_token=sandbox.demo_args["access_token"], **args)
    assert not answer.get("isError")
    assert json.loads(answer["content"][0]["text"]) == answer["structuredContent"]
    output = answer["structuredContent"] if tool == "getUserSavedTracks" else answer["structuredContent"]["result"]
    jsonschema.validate(output, MANIFEST.block(tool).output_schema)


def test_it_shows_what_to_do_after_an_error(inspect):
    answer = call(inspect, "saveTrack", id="11dFghVXANMlKmJXsNCbNl")
    assert answer["isError"]
    assert "access_token is required" in answer["content"][0]["text"]
    assert answer["_meta"]["connector/error"]["kind"] == "missing_fields"

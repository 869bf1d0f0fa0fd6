"""The command `mcp`: which tools it offers, for whom it acts, how it ends."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from connector.auth import Connection, open_store
from connector.manifest.manifest import Manifest

COMMAND = Path(sys.executable).with_name("spotify-blocks")
ESSENTIALS = Manifest.load().package["essentials"]
PROFILE = {"id": "u", "type": "user", "uri": "spotify:user:u"}


def read(answer):
    return json.loads(answer.content[0].text)


@pytest.mark.parametrize(
    ("words", "fits"),
    [
        ([], lambda block: block.name in ESSENTIALS),
        (["--all"], lambda _block: True),
        (["--read-only"], lambda block: block.effect == "read" and block.name in ESSENTIALS),
        (
            ["--only", "library", "--only", "getCategory"],
            lambda block: block.group == "Library" or block.name == "getCategory",
        ),
    ],
    ids=["essentials", "all", "read-only", "only"],
)
def test_tools_are_chosen(open_mcp, words, fits):
    with open_mcp([COMMAND, "mcp", *words]) as client:
        offered = [block.name for block in Manifest.load() if fits(block)]
        assert list(client.tools()) == [*offered, "whats_new"]


def test_it_needs_no_account_with_a_sandbox(open_mcp):
    with open_mcp([COMMAND, "mcp", "--all", "--sandbox", "--quota-mode", "development"]) as client:
        secrets = {"access_token", "client_key", "refresh_token", "code"}
        assert not any(secrets & tool.input_schema["properties"].keys() for tool in client.tools().values())
        assert "Sandbox Listener" in client.call("getCurrentUserProfile").content[0].text
        assert "Closed to apps in development mode since 2026-03-09" in client.call("getCategories").content[0].text


def test_secrets_come_from_the_environment(open_mcp, server):
    server.queue.append((200, {}, PROFILE))
    environment = {"CONNECTOR_ACCESS_TOKEN": "from-outside", "CONNECTOR_SERVER_API": server.url}
    with open_mcp([COMMAND, "mcp"], **environment) as client:
        assert "access_token" not in client.tools()["getCurrentUserProfile"].input_schema["properties"]
        assert read(client.call("getCurrentUserProfile", {"detail": "full"})) == PROFILE
    assert server.requests[0].headers["Authorization"] == "Bearer from-outside"


def test_the_connection_called_default_needs_no_naming(open_mcp, server, tmp_path):
    server.queue.append((200, {}, PROFILE))
    open_store(f"file:{tmp_path}").save(Connection("default", "an-app", access_token="of-the-default"))
    environment = {"CONNECTOR_SERVER_API": server.url, "CONNECTOR_STORE": f"file:{tmp_path}"}
    with open_mcp([COMMAND, "mcp"], **environment) as client:
        assert "access_token" not in client.tools()["getCurrentUserProfile"].input_schema["properties"]
        assert read(client.call("getCurrentUserProfile", {"detail": "full"})) == PROFILE
    assert server.requests[0].headers["Authorization"] == "Bearer of-the-default"


def test_a_connection_goes_before_a_secret_of_the_environment(open_mcp, server, tmp_path):
    server.queue.append((200, {}, PROFILE))
    open_store(f"file:{tmp_path}").save(Connection("alice", "an-app", access_token="of-alice"))
    environment = {
        "CONNECTOR_ACCESS_TOKEN": "from-outside",
        "CONNECTOR_SERVER_API": server.url,
        "CONNECTOR_STORE": f"file:{tmp_path}",
    }
    with open_mcp([COMMAND, "mcp", "--connection", "alice"], **environment) as client:
        assert read(client.call("getCurrentUserProfile", {"detail": "full"})) == PROFILE
    assert server.requests[0].headers["Authorization"] == "Bearer of-alice"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--only", "saveTrak"], "Did you mean saveTrack"),
        (["--only", "Librarie"], "groups are"),
        (["--all", "--only", "Library"], "choose one"),
        (["--dynamic", "--output-schemas"], "choose one"),
        (["--sandbox", "--server", "api=http://127.0.0.1:9"], "choose one"),
        (["--sandbox", "--connection", "alice"], "which no --connection fits"),
        (["--server", "moon=http://127.0.0.1:9"], "There is no server moon; there are api, accounts, reccobeats."),
    ],
)
def test_what_makes_no_sense_is_told_before_it_begins(cli, words, message):
    done = cli("mcp", *words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert message in " ".join(done.stderr.split())


def test_the_sandbox_of_another_service_is_refused(cli):
    path = Path(__file__).parents[1] / "harbour" / "manifest.yaml"
    done = cli("--manifest", str(path), "mcp", "--sandbox")
    assert (done.exit_code, "another service" in done.stderr) == (2, True)


def test_without_its_library_it_says_what_to_install(cli, monkeypatch):
    monkeypatch.setitem(sys.modules, "connector.runners.mcp_server.server", None)
    done = cli("mcp")
    assert (done.exit_code, "install the extra mcp" in done.stderr) == (2, True)


@pytest.mark.parametrize("end", ["input", signal.SIGINT, signal.SIGTERM])
def test_it_ends_with_its_input_or_at_a_signal(end):
    with subprocess.Popen([COMMAND, "mcp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        process.stdin.write(b'{"jsonrpc": "2.0", "id": 1, "method": "tools/none"}\n')
        process.stdin.flush()
        assert process.stdout.readline()
        if end == "input":
            process.stdin.close()
        else:
            process.send_signal(end)
        assert process.wait(timeout=60) == (0 if end == "input" else -end)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
def test_at_a_terminal_it_says_who_should_start_it():
    import pty

    outer, inner = pty.openpty()
    with (
        os.fdopen(outer, "wb", buffering=0) as terminal,
        subprocess.Popen([COMMAND, "mcp"], stdin=inner, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process,
    ):
        assert b"An MCP client starts this" in process.stderr.readline()
        terminal.write(b"\x04")
        assert process.wait(timeout=60) == 0

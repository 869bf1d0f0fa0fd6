"""`/mcp` of the HTTP runner: the server's keys, connections, limits and metrics hold for MCP clients too."""

import contextlib
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import anyio
import httpx2
import pytest
from mcp.client.streamable_http import streamable_http_client

from connector import Connector
from connector.runners.http_server.serving import HttpServer
from connector.runners.http_server.settings import Settings
from connector.runners.mcp_server.offer import Offer
from connector.runners.mcp_server.server import build_server

COMMAND = Path(sys.executable).with_name("spotify-blocks")
KEYS = "desk:key-of-the-desk:alice guest:key-of-a-guest"
EACH_MODE = pytest.mark.parametrize("mode", ["auto", "legacy"])
TOKEN = {"access_token": "a-token-of-its-own"}


@contextlib.asynccontextmanager
async def with_headers(url, **headers):
    """A transport to `url` whose requests carry these headers."""
    async with httpx2.AsyncClient(headers=headers) as http, streamable_http_client(url, http_client=http) as streams:
        yield streams


@EACH_MODE
def test_a_key_reaches_its_connections_and_no_others(start, connector, store, open_mcp, mode):
    url = start(connector, store, keys=KEYS).url + "/mcp"

    def ask(key, connection):
        with open_mcp(with_headers(url, **{"X-API-Key": key, "X-Connection": connection}), mode) as client:
            return client.call("getCurrentUserProfile")

    assert "Sandbox Listener" in ask("key-of-the-desk", "alice").content[0].text
    for key, connection in (("key-of-the-desk", "bob"), ("key-of-a-guest", "alice")):
        refused = ask(key, connection)
        assert refused.is_error
        assert "may not use this connection" in refused.content[0].text


@pytest.mark.parametrize(
    ("keys", "told"), [("desk:k:alice", "you may not use here"), ("desk:k:alice,bob", "is a connection of the account")]
)
def test_a_tool_that_works_with_two_connections_needs_a_key_to_both(start, connector, store, open_mcp, keys, told):
    url = start(connector, store, keys=keys, mcp_tools=("all",)).url + "/mcp"
    with open_mcp(with_headers(url, **{"X-API-Key": "k", "X-Connection": "alice"})) as client:
        assert told in client.call("copyLibrary", {"source": "bob"}).content[0].text


def test_a_server_that_says_nothing_of_second_connections_lets_none_be_named(connector, open_mcp):
    server = build_server(connector, offer=Offer(is_whole=True), find_connection=lambda _request: "alice")
    with open_mcp(server) as client:
        assert "you may not use here" in client.call("copyLibrary", {"source": "bob"}).content[0].text


def test_what_is_new_goes_on_for_the_connection_whose_state_it_is(start, connector, store, open_mcp):
    url = start(connector, store, keys="desk:key-of-the-desk:alice,bob").url + "/mcp"

    def ask(connection, **since):
        with open_mcp(with_headers(url, **{"X-API-Key": "key-of-the-desk", "X-Connection": connection})) as client:
            return client.call("whats_new", {"trigger": "playedTrack", **since})

    since = re.search(r"since=(\w+)", ask("alice").content[-1].text)[1]
    assert ask("alice", since=since).content[0].text == "Nothing new."
    assert (
        "belongs to another trigger, other arguments or another connection" in ask("bob", since=since).content[0].text
    )


def test_the_server_s_own_connection_hides_the_token(start, connector, store, open_mcp):
    url = start(connector, store, keys=KEYS, connection="alice").url + "/mcp"
    fields = {}
    for key in ("key-of-the-desk", "key-of-a-guest"):
        with open_mcp(with_headers(url, **{"X-API-Key": key})) as client:
            fields[key] = client.tools()["getCurrentUserProfile"].input_schema["properties"].keys()
    assert "access_token" not in fields["key-of-the-desk"]
    assert "access_token" in fields["key-of-a-guest"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"X-API-Key": "guessed"}, 401),
        ({"X-API-Key": "key-of-the-desk", "Origin": "https://elsewhere.example"}, 403),
    ],
)
def test_nothing_gets_past_the_guard(start, connector, store, headers, status):
    client = start(connector, store, keys=KEYS)
    assert client.post("/mcp", json={}, headers=headers).status_code == status


def test_calls_are_counted(start, connector, store, open_mcp):
    runner = start(connector, store)
    with open_mcp(runner.url + "/mcp") as client:
        client.call("saveToLibrary")
    shown = runner.get("/metrics").text
    assert any("saveToLibrary" in line and "missing_fields" in line for line in shown.splitlines())


def test_a_server_that_is_full_says_when_to_come_back(server, start, open_mcp):
    begun, release = threading.Event(), threading.Event()

    def answer(_seen):
        begun.set()
        assert release.wait(60)
        return 200, {}, {"id": "u", "type": "user", "uri": "spotify:user:u"}

    server.answer = answer
    with Connector.load(servers=dict.fromkeys(("api", "accounts"), server.url)) as connector:
        runner = start(connector, threads=1, queue=0)
        with open_mcp(runner.url + "/mcp") as client:

            async def call_twice():
                async with anyio.create_task_group() as group:
                    group.start_soon(client.client.call_tool, "getCurrentUserProfile", TOKEN)
                    assert await anyio.to_thread.run_sync(lambda: begun.wait(60))
                    second = await client.client.call_tool("getCurrentUserProfile", TOKEN)
                    release.set()
                return second

            busy = client.portal.call(call_twice)
    assert busy.is_error
    assert busy.content[0].text.endswith("Call again in 1 s.")


@EACH_MODE
def test_the_command_ends_while_a_client_is_connected(open_mcp, mode):
    """A client of the older protocol keeps a stream open; the server doesn't wait for it to close it."""
    command = [COMMAND, "serve", "--sandbox", "--port", "0", "--no-access-log"]
    status = None
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={**os.environ, "COLUMNS": "200"}) as process:
        url = next(found[0] for line in process.stderr if (found := re.search(r"http://[^ ]*(?=/docs)", line)))
        # The client says good-bye to a server that is gone.
        with contextlib.suppress(BaseExceptionGroup), open_mcp(f"{url}/mcp", mode) as client:
            assert not client.call("getCurrentUserProfile").is_error
            process.terminate()
            status = process.wait(timeout=60)
        said = process.stderr.read()
    assert status is not None
    assert said == ""


def test_a_write_is_finished_when_the_server_ends(server, open_mcp):
    begun = threading.Event()

    def answer(_seen):
        begun.set()
        time.sleep(1)
        return 200, {}, b""

    server.answer = answer
    saved = None
    with (
        Connector.load(servers=dict.fromkeys(("api", "accounts"), server.url)) as connector,
        HttpServer(connector, Settings(port=0, shutdown_grace=0, mcp_tools=("all",))) as runner,
        contextlib.suppress(BaseExceptionGroup),
        open_mcp(runner.url + "/mcp") as client,
    ):

        async def save():
            return await client.client.call_tool("saveTrack", {**TOKEN, "id": "11dFghVXANMlKmJXsNCbNl"})

        # Otherwise the client would ask for the tools once more, to check the answer by its schema.
        client.tools()
        saving = client.portal.start_task_soon(save)
        assert begun.wait(60)
        runner.stop()
        saved = saving.result(60)
    assert saved is not None
    assert not saved.is_error
    assert len(server.requests) == 1


HELLO = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}},
}
PING = {"jsonrpc": "2.0", "id": 2, "method": "ping"}
ACCEPT = {"Accept": "application/json, text/event-stream"}


def send(client, message, key, session=None):
    headers = {**ACCEPT, "X-API-Key": key, **({"Mcp-Session-Id": session} if session else {})}
    return client.post("/mcp", json=message, headers=headers)


def open_session(client, key):
    return send(client, HELLO, key).headers["mcp-session-id"]


def test_a_session_is_its_key_s_alone(start, connector, store):
    client = start(connector, store, keys=KEYS)
    session = open_session(client, "key-of-the-desk")
    assert send(client, PING, "key-of-a-guest", session).status_code == 404
    assert client.delete("/mcp", headers={"X-API-Key": "key-of-a-guest", "Mcp-Session-Id": session}).status_code == 404
    assert send(client, PING, "key-of-the-desk", session).status_code == 200


def test_a_key_s_sessions_are_bounded_and_lock_nobody_else_out(start, connector, store):
    client = start(connector, store, keys=KEYS, mcp_sessions=3)
    sessions = [open_session(client, "key-of-the-desk") for _ in range(3)]
    refused = send(client, HELLO, "key-of-the-desk")
    assert (refused.status_code, refused.json()["kind"]) == (429, "mcp_sessions")
    assert "DELETE /mcp" in refused.json()["detail"]
    assert 0 < int(refused.headers["retry-after"]) <= 900
    assert send(client, HELLO, "key-of-a-guest").status_code == 200
    assert send(client, PING, "key-of-the-desk", sessions[0]).status_code == 200
    client.delete("/mcp", headers={"X-API-Key": "key-of-the-desk", "Mcp-Session-Id": sessions[0]})
    assert send(client, HELLO, "key-of-the-desk").status_code == 200


def test_a_session_ends_when_unused(start, connector, store):
    client = start(connector, store, keys=KEYS, mcp_sessions=2, mcp_idle=0.2)
    # Of one nobody asks again; by asking, the other one's end is told.
    session, _ = [open_session(client, "key-of-the-desk") for _ in range(2)]
    limit = time.monotonic() + 30
    while send(client, PING, "key-of-the-desk", session).status_code != 404:
        assert time.monotonic() < limit
        time.sleep(0.4)
    assert [send(client, HELLO, "key-of-the-desk").status_code for _ in range(2)] == [200, 200]


def test_a_write_is_finished_when_its_client_leaves_or_gives_up(server, start, open_mcp):
    begun, release = threading.Semaphore(0), threading.Event()

    def answer(seen):
        begun.release()
        release.wait(30)
        return 200, {}, b""

    server.answer = answer
    save = {**TOKEN, "id": [f"{number:022}" for number in range(60)]}
    with Connector.load(servers=dict.fromkeys(("api", "accounts"), server.url)) as connector:
        runner = start(connector, mcp_tools=("all",))
        with open_mcp(runner.url + "/mcp", "legacy") as client:

            async def save_and_give_up():
                async with anyio.create_task_group() as group:
                    group.start_soon(client.client.call_tool, "saveTrack", save)
                    assert await anyio.to_thread.run_sync(lambda: begun.acquire(timeout=60))
                    group.cancel_scope.cancel()

            client.portal.call(save_and_give_up)
        release.set()
        limit = time.monotonic() + 30
        while 'block="saveTrack",kind="ok"' not in runner.get("/metrics").text:
            assert time.monotonic() < limit
            time.sleep(0.05)
    # More than one request carries: the second was sent after its client had left.
    assert len(server.requests) == 2


def test_a_write_under_way_is_answered_though_its_client_cancels_it(server, start):
    begun, release = threading.Semaphore(0), threading.Event()

    def answer(_seen):
        begun.release()
        assert release.wait(60)
        return 200, {}, b""

    server.answer = answer
    cancelled = {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": "7"}}
    params = {"name": "saveTrack", "arguments": {**TOKEN, "id": "11dFghVXANMlKmJXsNCbNl"}}
    with (
        Connector.load(servers=dict.fromkeys(("api", "accounts"), server.url)) as connector,
        ThreadPoolExecutor() as pool,
    ):
        client = start(connector, mcp_tools=("all",))
        session, other = open_session(client, "none"), open_session(client, "none")
        call = {"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": params}
        calls = [pool.submit(send, client, call, "none", each) for each in (session, other)]
        for _ in calls:
            assert begun.acquire(timeout=60)
        assert send(client, cancelled, "none", session).status_code == 202
        release.set()
        told = [json.loads(call.result(60).text.partition("data: ")[2]) for call in calls]
    assert [(message["id"], message["result"].get("isError", False)) for message in told] == [(7, False)] * 2


def test_a_request_that_never_wholly_comes_is_given_up_and_not_logged_as_a_fault(start, connector, store, caplog):
    client = start(connector, store, body_timeout=0.2)
    address = urlsplit(client.url)
    with socket.create_connection((address.hostname, address.port)) as connection:
        connection.sendall(
            f"POST /mcp HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Type: application/json\r\n"
            "Accept: application/json, text/event-stream\r\nContent-Length: 100\r\n\r\n{".encode()
        )
        assert connection.makefile("rb").read().startswith(b"HTTP/1.1 408")
    with socket.create_connection((address.hostname, address.port)) as leaver:
        leaver.sendall(f"POST /mcp HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Length: 100\r\n\r\n{{".encode())
    assert send(client, HELLO, "none").status_code == 200
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []

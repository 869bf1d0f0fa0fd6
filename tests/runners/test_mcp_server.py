"""The MCP server as clients meet it: old and new protocol versions, progress, cancelling, who calls, what is hidden."""

import contextlib
import json
import logging
import sys
import threading
from pathlib import Path

import anyio
import httpx2
import pytest
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError
from patience import wait_until_still
from starlette.applications import Starlette
from starlette.routing import Route

from connector import Connector, ErrorDetail, InvocationFailed
from connector.auth import Connection, open_store
from connector.manifest.manifest import Manifest
from connector.runners.mcp_server.offer import Offer
from connector.runners.mcp_server.server import build_mcp_app, build_server
from connector.sandbox import Sandbox

COMMAND = Path(sys.executable).with_name("spotify-blocks")
EACH_TRANSPORT = pytest.mark.parametrize("transport", ["stdio", "http"])
#: The newest version, and the newest that begins with a handshake.
EACH_VERSION = pytest.mark.parametrize(("mode", "version"), [("auto", "2026-07-28"), ("legacy", "2025-11-25")])
TOKEN = {"access_token": "a-token"}
WHOLE = Offer(is_whole=True, has_output_schemas=True)


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox() as running:
        yield running


@pytest.fixture
def serve_mcp(serve_asgi):
    """`with serve_mcp(connector, …) as url:` mounts the server as another application does."""

    @contextlib.contextmanager
    def serve(connector, **options):
        app = build_mcp_app(connector, **{"offer": WHOLE, **options})
        with serve_asgi(Starlette(routes=[Route("/mcp", app)], lifespan=lambda _: app.run())) as url:
            yield f"{url}/mcp"

    return serve


@pytest.fixture
def open_client(open_mcp, serve_mcp):
    """`with open_client(servers, transport, mode) as client:` talks to a server of its own over that transport."""

    @contextlib.contextmanager
    def connect(servers, transport, mode="auto"):
        if transport == "stdio":
            words = [f"--server={name}={url}" for name, url in servers.items()]
            with open_mcp([COMMAND, "mcp", "--all", "--output-schemas", *words], mode) as client:
                yield client
            return
        with (
            Connector.load(servers=servers) as connector,
            serve_mcp(connector) as url,
            open_mcp(url, mode) as client,
        ):
            yield client

    return connect


@contextlib.asynccontextmanager
async def with_headers(url, **headers):
    """A transport to `url` whose requests carry these headers."""
    async with httpx2.AsyncClient(headers=headers) as http, streamable_http_client(url, http_client=http) as streams:
        yield streams


@EACH_TRANSPORT
@EACH_VERSION
def test_each_version_is_spoken_and_progress_comes_page_by_page(sandbox, open_client, transport, mode, version):
    sandbox.control.reset()
    seen = []

    async def note(progress, total, message):
        seen.append((progress, message))

    args = {"access_token": sandbox.demo_args["access_token"], "max_items": 120}
    with open_client(sandbox.servers, transport, mode) as client:
        assert client.client.protocol_version == version
        answer = client.call("getUserSavedTracks", args, progress_callback=note)
    assert answer.content[1].text == "All 120 entries, in items."
    assert seen == [(1, "1 page so far"), (2, "2 pages so far"), (3, "3 pages so far")]


@EACH_TRANSPORT
def test_progress_of_a_block_of_blocks_tells_its_steps(sandbox, open_client, transport):
    sandbox.control.reset()
    seen = []

    async def note(progress, total, message):
        seen.append((progress, message))

    args = {"access_token": sandbox.demo_args["access_token"], "target": "All my likes"}
    with open_client(sandbox.servers, transport) as client:
        client.call("mirrorSavedTracks", args, progress_callback=note)
    numbers, told = zip(*seen, strict=True)
    assert list(numbers) == sorted(set(numbers))
    wanted = ["reading saved tracks: 120 of 120", "writing call 3 of 3"]
    assert [message for message in dict.fromkeys(told) if message in wanted] == wanted


@EACH_TRANSPORT
@EACH_VERSION
def test_a_client_that_cancels_ends_the_invocation(server, open_client, transport, mode, version):
    """The service would go on for ever; after the cancel it is asked no more."""

    def answer(seen):
        items = [{"added_at": seen.query.get("offset")}] * 50
        return 200, {}, {"items": items, "total": 100_000, "limit": 50, "next": "more"}

    server.answer = answer
    with open_client({"api": server.url, "accounts": server.url}, transport, mode) as client:

        async def give_up():
            with anyio.move_on_after(1):
                await client.client.call_tool("getUserSavedTracks", {**TOKEN, "max_items": 100_000})

        client.portal.call(give_up)
        assert wait_until_still(lambda: len(server.requests)) > 0
        # The connection lives on.
        assert "getUserSavedTracks" in client.tools()


@EACH_TRANSPORT
def test_calls_run_side_by_side(server, open_client, transport):
    """Two calls are answered only once both have reached the service."""
    both = threading.Barrier(2, timeout=10)

    def answer(_seen):
        both.wait()
        return 200, {}, {"id": "u", "type": "user", "uri": "spotify:user:u"}

    server.answer = answer
    with open_client({"api": server.url, "accounts": server.url}, transport) as client:

        async def call_twice():
            async with anyio.create_task_group() as group:
                for _ in range(2):
                    group.start_soon(client.client.call_tool, "getCurrentUserProfile", TOKEN)

        client.portal.call(call_twice)
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("tool", "message"),
    [
        ("saveTrak", "There is no block 'saveTrak'. Did you mean saveTrack"),
        ("getNewReleases", "This server does not offer getNewReleases; tools/list tells what it offers."),
        ("saveTrack", "This server does not offer saveTrack"),
    ],
)
def test_a_tool_that_is_not_offered_is_a_protocol_error(connect, open_mcp, manifest, tool, message):
    server = build_server(connect(), offer=Offer(("Library",), is_read_only=True))
    with open_mcp(server) as client:
        offered = {block.name for block in manifest if (block.group, block.effect) == ("Library", "read")}
        assert set(client.tools()) == offered | {"whats_new"}
        with pytest.raises(MCPError, match=message):
            client.call(tool, TOKEN)


def test_the_server_introduces_itself(connect, open_mcp, manifest):
    with open_mcp(build_server(connect()), "legacy") as client:
        about = client.client.server_info
    assert (about.name, about.title) == (manifest.package["name"], manifest.package["title"])
    assert about.icons[0].src == manifest.package["image"]


def test_what_the_server_knows_is_hidden_filled_in_and_not_taken(connect, server, open_mcp):
    server.queue.append((200, {}, {"id": "u", "type": "user", "uri": "spotify:user:u"}))

    def find_known(block):
        return TOKEN if "access_token" in block.fields else {}

    with open_mcp(build_server(connect(), offer=WHOLE, find_known=find_known)) as client:
        assert [
            tool.name for tool in client.tools().values() if "access_token" in tool.input_schema["properties"]
        ] == []
        assert not client.call("getCurrentUserProfile").is_error
        refused = client.call("getCurrentUserProfile", {"access_token": "mine"})
    assert [seen.headers["Authorization"] for seen in server.requests] == ["Bearer a-token"]
    assert refused.content[0].text == (
        "getCurrentUserProfile: access_token is not taken here: the server has it; leave it out."
    )


@pytest.fixture
def bound(sandbox, tmp_path):
    """A connector with the sandbox's listener as the connection "alice"."""
    sandbox.control.reset()
    demo = sandbox.demo_args
    store = open_store(f"file:{tmp_path}")
    scopes = tuple(Manifest.load().data["scopes"])
    store.save(
        Connection("alice", demo["client_id"], demo["client_key"], scopes, demo["access_token"], demo["refresh_token"])
    )
    with Connector.load(servers=sandbox.servers, store=store) as connector:
        yield connector


def test_a_connection_stands_in_for_the_token_and_each_request_says_whose(bound, serve_mcp, open_mcp):
    with serve_mcp(bound, find_connection=lambda request: request.headers.get("x-connection")) as url:
        with open_mcp(with_headers(url, **{"X-Connection": "alice"})) as client:
            schema = client.tools()["saveTrack"].input_schema
            profile = client.call("getCurrentUserProfile")
            refused = client.call("getCurrentUserProfile", TOKEN)
        with open_mcp(url) as client:
            open_schema = client.tools()["saveTrack"].input_schema
            missing = client.call("getCurrentUserProfile")
    assert ("access_token" in schema["properties"], schema["required"]) == (False, ["id"])
    assert ("access_token" in open_schema["properties"], open_schema["required"]) == (True, ["access_token", "id"])
    assert profile.structured_content["display_name"] == "Sandbox Listener"
    assert "access_token is not taken here" in refused.content[0].text
    assert "access_token is required" in missing.content[0].text


@pytest.mark.parametrize("name", ["nobody", "../alice", ""])
def test_a_connection_that_there_is_not_is_a_tool_error(bound, serve_mcp, open_mcp, name):
    with (
        serve_mcp(bound, find_connection=lambda request: request.headers["x-connection"]) as url,
        open_mcp(with_headers(url, **{"X-Connection": name})) as client,
    ):
        assert client.call("getCurrentUserProfile").is_error


def test_the_application_around_it_may_refuse(connect, serve_mcp, open_mcp):
    def find_connection(request):
        if "x-connection" in request.headers:
            raise InvocationFailed(ErrorDetail("forbidden", "This key may not use the connection."))

    async def run(_request, _block, _work, _cancel):
        raise InvocationFailed(ErrorDetail("rate_limited", "All threads are taken.", retry_after=1))

    with serve_mcp(connect(), find_connection=find_connection, run=run) as url:
        with open_mcp(with_headers(url, **{"X-Connection": "alice"})) as client:
            with pytest.raises(MCPError, match="This key may not use the connection"):
                client.tools()
            assert client.call("saveTrack").content[0].text == "This key may not use the connection."
        with open_mcp(url) as client:
            busy = client.call("saveTrack")
    assert busy.content[0].text == "All threads are taken.\nCall again in 1 s."


@pytest.mark.parametrize("is_stateless", [False, True])
@EACH_VERSION
def test_sessions_are_kept_or_not(connect, serve_mcp, open_mcp, is_stateless, mode, version):
    with serve_mcp(connect(), is_stateless=is_stateless) as url, open_mcp(url, mode) as client:
        assert client.call("saveTrack").is_error
        assert len(client.tools()) == len(Manifest.load()) + 1


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "elsewhere.example"}, 421),
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "http://localhost:3000"}, 200),
    ],
)
def test_a_page_elsewhere_reaches_no_tool(connect, serve_mcp, caplog, headers, status):
    caplog.set_level(logging.CRITICAL)
    begin = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-11-25",
            "capabilities": {},
            "clientInfo": {"name": "a page", "version": "1"},
        },
    }
    accept = {"Accept": "application/json, text/event-stream"}
    with serve_mcp(connect()) as url, httpx2.Client() as http:
        assert http.post(url, json=begin, headers={**accept, **headers}).status_code == status


def test_a_body_that_is_too_long_is_refused(connect, serve_mcp):
    with serve_mcp(connect(), max_body=1000) as url, httpx2.Client() as http:
        answer = http.post(url, json={"padding": "x" * 1000}, headers={"Accept": "application/json, text/event-stream"})
    assert answer.status_code == 413


@EACH_VERSION
def test_tokens_that_a_block_gives_are_in_its_answer_and_in_no_log(sandbox, serve_mcp, open_mcp, caplog, mode, version):
    caplog.set_level(logging.DEBUG)
    sandbox.control.reset()
    demo = sandbox.demo_args
    args = {name: demo[name] for name in ("client_id", "client_key", "refresh_token")}
    with (
        Connector.load(servers=sandbox.servers) as connector,
        serve_mcp(connector) as url,
        open_mcp(url, mode) as client,
    ):
        token = client.call("refreshToken", args).structured_content["access_token"]
    assert [record.name for record in caplog.records if token in record.getMessage()] == []


def test_no_secret_is_in_an_answer_or_a_log(connect, server, open_mcp, caplog):
    caplog.set_level(logging.DEBUG)
    server.queue += [(401, {}, {"error": {"status": 401, "message": "bad token a-token"}})]
    with open_mcp(build_server(connect(), offer=WHOLE, find_known=lambda _block: TOKEN)) as client:
        answer = client.call("getCurrentUserProfile")
    assert answer.is_error
    assert "a-token" not in json.dumps(answer.model_dump(mode="json"))
    assert "a-token" not in caplog.text

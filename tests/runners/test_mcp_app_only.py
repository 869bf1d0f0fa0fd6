"""An app's connection, without a user, through an MCP server: what it reads, and what is said of it."""

import json

import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from connector import Connector
from connector.auth import Connection
from connector.auth.stores.memory_store import MemoryStore
from connector.runners.mcp_server.server import build_mcp_app


@pytest.fixture
def client(sandbox, serve_asgi, open_mcp):
    demo = sandbox.demo_args
    app = Connection("catalogue", demo["client_id"], demo["client_key"], scopes=(), is_app=True)
    with Connector.load(servers=sandbox.servers, store=MemoryStore([app])) as connector:
        mcp = build_mcp_app(connector, find_connection=lambda _: "catalogue")
        mounted = Starlette(routes=[Route("/mcp", mcp)], lifespan=lambda _: mcp.run())
        with serve_asgi(mounted) as url, open_mcp(f"{url}/mcp") as client:
            yield client


def test_it_reads_the_catalogue_and_says_of_what_is_a_user_s_that_it_needs_one(client, sandbox):
    found = client.call("searchTracks", {"q": "a", "max_items": 1})
    assert not found.is_error, found.content
    assert len(json.loads(found.content[0].text)) == 1
    before = len(sandbox.control.calls())
    refused = client.call("getUserTopTracks", {})
    assert refused.is_error
    assert refused.meta["connector/error"]["kind"] == "forbidden"
    assert "an app's own, without one" in refused.content[0].text
    assert len(sandbox.control.calls()) == before

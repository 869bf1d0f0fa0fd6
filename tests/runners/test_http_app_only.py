"""An app's connection, without a user, through the HTTP runner: what it reads, and what is said of it."""

import pytest

from connector import Connector
from connector.auth import Connection
from connector.auth.stores.memory_store import MemoryStore


@pytest.fixture
def client(sandbox, start):
    demo = sandbox.demo_args
    app = Connection("catalogue", demo["client_id"], demo["client_key"], scopes=(), is_app=True)
    store = MemoryStore([app])
    with Connector.load(servers=sandbox.servers, store=store) as connector:
        yield start(connector, store, connection="catalogue")


def test_it_reads_the_catalogue_by_each_of_the_runner_s_doors(client):
    args = {"q": "a", "max_items": 1}
    assert len(client.run("searchTracks", args).json()["tracks"]["items"]) == 1
    lines = client.run("searchTracks", args, headers={"Accept": "application/x-ndjson"})
    assert (lines.status_code, len(lines.text.splitlines())) == (200, 1)
    wire = client.post("/api/SpotifyUserAPI/searchTracks", json={"args": args}).json()
    assert wire["callback"] == "success", wire


def test_what_acts_for_a_user_says_so(client):
    refused = client.run("getUserTopTracks")
    assert (refused.status_code, refused.json()["kind"]) == (403, "forbidden")
    assert "an app's own, without one" in refused.json()["detail"]


def test_it_needs_no_sign_in(client):
    [listed] = client.get("/connections").json()["connections"]
    assert (listed["name"], listed["needs_sign_in"], listed["days_left"]) == ("catalogue", False, None)

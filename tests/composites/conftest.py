"""Blocks that are made of blocks, on a sandbox of their own."""

import jsonschema
import pytest

from connector import Connector
from connector.manifest.manifest import Manifest
from connector.sandbox import Sandbox

MANIFEST = Manifest.load()


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox() as running:
        yield running


@pytest.fixture
def connector(sandbox):
    sandbox.control.reset()
    with Connector(MANIFEST, servers=sandbox.servers) as loaded:
        yield loaded


@pytest.fixture
def invoke(connector, sandbox):
    token = sandbox.demo_args["access_token"]

    def run(block, **args):
        return connector.invoke(block, {"access_token": token, **args})

    return run


@pytest.fixture
def make(invoke):
    """A new list of that name with these on it; gives its id."""

    def build(name, uris=()):
        made = invoke("createPlaylist", name=name).output["id"]
        if uris:
            invoke("addItemsToPlaylist", playlist_id=made, uris=list(uris)).unwrap()
        return made

    return build


@pytest.fixture
def read(invoke):
    def uris(playlist):
        entries = invoke("getPlaylistItems", playlist_id=playlist).entries
        return [entry["item"] and entry["item"]["uri"] for entry in entries]

    return uris


@pytest.fixture
def tracks(sandbox, connector):
    return [f"spotify:track:{identifier}" for identifier in sandbox.control.ids("track", 320)]


@pytest.fixture
def count(sandbox):
    """Requests since the last time, how many read and how many write."""
    seen = [0]

    def since():
        calls = sandbox.control.calls()[seen[0] :]
        seen[0] += len(calls)
        reads = sum(call["method"] == "GET" for call in calls)
        return reads, len(calls) - reads

    return since


@pytest.fixture(scope="session")
def give():
    """The output of a block that made it, as its schema says."""

    def output(result):
        assert result.error is None
        schema = MANIFEST.block(result.block).output_schema
        jsonschema.validate(result.output, schema, jsonschema.Draft202012Validator)
        return result.output

    return output

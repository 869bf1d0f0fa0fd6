"""Three tools in place of a hundred: a block is found by words, described, and run."""

import json

import pytest
from mcp.shared.exceptions import MCPError

from connector import Connector
from connector.manifest.manifest import Manifest
from connector.runners.mcp_server.dynamic import find_blocks
from connector.runners.mcp_server.offer import Offer
from connector.runners.mcp_server.server import build_server
from connector.sandbox import Sandbox

MANIFEST = Manifest.load()


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("add tracks to a playlist", "addItemsToPlaylist"),
        ("liked songs saved tracks", "getUserSavedTracks"),
        ("set the volume", "setVolume"),
        ("devices", "getDevices"),
        ("create playlist", "createPlaylist"),
        ("what was played recently", "getRecentlyPlayed"),
    ],
)
def test_words_find_the_block_that_is_meant(words, first):
    assert find_blocks(MANIFEST, words)[0].name == first


def test_what_is_closed_comes_last_and_few_are_told():
    found = find_blocks(MANIFEST, "get artist")
    closed = [block.closed_since("development") is not None for block in found]
    assert (sorted(closed), len(found) <= 12) == (closed, True)
    assert find_blocks(MANIFEST, "submarine") == []


@pytest.fixture(scope="module")
def client(open_mcp):
    with Sandbox() as sandbox, Connector.load(servers=sandbox.servers) as connector:
        token = {"access_token": sandbox.demo_args["access_token"]}

        def find_known(block):
            return token if "access_token" in block.fields else {}

        offer = Offer(is_whole=True, is_dynamic=True)
        with open_mcp(build_server(connector, offer=offer, find_known=find_known)) as client:
            yield client


def test_a_model_finds_describes_and_runs_a_block(client):
    assert list(client.tools()) == ["find_blocks", "describe_block", "run_block", "whats_new"]
    [found] = client.call("find_blocks", {"words": "set volume"}).content
    assert found.text.splitlines()[0].startswith("setVolume: ")
    [described] = client.call("describe_block", {"block": "setVolume"}).content
    words, schema = described.text.rsplit("\n", 1)
    assert words.startswith(MANIFEST.block("setVolume").description)
    assert json.loads(schema)["properties"].keys() == {"volume_percent", "device_id"}
    answer = client.call("run_block", {"block": "setVolume", "arguments": {"volume_percent": 30}})
    assert not answer.is_error, answer.content


def test_an_answer_is_brief_or_full_as_for_a_tool_of_its_own(client):
    def run(**arguments):
        return client.call("run_block", {"block": "getUserSavedTracks", "arguments": {"max_items": 1, **arguments}})

    brief, full = run(), run(detail="full")
    assert len(brief.content[0].text) < 400 < len(full.content[0].text)


@pytest.mark.parametrize(
    ("tool", "args", "message"),
    [
        ("setVolume", {}, "There is no tool setVolume; there are find_blocks, describe_block, run_block."),
        ("run_block", {"block": "setVolum", "arguments": {}}, "Did you mean setVolume"),
        ("describe_block", {}, "There is no block ''"),
        ("run_block", {"block": "setVolume", "arguments": [1]}, "arguments is no object; describe_block tells what"),
    ],
)
def test_what_there_is_not_is_a_protocol_error(client, tool, args, message):
    with pytest.raises(MCPError, match=message):
        client.call(tool, args)


@pytest.mark.parametrize("dialect", ["openai-strict", "gemini"])
def test_where_every_name_must_be_told_arguments_are_a_text(open_mcp, client, dialect):
    offer = Offer(is_whole=True, is_dynamic=True, dialect=dialect)
    with Connector.load() as connector, open_mcp(build_server(connector, offer=offer)) as strict:
        for tool, field in (("run_block", "arguments"), ("whats_new", "args")):
            schema = strict.tools()[tool].input_schema["properties"][field]
            assert "string" in (schema["type"], schema["type"][0])
    answer = client.call("run_block", {"block": "setVolume", "arguments": '{"volume_percent": 30}'})
    assert not answer.is_error, answer.content


def test_what_does_not_fit_is_a_tool_error(client):
    answer = client.call("run_block", {"block": "setVolume", "arguments": {"volume_percent": "loud"}})
    assert answer.is_error
    assert "volume_percent" in answer.content[0].text


def test_without_a_word_that_fits_it_says_what_to_do(client):
    [found] = client.call("find_blocks", {"words": "submarine"}).content
    assert "use others" in found.text

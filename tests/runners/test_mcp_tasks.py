"""Five tasks as a model does them: by the tools that are offered without a choice, with what their descriptions and
their answers say and nothing else. Who plays the model here is a script.
"""

import json
import re
import sys
from pathlib import Path

import jsonschema
import pytest

from connector import Connector
from connector.sandbox import Sandbox

COMMAND = Path(sys.executable).with_name("spotify-blocks")
#: What nobody can make up: Spotify's ids, alone or in a URI, and those of devices.
IDS = re.compile(r"\b(?:[0-9A-Za-z]{22}|[0-9a-f]{40})\b")
#: Longest answer that a model reads gladly, in characters; a task may need one that is longer.
LONG = 12_000


class Model:
    """Calls tools as a model may: those that are listed, by their schemas, with ids that it was told.

    Attributes:
        sizes: how many characters each answer had.
    """

    def __init__(self, client, tools):
        self._client = client
        self._tools = tools
        self._told = ""
        self.sizes = []

    def call(self, tool, **args):
        """What the tool answers: the data in it, or its words."""
        jsonschema.validate(args, {**self._tools[tool].input_schema, "additionalProperties": False})
        assert [each for each in IDS.findall(json.dumps(args)) if each not in self._told] == []
        answer = self._client.call(tool, args)
        texts = [part.text for part in answer.content]
        assert not answer.is_error, texts
        self._told += " ".join(texts)
        self.sizes.append(sum(map(len, texts)))
        return json.loads(texts[0])


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox() as running:
        yield running


@pytest.fixture(scope="module")
def client(open_mcp, sandbox):
    words = [f"--server={name}={url}" for name, url in sandbox.servers.items()]
    token = sandbox.demo_args["access_token"]
    with open_mcp([COMMAND, "mcp", *words], CONNECTOR_ACCESS_TOKEN=token) as client:
        yield client


@pytest.fixture(scope="module")
def listener(sandbox):
    """`listener(block, …)` is what the block gives the sandbox's listener."""
    with Connector.load(servers=sandbox.servers) as connector:
        token = {"access_token": sandbox.demo_args["access_token"]}
        yield lambda block, **args: connector.invoke(block, {**token, **args}).unwrap()


@pytest.fixture
def model(client, sandbox):
    sandbox.control.seed(playing=None)
    model = Model(client, client.tools())
    yield model
    assert model.sizes
    assert len([size for size in model.sizes if size > LONG]) <= 1, model.sizes


def test_the_list_of_tools_is_short(client):
    listed = [tool.model_dump(mode="json", by_alias=True, exclude_none=True) for tool in client.tools().values()]
    assert 0 < len(json.dumps(listed)) <= 25_000


def test_find_a_track(model):
    """Which record is Restless Compass' "Every Garden" on, when did it come out, and have I saved it?"""
    found = model.call("searchTracks", track="Every Garden", artist="Restless Compass")[0]
    assert (found["album"]["name"], found["album"]["release_date"]) == ("Tide for Ysolde", "1980-09-20")
    assert model.call("checkLibrary", uris=[found["uri"]]) == [False]


def test_make_a_playlist(model, listener):
    """Put what I played most in the last weeks on a playlist called Lately."""
    top = [track["uri"] for track in model.call("getUserTopTracks", time_range="short_term", max_items=20)]
    made = model.call("createPlaylist", name="Lately", if_exists="reuse")
    model.call("addItemsToPlaylist", playlist_id=made["uri"], uris=top)
    assert read_playlist(listener, "Lately") == top


def test_add_to_a_playlist(model, listener):
    """Add "Wild River" by Restless Compass to my playlist Morning, if it isn't on it."""
    listener("createPlaylist", name="Morning")
    [playlist] = [each for each in model.call("getUserPlaylists") if each["name"] == "Morning"]
    found = model.call("searchTracks", track="Wild River", artist="Restless Compass", max_items=1)[0]
    there = model.call("getPlaylistItems", playlist_id=playlist["uri"])
    assert found["uri"] not in json.dumps(there)
    model.call("addItemsToPlaylist", playlist_id=playlist["uri"], uris=[found["uri"]])
    assert read_playlist(listener, "Morning") == [found["uri"]]
    assert found["uri"] in json.dumps(model.call("getPlaylistItems", playlist_id=playlist["uri"]))


def test_play(model, listener):
    """Play the record "Tide for Ysolde" in the kitchen, softly."""
    [found] = model.call("search", q="Tide for Ysolde", type=["album"])["albums"]
    [speaker] = [device for device in model.call("getDevices") if device["name"] == "Kitchen"]
    assert (speaker["is_restricted"], speaker["supports_volume"]) == (False, True)
    model.call("startPlayback", context_uri=found["uri"], device_id=speaker["id"])
    model.call("setVolume", volume_percent=15, device_id=speaker["id"])
    state = listener("getPlaybackState")
    assert (state["is_playing"], state["context"]["uri"]) == (True, found["uri"])
    assert (state["device"]["name"], state["device"]["volume_percent"]) == ("Kitchen", 15)
    assert model.call("getPlaybackState")["is_playing"] is True


def test_tell_what_is_new(model, listener):
    """What is the newest record of each of the first five artists that I follow?"""
    newest = {}
    for artist in model.call("getFollowedArtists", max_items=5):
        # "Each newest first", says the description.
        [record] = model.call("getArtistAlbums", id=artist["uri"], include_groups=["album"], max_items=1)
        newest[artist["uri"]] = record["release_date"]
    assert len(newest) == 5
    for artist, date in newest.items():
        records = listener("getArtistAlbums", id=artist, include_groups="album")["items"]
        assert date == max(record["release_date"] for record in records)


def read_playlist(listener, name):
    """What is on the listener's playlist of that name."""
    [playlist] = [each for each in listener("getUserPlaylists")["items"] if each["name"] == name]
    return [entry["item"]["uri"] for entry in listener("getPlaylistItems", playlist_id=playlist["id"])["items"]]

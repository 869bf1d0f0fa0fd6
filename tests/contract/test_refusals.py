"""What the player, playlists and covers refuse, each told apart from the others and with the next step."""

import pytest

from connector import Connector
from connector.manifest.manifest import Manifest
from connector.sandbox import Sandbox

MANIFEST = Manifest.load()
OWN, OTHER = "3cEYpjA9oz9GiPac4AsH4n", "5cGt62p8Nmw6a2wss2s3XQ"
TRACK = "spotify:track:11dFghVXANMlKmJXsNCbNl"
PHONE, LIVING_ROOM = "phone", "Living room"
OFF = [{"id": "0" * 40, "name": "Attic", "is_active": False}]
WITHOUT_UGC = ["playlist-modify-public", "playlist-modify-private"]

#: What is staged, the block with its arguments, the error's kind, and what its message says.
REFUSALS = {
    "nothing plays anywhere": ({"devices": OFF}, "pausePlayback", {}, "not_found", "give one as device_id: getDevices"),
    "no Premium": ({"player": {"is_premium": False}}, "skipToNext", {}, "forbidden", "The listener needs Premium"),
    "no volume": ({}, "setVolume", {"volume_percent": 5, "device_id": PHONE}, "forbidden", "supports_volume is true"),
    "takes no commands": ({}, "transferPlayback", {"device_id": LIVING_ROOM}, "forbidden", "is_restricted is false"),
    "no such device": ({}, "pausePlayback", {"device_id": "0" * 40}, "not_found", "Devices come and go"),
    "no such name": ({}, "pausePlayback", {"device_id": "Cellar"}, "invalid_fields", "one of Kitchen, Laptop"),
    "nothing to add to": ({"devices": OFF}, "setVolume", {"volume_percent": "+5"}, "invalid_fields", "without a sign"),
    "full, said so": (
        {"playlists": {"max_items": 10, "full_status": 403}},
        "addItemsToPlaylist",
        {"playlist_id": OWN, "uris": TRACK},
        "forbidden",
        "no more than 10,000 items",
    ),
    "full, not said": (
        {"playlists": {"max_items": 10, "full_status": 500}},
        "addItemsToPlaylist",
        {"playlist_id": OWN, "uris": TRACK},
        "server_error",
        "The playlist may be full",
    ),
    "read another's": ({}, "getPlaylistItems", {"playlist_id": OTHER}, "forbidden", "getPlaylist tells the name"),
    "change another's": (
        {},
        "removeItemsFromPlaylist",
        {"playlist_id": OTHER, "uris": TRACK},
        "forbidden",
        "Only the owner, and who works on it",
    ),
    "rename another's": (
        {},
        "updatePlaylist",
        {"playlist_id": OTHER, "name": "Mine"},
        "forbidden",
        "Only the owner may",
    ),
    "no right to pictures": (
        {"token_scopes": WITHOUT_UGC},
        "uploadPlaylistCover",
        {"playlist_id": OWN, "image": "/9j/2Q=="},
        "forbidden",
        "It needs the scope ugc-image-upload",
    ),
    "more than a search gives": (
        {"app": {"quota_mode": "development"}},
        "search",
        {"q": "garden", "type": "track", "limit": 20},
        "bad_request",
        "set limit to 10 or less",
    ),
    "no right to publish": (
        {"token_scopes": ["playlist-read-private"]},
        "createPlaylist",
        {"name": "Mine", "public": True},
        "forbidden",
        "It needs the scope playlist-modify-public: ",
    ),
}


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox() as running:
        yield running


@pytest.mark.each("name", REFUSALS)
def test_a_refusal_says_what_to_do_next(sandbox, name):
    staged, block, args, kind, words = REFUSALS[name]
    sandbox.control.reset()
    sandbox.control.seed(staged)
    with Connector(MANIFEST, servers=sandbox.servers) as connector:
        error = connector.invoke(block, {"access_token": sandbox.demo_args["access_token"], **args}).error
    assert (error.kind, words in error.message) == (kind, True), error.message


@pytest.mark.each("block", ["getPlaybackState", "getCurrentlyPlaying"])
def test_nothing_playing_is_an_empty_answer(sandbox, block):
    sandbox.control.reset()
    sandbox.control.seed(playing=None)
    with Connector(MANIFEST, servers=sandbox.servers) as connector:
        result = connector.invoke(block, {"access_token": sandbox.demo_args["access_token"]})
    assert (result.ok, result.output) == (True, {})


def test_a_playlist_is_private_unless_told(sandbox):
    sandbox.control.reset()
    with Connector(MANIFEST, servers=sandbox.servers) as connector:
        token = sandbox.demo_args["access_token"]
        made = [
            connector.invoke("createPlaylist", {"access_token": token, "name": "Mine", **told}).output["public"]
            for told in ({}, {"public": False}, {"public": True})
        ]
    assert made == [False, False, True]


def test_a_playlist_that_is_there_is_used_again_where_that_is_wanted(sandbox):
    sandbox.control.reset()
    with Connector(MANIFEST, servers=sandbox.servers) as connector:
        args = {"access_token": sandbox.demo_args["access_token"], "name": "Mine", "if_exists": "reuse"}
        first, second, other = (
            connector.invoke("createPlaylist", given) for given in (args, args, args | {"name": "M"})
        )
    assert (first.output["id"] == second.output["id"], first.output["id"] == other.output["id"]) == (True, False)

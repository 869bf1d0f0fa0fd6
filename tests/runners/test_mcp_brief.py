"""Brief answers: what a model is told of each entry, and in how many letters."""

import json

import pytest

from connector import Connector
from connector.manifest.manifest import Manifest
from connector.runners.mcp_server.brief_text import write_brief
from connector.runners.mcp_server.offer import Offer
from connector.runners.mcp_server.server import build_server
from connector.sandbox import Sandbox

REFERENCES = Manifest.load().references
TRACK = "7ouMYWpwJ422jRcDASZB7P"


def shorten(entry):
    return json.loads(write_brief([entry], REFERENCES, is_list=False))


def test_what_names_a_thing_again_is_left_out_and_a_lone_word_stands_for_its_thing():
    link = {"spotify": f"https://open.spotify.com/track/{TRACK}"}
    album = {"name": "Blue", "uri": "spotify:album:4aawyAB9vmqN3uQ7FjRGTy"}
    entry = {
        "added_at": "2026-01-01T00:00:00Z",
        "track": {
            "name": "River",
            "artists": [{"name": "Joni"}, {"name": "Ada"}],
            "album": album,
            "owner": {"id": "joni"},
            "external_urls": link,
            "uri": f"spotify:track:{TRACK}",
            "id": TRACK,
        },
    }
    assert shorten(entry) == {
        "added_at": "2026-01-01T00:00:00Z",
        "track": {
            "name": "River",
            "artists": ["Joni", "Ada"],
            "album": album,
            "owner": "joni",
            "uri": f"spotify:track:{TRACK}",
        },
    }


@pytest.mark.parametrize(
    "entry",
    [
        {"id": TRACK, "name": "no uri"},
        {"id": TRACK},
        {"id": "another", "uri": f"spotify:track:{TRACK}"},
        {"url": f"https://open.spotify.com/album/{TRACK}", "uri": f"spotify:track:{TRACK}"},
        {"uri": None, "id": None},
        {"urls": {}, "uri": f"spotify:track:{TRACK}"},
        True,
        None,
    ],
)
def test_what_no_uri_says_stays(entry):
    assert shorten(entry) == entry


@pytest.fixture(scope="module")
def client(open_mcp):
    known = ("access_token",)
    with Sandbox() as sandbox, Connector.load(servers=sandbox.servers) as connector:
        sandbox.control.seed({"saved_tracks": 120})
        values = sandbox.demo_args

        def find_known(block):
            return {name: values[name] for name in known if name in block.fields}

        with open_mcp(build_server(connector, offer=Offer(is_whole=True), find_known=find_known)) as client:
            yield client


def read(answer):
    assert not answer.is_error, answer.content[0].text
    return json.loads(answer.content[0].text)


def size_of(answer):
    return sum(len(content.text) for content in answer.content)


def test_fifty_saved_tracks_are_short(client):
    answer = client.call("getUserSavedTracks")
    assert answer.structured_content is None
    assert len(read(answer)) == 50
    assert size_of(answer) <= 12_000
    assert answer.content[1].text == "50 of 120 entries. A higher max_items gives more of them."
    assert "detail=full" in answer.content[2].text


def test_full_detail_is_all_that_the_service_said(client):
    answer = client.call("getUserSavedTracks", {"detail": "full", "max_items": 2})
    first = read(answer)["items"][0]["track"]
    assert {"id", "href", "disc_number"} <= first.keys()


def test_a_plan_for_a_long_list_is_short_and_says_how_much_more_there_is(client):
    answer = client.call("mirrorSavedTracks", {"target": "All my likes", "dry_run": True})
    added = read(answer)["added"]
    assert (len(added), added[-1]) == (51, "and 70 more")
    assert size_of(answer) <= 6_000
    whole = client.call("mirrorSavedTracks", {"target": "All my likes", "dry_run": True, "detail": "full"})
    assert len(read(whole)["added"]) == 120


def test_of_a_long_file_a_model_is_told_the_beginning():
    rows = "".join(f"row {number}\n" for number in range(317))
    told = json.loads(write_brief([{"text": rows, "state": "x" * 9_000}], REFERENCES, is_list=False, most=50))
    assert told["text"].splitlines()[-2:] == ["row 49", "and 267 more lines"]
    assert told["state"] == "x" * 9_000
    assert json.loads(write_brief([{"text": rows, "rows": 1}], REFERENCES, is_list=False))["text"] == rows


def test_another_detail_is_refused_with_what_there_is(client):
    answer = client.call("getUserSavedTracks", {"detail": "short"})
    assert answer.content[0].text == "getUserSavedTracks: detail is not one of the choices (fits: brief or full)."


def test_a_session_of_calls_needs_no_long_answer(client):
    """Find a track, make a playlist, add to it, play it, see what is new, as a model would."""
    found = client.call("searchTracks", {"q": "river"})
    uris = [track["uri"] for track in read(found)]
    playlist = client.call("createPlaylist", {"name": "River songs"})
    uri = read(playlist)["uri"]
    answers = [
        found,
        playlist,
        client.call("addItemsToPlaylist", {"playlist_id": uri, "uris": uris}),
        client.call("getPlaylistItems", {"playlist_id": uri}),
        client.call("getDevices"),
        client.call("startPlayback", {"context_uri": uri, "device_id": "kitchen"}),
        client.call("getPlaybackState"),
        client.call("getQueue"),
        client.call("getFollowedArtists"),
        client.call("getArtistAlbums", {"id": read(client.call("getFollowedArtists"))[0]["uri"]}),
        client.call("getRecentlyPlayed"),
        client.call("getUserPlaylists"),
        client.call("getUserTopTracks"),
        client.call("search", {"q": "river", "type": ["track", "album", "artist", "playlist"]}),
    ]
    assert [read(answer) is not None for answer in answers] == [True] * len(answers)
    assert [size for answer in answers if (size := size_of(answer)) > 12_000] == []
    assert [item["item"]["uri"] for item in read(answers[3])] == uris

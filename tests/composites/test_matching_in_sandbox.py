"""Blocks that find things by what they are called, on real HTTP: what they cost, and what becomes of each row."""

import jsonschema
import pytest

from connector import Connector
from connector.manifest.manifest import Manifest

MANIFEST = Manifest.load()


@pytest.fixture
def connector(sandbox):
    sandbox.control.reset()
    with Connector(MANIFEST, servers=sandbox.servers, quota_mode="development") as loaded:
        yield loaded


@pytest.fixture
def invoke(connector, sandbox):
    token = sandbox.demo_args["access_token"]

    def run(block, **args):
        result = connector.invoke(block, {"access_token": token, **args})
        if result.error is None and MANIFEST.block(block).procedure:
            schema = MANIFEST.block(block).output_schema
            jsonschema.validate(result.output, schema, jsonschema.Draft202012Validator)
        return result

    return run


@pytest.fixture
def tracks(invoke):
    """Forty tracks, no two of one title and artist."""
    found = invoke("searchTracks", q="river", max_items=80).entries
    return list({(track["name"], track["artists"][0]["name"]): track for track in found}.values())[:40]


@pytest.fixture
def count(sandbox):
    """Requests since the last time."""
    seen = [0]

    def since():
        calls = sandbox.control.calls()[seen[0] :]
        seen[0] += len(calls)
        return len(calls)

    return since


def write_row(place, track):
    """The track as somebody's list may have it."""
    artist, title = track["artists"][0]["name"], track["name"]
    return [
        {"isrc": track["external_ids"]["isrc"]},
        {"artist": artist.upper(), "title": title.lower(), "duration": track["duration_ms"] + 2_000},
        {"text": f"{artist} - {title} (Official Video)"},
        {"artist": artist, "title": f"{title} - 2011 Remaster", "album": track["album"]["name"], "plays": 7},
    ][place % 4]


def test_rows_are_found_in_order_by_one_call_each(invoke, tracks, count):
    rows = [write_row(place, track) for place, track in enumerate(tracks)]
    count()
    result = invoke("findTrack", rows=rows)
    told = result.output
    assert told["uris"] == [track["uri"] for track in tracks]
    assert [match["row"] for match in told["matches"]] == list(range(len(rows)))
    assert told["not_found"] == []
    assert (count(), told["calls"], result.meta.warnings) == (40, {"read": 40, "write": 0}, [])
    assert result.entries == told["matches"]


def test_rows_that_say_the_same_are_looked_for_once(invoke, tracks, count):
    row = write_row(1, tracks[0])
    count()
    told = invoke("findTrack", rows=[row, write_row(1, tracks[1]), row]).output
    assert told["uris"] == [tracks[0]["uri"], tracks[1]["uri"], tracks[0]["uri"]]
    assert count() == 2


def test_what_is_not_found_is_told_beside_what_is(invoke, tracks, count):
    title, artist = tracks[0]["name"], tracks[0]["artists"][0]["name"]
    count()
    rows = [{"title": title, "artist": "Somebody Else"}, {"title": title, "artist": artist}, {"text": "Qqq - Zzz"}]
    result = invoke("findTrack", rows=rows)
    told = result.output
    assert result.meta.warnings == ["2 of 3 were not found."]
    assert [match["uri"] for match in told["matches"]] == [None, tracks[0]["uri"], None]
    assert [row["row"] for row in told["not_found"]] == [0, 2]
    assert told["not_found"][1] == {"row": 2, "text": "Qqq - Zzz", "why": "Nothing was found."}
    # By fields and by free text, where the one doesn't do.
    assert count() == 2 + 1 + 2


def test_a_list_that_is_pasted_has_a_row_on_each_line(invoke, tracks, count):
    lines = [write_row(2, track)["text"] for track in tracks[:3]]
    count()
    told = invoke("findTrack", text="\n".join([lines[0], "", f"  {lines[1]}\r", lines[2]])).output
    assert (told["uris"], count()) == ([track["uri"] for track in tracks[:3]], 3)
    assert [match["row"] for match in told["matches"]] == [0, 1, 2]


def test_a_row_that_names_nothing_is_told_and_costs_nothing(invoke, tracks, count):
    rows = [{"plays": 1}, write_row(1, tracks[0]), {"artist": tracks[0]["artists"][0]["name"]}, {"title": " "}]
    count()
    told = invoke("findTrack", rows=rows).output
    assert (told["uris"], count()) == ([tracks[0]["uri"]], 1)
    assert [row["row"] for row in told["not_found"]] == [0, 2, 3]
    assert told["not_found"][0]["why"] == "It names nothing that could be looked for: text, title, artist or isrc."


@pytest.mark.parametrize("line", ["\u202e", "\u200b - \u2060", "---", "“”", ":", "\0"])
def test_a_line_of_signs_keeps_no_other_from_being_found(invoke, tracks, line):
    told = invoke("findTrack", rows=[{"text": line}, write_row(1, tracks[0])]).unwrap()
    assert [match["found"] for match in told["matches"]] == [False, True]


def test_the_names_of_a_row_s_fields_may_be_written_as_spreadsheets_write_them(invoke, tracks):
    row = {name.title(): value for name, value in write_row(1, tracks[0]).items()}
    assert invoke("findTrack", rows=[{**row, "Plays": 1}]).output["uris"] == [tracks[0]["uri"]]


def test_a_score_that_is_asked_for_decides(invoke, tracks):
    track = next(track for track in tracks if len(track["artists"]) == 1)
    row = {**write_row(1, track), "duration": track["duration_ms"] + 9_000}
    told = invoke("findTrack", rows=[row]).output
    assert (told["uris"], told["matches"][0]["score"]) == ([track["uri"]], 93)
    result = invoke("findTrack", rows=[row], least_score=94)
    told = result.output
    why = f"The nearest is {track['name']}, {track['uri']}, with 93 points: other length."
    assert (told["uris"], told["not_found"][0]["why"]) == ([], why)
    # Who is told no more than that would not know what to correct.
    assert result.brief()[0]["why"] == [why]


def test_a_part_of_a_name_finds_the_nearest(invoke):
    told = invoke("findPlaylist", text="dinner").output["matches"][0]
    assert (told["found"], told["candidates"][0]["name"]) == (False, "Dinner Favourites")


def test_albums_artists_and_own_playlists_are_found_too(invoke, count):
    album = invoke("searchAlbums", q="river", max_items=1).entries[0]
    told = invoke("findAlbum", text=f"{album['artists'][0]['name']} - {album['name']} (Deluxe Edition)").output
    assert told["uris"] == [album["uri"]]
    artist = invoke("searchArtists", q="river", max_items=1).entries[0]
    assert invoke("findArtist", text=artist["name"].upper()).output["uris"] == [artist["uri"]]
    own = invoke("getUserPlaylists").entries
    count()
    names = [{"title": own[3]["name"].lower()}, {"text": own[1]["name"][:-1]}, {"text": "No such list"}]
    told = invoke("findPlaylist", rows=names).output
    assert told["uris"] == [own[3]["uri"], own[1]["uri"]]
    assert count() == -(-len(own) // 50)


def test_a_failure_midway_gives_what_was_found_before(invoke, sandbox, tracks):
    rows = [write_row(1, track) for track in tracks]
    sandbox.control.fault("forbidden_no_message", match="GET /search", after=25, times=99)
    error = invoke("findTrack", rows=rows).error
    assert error.kind == "forbidden"
    assert 0 < error.came <= 25
    assert error.partial["uris"] == [track["uri"] for track in tracks[: error.came]]


@pytest.mark.parametrize(
    ("args", "field", "why"),
    [
        ({"artist": "Somebody"}, "title", "is needed beside"),
        ({"rows": [{"title": "A"}, {"title": ["B", 7]}]}, "rows", "number 2, that has a title"),
        ({"rows": [{"title": "A", "duration": "long"}]}, "rows", "number 1, that has a duration"),
        ({"text": "A", "title": "B"}, "text", "one too many"),
        ({"text": "A\n" * 1_001}, "text", "has 1001 lines"),
        ({}, "text", "is required"),
    ],
)
def test_what_says_too_little_is_refused_before_anything_is_sent(invoke, count, args, field, why):
    count()
    error = invoke("findTrack", **args).error
    assert error.fields[0].name == field
    assert why in error.message
    assert count() == 0

"""Blocks that Spotify closed to development mode go another way there, and say so; their output is the documented one.

ReccoBeats is the sandbox's stand-in for it.
"""

import jsonschema
import pytest

from connector import Connector
from connector.sandbox import Sandbox

NEAR = {
    "getNewReleases": {"max_items": 15},
    "getCategoryPlaylists": {"id": "party", "max_items": 15},
    "getArtistTopTracks": {},
}
RECCOBEATS = {
    "getTrackAudioFeatures": "GET reccobeats:/audio-features",
    "getTracksAudioFeatures": "GET reccobeats:/audio-features",
    "getRecommendations": "GET reccobeats:/track/recommendation",
}


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(quota_mode="development") as running:
        yield running


@pytest.fixture
def make(sandbox):
    made = []

    def build(**options):
        made.append(Connector.load(servers=sandbox.servers, timeout=20, **options))
        return made[-1]

    yield build
    for connector in made:
        connector.close()


@pytest.fixture
def token(sandbox):
    return {"access_token": sandbox.demo_args["access_token"]}


@pytest.fixture
def tracks(make, token):
    return make().invoke("searchTracks", {**token, "q": "a", "max_items": 60}).entries


def check(connector, result, warning):
    block = connector.manifest.block(result.block)
    assert result.ok, result.error
    assert result.entries
    jsonschema.validate(result.output, block.output_schema)
    assert sum(warning in text for text in result.meta.warnings) == 1


@pytest.mark.parametrize("mode", ["auto", "development"])
@pytest.mark.parametrize("name", NEAR)
def test_something_near_to_it_is_found_by_a_search(make, token, tracks, name, mode):
    connector = make(quota_mode=mode)
    args = NEAR[name] or {"id": tracks[0]["artists"][0]["id"]}
    result = connector.invoke(name, {**token, **args})
    check(connector, result, "Found by a search")
    assert result.meta.route == "GET /search"


@pytest.mark.parametrize("name", RECCOBEATS)
def test_reccobeats_stands_in_where_the_operator_agrees(make, token, sandbox, tracks, name):
    ids = [track["id"] for track in tracks]
    args = {
        "getTrackAudioFeatures": {"id": ids[0]},
        "getTracksAudioFeatures": {"ids": ids},
        "getRecommendations": {"seed_tracks": ids[:2], "energy_target": 0.7},
    }[name]
    assert "CONNECTOR_SUBSTITUTES=reccobeats" in make().invoke(name, {**token, **args}).error.message

    connector = make(substitutes=["reccobeats"])
    result = connector.invoke(name, {**token, **args})
    check(connector, result, "ReccoBeats', not Spotify's" if "Features" in name else "not Spotify's")
    assert result.meta.route == RECCOBEATS[name]
    asked = [call for call in sandbox.control.calls() if call["path"].startswith("/reccobeats")]
    assert asked
    assert {call["authorization"] for call in asked} == {None}


def test_of_several_tracks_each_has_its_place_and_what_is_unknown_is_null(make, token, tracks):
    ids = [track["id"] for track in tracks]
    result = make(substitutes=["reccobeats"]).invoke("getTracksAudioFeatures", {**token, "ids": ids})
    assert [entry["id"] for entry in result.entries if entry] == [
        own for own, entry in zip(ids, result.entries, strict=True) if entry
    ]
    assert None in result.entries


ID, OTHER = "11dFghVXANMlKmJXsNCbNl", "4iV5W9uYEdYUVa79Axb7Rh"
FEATURES = {"href": f"https://open.spotify.com/track/{ID}", "energy": 0.5}
TRACK = {"trackTitle": "A", "artists": [], "durationMs": 1000, "href": f"https://open.spotify.com/track/{ID}"}
ODD_FEATURES = [
    {"href": f"https://open.spotify.com/track/{OTHER}"},
    {"href": "https://open.spotify.com/track/"},
    {"href": f"https://open.spotify.com/artist/{ID}"},
    {"href": None},
    {},
    None,
    {**FEATURES, "energy": "much"},
    {**FEATURES, "energy": 2},
]
ODD_TRACKS = [
    {**TRACK, "href": "https://open.spotify.com/track/"},
    {**TRACK, "href": f"https://open.spotify.com/artist/{ID}"},
    {**TRACK, "href": None},
    {**TRACK, "durationMs": "1:00"},
    {**TRACK, "trackTitle": None},
    {**TRACK, "artists": {}},
    None,
]


@pytest.mark.parametrize("name", RECCOBEATS)
def test_an_odd_answer_of_reccobeats_is_no_answer(make, token, make_server, name):
    args, sound, odd = {
        "getTrackAudioFeatures": ({"id": ID}, FEATURES, ODD_FEATURES),
        "getTracksAudioFeatures": ({"ids": [ID, ID]}, FEATURES, ODD_FEATURES),
        "getRecommendations": ({"seed_tracks": [OTHER]}, TRACK, ODD_TRACKS),
    }[name]
    server = make_server()
    connector = Connector.load(
        servers={"reccobeats": server.url}, substitutes=["reccobeats"], quota_mode="development", timeout=20
    )
    with connector:

        def ask(answer):
            server.answer = lambda _: (200, {}, answer)
            return connector.invoke(name, {**token, **args})

        assert ask({"content": [sound]}).ok, ask({"content": [sound]}).error
        empty = ask({"content": []})
        assert empty.error.kind == "not_found" if name == "getTrackAudioFeatures" else empty.ok
        told = [{"content": [entry]} for entry in odd] + [{}, [], {"content": None}, {"content": {}}, {"content": "x"}]
        assert [
            (answer, kind) for answer in told if (kind := ask(answer).error and ask(answer).error.kind) != "bad_answer"
        ] == []


def test_what_reccobeats_cannot_take_into_account_is_said(make, token, tracks):
    args = {**token, "seed_tracks": [tracks[0]["id"]], "energy_min": 0.5, "market": "SE"}
    error = make(substitutes=["reccobeats"], quota_mode="development").invoke("getRecommendations", args).error
    assert error.kind == "unavailable"
    assert "It can be done without energy_min and market." in error.message

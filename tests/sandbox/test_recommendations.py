"""GET /recommendations."""

import pytest

ARTIST, TRACK = "0TnOYISbd1XYRBk9myaseg", "4iV5W9uYEdYUVa79Axb7Rh"


def features(client, track):
    return client.get(f"/audio-features/{track['id']}").json()


def test_seeds_and_tracks(client):
    answer = client.get("/recommendations", seed_artists=ARTIST, seed_genres="classical,country", seed_tracks=TRACK)
    seeds = answer.json()["seeds"]
    assert [(seed["type"], seed["id"]) for seed in seeds] == [
        ("ARTIST", ARTIST),
        ("GENRE", "classical"),
        ("GENRE", "country"),
        ("TRACK", TRACK),
    ]
    assert all(seed["initialPoolSize"] == seed["afterFilteringSize"] > 0 for seed in seeds)
    assert seeds[0]["href"] == f"{client.url}/v1/artists/{ARTIST}"
    assert seeds[1]["href"] is None
    assert len(answer.json()["tracks"]) == 20


def test_the_same_question_gets_the_same_answer(client):
    first = client.get("/recommendations", seed_genres="jazz").json()
    assert client.get("/recommendations", seed_genres="jazz").json() == first


def test_floors_and_ceilings_filter(client):
    tuned = {"min_energy": "0.4", "max_tempo": "120", "min_duration_ms": "200000", "max_popularity": "60"}
    answer = client.get("/recommendations", seed_tracks=TRACK, limit=100, **tuned).json()
    assert answer["tracks"]
    for track in answer["tracks"][:5]:
        found = features(client, track)
        assert found["energy"] >= 0.4
        assert found["tempo"] <= 120
        assert track["duration_ms"] >= 200_000
        assert track["popularity"] <= 60
    seed = answer["seeds"][0]
    assert seed["afterFilteringSize"] == len(answer["tracks"]) < seed["initialPoolSize"]


def test_targets_rank(client):
    answer = client.get("/recommendations", seed_tracks=TRACK, limit=3, target_valence="0.9").json()
    assert all(abs(features(client, track)["valence"] - 0.9) < 0.05 for track in answer["tracks"])


def test_a_contradiction_leaves_nothing(client):
    answer = client.get("/recommendations", seed_genres="pop", min_energy="0.6", max_energy="0.5").json()
    assert (answer["tracks"], answer["seeds"][0]["afterFilteringSize"]) == ([], 0)


def test_unknown_seeds_have_an_empty_pool(client):
    answer = client.get("/recommendations", seed_genres="grindwave", seed_tracks="0" * 22).json()
    assert [seed["initialPoolSize"] for seed in answer["seeds"]] == [0, 0]


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"seed_genres": "pop,rock,jazz,soul,funk,folk"},
        {"seed_tracks": "short"},
        {"seed_genres": "pop", "min_energy": "1.5"},
        {"seed_genres": "pop", "target_tempo": "fast"},
        {"seed_genres": "pop", "target_key": "1.5"},
        {"seed_genres": "pop", "min_valence": "nan"},
    ],
)
def test_bad_questions(client, query):
    answer = client.get("/recommendations", **query)
    assert answer.json() == {"error": {"status": 400, "message": "invalid request"}}


@pytest.mark.parametrize("limit", ["0", "101"])
def test_the_limit_is_1_to_100(client, limit):
    answer = client.get("/recommendations", seed_genres="pop", limit=limit)
    assert answer.json()["error"]["message"] == "Invalid limit"

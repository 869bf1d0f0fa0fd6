"""The stand-in for ReccoBeats beside the sandbox."""

import pytest


@pytest.fixture
def ask(client):
    return lambda path, **query: client.session.get(f"{client.url}/reccobeats/v1{path}", params=query)


def ids_of(answer):
    assert answer.status_code == 200, answer.text
    return [entry["href"].removeprefix("https://open.spotify.com/track/") for entry in answer.json()["content"]]


def test_features_are_those_of_the_web_api_and_what_is_unknown_is_left_out(ask, client, control):
    control.seed(awkward=False)
    tracks = control.ids("track", 12)
    answer = ask("/audio-features", ids=",".join([*tracks, "0" * 22]))
    assert ids_of(answer) == [*tracks[:9], *tracks[10:]]
    assert ask("/audio-features", ids=[*tracks, "0" * 22]).json() == answer.json()
    for entry, track in zip(answer.json()["content"], ids_of(answer), strict=True):
        features = client.get(f"/audio-features/{track}").json()
        same = entry.keys() & features.keys() - {"id"}
        assert len(same) == 11
        assert {name: entry[name] for name in same} == {name: features[name] for name in same}
        assert entry.keys().isdisjoint({"time_signature", "duration_ms", "analysis_url"})
        assert len(entry["id"]) == 36
    control.seed(awkward=True)
    assert -1 in [entry["key"] for entry in ask("/audio-features", ids=tracks).json()["content"]]


def test_recommendations_are_as_many_as_wished_and_nearest_to_the_values_wished_for(ask, client, control):
    seeds = ",".join(control.ids("track", 2))
    tracks = ids_of(ask("/track/recommendation", seeds=seeds, size=20, energy=0.9))
    assert (len(set(tracks)), set(tracks) & set(seeds.split(","))) == (20, set())
    calm = ids_of(ask("/track/recommendation", seeds=seeds, size=20, energy=0.1))

    def mean_energy(ids):
        energies = [client.get(f"/audio-features/{track}").json()["energy"] for track in ids]
        return sum(energies) / len(energies)

    assert mean_energy(tracks) > 0.8
    assert mean_energy(calm) < 0.2
    first = ask("/track/recommendation", seeds=seeds, size=1).json()["content"][0]
    track = client.get(f"/tracks/{first['href'].rpartition('/')[2]}").json()
    assert (first["trackTitle"], first["durationMs"]) == (track["name"], track["duration_ms"])
    assert [artist["name"] for artist in first["artists"]] == [artist["name"] for artist in track["artists"]]


@pytest.mark.each(
    ("path", "query"),
    [
        ("/audio-features", {}),
        ("/audio-features", {"ids": ",".join(["0" * 22] * 41)}),
        ("/track/recommendation", {"seeds": "0" * 22, "size": 5}),
        ("/track/recommendation", {"seeds": "4iV5W9uYEdYUVa79Axb7Rh"}),
        ("/track/recommendation", {"seeds": "4iV5W9uYEdYUVa79Axb7Rh", "size": 101}),
        ("/track/recommendation", {"seeds": ",".join(["4iV5W9uYEdYUVa79Axb7Rh"] * 6), "size": 5}),
        ("/track/recommendation", {"seeds": "4iV5W9uYEdYUVa79Axb7Rh", "size": 5, "energy": "high"}),
    ],
)
def test_what_it_refuses(ask, path, query):
    answer = ask(path, **query)
    assert (answer.status_code, answer.json()["status"]) == (400, 400)
    assert answer.json()["error"]


def test_it_has_a_limit_and_faults_of_its_own_and_is_recorded(ask, client, control):
    track = "4iV5W9uYEdYUVa79Axb7Rh"
    control.seed(reccobeats_limit=1)
    assert ask("/audio-features", ids=track).status_code == 200
    refused = ask("/audio-features", ids=track)
    assert refused.status_code == 429
    assert 28 <= int(refused.headers["Retry-After"]) <= 30
    assert client.get(f"/tracks/{track}").status_code == 200
    control.seed(reccobeats_limit=None)
    control.fault("server_error", match="/reccobeats")
    assert client.get(f"/tracks/{track}").status_code == 200
    assert ask("/audio-features", ids=track).status_code == 500
    calls = [call for call in control.calls() if call["path"].startswith("/reccobeats")]
    assert [(call["status"], call["authorization"]) for call in calls] == [(200, None), (429, None), (500, None)]

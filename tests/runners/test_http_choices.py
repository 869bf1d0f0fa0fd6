"""What a field may hold, over HTTP: what a form shows, in front of a sandbox."""

import pytest

PLAYLISTS = "/blocks/addItemsToPlaylist/fields/playlist_id/choices"
ALICE = {"X-Connection": "alice"}


def test_a_form_gets_values_and_labels_and_how_to_go_on(client):
    answer = client.get(PLAYLISTS, params={"limit": 2}, headers=ALICE)
    found = answer.json()
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert found.keys() == {"choices", "next", "calls"}
    assert [choice.keys() for choice in found["choices"]] == [{"value", "label", "hint"}] * 2
    assert found["calls"] == 1
    rest = client.get(PLAYLISTS, params={"after": found["next"]}, headers=ALICE).json()
    assert (rest["next"], rest["calls"]) == (None, 0)
    values = [choice["value"] for choice in found["choices"] + rest["choices"]]
    listed = client.run("getUserPlaylists", headers=ALICE).json()["items"]
    assert values == [entry["id"] for entry in listed]
    assert 'connector_invocations_total{block="getUserPlaylists"' in client.get("/metrics").text


def test_a_search_finds_by_label(client):
    [first, *_] = client.get(PLAYLISTS, headers=ALICE).json()["choices"]
    found = client.get(PLAYLISTS, params={"search": first["label"].upper()}, headers=ALICE).json()
    assert found["choices"] == [first]


@pytest.mark.parametrize(
    ("path", "headers", "status", "kind"),
    [
        (PLAYLISTS, {}, 422, "missing_fields"),
        (PLAYLISTS, {"X-Connection": "nobody"}, 401, "reauthorize"),
        (f"{PLAYLISTS}?limit=many", ALICE, 422, "invalid_fields"),
        (f"{PLAYLISTS}?after=anywhere", ALICE, 422, "invalid_fields"),
        ("/blocks/getTrack/fields/market/choices", ALICE, 404, "unknown_field"),
        ("/blocks/getTrack/fields/nothing/choices", ALICE, 404, "unknown_field"),
        ("/blocks/nothing/fields/id/choices", ALICE, 404, "unknown_block"),
    ],
)
def test_what_goes_wrong_is_told_as_a_call_s(client, path, headers, status, kind):
    answer = client.get(path, headers=headers)
    assert (answer.status_code, answer.json()["kind"]) == (status, kind)


def test_what_the_service_refuses_has_its_status(client, sandbox):
    sandbox.control.fault("rate_limited", retry_after="3600")
    answer = client.get(PLAYLISTS, headers=ALICE)
    assert (answer.status_code, answer.json()["kind"]) == (429, "rate_limited")
    assert answer.headers["retry-after"] == "3600"


def test_a_key_reaches_its_own_connections_only(start, connector, store):
    client = start(connector, store, key="k", keys="n8n:k:bob")
    assert client.get(PLAYLISTS, headers={"X-Connection": "bob"}).status_code == 200
    refused = client.get(PLAYLISTS, headers=ALICE)
    assert (refused.status_code, refused.json()["kind"]) == (403, "connection")
    stranger = client.get(PLAYLISTS, headers={"X-Connection": "bob", "X-API-Key": "another"})
    assert (stranger.status_code, stranger.json()["kind"]) == (401, "api_key")

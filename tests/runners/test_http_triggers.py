"""Triggers over HTTP: listed, described, and polled with the state that the poll before gave."""

import json

import pytest

SAVED = "/triggers/newSavedTrack"
ALICE = {"X-Connection": "alice"}


def test_what_there_is_is_listed_and_described(client):
    [first, *rest] = client.get("/triggers").json()["triggers"]
    assert (first["name"], first["watches"], len(rest)) == ("newSavedTrack", "getUserSavedTracks", 18)
    described = client.get(f"{SAVED}/description").json()
    assert described["title"] == first["title"]
    assert {"also_last", "max_events", "thorough"} <= described["input"]["properties"].keys()


def test_a_poll_tells_what_came_since_the_state_that_it_is_handed(client, sandbox):
    first = client.post(SAVED, json={}, headers=ALICE)
    assert (first.status_code, first.headers["cache-control"]) == (200, "no-store")
    assert first.json().keys() == {"events", "state", "more", "meta"}
    assert first.json()["events"] == []
    track = client.run("getUserSavedTracks", {"max_items": 1}, headers=ALICE).json()["items"][0]["track"]["id"]
    client.run("removeFromLibrary", {"uris": [f"spotify:track:{track}"]}, headers=ALICE)
    client.run("saveToLibrary", {"uris": [f"spotify:track:{track}"]}, headers=ALICE)
    body = {"state": first.json()["state"], "connection": "alice"}
    seen = client.post(SAVED, json=body).json()
    [event] = seen["events"]
    assert (event["type"], event["data"]["track"]["id"], seen["more"]) == ("newSavedTrack", track, False)
    assert seen["meta"]["requests"] == 1
    assert seen["meta"]["next_s"] > 0
    [brief] = client.post(f"{SAVED}?detail=brief", json=body).json()["events"]
    assert brief == {name: event[name] for name in ("id", "type", "time")} | {"data": event["brief"]}
    assert client.post(SAVED, json={**body, "state": seen["state"]}).json()["events"] == []
    assert 'connector_invocations_total{block="newSavedTrack"' in client.get("/metrics").text


@pytest.mark.parametrize(
    ("path", "body", "headers", "status", "kind"),
    [
        (SAVED, {}, {}, 422, "missing_fields"),
        (SAVED, {}, {"X-Connection": "nobody"}, 401, "reauthorize"),
        (SAVED, {"args": {"max_events": 0}}, ALICE, 422, "invalid_fields"),
        (SAVED, {"args": []}, ALICE, 422, "invalid_fields"),
        (SAVED, {"state": {"v": 1}}, ALICE, 422, "invalid_fields"),
        (SAVED, {"state": ""}, ALICE, 422, "invalid_fields"),
        (SAVED, {"also_last": 3}, ALICE, 400, "bad_json"),
        (SAVED, {"connection": 3}, ALICE, 400, "bad_json"),
        (f"{SAVED}?detail=some", {}, ALICE, 400, "bad_detail"),
        ("/triggers/newSavedTrak", {}, ALICE, 404, "unknown_trigger"),
    ],
)
def test_what_goes_wrong_is_told_as_a_call_s(client, path, body, headers, status, kind):
    answer = client.post(path, json=body, headers=headers)
    assert (answer.status_code, answer.json()["kind"]) == (status, kind)


def test_a_sign_in_that_is_gone_leads_to_where_one_signs_in(client):
    refused = client.post(SAVED, json={}, headers={"X-Connection": "nobody"})
    assert (refused.json()["kind"], refused.json()["sign_in"]) == ("reauthorize", "/connect/nobody")


def test_what_the_service_refuses_has_its_status(client, sandbox):
    sandbox.control.fault("rate_limited", retry_after="3600")
    answer = client.post(SAVED, json={}, headers=ALICE)
    assert (answer.status_code, answer.json()["kind"], answer.headers["retry-after"]) == (429, "rate_limited", "3600")
    # Not all come back at once.
    assert 3600 <= answer.json()["next_s"] <= 2 * 3600


def test_a_key_reaches_its_own_connections_only(start, connector, store):
    client = start(connector, store, key="k", keys="n8n:k:bob")
    assert client.post(SAVED, json={}, headers={"X-Connection": "bob"}).status_code == 200
    refused = client.post(SAVED, json={}, headers=ALICE)
    assert (refused.status_code, refused.json()["kind"]) == (403, "connection")


def test_a_state_is_taken_back_however_much_is_watched(start, connector, sandbox):
    client = start(connector, max_body=20_000)
    sandbox.control.seed(saved_tracks=1000)
    given = client.post("/triggers/savedTrackRemoved", json={}, headers=ALICE).json()["state"]
    assert len(json.dumps(given)) > 50_000
    answer = client.post("/triggers/savedTrackRemoved", json={"state": given}, headers=ALICE)
    assert (answer.status_code, answer.json()["events"]) == (200, [])
    assert client.post("/triggers/savedTrackRemoved", data=b" " * 160_001).status_code == 413
    assert client.post("/blocks/getUserSavedTracks", data=b" " * 20_001).status_code == 413

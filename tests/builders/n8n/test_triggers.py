"""The trigger node in a real n8n: workflows that are active, polled by n8n itself, and started by what happens."""

from __future__ import annotations

import json
import re
import time

import pytest
import requests
from builders.n8n_workflows import build_triggered
from builders.patience import PATIENCE_S
from patience import wait_until

SAVED = "newSavedTrack"


@pytest.fixture
def activate(n8n, workbench, stage):
    """Saves a workflow that a trigger starts and publishes it; afterwards it is no longer active."""
    made = []

    def activate(trigger, args, **options):
        node = workbench.build_trigger(trigger, args, **options)
        made.append(n8n.rest("POST", "/workflows", build_triggered(trigger, node)))
        n8n.activate(made[-1])
        return made[-1]

    yield activate
    for each in made:
        n8n.rest("POST", f"/workflows/{each['id']}/deactivate")


@pytest.fixture
def save(stage):
    """Saves tracks that the listener has not saved yet."""
    left = iter(stage.sandbox.control.ids("track", 400)[-20:])

    def save(count=1):
        tracks = [next(left) for _ in range(count)]
        stage.connector.invoke("saveTrack", {"id": tracks}).unwrap()
        return tracks

    return save


def wait(holds):
    """Waits for what a poll brings, which comes each five seconds."""
    return wait_until(holds, PATIENCE_S, 0.3)


def told(executions, trigger):
    """The items that a trigger has given, in order."""
    assert {each["status"] for each in executions} <= {"success"}, executions
    return [
        item["json"] for each in executions for item in each["runs"][trigger][0]["data"]["main"][0] if item is not None
    ]


def wait_for_events(n8n, made, trigger, count):
    """The trigger's items, once there are `count` of them."""
    return wait(lambda: (found := told(n8n.executions(made["id"]), trigger)) and len(found) >= count and found)


def count_looks(stage, credential, trigger, kind="[a-z_]+"):
    """How often the runner was asked for news of a trigger, and that ended well or was of this `kind`."""
    key = {"Authorization": f"Bearer {credential['data']['apiKey']}"}
    text = requests.get(f"{stage.runner_url}/metrics", headers=key, timeout=PATIENCE_S).text
    found = re.findall(rf'connector_invocations_total\{{block="{trigger}",kind="{kind}"[^}}]*\}} (\d+)', text)
    return sum(map(int, found))


@pytest.fixture
def wait_for_looks(stage, credential):
    """Lets a number of polls of a trigger come."""

    def wait_for_looks(trigger, count):
        wanted = count_looks(stage, credential, trigger) + count
        wait(lambda: count_looks(stage, credential, trigger) >= wanted)

    return wait_for_looks


def test_what_happens_starts_the_workflow_once_each_also_after_n8n_has_crashed(n8n, activate, save, wait_for_looks):
    made = activate(SAVED, {}, always=True)
    wait_for_looks(SAVED, 2)
    assert n8n.executions(made["id"]) == []
    tracks = []
    for number in (1, 2, 3):
        tracks += save()
        events = wait_for_events(n8n, made, SAVED, number)
    executions = n8n.executions(made["id"])
    assert len(executions) == 3
    assert [event["data"]["track"]["id"] for event in events] == tracks
    assert [set(event) for event in events] == [{"id", "type", "time", "data"}] * 3
    assert "disc_number" not in events[0]["data"]["track"]
    assert executions[0]["runs"]["Handed on"][0]["data"]["main"][0][0]["json"] == events[0]
    n8n.crash()
    missed = save(2)
    n8n.start()
    events = wait_for_events(n8n, made, SAVED, 5)
    wait_for_looks(SAVED, 2)
    events = told(n8n.executions(made["id"]), SAVED)
    assert sorted(event["data"]["track"]["id"] for event in events) == sorted(tracks + missed)
    assert len({event["id"] for event in events}) == 5


def test_a_form_that_is_edited_begins_anew_and_goes_on(n8n, activate, stage, wait_for_looks):
    first, second = (
        stage.connector.invoke("createPlaylist", {"name": name}).unwrap()["id"] for name in ("First", "Second")
    )
    made = activate("newPlaylistItem", {"playlist_id": first}, always=True)
    wait_for_looks("newPlaylistItem", 2)
    # n8n stores what is kept with an execution: the state of the first playlist is there when the second is asked for.
    [uri] = [f"spotify:track:{track}" for track in stage.sandbox.control.ids("track", 1)]
    stage.connector.invoke("addItemsToPlaylist", {"playlist_id": first, "uris": [uri]}).unwrap()
    wait_for_events(n8n, made, "newPlaylistItem", 1)
    nodes = json.loads(json.dumps(made["nodes"]))
    nodes[0]["parameters"]["playlist_id"]["value"] = second
    n8n.activate(n8n.rest("PATCH", f"/workflows/{made['id']}", {"nodes": nodes, "versionId": made["versionId"]}))
    wait_for_looks("newPlaylistItem", 2)
    for playlist in (first, second):
        stage.connector.invoke("addItemsToPlaylist", {"playlist_id": playlist, "uris": [uri]}).unwrap()
    events = wait_for_events(n8n, made, "newPlaylistItem", 2)
    wait_for_looks("newPlaylistItem", 2)
    assert len(told(n8n.executions(made["id"]), "newPlaylistItem")) == 2
    assert {event["data"]["item"]["uri"] for event in events} == {uri}


def test_a_lock_out_is_waited_for_without_a_look_and_fails_no_execution(
    n8n, activate, stage, save, credential, wait_for_looks
):
    limited = count_looks(stage, credential, SAVED, "rate_limited")
    made = activate(SAVED, {}, always=True)
    wait_for_looks(SAVED, 2)
    started = time.monotonic()
    stage.sandbox.control.fault("rate_limited", retry_after=20, match="GET /me/tracks")
    wait(lambda: count_looks(stage, credential, SAVED, "rate_limited") > limited)
    # It is the node that waits, and not the runner.
    stage.gate.open()
    looks = count_looks(stage, credential, SAVED)
    [track] = save()
    [event] = wait_for_events(n8n, made, SAVED, 1)
    assert time.monotonic() - started >= 20
    assert event["data"]["track"]["id"] == track
    assert count_looks(stage, credential, SAVED) - looks <= 2


def test_any_other_error_fails_one_execution_in_the_runners_words(n8n, activate, stage, credential, wait_for_looks):
    made = activate(SAVED, {}, always=True)
    wait_for_looks(SAVED, 2)
    failed = count_looks(stage, credential, SAVED, "forbidden")
    stage.sandbox.control.fault("custom", status=403, body={"error": {"status": 403, "message": "Not for you."}})
    [execution] = wait(lambda: n8n.executions(made["id"]))
    assert execution["status"] == "error"
    assert execution["error"]["message"].startswith(
        "newSavedTrack: getUserSavedTracks: Spotify answered 403: Not for you."
    )
    assert count_looks(stage, credential, SAVED, "forbidden") == failed + 1

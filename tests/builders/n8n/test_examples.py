"""The published workflows in a real n8n: imported as they are, run, and run again, and judged by what came of it."""

from __future__ import annotations

import json

import pytest
import requests
from builders.n8n_examples import CREDENTIAL, FOLDER
from builders.n8n_workflows import POLL_TIMES
from builders.patience import PATIENCE_S
from patience import wait_until
from workflow_stories import ANY_PLAYLIST, STORIES, WORKFLOWS, Scene, played

from connector.export.n8n.names import Names


@pytest.fixture(scope="module", autouse=True)
def _named_credential(n8n, manifest, credential):
    """A credential of the name that n8n gives: the workflows name it, and n8n finds it."""
    kind = Names.from_manifest(manifest).credential
    made = n8n.rest("POST", "/credentials", {"name": CREDENTIAL, "type": kind, "data": credential["data"]})
    n8n.files.mkdir(exist_ok=True)
    yield
    n8n.rest("DELETE", f"/credentials/{made['id']}")


@pytest.fixture
def scene(n8n, stage):
    return Scene(stage.sandbox, lambda block, **args: stage.connector.invoke(block, args).unwrap(), n8n.files)


def import_workflow(n8n, name, playlist):
    text = (WORKFLOWS / "n8n" / f"{name}.json").read_text("utf-8")
    workflow = json.loads(text.replace(ANY_PLAYLIST, str(playlist)).replace(FOLDER, str(n8n.files)))
    for node in workflow["nodes"]:
        if "pollTimes" in node["parameters"]:
            # As it is it takes an hour.
            node["parameters"] |= {"pollTimes": POLL_TIMES, "options": {"always": True}}
        if "fade" in node["parameters"].get("more", {}):
            # As it is it takes five minutes.
            node["parameters"]["more"]["fade"] = 1
    return n8n.rest("POST", "/workflows", workflow)


def run(n8n, made):
    runs = n8n.run_saved(made)
    failed = {name: run["error"]["message"] for name, each in runs.items() for run in each if run.get("error")}
    assert failed == {}
    return runs


@pytest.mark.parametrize("name", [name for name in STORIES if name not in ("log_plays", "queue_from_chat")])
def test_a_workflow_does_what_it_is_for_and_nothing_twice(n8n, scene, name):
    made = []

    def start(playlist):
        made[:] = made or [import_workflow(n8n, name, playlist)]
        run(n8n, made[0])

    STORIES[name].run(scene, start)


def test_plays_are_logged_once_each_as_they_happen(n8n, scene):
    STORIES["log_plays"].arrange(scene)
    made = import_workflow(n8n, "log_plays", None)

    def is_logged():
        tables = [table for table in n8n.rest("GET", "/data-tables-global")["data"] if table["name"] == "Plays"]
        path = f"/projects/{tables[0]['projectId']}/data-tables/{tables[0]['id']}/rows?take=100" if tables else None
        rows = n8n.rest("GET", path)["data"] if path else []
        return sorted((row["played_at"], row["uri"]) for row in rows) == sorted(played(scene))

    n8n.activate(made)
    wait_until(is_logged, PATIENCE_S, 0.5)
    scene.listener("startPlayback", uris=scene.tracks(2))
    scene.sandbox.control.clock(advance_s=900)
    assert len(played(scene)) > 30
    wait_until(is_logged, PATIENCE_S, 0.5)
    n8n.rest("POST", f"/workflows/{made['id']}/deactivate")
    assert {each["status"] for each in n8n.executions(made["id"])} == {"success"}


def test_a_message_is_answered_in_words(n8n, scene):
    story = STORIES["queue_from_chat"]
    story.arrange(scene)
    made = import_workflow(n8n, story.name, None)
    n8n.activate(made)

    def say(text):
        answer = requests.post(f"{n8n.url}/webhook/queue-a-song", json={"text": text}, timeout=PATIENCE_S)
        return answer.text

    # n8n listens a little later than it says.
    wait_until(lambda: say("no song is called this") == "Nothing was found for that.")
    assert scene.writes() == []
    assert say("lantern") == "Lantern, Arcade by Tide & Marble is in the queue."
    story.judge(scene, None)
    assert say("lantern") == "Lantern, Arcade by Tide & Marble is in the queue already."
    story.judge(scene, None)

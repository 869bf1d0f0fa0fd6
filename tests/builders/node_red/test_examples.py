"""The published flows in a real Node-RED: imported as they are, run, and run again, and judged by what came of it."""

from __future__ import annotations

import json

import pytest
import requests
from builders.node_red_examples import DONE, FOLDER
from builders.patience import PATIENCE_S
from patience import wait_until
from workflow_stories import ANY_PLAYLIST, STORIES, WORKFLOWS, Scene


@pytest.fixture
def scene(stage, tmp_path):
    return Scene(stage.sandbox, lambda block, **args: stage.connector.invoke(block, args).unwrap(), tmp_path)


@pytest.fixture
def import_flow(node_red, stage, scene):
    """Deploys a published flow as a maker does, who sets the runner, the playlist and the folder."""

    def import_flow(name, playlist=None):
        text = (WORKFLOWS / "node-red" / f"{name}.json").read_text("utf-8")
        flow = json.loads(text.replace(ANY_PLAYLIST, str(playlist)).replace(FOLDER, str(scene.folder)))
        runner = stage.build_runner()
        for node in flow:
            if node["type"] == runner["type"]:
                node |= {key: value for key, value in runner.items() if key != "id"}
            if node["type"] == "debug":
                node["console"] = True
            if "arg_fade" in node:
                # As it is it takes five minutes.
                node["arg_fade"] = "1"
        node_red.deploy(flow)
        return flow

    return import_flow


@pytest.fixture
def run(node_red):
    """Presses a flow's button, and waits until it is done; gives what was shown meanwhile."""

    def run(flow):
        [button] = [node for node in flow if node["type"] == "inject"]
        said = len(node_red.log)
        assert node_red.post(f"inject/{button['id']}").status_code == 200
        wait_until(lambda: f"[debug:{DONE}]" in node_red.log[said:] or "[debug:what failed]" in node_red.log[said:])
        shown = node_red.log[said:]
        assert "[debug:what failed]" not in shown, shown
        return shown

    return run


@pytest.mark.parametrize("name", [name for name in STORIES if name != "queue_from_chat"])
def test_a_flow_does_what_it_is_for_and_nothing_twice(scene, import_flow, run, name):
    flow = []

    def start(playlist):
        flow[:] = flow or import_flow(name, playlist)
        run(flow)

    STORIES[name].run(scene, start)


def test_a_message_is_answered_in_words(node_red, scene, import_flow):
    story = STORIES["queue_from_chat"]
    story.arrange(scene)
    import_flow(story.name)

    def say(text):
        return requests.post(f"{node_red.url}/queue-a-song", json={"text": text}, timeout=PATIENCE_S).text

    assert say("lantern") == "Lantern, Arcade by Tide & Marble is in the queue."
    story.judge(scene, None)
    assert say("lantern") == "Lantern, Arcade by Tide & Marble is in the queue already."
    story.judge(scene, None)
    assert say("no song is called this") == "Nothing was found for that."
    assert say("").startswith("searchTracks: ")

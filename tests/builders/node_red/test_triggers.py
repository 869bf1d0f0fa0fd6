"""The input nodes of triggers in a real Node-RED: deployed, told of what happens in the sandbox, started again."""

from __future__ import annotations

import json

import pytest
from patience import wait_until

#: Contexts are in memory unless one asks for the other store, as a maker's settings may have it.
LASTING = 'contextStorage: { default: { module: "memory" }, disk: { module: "localfilesystem" } },'

#: A poll that saw nothing.
QUIET = {"events": [], "state": {"v": 1}, "more": False, "meta": {"requests": 1, "next_s": 300}}


class Watched:
    """A trigger's node, deployed, and what came of it: what it and its Catch and Status nodes sent, in files."""

    def __init__(self, node_red, stage, folder):
        self.node_red = node_red
        self.stage = stage
        self.folder = folder

    def deploy(self, trigger, args=(), runner=(), beside=(), status="$string({'text': status.text})", **more):
        node = {**self.stage.build_node(trigger, dict(args)), "id": "trigger", "wires": [["event"]], **more}
        event = "$string({'payload': payload, 'topic': topic, 'event': event})"
        flow = [
            {"id": "watched", "type": "tab", "label": "watched"},
            self.stage.build_runner(**dict(runner)),
            node,
            *beside,
            *self._build_log("event", event),
            {"id": "catch", "type": "catch", "scope": None, "wires": [["failure"]]},
            *self._build_log("failure", "$string({'message': error.message, 'problem': problem, 'topic': topic})"),
            {
                "id": "status",
                "type": "status",
                "scope": ["trigger", *(each["id"] for each in beside)],
                "wires": [["shown"]],
            },
            *self._build_log("shown", status),
        ]
        place = {"x": 100, "y": 100}
        self.node_red.deploy([each if each["type"] == "tab" else {"z": "watched", **place, **each} for each in flow])

    def _build_log(self, name, text):
        rule = {"t": "set", "p": "payload", "pt": "msg", "to": text, "tot": "jsonata"}
        file = {"filename": str(self.folder / name), "filenameType": "str", "appendNewline": True}
        return [
            {"id": name, "type": "change", "rules": [rule], "wires": [[f"{name}-file"]]},
            {"id": f"{name}-file", "type": "file", "createDir": False, "overwriteFile": "false", **file, "wires": [[]]},
        ]

    def look(self):
        return self.node_red.post(f"{self.stage.palette['runner']['type']}/look", {"node": "trigger"}).json()

    def read(self, name):
        file = self.folder / name
        return [json.loads(line) for line in file.read_text("utf-8").splitlines()] if file.exists() else []

    def names(self):
        return [event["payload"]["track"]["name"] for event in self.read("event")]

    def status(self):
        return self.read("shown")[-1].get("text", "") if self.read("shown") else ""

    def wait_for_status(self, start):
        wait_until(lambda: self.status().startswith(start))


@pytest.fixture
def watched(node_red, stage, tmp_path):
    yield Watched(node_red, stage, tmp_path)
    node_red.deploy([])


@pytest.fixture
def save(stage):
    """Saves the catalogue's tracks of these numbers, one after the other; gives their names."""

    def save(*numbers):
        ids = stage.sandbox.control.ids("track", max(numbers) + 1)
        for number in numbers:
            stage.connector.invoke("saveToLibrary", {"uris": [f"spotify:track:{ids[number]}"]}).unwrap()
        return [stage.connector.invoke("getTrack", {"id": ids[number]}).unwrap()["name"] for number in numbers]

    return save


@pytest.mark.parametrize(("settings", "is_killed"), [(LASTING, False), ("", True)], ids=["a store", "a file, a crash"])
def test_what_happens_is_told_once_and_a_restart_tells_nothing_twice(
    build_node_red, stage, save, tmp_path, settings, is_killed
):
    running = build_node_red(settings)
    watched = Watched(running, stage, tmp_path)
    with running:
        watched.deploy("newSavedTrack", detail="brief")
        watched.wait_for_status("watching · ")
        told = save(300, 301, 302)
        watched.look()
        wait_until(lambda: len(watched.names()) == 3)
        watched.wait_for_status("3 new · ")
        if is_killed:
            running.kill()
    with running:
        watched.wait_for_status("next ")
        told += save(303)
        watched.look()
        watched.wait_for_status("1 new · ")
        wait_until(lambda: len(watched.names()) == 4)
    assert watched.names() == told
    first = watched.read("event")[0]
    assert first["topic"] == "newSavedTrack"
    assert first["event"]["type"] == "newSavedTrack"
    assert first["event"]["time"] == first["payload"]["added_at"]
    assert "available_markets" not in first["payload"]["track"]
    assert len({event["event"]["id"] for event in watched.read("event")}) == 4


def test_each_trigger_looks_and_many_end_together(node_red, stage, tmp_path):
    watched = Watched(node_red, stage, tmp_path)
    args = {"playlist_id": stage.sandbox.control.ids("playlist", 1)[0], "q": "lantern"}
    triggers = [entry["name"] for entry in stage.palette["triggers"]]
    nodes = [{**stage.build_node(name, args), "id": name, "wires": [["event"]]} for name in triggers[1:]]
    watched.deploy(triggers[0], args, beside=nodes, status="$string({'text': status.source.type & ': ' & status.text})")
    started = {f"spotify-{name}: watching" for name in triggers}
    wait_until(lambda: {line["text"].partition(" · ")[0] for line in watched.read("shown")} >= started)
    assert watched.read("failure") == watched.read("event") == []
    said = len(node_red.log)
    node_red.deploy([])
    assert "Error stopping node" not in node_red.log[said:]


def test_a_deploy_goes_on_where_it_was_also_where_contexts_do_not_last(watched, save):
    watched.deploy("newSavedTrack")
    watched.wait_for_status("watching · ")
    told = save(300)
    watched.look()
    watched.wait_for_status("1 new · ")
    told += save(301)
    watched.deploy("newSavedTrack", name="another name")
    watched.wait_for_status("next ")
    watched.look()
    wait_until(lambda: len(watched.names()) == 2)
    assert watched.names() == told


def test_other_fields_begin_anew(watched, stage, save):
    one, other = stage.sandbox.control.ids("playlist", 2)
    watched.deploy("newPlaylistItem", {"playlist_id": one})
    watched.wait_for_status("watching · ")
    watched.deploy("newPlaylistItem", {"playlist_id": other})
    wait_until(lambda: len([line for line in watched.read("shown") if line["text"].startswith("watching · ")]) == 2)
    assert watched.read("failure") == watched.read("event") == []


def test_it_looks_by_itself_and_takes_all_that_waits(watched, stage, save):
    watched.deploy("newSavedTrack", {"max_events": 2}, every="1", everyType="s")
    watched.wait_for_status("watching · ")
    wait_until(lambda: watched.status().startswith("nothing new · "))
    told = save(300, 301, 302, 303, 304)
    wait_until(lambda: len(watched.names()) == 5)
    assert watched.names() == told


def test_a_catch_node_gets_what_failed_and_the_form_shows_it(watched, stage, node_red):
    watched.deploy("newPlaylistItem", {"playlist_id": "no id"})
    wait_until(lambda: watched.read("failure"))
    [failure] = watched.read("failure")
    assert failure["message"].startswith("newPlaylistItem: playlist_id ")
    assert (failure["topic"], failure["problem"]["kind"]) == ("newPlaylistItem", "invalid_fields")
    watched.wait_for_status("Playlist does not have the right form")
    assert " · again " in watched.status()
    [problem] = node_red.get(f"{stage.palette['runner']['type']}/problems/trigger")
    assert problem["name"] == "playlist_id"


@pytest.mark.parametrize(
    ("runner", "reason"),
    [
        ({"connection": "payload", "connectionType": "msg"}, "No message comes to a trigger"),
        ({"id": "another"}, "No runner is chosen"),
        ({"url": "http://127.0.0.1:9"}, "can't be reached"),
    ],
)
def test_settings_that_can_t_work_are_told_in_words(watched, runner, reason):
    watched.deploy("newSavedTrack", runner=runner)
    wait_until(lambda: watched.read("failure"))
    assert reason in watched.read("failure")[0]["message"]


def test_a_fault_leaves_the_form_with_the_next_look_that_works(watched, stage, node_red, make_server):
    runner = make_server()
    wrong = {"kind": "invalid_fields", "detail": "wrong", "fields": [{"name": "market", "problem": "is not known"}]}
    runner.answer = lambda _: (400, {}, wrong) if len(runner.requests) == 1 else (200, {}, QUIET)
    watched.deploy("newSavedTrack", runner={"url": runner.url})
    watched.wait_for_status("Market is not known · again ")
    problems = f"{stage.palette['runner']['type']}/problems/trigger"
    assert node_red.get(problems) == wrong["fields"]
    watched.look()
    watched.wait_for_status("watching · ")
    assert node_red.get(problems) == []


def test_a_runner_that_knows_no_triggers_is_told_as_one(watched, make_server):
    runner = make_server()
    runner.answer = lambda _: (200, {}, {"blocks": []})
    watched.deploy("newSavedTrack", runner={"url": runner.url})
    wait_until(lambda: watched.read("failure"))
    assert "is no runner that knows triggers" in watched.read("failure")[0]["message"]


def test_what_is_disabled_looks_for_nothing_and_each_instance_of_a_subflow_for_itself(node_red, stage, make_server):
    runner = make_server()
    runner.answer = lambda _: (200, {}, QUIET)
    node = {**stage.build_node("newPlaylistItem", {}), "x": 1, "y": 1, "wires": []}
    node |= {"arg_playlist_id": "LIST", "argtype_playlist_id": "env"}
    tabs = [{"id": "on", "type": "tab", "label": "on"}, {"id": "off", "type": "tab", "label": "off", "disabled": True}]
    instances = [
        {
            "id": name,
            "type": "subflow:inner",
            "z": "on",
            "x": 1,
            "y": 1,
            "env": [{"name": "LIST", "value": name, "type": "str"}],
            "wires": [],
        }
        for name in ("one", "two")
    ]
    node_red.deploy(
        [
            *tabs,
            stage.build_runner(url=runner.url),
            {"id": "inner", "type": "subflow", "name": "inner", "in": [], "out": [], "env": []},
            {**node, "id": "of the subflow", "z": "inner"},
            *instances,
            {**node, "id": "disabled", "z": "on", "d": True},
            {**node, "id": "on a disabled flow", "z": "off"},
        ]
    )
    wait_until(lambda: len(runner.requests) == 2)
    node_red.deploy([])
    assert sorted(json.loads(seen.body)["args"]["playlist_id"] for seen in runner.requests) == ["one", "two"]


def test_a_lock_out_is_waited_for_without_a_call_over_a_deploy_too(watched, make_server):
    runner = make_server()
    limited = {"detail": "Too many calls.", "kind": "rate_limited", "code": "API_ERROR", "retry_after": 4000}
    answers = [(200, {}, QUIET), (429, {"Content-Type": "application/problem+json"}, limited)]
    runner.answer = lambda _: answers[min(1, len(runner.requests) - 1)]
    watched.deploy("newSavedTrack", runner={"url": runner.url}, every="1", everyType="s")
    watched.wait_for_status("rate limited, open in 1:")
    assert "rests until the rate limit is over" in watched.look()["text"]
    watched.deploy("newSavedTrack", runner={"url": runner.url}, every="1", everyType="s", name="another name")
    shown = len(watched.read("shown"))
    # The countdown goes on, for longer than it is from one look to the next.
    wait_until(lambda: len({line["text"] for line in watched.read("shown")[shown:]}) > 3)
    assert all(line["text"].startswith("rate limited, open in 1:") for line in watched.read("shown")[shown:])
    assert len(runner.requests) == 2
    [failure] = watched.read("failure")
    assert failure["problem"]["retryAfter"] == 4000

"""Blocks of blocks in a real Node-RED: one flow in which each kind of them does its work, with files in and out."""

from __future__ import annotations

import json

import pytest
from builders.node_red_server import build_line
from builders.ready_made import STEPS, WARNINGS, Corrected, FileBefore, Given, arrange, judge
from workflow_stories import Scene


@pytest.fixture
def scene(stage, tmp_path):
    return Scene(stage.sandbox, lambda block, **args: stage.connector.invoke(block, args).unwrap(), tmp_path)


def to_property(value):
    """What a maker chooses and writes into the form for a step's value: its text and how it is meant."""
    match value:
        case FileBefore():
            return "payload", "msg"
        case Given(step, path):
            return f'told["{step}"].{path}', "msg"
        case Corrected(step, path, wrong, right):
            return f"$replace(told.`{step}`.{path}, {json.dumps(wrong)}, {json.dumps(right)})", "jsonata"
        case _:
            return None


def build_step(stage, step):
    """A step's node as a new one is, and one that keeps what it told and did."""
    taken = {name: held for name, value in step.args.items() if (held := to_property(value))}
    plain = {name: value for name, value in step.args.items() if name not in taken}
    node = stage.build_node(step.block, plain, name=step.name, detail="brief")
    for name, (text, kind) in taken.items():
        node |= {f"arg_{name}": text, f"argtype_{name}": kind}
    rules = [
        {"t": "set", "p": f'{kept}["{step.name}"]', "pt": "msg", "to": given, "tot": "msg"}
        for kept, given in (("told", "payload"), ("done", "did"))
    ]
    return [node, {"type": "change", "rules": rules}]


def set_message(**properties):
    rules = [{"t": "set", "p": name, "pt": "msg", "to": to, "tot": kind} for name, (to, kind) in properties.items()]
    return {"type": "change", "rules": rules}


def test_each_kind_does_its_work_one_after_the_other(node_red, stage, scene):
    arrange(scene, lambda block, **args: stage.connector.invoke(block, args, connection="old-account").unwrap())
    read = {"type": "file in", "filename": str(scene.folder / "songs.csv"), "filenameType": "str", "format": ""}
    named = set_message(
        filename=(f'{json.dumps(str(scene.folder))} & "/" & payload.name', "jsonata"), payload=("payload.text", "msg")
    )
    write = {
        "type": "file",
        "filename": "filename",
        "filenameType": "msg",
        "overwriteFile": "true",
        "appendNewline": False,
    }
    told = set_message(payload=('{"told": told, "did": done}', "jsonata"))
    first, *rest = [node for step in STEPS for node in build_step(stage, step)]
    before, after = [set_message(told=("{}", "json"), done=("{}", "json")), read], [*rest, named, write, told]
    node_red.deploy([stage.build_runner(), *build_line("ready", first, before=before, after=after)])
    answer = node_red.run("ready")
    assert answer.status_code == 200, answer.text
    assert all(f"[warn] [spotify-importPlaylist:import] {text}." in node_red.log for text in WARNINGS)
    judge(scene, **answer.json())


def test_a_failure_midway_tells_what_is_done_and_what_is_not(scene, node_red, stage, deploy):
    uris = scene.tracks(150)
    stage.sandbox.control.fault("forbidden_no_message", match="POST /playlists", after=1)
    deploy({"midway": stage.build_node("addMissingItems", {"uris": uris, "target": "Long"})})
    told = node_red.run("midway").json()
    assert told["error"]["source"]["type"] == "spotify-addMissingItems"
    assert (told["problem"]["done"], told["problem"]["not_done"]) == (uris[:100], uris[100:])

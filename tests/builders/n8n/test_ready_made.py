"""Blocks of blocks in a real n8n: one workflow in which each kind of them does its work, with files in and out."""

from __future__ import annotations

import json

import pytest
from builders.n8n_workflows import build_chain
from builders.ready_made import STEPS, WARNINGS, Corrected, FileBefore, Given, arrange, judge
from workflow_stories import Scene


@pytest.fixture
def scene(n8n, stage):
    n8n.files.mkdir(exist_ok=True)
    return Scene(stage.sandbox, lambda block, **args: stage.connector.invoke(block, args).unwrap(), n8n.files)


def find(step, path):
    return f"$('{step}').first().json.{path}"


def to_parameter(value):
    """What a maker writes into the form for a step's value."""
    match value:
        case FileBefore():
            return "data"
        case Given(step, path):
            return f"={{{{ {find(step, path)} }}}}"
        case Corrected(step, path, wrong, right):
            return f"={{{{ {find(step, path)}.replace({json.dumps(wrong)}, {json.dumps(right)}) }}}}"
        case _:
            return value


def build_disk_node(name, **parameters):
    return {
        "name": name,
        "id": name,
        "type": "n8n-nodes-base.readWriteFile",
        "typeVersion": 1,
        "parameters": parameters,
    }


@pytest.fixture
def build_step(workbench, manifest):
    """A step's node as n8n makes it: answers are simplified."""

    def build(step):
        args = {name: to_parameter(value) for name, value in step.args.items()}
        node = workbench.build_node(manifest.block(step.block), args, name=step.name, id=step.name)
        del node["parameters"]["simplify"]
        return node

    return build


def test_each_kind_does_its_work_one_after_the_other(n8n, stage, scene, build_step):
    arrange(scene, lambda block, **args: stage.connector.invoke(block, args, connection="old-account").unwrap())
    read = build_disk_node("read", operation="read", fileSelector=str(scene.folder / "songs.csv"))
    made = str(scene.folder) + "/{{ $binary.data.fileName }}"
    write = build_disk_node("write", operation="write", fileName=f"={made}", dataPropertyName="data")
    runs = n8n.run(build_chain("Ready-made", [read, *map(build_step, STEPS), write]))
    failed = {name: run["error"]["message"] for name, each in runs.items() for run in each if run.get("error")}
    assert failed == {}
    items = {}
    for step in STEPS:
        # One in, one out, however much it tells: the next node runs once.
        [[items[step.name]]] = runs[step.name][0]["data"]["main"]
    assert items["import"]["binary"]["data"]["fileName"] == "From a file left out.csv"
    notes = {(hint["type"], hint["message"]) for hint in runs["import"][0]["hints"]}
    assert notes == {("info", "2 added; 0 kept."), ("warning", "<br>".join(f"{text}." for text in WARNINGS))}
    told = {name: item["json"] for name, item in items.items()}
    judge(scene, told, {name: each.get("did") for name, each in told.items()})


def test_a_failure_midway_tells_what_is_done_and_what_is_not(n8n, stage, scene, workbench, manifest):
    uris = scene.tracks(150)
    stage.sandbox.control.fault("forbidden_no_message", match="POST /playlists", after=1)
    node = workbench.build_node(
        manifest.block("addMissingItems"), {"uris": [",".join(uris)], "target": "Long"}, onError="continueRegularOutput"
    )
    (run,) = n8n.run(build_chain("Midway", [node]))["addMissingItems"]
    [item] = [item["json"] for item in run["data"]["main"][0]]
    assert (item["details"]["done"], item["details"]["not_done"]) == (uris[:100], uris[100:])
    # A person reads the first few.
    assert item["details"]["description"].startswith(f"Done: {', '.join(uris[:3])} and 97 more.<br>")
    assert f"Not done: {', '.join(uris[100:103])} and 47 more." in item["details"]["description"]

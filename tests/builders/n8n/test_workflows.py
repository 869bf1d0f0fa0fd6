"""Workflows that n8n runs: what the blocks give there is what the connector itself gives."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from builders.n8n_workflows import build_chain, build_fan
from builders.patience import PATIENCE_S
from moving import without_what_moves
from typed_values import PICTURE, PLAYLIST, TYPED, find_sent

from connector.manifest.blocks import Block

#: What the service makes anew for every answer.
CHANGING = {"access_token", "refresh_token", "added_at"}
#: When something came, as files tell it: what blocks before an export added came a moment ago.
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def items_of(run: dict[str, Any]) -> list[dict[str, Any]]:
    assert run.get("error") is None, run["error"]
    return [item["json"] for item in run["data"]["main"][0]]


def to_items(block: Block, output: Any, did: str | None = None) -> list[dict[str, Any]]:
    """What the package makes of an output, and of what was done, as its README says."""
    if block.page:
        for step in (*block.page.at, block.page.names["items"]):
            output = output[step]
        output = [entry for entry in output if entry is not None]
    entries = output if isinstance(output, list) else [output]
    items = [entry if isinstance(entry, dict) else {"value": entry} for entry in entries]
    return [{**(item or {"success": True}), **({"did": did} if did else {})} for item in items]


def without_changing(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        without_what_moves(
            {
                name: MOMENT.sub("then", value) if name == "text" else value
                for name, value in item.items()
                if name not in CHANGING
            }
        )
        for item in items
    ]


def execute(n8n, workflow):
    """Runs a workflow from n8n's command line."""
    return n8n.execute(n8n.rest("POST", "/workflows", workflow)["id"])


@pytest.fixture(scope="module")
def every_run(n8n, workbench, session_stage, manifest):
    """Each block's run in n8n and its result by the connector, from the same state of the sandbox and in one order."""
    stage = session_stage
    blocks = list(manifest)
    stage.reset()
    args = {block.name: stage.example(block) for block in blocks}
    nodes = [workbench.build_node(block, args[block.name], onError="continueRegularOutput") for block in blocks]
    runs = execute(n8n, build_fan("Every block", nodes))
    stage.reset()
    results = {}
    for block in blocks:
        results[block.name] = stage.connector.invoke(block.name, stage.example(block))
    return runs, results


def test_each_block_gives_in_n8n_what_the_connector_gives(every_run, each_block):
    runs, results = every_run
    result = results[each_block.name]
    assert result.error is None, result.error
    (run,) = runs[each_block.name]
    items = items_of(run)
    assert not any("error" in item for item in items), items[0]
    assert all(item["pairedItem"] == {"item": 0} for item in run["data"]["main"][0])
    assert without_changing(items) == without_changing(to_items(each_block, result.output, result.meta.did))


@pytest.mark.parametrize("case", TYPED, ids=repr)
def test_what_people_type_reaches_the_service_as_what_they_mean(n8n, workbench, stage, manifest, case):
    block = manifest.block(case.block)
    result = stage.connector.invoke(block.name, case.meant)
    expected = find_sent(stage.sandbox)
    stage.reset()
    (run,) = n8n.run(build_chain("Typed", [workbench.build_node(block, case.typed)]))[block.name]
    assert without_changing(items_of(run)) == without_changing(to_items(block, result.unwrap(), result.meta.did))
    assert find_sent(stage.sandbox) == expected


@pytest.mark.parametrize("held", ["data", "={{ $binary.data }}"], ids=["by its name", "by an expression"])
def test_a_picture_may_be_a_file_of_the_item(n8n, workbench, stage, manifest, held):
    block = manifest.block("uploadPlaylistCover")
    given = {"mode": "raw", "jsonOutput": json.dumps({"cover": PICTURE})}
    packed = {"operation": "toBinary", "sourceProperty": "cover"}
    nodes = [
        {"name": "Given", "id": "given", "type": "n8n-nodes-base.set", "typeVersion": 3.4, "parameters": given},
        {
            "name": "File",
            "id": "file",
            "type": "n8n-nodes-base.convertToFile",
            "typeVersion": 1.1,
            "parameters": packed,
        },
        workbench.build_node(block, {"playlist_id": PLAYLIST, "image": held}),
    ]
    (run,) = n8n.run(build_chain("Picture", nodes))[block.name]
    assert items_of(run) == [{"success": True, "did": "Put the cover on the playlist"}]
    assert find_sent(stage.sandbox)[-1] == PICTURE


def test_a_workflow_of_three_blocks_hands_ids_on(n8n, workbench, stage, manifest):
    saved, check, remove = (
        manifest.block(name) for name in ("getUserSavedTracks", "checkSavedTrack", "removeSavedTrack")
    )
    track = "={{ $('" + saved.name + "').item.json.track.id }}"
    nodes = [
        workbench.build_node(saved, {"max_items": 3}),
        workbench.build_node(remove, {"id": [track]}),
        workbench.build_node(check, {"id": [track]}),
    ]
    runs = execute(n8n, build_chain("Three blocks", nodes))
    assert len(items_of(runs[saved.name][0])) == 3
    assert items_of(runs[remove.name][0]) == [{"success": True, "did": "Removed 1 track"}] * 3
    assert items_of(runs[check.name][0]) == [{"value": False}] * 3


@pytest.mark.parametrize(("limit", "count"), [(None, 120), (7, 7)], ids=["return all", "limit"])
def test_a_paged_block_gives_an_item_for_each_entry(n8n, workbench, stage, manifest, limit, count):
    stage.reset(saved_tracks=120)
    block = manifest.block("getUserSavedTracks")
    args = {} if limit is None else {"max_items": limit}
    runs = n8n.run(build_chain("Paged", [workbench.build_node(block, args)]))
    expected = stage.connector.invoke(block.name, args).output["items"]
    assert items_of(runs[block.name][0]) == expected
    assert len(expected) == count


def test_what_a_person_wants_is_left_where_nothing_else_is_asked_for(n8n, workbench, stage, manifest):
    stage.reset(saved_tracks=3)
    results = {}
    for name in ("getUserSavedTracks", "getDevices", "getCurrentUserProfile"):
        node = workbench.build_node(manifest.block(name), {})
        del node["parameters"]["simplify"]
        (run,) = n8n.run(build_chain("Simplified", [node]))[name]
        results[name] = items_of(run)
        brief = stage.connector.invoke(name, {}).brief_output()
        assert without_changing(results[name]) == without_changing(to_items(manifest.block(name), brief))
    assert results["getUserSavedTracks"][0]["track"].keys().isdisjoint({"disc_number", "preview_url"})


@pytest.mark.parametrize(
    "held",
    [
        PLAYLIST,
        f"https://open.spotify.com/playlist/{PLAYLIST}",
        "={{ 'spotify:playlist:" + PLAYLIST + "' }}",
        {"__rl": True, "mode": "list", "value": PLAYLIST, "cachedResultName": "Any"},
        {"__rl": True, "mode": "url", "value": f"https://open.spotify.com/playlist/{PLAYLIST}"},
        {"__rl": True, "mode": "id", "value": "={{ '" + PLAYLIST + "' }}"},
    ],
    ids=["an id as before", "a link as before", "an expression as before", "from the list", "by link", "by expression"],
)
def test_a_saved_workflow_runs_however_it_holds_a_value_that_is_listed(n8n, workbench, stage, manifest, held):
    node = workbench.build_node(manifest.block("getPlaylist"), {"playlist_id": ""})
    node["parameters"]["playlist_id"] = held
    (run,) = n8n.run(build_chain("Held", [node]))["getPlaylist"]
    assert [item["id"] for item in items_of(run)] == [PLAYLIST]


def test_a_wrong_field_is_named_as_the_form_names_it(n8n, workbench, stage, manifest):
    block = manifest.block("saveTrack")
    node = workbench.build_node(block, {"id": ["no such id"]})
    (run,) = n8n.run(build_chain("Wrong field", [node]))[block.name]
    assert run["error"]["message"] == "Save tracks: check the field Tracks"
    assert run["error"]["description"].startswith("Tracks: ")
    assert block.fields["id"].schema["items"]["x-fits"] in run["error"]["description"]
    assert "no such id" not in json.dumps(run["error"]["description"])


def test_a_blank_in_a_list_whose_places_mean_something_is_told_by_its_place(n8n, workbench, stage, manifest):
    first, second = stage.sandbox.control.ids("track", 2)
    block = manifest.block("checkSavedTrack")
    listed = "={{ ['" + first + "', null, '" + second + "'] }}"
    for held in ([first, "={{ null }}", second], listed):
        (run,) = n8n.run(build_chain("Blank", [workbench.build_node(block, {"id": held})]))[block.name]
        assert "has an entry, number 2, that is blank" in run["error"]["description"]


def test_a_number_is_an_id_too(n8n, workbench, stage, manifest):
    block = manifest.block("getCategory")
    (run,) = n8n.run(build_chain("Number", [workbench.build_node(block, {"id": "={{ 7 }}"})]))[block.name]
    assert run["error"]["message"] == stage.connector.invoke(block.name, {"id": "7"}).error.message


def test_a_node_that_goes_on_tells_what_went_wrong_for_each_item(n8n, workbench, stage, manifest):
    block = manifest.block("getCategory")
    known = stage.example(block)["id"]
    listed = manifest.block("getUserSavedTracks")
    wanted = "={{ $itemIndex === 1 ? 'no_such_category' : '" + known + "' }}"
    nodes = [
        workbench.build_node(listed, {"max_items": 3}),
        workbench.build_node(block, {"id": wanted}, onError="continueErrorOutput"),
    ]
    (run,) = n8n.run(build_chain("Going on", nodes))[block.name]
    good, bad = run["data"]["main"]
    assert [item["json"]["id"] for item in good] == [known, known]
    (failed,) = bad
    expected = stage.connector.invoke(block.name, {"id": "no_such_category"}).error
    assert failed["json"]["error"] == expected.message
    assert failed["json"]["details"]["kind"] == "not_found"
    assert failed["pairedItem"] == {"item": 1}


def test_a_rate_limit_says_when_to_come_back_and_how(n8n, workbench, stage, manifest):
    block = manifest.block("getCurrentUserProfile")
    stage.sandbox.control.fault("rate_limited", retry_after=90, times=None)
    node = workbench.build_node(block, {}, onError="continueRegularOutput")
    (run,) = n8n.run(build_chain("Rate limit", [node]))[block.name]
    (item,) = [item["json"] for item in run["data"]["main"][0]]
    assert item["details"]["kind"] == "rate_limited"
    assert 0 < item["details"]["retry_after"] <= 90
    assert "Try again in" in item["details"]["description"]
    assert "Wait node" in item["details"]["description"]


def test_a_write_that_may_have_taken_effect_says_so(n8n, workbench, stage, manifest):
    block = manifest.block("saveTrack")
    ids = stage.sandbox.control.ids("track", 2)
    stage.sandbox.control.fault("custom", status=501, body={})
    node = workbench.build_node(block, {"id": ids}, onError="continueRegularOutput")
    (run,) = n8n.run(build_chain("Doubt", [node]))[block.name]
    (item,) = [item["json"] for item in run["data"]["main"][0]]
    assert (item["details"]["is_uncertain"], item["details"]["uncertain"]) == (True, ids)
    assert "It may have taken effect all the same" in item["details"]["description"]


def test_a_moment_with_a_zone_is_sent_as_the_workflows_clock_shows_it(n8n, workbench, stage, manifest):
    block = manifest.block("getFeaturedPlaylists")
    for given in ("2026-07-01T18:30:00.000Z", "2026-07-01T20:30:00", "={{ DateTime.fromISO('2026-07-01T20:30:00') }}"):
        stage.reset()
        node = workbench.build_node(block, {"timestamp": given, "max_items": 1})
        items_of(n8n.run(build_chain("Moment", [node]))[block.name][0])
        (call,) = [call for call in stage.sandbox.control.calls() if call["path"].endswith("/featured-playlists")]
        assert dict(call["query"])["timestamp"] == "2026-07-01T20:30:00"


def test_the_credentials_test_tells_a_good_key_from_a_bad_one(n8n, credential, stage):
    good = {"id": credential["id"], "name": credential["name"], "type": credential["type"], "data": credential["data"]}
    assert n8n.rest("POST", "/credentials/test", {"credentials": good})["status"] == "OK"
    bad = {**good, "data": {**credential["data"], "apiKey": "another"}}
    assert n8n.rest("POST", "/credentials/test", {"credentials": bad})["status"] == "Error"


def test_a_runner_that_is_not_there_is_named(n8n, workbench, stage, manifest, credential):
    made = n8n.rest(
        "POST",
        "/credentials",
        {"name": "Nowhere", "type": credential["type"], "data": {**credential["data"], "url": "http://127.0.0.1:9"}},
    )
    block = manifest.block("getCurrentUserProfile")
    node = workbench.build_node(block, {})
    node["credentials"] = {credential["type"]: {"id": made["id"], "name": "Nowhere"}}
    (run,) = n8n.run(build_chain("Nowhere", [node]))[block.name]
    assert "http://127.0.0.1:9" in run["error"]["message"]
    assert "spotify-blocks serve" in run["error"]["description"]


def test_an_agent_can_use_the_node_as_a_tool(n8n, manifest, workbench):
    types = n8n.session.get(f"{n8n.url}/types/nodes.json", timeout=PATIENCE_S).json()
    tool = f"{workbench.names.package}.{workbench.names.node}Tool"
    (found,) = [one for one in types if one["name"] == tool]
    assert found["outputs"] == ["ai_tool"]
    operations = {
        option["value"]
        for parameter in found["properties"]
        if parameter["name"] == "operation"
        for option in parameter["options"]
    }
    assert operations == set(manifest.names)


def test_n8n_offers_what_a_block_gives_for_mapping(n8n, workbench, each_block):
    names = workbench.names
    address = f"{n8n.url}/schemas/{names.package}.{names.node}/1/{each_block.group}/{each_block.name}.json"
    schema = n8n.session.get(address, timeout=PATIENCE_S).json()
    assert schema["type"] == "object"
    assert schema["properties"]

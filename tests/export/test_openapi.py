"""The OpenAPI document: valid, whole, and with the blocks' schemas in it."""

import json
import re

import jsonschema
import openapi_spec_validator
import pytest

from connector.export.openapi import build_openapi, export
from connector.export.openapi_problems import PROBLEMS
from connector.manifest.manifest import Manifest
from connector.manifest.scope_needs import ScopeNeed
from connector.manifest.triggers import iter_triggers

HARBOUR = Manifest.load("tests/harbour/manifest.yaml")


@pytest.fixture(scope="module")
def document(manifest):
    return build_openapi(manifest, "https://blocks.example")


def unfold(node, root, seen=()):
    """A part of `root` with what it refers to in the place of references."""
    if isinstance(node, list):
        return [unfold(entry, root, seen) for entry in node]
    if not isinstance(node, dict):
        return node
    rest = {key: unfold(value, root, seen) for key, value in node.items() if key not in ("$ref", "$defs")}
    if "$ref" not in node or node["$ref"] in seen:
        return rest
    target = root
    for step in node["$ref"].removeprefix("#/").split("/"):
        target = target[step]
    return {**unfold(target, root, (*seen, node["$ref"])), **rest}


@pytest.mark.parametrize("given", [Manifest.load(), HARBOUR], ids=["own", "harbour"])
def test_it_is_valid(given):
    built = build_openapi(given)
    openapi_spec_validator.validate(built)
    assert built["openapi"].startswith("3.1")
    assert json.loads(json.dumps(built)) == built


def test_there_is_one_operation_a_block(document, manifest):
    blocks = {path: item for path, item in document["paths"].items() if path.startswith("/blocks/") and "{" not in path}
    assert {path: list(item) for path, item in blocks.items()} == {
        f"/blocks/{name}": ["post"] for name in manifest.names
    }
    assert [item["post"]["operationId"] for item in blocks.values()] == list(manifest.names)


def test_there_is_one_operation_a_trigger(document, manifest):
    polls = {path: item for path, item in document["paths"].items() if re.fullmatch("/triggers/[A-Za-z]+", path)}
    triggers = {f"/triggers/{trigger.name}": trigger for trigger in iter_triggers(manifest)}
    assert {path: list(item) for path, item in polls.items()} == {path: ["post"] for path in triggers}
    for path, trigger in triggers.items():
        operation, form = polls[path]["post"], trigger.form
        assert (operation["operationId"], operation["summary"]) == (trigger.name, form.title)
        assert form.description in operation["description"]
        assert f"Costs {trigger.cost.quiet}" in operation["description"]
        body = operation["requestBody"]["content"]["application/json"]
        call = unfold(body["schema"], document)
        assert call["properties"]["args"]["properties"].items() >= form.input_schema["properties"].items()
        needed = set(form.input_schema["required"]) - {"access_token"}
        assert set(call["properties"]["args"].get("required", ())) == needed
        assert (
            operation["requestBody"].get("required", False)
            == ("args" in call.get("required", ()))
            == bool(form.example.keys() - {"access_token"})
        )
        judge = jsonschema.Draft202012Validator({**body["schema"], "components": document["components"]})
        judge.validate({**body["example"], "state": None, "connection": "alice"})
        assert not judge.is_valid({**body["example"], "also_last": 3})


def test_a_trigger_s_events_have_what_its_block_gives(document, manifest):
    def find_data(name):
        answer = document["paths"][f"/triggers/{name}"]["post"]["responses"]["200"]
        poll = unfold(answer, document)["content"]["application/json"]["schema"]
        return poll["allOf"][1]["properties"]["events"]["items"]["allOf"][1]["properties"]["data"]

    saved = manifest.block("getUserSavedTracks").output_schema
    entry = unfold(saved["$defs"]["SavedTrack"], saved)
    assert find_data("newSavedTrack") == entry
    assert "release_date" in find_data("newEpisodeOfSavedShow")["properties"]
    assert find_data("playbackChanged")["required"] == ["changed", "from", "to", "now"]
    assert "before" in find_data("playedTrack")["anyOf"][1]["properties"]


def test_a_block_is_described_as_the_manifest_does(document, each_block):
    operation = document["paths"][f"/blocks/{each_block.name}"]["post"]
    assert operation["summary"] == each_block.title
    assert operation["description"].startswith(each_block.description)
    assert operation["tags"] == [each_block.group]
    assert operation["x-scopes"] == list(each_block.scopes)
    # Absent where it is open to all.
    assert ("x-quota" in operation) == bool(each_block.closed)
    # Absent where all of them are needed.
    told = operation.get("x-scopes-needed", [ScopeNeed((scope,)).to_dict() for scope in each_block.scopes])
    assert told == [need.to_dict() for need in each_block.scope_needs]
    body = unfold(operation["requestBody"]["content"]["application/json"]["schema"], document)
    assert body["properties"].items() >= each_block.input_schema["properties"].items()
    if since := each_block.closed_since("development"):
        assert since in operation["description"]


def test_what_a_connection_gives_is_not_required_and_the_rest_is(document, each_block, manifest):
    operation = document["paths"][f"/blocks/{each_block.name}"]["post"]
    body = operation["requestBody"]["content"]["application/json"]
    auth = manifest.auth[each_block.server]
    given = set(auth.fields) if auth and auth.can_sign_in else set()
    assert set(body["schema"].get("required", ())) == set(each_block.input_schema.get("required", ())) - given
    assert operation["requestBody"].get("required", False) == bool(each_block.example.keys() - given)
    # Of a choice at its root a generator makes nothing, and no field is known to the client.
    assert body["schema"].keys() <= {"type", "properties", "required", "additionalProperties"}
    judge = jsonschema.Draft202012Validator({**body["schema"], "components": document["components"]})
    judge.validate(body["example"])
    judge.validate({**each_block.example, "connection": "alice"})


def test_answers_have_the_block_s_output_schema(document, each_block):
    """The shared schemas say the same as the block's own."""
    answer = document["paths"][f"/blocks/{each_block.name}"]["post"]["responses"]["200"]
    answer = document["components"]["responses"][answer["$ref"].rpartition("/")[2]] if "$ref" in answer else answer
    assert ("application/x-ndjson" in answer["description"]) == (each_block.page is not None)
    assert ("?detail=brief" in answer["description"]) == bool(each_block.brief)
    # A second kind of content would make a client's answer a choice of two types.
    content = answer["content"]
    assert list(content) == ["application/json"]

    own = each_block.output_schema
    assert unfold(content["application/json"]["schema"], document) == unfold(own, own)


def test_headers_that_say_what_was_done_and_what_to_know_are_told(document):
    for block in ("saveTrack", "mirrorPlaylist"):
        answer = document["paths"][f"/blocks/{block}"]["post"]["responses"]["200"]["$ref"].rpartition("/")[2]
        assert document["components"]["responses"][answer]["headers"] == {"X-Did": {"$ref": "#/components/headers/Did"}}
    assert "`X-Warnings` tells what to know" in document["info"]["description"]


def test_what_several_blocks_share_stands_once(manifest, document, tmp_path):
    """So a description of many blocks stays one that tools load at once."""
    [file] = export(manifest, tmp_path)
    written = file.read_text("utf-8")
    assert file.stat().st_size <= 4_100 * len(manifest)
    assert written.count('"BQ"') == 1
    body = document["paths"]["/blocks/getAlbum"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert body["properties"]["market"] == {"$ref": "#/components/schemas/Market"}


def test_what_differs_stands_beside_what_is_shared():
    paths = build_openapi(HARBOUR)["paths"]
    body = paths["/blocks/leaveBerth"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert body["properties"]["refund"] == {
        "$ref": "#/components/schemas/YesNo",
        "title": "Refund",
        "description": "Whether the fee comes back.",
    }


def test_every_status_and_kind_of_a_problem_is_listed(document, each_block):
    from connector.runners.http_server.problems import KINDS, MEDIA_TYPE

    # These come before a block is known, or from paths that are no block's.
    elsewhere = {"method", "unknown_path", "store", "public_url", "connection_name"}
    statuses = {str(status) for kind, (status, _) in KINDS.items() if kind not in elsewhere}
    operation = document["paths"][f"/blocks/{each_block.name}"]["post"]
    assert operation["responses"].keys() - {"200"} == statuses
    responses = document["components"]["responses"]
    for name, response in responses.items():
        assert list(response["content"]) == ["application/json" if name.startswith("Answer") else MEDIA_TYPE]
    for kind, (status, _) in KINDS.items():
        assert kind in PROBLEMS[str(status)][1]
        assert status == 405 or f"`{kind}`" in responses[str(status)]["description"]
    assert set(document["components"]["schemas"]["Problem"]["properties"]["kind"]["enum"]) == KINDS.keys()


def test_all_that_a_problem_can_say_is_declared(document):
    from connector.errors import ErrorDetail, FieldProblem
    from connector.runners.http_server.problems import build_problem

    whole = ErrorDetail(
        kind="server_error",
        message="It broke.",
        fields=(FieldProblem("ids", "is wrong", "an id"),),
        status=500,
        retry_after=1.5,
        body={"error": "?"},
        done=(1,),
        not_done=(2,),
        uncertain=(3,),
        is_uncertain=True,
        came=3,
        resume="3",
        reason="broken",
    )
    declared = document["components"]["schemas"]["Problem"]
    # Where to sign in and when to poll again is told by the runner, which knows the way and the pace.
    told = {**build_problem(whole), "sign_in": "/connect/alice", "next_s": 60.0}
    assert told.keys() == declared["properties"].keys()
    jsonschema.validate(told, declared, jsonschema.Draft202012Validator)


def test_every_group_is_described(document, manifest):
    assert {tag["name"] for tag in document["tags"]} >= set(manifest.groups)
    used = {
        tag
        for item in document["paths"].values()
        for verb in ("get", "post")
        for tag in item.get(verb, {}).get("tags", ())
    }
    assert used == {tag["name"] for tag in document["tags"]}
    assert all(tag["description"].endswith(".") for tag in document["tags"])
    assert document["info"]["license"]["identifier"] == "MIT"


def test_a_schema_that_has_the_problem_s_name_keeps_it(manifest):
    class Crowded(Manifest):
        pass

    data = {**HARBOUR.data, "blocks": {**HARBOUR.data["blocks"]}}
    data["blocks"]["readLog"] = {**data["blocks"]["readLog"], "output": {"$ref": "problem.json#/$defs/Problem"}}
    crowded = Manifest(data, HARBOUR.folder)
    crowded.schema_files._files["problem.json"] = {"$defs": {"Problem": {"type": "object", "title": "Theirs"}}}
    built = build_openapi(crowded)
    openapi_spec_validator.validate(built)
    assert built["components"]["schemas"]["Problem"]["title"] == "Theirs"
    refused = built["components"]["responses"]["400"]["content"]["application/problem+json"]["schema"]
    assert refused == {"$ref": "#/components/schemas/Problem_"}


def test_a_block_that_is_called_as_the_runner_s_own_operation_keeps_its_name():
    blocks = {("getHealth" if name == "readLog" else name): block for name, block in HARBOUR.data["blocks"].items()}
    built = build_openapi(Manifest({**HARBOUR.data, "blocks": blocks}, HARBOUR.folder))
    openapi_spec_validator.validate(built)
    assert built["paths"]["/blocks/getHealth"]["post"]["operationId"] == "getHealth"
    assert built["paths"]["/healthz"]["get"]["operationId"] == "getHealth_"

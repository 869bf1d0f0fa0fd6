"""The OpenAPI document: valid, whole, and with the blocks' schemas in it."""

import json

import jsonschema
import openapi_spec_validator
import pytest

from connector.export.openapi import build_openapi
from connector.export.package import to_json
from connector.manifest.manifest import Manifest

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
    operations = {path: list(item) for path, item in document["paths"].items()}
    assert operations == {f"/blocks/{name}": ["post"] for name in manifest.names}
    assert [item["post"]["operationId"] for item in document["paths"].values()] == list(manifest.names)


def test_a_block_is_described_as_the_manifest_does(document, each_block):
    operation = document["paths"][f"/blocks/{each_block.name}"]["post"]
    assert operation["summary"] == each_block.title
    assert operation["description"].startswith(each_block.description)
    assert operation["tags"] == [each_block.group]
    assert operation["x-scopes"] == list(each_block.scopes)
    body = unfold(operation["requestBody"]["content"]["application/json"]["schema"], document)
    assert body["properties"].items() >= each_block.input_schema["properties"].items()
    if since := each_block.closed_since("development"):
        assert since in operation["description"]


def test_what_a_connection_gives_is_not_required_and_the_rest_is(document, each_block, manifest):
    body = document["paths"][f"/blocks/{each_block.name}"]["post"]["requestBody"]["content"]["application/json"]
    auth = manifest.auth[each_block.routes[0].server]
    given = set(auth.fields) if auth and auth.can_sign_in else set()
    assert set(body["schema"].get("required", ())) == set(each_block.input_schema.get("required", ())) - given
    judge = jsonschema.Draft202012Validator({**body["schema"], "components": document["components"]})
    judge.validate(body["example"])
    judge.validate({**each_block.example, "connection": "alice"})


def test_answers_have_the_block_s_output_schema(document, each_block):
    """The shared schemas say the same as the block's own."""
    content = document["paths"][f"/blocks/{each_block.name}"]["post"]["responses"]["200"]["content"]
    assert ("application/x-ndjson" in content) == (each_block.page is not None)

    own = each_block.output_schema
    assert unfold(content["application/json"]["schema"], document) == unfold(own, own)


def test_what_several_blocks_share_stands_once(document):
    """So a description of a hundred blocks stays one that tools load at once."""
    written = to_json(document).decode()
    assert len(written.encode()) <= 474_000
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


def test_every_status_of_a_problem_is_listed(document):
    from connector.runners.http_server.problems import KINDS, MEDIA_TYPE

    # These come before a block is known, or from paths that are no block's.
    elsewhere = {"method", "unknown_path", "store", "public_url", "connection_name"}
    statuses = {str(status) for kind, (status, _) in KINDS.items() if kind not in elsewhere}
    for item in document["paths"].values():
        assert statuses == item["post"]["responses"].keys() - {"200"}
    for response in document["components"]["responses"].values():
        assert list(response["content"]) == [MEDIA_TYPE]


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

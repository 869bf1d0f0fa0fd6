"""The OpenAPI document of a running server: it has every address that a client calls, and what those answer."""

import jsonschema
import pytest

from connector.manifest.triggers import iter_triggers
from connector.runners.http_server.app import App
from connector.runners.http_server.keys import KeyRing
from connector.runners.http_server.settings import Settings
from connector.runners.http_server.surroundings import build_surroundings

#: Pages for people in a browser, and an address with a protocol of its own.
NOT_FOR_CLIENTS = {
    "GET /",
    "GET /docs",
    "GET /docs/{file}",
    "GET /docs/blocks/{block}",
    "GET /docs/triggers/{trigger}",
    "GET /connect/{name}",
    "GET /callback",
}
MCP = "/mcp"


@pytest.fixture(scope="module")
def document(shared_client):
    return shared_client.get("/openapi.json").json()


def test_what_is_routed_is_declared_and_nothing_else(connector, store, document):
    settings = Settings(port=0)
    app = App(connector, settings, KeyRing(), store, build_surroundings(settings, has_keys=False))
    routed = {
        f"{method} {route.path}"
        for route in app.router.routes
        for method in (route.methods or ())
        if method != "HEAD" and route.path != MCP
    }
    declared = {
        f"{verb.upper()} {path}" for path, item in document["paths"].items() for verb in item.keys() - {"parameters"}
    }
    named = {f"POST /blocks/{block.name}" for block in connector.manifest}
    named |= {f"POST /triggers/{trigger.name}" for trigger in iter_triggers(connector.manifest)}
    package = connector.manifest.package["name"]
    assert declared - named == routed - NOT_FOR_CLIENTS - {"POST /blocks/{block}", "POST /triggers/{trigger}"}
    assert f"POST /api/{package}/{{block}}" in declared
    assert named <= declared


@pytest.mark.each(
    "path",
    [
        *("/blocks", "/blocks/getAlbum/description", "/triggers", "/triggers/newSavedTrack/description"),
        *("/connections", "/healthz", "/readyz", "/metrics", "/openapi.json"),
    ],
)
def test_an_answer_fits_what_is_declared(shared_client, document, path):
    kind = "block" if path.startswith("/blocks") else "trigger"
    declared = document["paths"].get(path) or document["paths"][f"/{kind}s/{{{kind}}}/description"]
    answer = shared_client.get(path)
    assert answer.status_code == 200
    [(media, content)] = declared["get"]["responses"]["200"]["content"].items()
    assert answer.headers["content-type"].startswith(media)
    if media == "application/json":
        schema = {**content["schema"], "components": document["components"]}
        jsonschema.validate(answer.json(), schema, jsonschema.Draft202012Validator)


def test_what_a_poll_tells_fits_what_is_declared(shared_client, document, manifest):
    told = set()
    for trigger in iter_triggers(manifest):
        declared = document["paths"][f"/triggers/{trigger.name}"]["post"]
        args = {**trigger.form.example, "also_last": 2}
        args.pop("access_token")
        body = {"args": args, "connection": "alice"}
        answer = shared_client.post(f"/triggers/{trigger.name}", json=body)
        assert answer.status_code == 200, answer.text
        told |= {event["type"] for event in answer.json()["events"]}
        response = declared["responses"]["200"]
        if "$ref" in response:
            response = document["components"]["responses"][response["$ref"].rpartition("/")[2]]
        [content] = response["content"].values()
        schema = {**content["schema"], "components": document["components"]}
        jsonschema.validate(answer.json(), schema, jsonschema.Draft202012Validator)
    assert {"newSavedTrack", "newPlaylistItem", "playedTrack", "playbackChanged", "searchResult"} <= told


def test_the_marketplace_s_answers_fit_what_is_declared(shared_client, document, manifest):
    package = manifest.package["name"]
    call = document["paths"][f"/api/{package}/{{block}}"]["post"]
    schema = call["responses"]["200"]["content"]["application/json"]["schema"]
    for body in ({"args": {"q": "garden"}}, {"args": '{"q": "garden"}'}, {"args": {}}):
        jsonschema.validate(body, call["requestBody"]["content"]["application/json"]["schema"])
        answer = shared_client.post(f"/api/{package}/searchTracks", json=body)
        jsonschema.validate(answer.json(), schema, jsonschema.Draft202012Validator)


def test_a_connection_s_name_is_declared_as_it_is_read(shared_client, document):
    header = document["components"]["parameters"]["Connection"]
    schema = {**header["schema"], "components": document["components"]}
    for name, fits in (("alice", True), ("a.b_c@d+e-f", True), ("../alice", False), ("a" * 65, False), ("a b", False)):
        assert jsonschema.Draft202012Validator(schema).is_valid(name) is fits, name
        answer = shared_client.run("getCurrentUserProfile", headers={header["name"]: name})
        assert (answer.json().get("kind") == "invalid_fields") is not fits, name

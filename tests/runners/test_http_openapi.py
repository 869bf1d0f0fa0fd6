"""The OpenAPI document of a running server: it has every address that a client calls, and what those answer."""

import json

import jsonschema
import pytest
from patience import wait_until

from connector.manifest.triggers import iter_triggers
from connector.runners.http_server.app import App
from connector.runners.http_server.keys import KeyRing
from connector.runners.http_server.settings import Settings
from connector.runners.http_server.surroundings import build_surroundings
from connector.subscriptions.places import open_folder

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


@pytest.mark.parametrize("has_place", [True, False], ids=["with subscriptions", "without"])
def test_what_is_routed_is_declared_and_nothing_else(start, connector, store, tmp_path, has_place):
    place = open_folder(tmp_path) if has_place else None
    document = start(connector, store, place=place).get("/openapi.json").json()
    settings = Settings(port=0)
    app = App(connector, settings, KeyRing(), store, build_surroundings(settings, has_keys=False), place)
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
    assert ("POST /subscriptions" in declared) == ("webhooks" in document) == has_place


def test_what_is_told_of_a_subscription_and_sent_for_it_fits_what_is_declared(
    start, connector, store, server, tmp_path, monkeypatch
):
    monkeypatch.setenv("CONNECTOR_ALLOWED_HOSTS", "127.0.0.1")
    server.answer = lambda _seen: (204, {}, b"")
    client = start(connector, store, place=open_folder(tmp_path), connection="alice")
    document = client.get("/openapi.json").json()

    def check(value, schema):
        whole = {**schema, "components": document["components"]}
        jsonschema.validate(value, whole, jsonschema.Draft202012Validator)

    def call(method, path, body=None, name=""):
        declared = document["paths"][path][method]
        answer = client.request(method.upper(), path.replace("{id}", name), json=body)
        response = declared["responses"][str(answer.status_code)]
        if "content" not in response:
            return None
        check(answer.json(), response["content"]["application/json"]["schema"])
        return answer.json()

    asked = {"trigger": "newSavedTrack", "url": f"{server.url}/hook", "every": 60, "args": {"also_last": 1}}
    check(asked, document["paths"]["/subscriptions"]["post"]["requestBody"]["content"]["application/json"]["schema"])
    one = "/subscriptions/{id}"
    name = call("post", "/subscriptions", asked)["id"]
    assert call("get", "/subscriptions")["subscriptions"][0]["id"] == name
    assert call("post", f"{one}/pause", name=name)["status"] == "paused"
    assert call("post", f"{one}/resume", name=name)["status"] == "active"
    assert call("post", f"{one}/test", name=name) == {"delivered": True, "status": 204, "problem": None}
    assert call("get", one, name=name)["trigger"] == "newSavedTrack"
    wait_until(lambda: len(server.requests) >= 2)
    call("delete", one, name=name)
    receiving = document["webhooks"]["event"]["post"]
    [(media, content)] = receiving["requestBody"]["content"].items()
    for seen in list(server.requests):
        headers = {name.lower(): value for name, value in seen.headers.items()}
        assert headers["content-type"] == media
        assert {parameter["name"] for parameter in receiving["parameters"]} <= headers.keys()
        check(json.loads(seen.body), content["schema"])


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

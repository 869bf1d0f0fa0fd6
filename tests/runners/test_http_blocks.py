"""The REST form: what there is, what a block is, and running one."""

import jsonschema
import pytest

from connector.errors import CODES
from connector.runners.http_server.problems import KINDS


def test_the_list_has_what_a_person_needs_to_choose(shared_client, manifest):
    listing = shared_client.get("/blocks").json()
    assert listing["package"]["name"] == manifest.package["name"]
    assert [block["name"] for block in listing["blocks"]] == list(manifest.names)
    for entry in listing["blocks"]:
        block = manifest.block(entry["name"])
        assert entry == {
            "name": block.name,
            "title": block.title,
            "group": block.group,
            "description": block.description,
            "effect": block.effect,
            "idempotent": block.is_idempotent,
            "scopes": list(block.scopes),
            "scopes_needed": [need.to_dict() for need in block.scope_needs],
            "quota": {
                mode: f"closed {since}" if (since := block.closed_since(mode)) else "open"
                for mode in ("development", "extended")
            },
            "instead": block.instead,
            "is_paged": block.page is not None,
        }


def test_a_description_is_whole(shared_client, each_block):
    described = shared_client.get(f"/blocks/{each_block.name}/description").json()
    assert described["input"] == each_block.input_schema
    assert described["output"] == each_block.output_schema
    assert described["scopes"] == list(each_block.scopes)
    assert described["quota"].keys() == {"development", "extended"}
    jsonschema.validate(described["sample"], each_block.output_schema, jsonschema.Draft202012Validator)


def test_a_block_runs(shared_client, each_block, example_args):
    answer = shared_client.run(each_block.name, example_args(each_block))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    jsonschema.validate(answer.json(), each_block.output_schema, jsonschema.Draft202012Validator)


def test_an_alias_runs_too(shared_client, each_aliased_block, example_args):
    for alias in each_aliased_block.aliases:
        assert shared_client.run(alias, example_args(each_aliased_block)).status_code == 200
        assert shared_client.get(f"/blocks/{alias}/description").json()["name"] == each_aliased_block.name


def test_a_block_without_fields_needs_no_body(client, store):
    answer = client.post("/blocks/getCurrentUserProfile", headers={"X-Connection": "alice"})
    assert answer.json()["type"] == "user"


def test_letters_come_as_letters(start, connect, server):
    server.queue.append((200, {}, {"name": "Åsa \ud83c", "type": "user"}))
    answer = start(connect()).run("getCurrentUserProfile", {"access_token": "t"})
    assert answer.json()["name"] == "Åsa \ufffd"
    server.queue.append((200, {}, {"name": "Åsa"}))
    assert "Åsa" in start(connect()).run("getCurrentUserProfile", {"access_token": "t"}).content.decode()


def test_all_fields_that_need_attention_are_told(client):
    answer = client.run("getRecommendations", {"limit": 500, "valence_min": 2})
    problem = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert problem["type"] == "urn:connector:error:missing_fields"
    assert {field["name"] for field in problem["fields"]} >= {"access_token", "limit", "valence_min", "seed_artists"}
    assert (problem["status"], problem["code"]) == (422, "REQUIRED_FIELDS")
    assert "getRecommendations" in problem["detail"]


@pytest.mark.parametrize(
    ("fault", "options", "status", "kind"),
    [
        ("expired_token", {}, 401, "unauthorized"),
        ("insufficient_scope", {}, 403, "forbidden"),
        ("not_found", {}, 404, "not_found"),
        ("bad_request", {}, 400, "bad_request"),
        ("rate_limited", {"retry_after": "3600"}, 429, "rate_limited"),
        ("html_502", {"times": 9}, 502, "server_error"),
        ("no_json", {"times": 9}, 502, "bad_answer"),
    ],
)
def test_an_error_has_a_fitting_status(client, sandbox, fault, options, status, kind):
    sandbox.control.fault(fault, **options)
    answer = client.run("getCurrentUserProfile", {"access_token": sandbox.demo_args["access_token"]})
    problem = answer.json()
    assert (answer.status_code, problem["status"], problem["kind"]) == (status, status, kind)
    assert problem["type"] == f"urn:connector:error:{kind}"
    assert problem["code"] == CODES[kind]
    if kind == "rate_limited":
        assert answer.headers["retry-after"] == "3600"
        assert problem["retry_after"] == 3600


def test_a_server_that_is_not_there_is_a_bad_gateway(start, connect, server):
    connector = connect()
    server.stop()
    problem = start(connector).run("getCurrentUserProfile", {"access_token": "t"}).json()
    assert (problem["status"], problem["kind"]) == (502, "network")


def test_a_server_that_is_slow_is_a_timeout(start, connect, server):
    server.answer = lambda _seen: lambda _handler: server.stopping.wait(60)
    problem = start(connect(timeout=0.1)).run("getCurrentUserProfile", {"access_token": "t"}).json()
    assert (problem["status"], problem["kind"]) == (504, "timeout")


def test_every_kind_of_error_has_a_status():
    assert CODES.keys() <= KINDS.keys()


def test_a_list_that_half_took_effect_is_told_apart(client, sandbox):
    sandbox.control.fault("bad_request", match="PUT /me/library", after=1)
    args = {"access_token": sandbox.demo_args["access_token"], "id": sandbox.control.ids("track", 60)}
    problem = client.run("saveTrack", args).json()
    assert (len(problem["done"]), len(problem["not_done"])) == (40, 20)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"{", "is no JSON"),
        (b"\xff\xfe\xfd", "is no JSON"),
        (b'{"limit": NaN}', "is no JSON"),
        (b"[" * 100_000, "is no JSON"),
        (b"[]", "is JSON but no object"),
        (b'"text"', "is JSON but no object"),
        (b'{"max_items": ' + b"9" * 5000 + b"}", "is no JSON"),
        (b'{"connection": "alice", "connection": "bob"}', "a name twice"),
        (b'{"id": [{"uri": "a", "uri": "b"}]}', "a name twice"),
    ],
    ids=["cut", "no text", "NaN", "deep", "list", "word", "digits without end", "name twice", "name twice inside"],
)
def test_a_body_that_is_no_object(shared_client, body, text):
    answer = shared_client.post("/blocks/getCurrentUserProfile", data=body)
    assert (answer.status_code, answer.json()["kind"]) == (400, "bad_json")
    assert text in answer.json()["detail"]


def test_a_block_that_is_none(client):
    for answer in (client.run("getCategorys"), client.get("/blocks/getCategorys/description")):
        problem = answer.json()
        assert (answer.status_code, problem["kind"]) == (404, "unknown_block")
        assert "Did you mean getCategor" in problem["detail"]


def test_other_methods_and_paths(client):
    answer = client.put("/blocks/getCategory")
    assert (answer.status_code, answer.json()["kind"]) == (405, "method")
    assert answer.headers["allow"] == "POST"
    assert client.get("/block").json()["kind"] == "unknown_path"
    assert client.get("/blocks/").json()["kind"] == "unknown_path"


@pytest.mark.parametrize("path", ["/blocks/saveTrack", "/api/SpotifyUserAPI/saveTrack"])
def test_a_post_of_which_a_redirect_made_a_get_is_not_taken_for_done(client, path):
    answer = client.get(path, headers={"X-Connection": "alice"})
    assert (answer.status_code, answer.json()["kind"]) == (405, "method")
    assert "GET does nothing here; the address takes POST." in answer.json()["detail"]
    assert "a redirect changed it" in answer.json()["detail"]


def test_a_fault_of_our_own_is_owned_up_to(start, connector, monkeypatch, caplog):
    def fail(*_args, **_options):
        raise RuntimeError("a fault")

    monkeypatch.setattr(connector, "invoke", fail)
    answer = start(connector).run("getCurrentUserProfile")
    assert (answer.status_code, answer.json()["kind"]) == (500, "internal")
    assert "a fault" not in answer.text

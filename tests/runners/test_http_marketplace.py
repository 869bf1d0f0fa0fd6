"""The marketplace's wire, as the specification has it."""

import json

import pytest

from connector.manifest.documents import build_metadata

BASE = "/api/SpotifyUserAPI"


def test_the_metadata(shared_client, manifest):
    answer = shared_client.get(BASE)
    assert answer.status_code == 200
    assert answer.json() == build_metadata(manifest)


@pytest.mark.parametrize("wrap", [lambda args: {"args": args}, lambda args: args], ids=["args", "top level"])
def test_a_block_answers_in_an_envelope(shared_client, each_block, example_args, wrap):
    for name in (each_block.name, *each_block.aliases):
        answer = shared_client.post(f"{BASE}/{name}", json=wrap(example_args(each_block)))
        assert (answer.status_code, answer.json()["callback"]) == (200, "success")


def test_the_arguments_may_be_json_text(shared_client, example_args, manifest):
    args = json.dumps(example_args(manifest.block("getCategory")))
    answer = shared_client.post(f"{BASE}/getCategory", json={"args": args})
    assert (answer.status_code, answer.json()["callback"]) == (200, "success")


@pytest.mark.parametrize("args", ["{", "[]", "hush", '{"id": "a", "id": "b"}', "\ud800"])
def test_text_that_holds_no_arguments_is_a_json_error(shared_client, args):
    answer = shared_client.post(f"{BASE}/getCategory", json={"args": args})
    to = answer.json()["contextWrites"]["to"]
    assert (answer.status_code, to["status_code"]) == (200, "JSON_VALIDATION")
    assert "hush" not in answer.text


@pytest.mark.parametrize("args", ["", " ", "{}"])
def test_text_without_arguments_says_what_is_missing(shared_client, args):
    to = shared_client.post(f"{BASE}/getCategory", json={"args": args}).json()["contextWrites"]["to"]
    assert to["status_code"] == "REQUIRED_FIELDS"


def test_errors_come_with_status_200_too(client, sandbox):
    sandbox.control.fault("not_found")
    args = {"access_token": sandbox.demo_args["access_token"], "id": "party"}
    answer = client.post(f"{BASE}/getCategory", json={"args": args})
    to = answer.json()["contextWrites"]["to"]
    assert (answer.status_code, answer.json()["callback"]) == (200, "error")
    assert (to["status_code"], to["status_msg"]) == (
        "API_ERROR",
        {"error": {"status": 404, "message": "Resource not found"}},
    )


def test_what_is_missing_is_listed_by_name(shared_client):
    to = shared_client.post(f"{BASE}/getCategory", json={"args": {}}).json()["contextWrites"]["to"]
    assert (to["status_code"], to["fields"]) == ("REQUIRED_FIELDS", ["access_token", "id"])


@pytest.mark.parametrize("body", ["", "{", "[1]", "null"], ids=["empty", "cut", "list", "null"])
def test_a_body_that_is_no_object_is_a_json_error(shared_client, body):
    answer = shared_client.post(f"{BASE}/getCategory", data=body)
    to = answer.json()["contextWrites"]["to"]
    assert (answer.status_code, answer.json()["callback"], to["status_code"]) == (200, "error", "JSON_VALIDATION")


def test_arguments_that_are_no_object_are_a_json_error(shared_client):
    answer = shared_client.post(f"{BASE}/getCategory", json={"args": ["party"]})
    assert answer.json()["contextWrites"]["to"]["status_code"] == "JSON_VALIDATION"


def test_a_server_without_an_answer_is_an_internal_error(start, connect, server):
    server.answer = lambda _seen: (200, {}, b"<html>")
    answer = start(connect()).post(f"{BASE}/getCurrentUserProfile", json={"args": {"access_token": "t"}})
    assert answer.json()["contextWrites"]["to"]["status_code"] == "INTERNAL_PACKAGE_ERROR"


def test_a_block_that_is_none_is_not_found(client):
    assert client.post(f"{BASE}/nope", json={}).status_code == 404


def test_a_connection_stands_beside_the_arguments(client):
    answer = client.post(f"{BASE}/getCurrentUserProfile", json={"args": {}, "connection": "alice"})
    assert answer.json()["callback"] == "success"


def test_a_connection_stands_among_arguments_at_the_top_level(client):
    answer = client.post(f"{BASE}/getCurrentUserProfile", json={"connection": "alice"})
    assert answer.json()["callback"] == "success"

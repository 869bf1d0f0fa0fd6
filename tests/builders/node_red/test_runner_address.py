"""What Node-RED sends goes to the runner's address alone, and what answers there in its place is told as such."""

from __future__ import annotations

from pathlib import Path

import pytest

from connector.export.node_red.flows import build_runner
from connector.export.node_red.palette import build_palette
from connector.manifest.manifest import Manifest

HARBOUR = Manifest.load(Path(__file__).resolve().parents[2] / "harbour" / "manifest.yaml")
API_KEY = "a-key-of-the-tests"
PAGE = (200, {"Content-Type": "text/html"}, b"<html>Sign in to the proxy</html>")
ELSEWHERE = "The saved API key belongs to another address. Enter it again for this one."


def check(node_red, stage, **asked):
    return node_red.post(f"{stage.palette['runner']['type']}/check", {"id": "runner", **asked}).json()


def test_the_saved_key_is_tested_at_its_own_address_only(node_red, stage, deploy, make_server):
    own, other = make_server(), make_server()
    lists = {kind: [{"name": entry["name"]} for entry in stage.palette[kind]] for kind in ("blocks", "triggers")}
    own.answer = other.answer = lambda _: (200, {}, lists)
    deploy({"any": stage.build_node("getCurrentUserProfile", {})}, stage.build_runner(url=f"{own.url}/base"))
    assert check(node_red, stage, url=f"{own.url}/base/")["ok"]
    assert own.requests[-1].headers["Authorization"] == f"Bearer {API_KEY}"
    for url in (
        f"{other.url}/base",
        own.url,
        f"{own.url}/base/../other",
        f"{own.url.replace('127.0.0.1', 'localhost')}/base",
    ):
        assert check(node_red, stage, url=url) == {"ok": False, "text": ELSEWHERE}
    # Its blocks and its triggers, once.
    assert (len(own.requests), other.requests) == (2, [])
    assert check(node_red, stage, url=other.url, key="")["ok"]
    assert check(node_red, stage, url=other.url, key="typed anew")["ok"]
    assert [seen.headers.get("Authorization") for seen in other.requests] == [None] * 2 + ["Bearer typed anew"] * 2


def test_no_key_of_another_palette_is_tested(node_red, stage, make_server):
    other = make_server()
    other.answer = lambda _: (200, {}, {"blocks": []})
    theirs = build_runner(build_palette(HARBOUR), "theirs")
    node_red.deploy([{**theirs, "url": other.url, "credentials": {"apiKey": "their key"}}])
    check(node_red, stage, url=other.url, id="theirs")
    assert {seen.headers.get("Authorization") for seen in other.requests} == {None}


def test_a_key_that_was_saved_for_another_address_is_not_sent(node_red, stage, deploy, make_server):
    own, other = make_server(), make_server()
    own.answer = lambda _: (200, {}, {"id": "it"})
    node = stage.build_node("getCurrentUserProfile", {})
    saved = {"credentials": {"apiKey": f"{own.url}/ {API_KEY}"}}
    deploy({"own": node}, stage.build_runner(url=own.url, **saved))
    assert node_red.run("own").json() == {"id": "it"}
    assert own.requests[0].headers["Authorization"] == f"Bearer {API_KEY}"
    settings = stage.build_runner(url=other.url)
    del settings["credentials"]
    deploy({"own": node}, settings)
    told = node_red.run("own").json()
    assert told["problem"]["kind"] == "unauthorized"
    assert told["error"]["message"] == (
        "The API key was saved for another address. Enter it again in the runner's settings."
    )
    assert other.requests == []


def test_a_redirect_is_an_error_and_nothing_goes_where_it_leads(node_red, stage, deploy, make_server):
    server, other = make_server(), make_server()
    server.answer = lambda _: (301, {"Location": f"{other.url}/blocks/saveTrack?token=1"}, b"")
    deploy({"moved": stage.build_node("saveTrack", {"id": ["no id"]})}, stage.build_runner(url=server.url))
    expected = f"leads on to {other.url}/blocks/saveTrack, where nothing is sent. Correct the runner's URL."
    assert node_red.run("moved").json()["error"]["message"] == f"{server.url}/blocks/saveTrack {expected}"
    assert expected in check(node_red, stage, url=server.url)["text"]
    assert other.requests == []


@pytest.mark.parametrize("status", [200, 502])
def test_a_web_page_is_no_answer_of_a_block(node_red, stage, deploy, make_server, status):
    server = make_server()
    server.answer = lambda _: (status, *PAGE[1:])
    deploy({"page": stage.build_node("getCurrentUserProfile", {})}, stage.build_runner(url=server.url))
    told = node_red.run("page").json()
    assert told["problem"]["kind"] == "bad_answer"
    assert told["error"]["message"] == (
        f"What answered at {server.url}/blocks/getCurrentUserProfile with status {status} is no runner: it sent a web "
        "page. Check the runner's URL, and the proxy before it if there is one."
    )


def test_what_lists_no_blocks_is_no_runner(node_red, stage, make_server):
    server = make_server()
    server.answer = lambda _: (200, {}, {"message": "welcome"})
    assert check(node_red, stage, url=server.url, key="")["text"].startswith("What answered is no runner")


@pytest.mark.parametrize("base", ["", "/", "/base", "/base//", "/base?x=1#y"])
def test_a_base_path_is_kept(node_red, stage, deploy, make_server, base):
    server = make_server()
    server.answer = lambda _: (200, {}, {"id": "it"})
    deploy({"base": stage.build_node("getCurrentUserProfile", {})}, stage.build_runner(url=server.url + base))
    assert node_red.run("base").json() == {"id": "it"}
    assert server.requests[0].target == f"{'/base' if 'base' in base else ''}/blocks/getCurrentUserProfile"

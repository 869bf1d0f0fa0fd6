"""What n8n sends goes to the runner's address alone, and what answers there in the runner's place is told as such."""

from __future__ import annotations

from typing import Any

import pytest
from builders.n8n_workflows import build_chain

PAGE = (200, {"Content-Type": "text/html"}, b"<html>Sign in to the proxy</html>")
API_KEY = "a-key-of-the-tests"


@pytest.fixture
def make_credential(n8n, credential):
    """Makes a credential for an address, as n8n keeps it; it goes afterwards, for new nodes would take it."""
    ids = []

    def make(url: str, key: str = API_KEY) -> dict[str, Any]:
        data = {"url": url, "apiKey": key, "connection": ""}
        made = n8n.rest("POST", "/credentials", {"name": url, "type": credential["type"], "data": data})
        ids.append(made["id"])
        return {"id": made["id"], "name": url, "type": credential["type"], "data": data}

    yield make
    for made in ids:
        n8n.rest("DELETE", f"/credentials/{made}")


@pytest.fixture
def run(n8n, workbench, manifest, make_credential):
    """Runs a block with a credential for an address."""

    def run(url, block="getCurrentUserProfile", args=None):
        made = make_credential(url)
        node = workbench.build_node(manifest.block(block), args or {})
        node["credentials"] = {made["type"]: {"id": made["id"], "name": made["name"]}}
        [result] = n8n.run(build_chain("Address", [node]))[block]
        return result

    return run


def test_a_redirect_is_an_error_and_nothing_goes_where_it_leads(run, make_server):
    server, other = make_server(), make_server()
    server.answer = lambda _: (301, {"Location": f"{other.url}/blocks/saveTrack?token=1"}, b"")
    error = run(server.url, "saveTrack", {"id": ["4iV5W9uYEdYUVa79Axb7Rh"]})["error"]
    assert [seen.method for seen in server.requests] == ["POST"]
    assert other.requests == []
    assert error["message"] == (
        f"{server.url}/blocks/saveTrack leads on to {other.url}/blocks/saveTrack, where nothing is sent. "
        "Correct the runner's URL."
    )


@pytest.mark.parametrize("status", [200, 502])
def test_a_web_page_is_no_answer_of_a_block(run, make_server, status):
    server = make_server()
    server.answer = lambda _: (status, *PAGE[1:])
    assert run(f"{server.url}/base")["error"]["message"] == (
        f"What answered at {server.url}/base/blocks/getCurrentUserProfile with status {status} is no runner: it sent a "
        "web page. Check the runner's URL, and the proxy before it if there is one."
    )


@pytest.mark.parametrize("base", ["", "/", "/base", "/base//", "/base?x=1#y"])
def test_a_base_path_is_kept(run, make_server, base):
    server = make_server()
    server.answer = lambda _: (200, {"Content-Type": "application/json"}, {"id": "it"})
    assert run(f" {server.url}{base} ")["data"]["main"][0][0]["json"] == {"id": "it"}
    [seen] = server.requests
    assert seen.target == f"{'/base' if 'base' in base else ''}/blocks/getCurrentUserProfile"
    assert seen.headers["Authorization"] == f"Bearer {API_KEY}"


@pytest.mark.parametrize("url", ["localhost:8800", "ftp://127.0.0.1", "soon", "http://"])
def test_an_address_that_is_none_is_told(n8n, run, make_credential, url):
    told = "The runner's URL must begin with http:// or https:// and name a server."
    assert run(url)["error"]["message"] == told
    tested = n8n.rest("POST", "/credentials/test", {"credentials": make_credential(url)})
    assert tested == {"status": "Error", "message": told}


def test_the_credentials_test_follows_no_redirect_and_takes_no_web_page_for_a_runner(n8n, make_credential, make_server):
    server, other = make_server(), make_server()

    def test():
        return n8n.rest("POST", "/credentials/test", {"credentials": make_credential(server.url)})

    server.answer = lambda _: (302, {"Location": f"{other.url}/blocks"}, b"")
    assert test()["status"] == "Error"
    assert other.requests == []
    server.answer = lambda _: PAGE
    found = test()
    assert (found["status"], found["message"][:33]) == ("Error", "What answered is no runner, for i")


@pytest.mark.parametrize("path", ["/", "/blocks"])
def test_another_node_can_send_the_key_to_the_runner_alone(n8n, make_credential, make_server, path):
    server, other = make_server(), make_server()
    server.answer = other.answer = lambda _: (200, {"Content-Type": "application/json"}, {})
    made = make_credential(f"{server.url}/base")

    def ask(url):
        settings = {"authentication": "predefinedCredentialType", "nodeCredentialType": made["type"], "options": {}}
        node = {
            "name": "Ask",
            "id": "ask",
            "type": "n8n-nodes-base.httpRequest",
            "typeVersion": 4.2,
            "position": [300, 0],
            "parameters": {"url": url, **settings},
            "credentials": {made["type"]: {"id": made["id"], "name": made["name"]}},
        }
        [result] = n8n.run(build_chain("Ask", [node]))["Ask"]
        return result

    assert "error" not in ask(f"{server.url}/base{path}")
    assert server.requests[-1].headers["Authorization"] == f"Bearer {API_KEY}"
    for url in (f"{other.url}/base{path}", f"{server.url}{path}", f"{server.url}/base/..{path}"):
        assert "for its Runner URL alone" in str(ask(url)["error"])
    assert other.requests == []
    assert len(server.requests) == 1

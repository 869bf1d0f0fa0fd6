"""What operators look at: health, readiness, figures."""

import threading

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from connector.auth.stores.memory_store import MemoryStore
from connector.runners.http_server.serving import HttpServer
from connector.runners.http_server.settings import Settings

PROFILE = "getCurrentUserProfile"


def read_metrics(client):
    """Every sample by name and labels."""
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_it_is_alive_and_ready(client, manifest):
    assert client.get("/healthz").json() == {"status": "alive"}
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready", "blocks": len(manifest)})


def test_a_store_that_hangs_is_asked_once_and_holds_up_nothing(connector, store, monkeypatch):
    asked, release = [], threading.Event()

    def hang():
        asked.append(None)
        release.wait(60)
        return []

    monkeypatch.setattr("connector.runners.http_server.app._STORE_TIMEOUT_S", 0.1)
    try:
        with HttpServer(connector, Settings(port=0, shutdown_grace=0), store) as runner:
            monkeypatch.setattr(store, "names", hang)
            for _ in range(3):
                answer = requests.get(f"{runner.url}/readyz", timeout=60)
                assert (answer.status_code, answer.json()) == (503, {"status": "no store"})
        # The server has ended although the store hangs.
        assert len(asked) == 1
        assert not release.is_set()
    finally:
        release.set()


@pytest.mark.each(("method", "path"), [("names", "/connections"), ("load", "/connections"), ("load", "/connect/alice")])
def test_a_store_that_hangs_is_told_of_soon(connector, store, method, path, monkeypatch):
    release = threading.Event()

    class Hanging(MemoryStore):
        pass

    hanging = Hanging(map(store.load, store.names()))
    monkeypatch.setattr(Hanging, method, lambda *_: release.wait(60))
    monkeypatch.setattr("connector.runners.http_server.sign_ins._STORE_WAIT_S", 0.1)
    try:
        with HttpServer(connector, Settings(port=0, shutdown_grace=0), hanging) as runner:
            answer = requests.get(f"{runner.url}{path}", timeout=30)
            assert (answer.status_code, "did not answer in the time allowed" in answer.text) == (503, True)
    finally:
        release.set()


def test_invocations_are_counted_by_block_kind_and_status(client, sandbox):
    token = {"access_token": sandbox.demo_args["access_token"]}
    client.run(PROFILE, token)
    client.run(PROFILE, token)
    sandbox.control.fault("not_found")
    client.run(PROFILE, token)
    client.run("getCategory", token)
    client.post("/api/SpotifyUserAPI/getCategory", json={"args": token})
    client.run("saveAlbum", {**token, "id": sandbox.control.ids("album", 25)})
    found = read_metrics(client)

    def count(block, kind, status):
        return found.get(
            ("connector_invocations_total", ("block", block), ("kind", kind), ("status", status)),
        )

    assert count(PROFILE, "ok", "200") == 2
    assert count(PROFILE, "not_found", "404") == 1
    assert count("getCategory", "missing_fields", "422") == 1
    assert count("getCategory", "missing_fields", "200") == 1
    assert count("saveAlbumForUser", "ok", "200") == 1
    assert found["connector_upstream_requests_total", ("block", PROFILE)] == 3
    assert found["connector_invocation_duration_seconds_count", ("block", PROFILE)] == 3
    assert found["connector_invocations_running",] == 0


def test_requests_of_a_stream_are_counted_too(client, sandbox):
    lines = {"Accept": "application/x-ndjson"}
    sandbox.control.fault("server_error", times=1)
    assert client.run("getUserSavedTracks", {"connection": "alice"}, headers=lines).status_code == 200
    sandbox.control.fault("not_found")
    assert client.run("getUserSavedAlbums", {"connection": "alice"}, headers=lines).status_code == 404
    found = read_metrics(client)
    tracks, albums = ("block", "getUserSavedTracks"), ("block", "getUserSavedAlbums")
    assert found["connector_upstream_requests_total", tracks] == 4
    assert found["connector_upstream_retries_total", tracks] == 1
    assert found["connector_upstream_requests_total", albums] == 1
    assert found["connector_invocation_duration_seconds_sum", tracks] > 0


def test_refusals_are_counted_by_kind(start, connector):
    client = start(connector, max_body=10)
    client.post(f"/blocks/{PROFILE}", data=b" " * 20)
    client.post(f"/blocks/{PROFILE}", data=b"{")
    found = read_metrics(client)
    assert found["connector_refusals_total", ("kind", "too_large")] == 1
    assert found["connector_refusals_total", ("kind", "bad_json")] == 1


def test_labels_come_from_the_manifest_and_the_kinds_only(client, sandbox):
    for name in ("noSuchBlock", "another"):
        client.run(name)
        client.get(f"/{name}")
    assert "noSuchBlock" not in client.get("/metrics").text


def test_two_servers_count_for_themselves(start, connector, store):
    one, other = start(connector, store), start(connector, store)
    one.run(PROFILE, {"connection": "alice"})
    name = ("connector_upstream_requests_total", ("block", PROFILE))
    assert read_metrics(one).get(name) == 1
    assert read_metrics(other).get(name) is None


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/docs", "/openapi.json", "/blocks"])
def test_reading_by_head_is_fine(client, path):
    answer = client.head(path)
    assert (answer.status_code, answer.content) == (200, b"")


def test_the_root_leads_to_the_page(client):
    assert client.get("/", allow_redirects=False).headers["location"] == "/docs"

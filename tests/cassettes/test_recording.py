"""Recording: what is staged, what is masked, and what is refused."""

import dataclasses
import json

import pytest

from connector.auth import Connection
from connector.auth.stores.memory_store import MemoryStore
from connector.cassettes import recording
from connector.cassettes.format import Scrubber, read_header
from connector.manifest.manifest import Manifest
from connector.sandbox import Sandbox

MANIFEST = Manifest.load()


def test_a_block_s_cassettes_replace_the_old_ones(tmp_path):
    stale = tmp_path / "getCategory" / "no_such_case.yaml"
    stale.parent.mkdir()
    stale.write_text("{}")
    written = recording.record(tmp_path, ["getCategory"])
    assert sorted(path.name for path in stale.parent.iterdir()) == sorted(path.name for path in written)
    assert read_header(stale.parent / "success.yaml")["recorded_against"] == "the sandbox, not the live service"


def test_a_case_that_ends_otherwise_is_refused(tmp_path, monkeypatch):
    case = recording.Case("success", {"id": "dinner"}, kind="not_found")
    monkeypatch.setattr(recording, "iter_cases", lambda manifest: [(manifest.block("getCategory"), case)])
    with pytest.raises(RuntimeError, match="getCategory, case success: expected not_found, but it succeeded"):
        recording.record(tmp_path, ["getCategory"])


def test_what_must_be_staged_is_left_alone_when_recording_live(tmp_path, monkeypatch, server):
    entry = {**MANIFEST.data, "servers": {"api": {"url": server.url, "auth": "listener"}}}
    entry["blocks"] = {"getCurrentUserProfile": MANIFEST.data["blocks"]["getCurrentUserProfile"]}
    monkeypatch.setattr(recording.Manifest, "load", lambda _path: Manifest(entry, MANIFEST.folder))
    monkeypatch.setenv("CONNECTOR_ACCESS_TOKEN", "a-live-token")
    server.queue.append((200, {"X-Trace": "a-live-token"}, {"id": "me", "access_token": "a-live-token"}))
    [path] = recording.record(tmp_path, live=True)
    assert path.name == "success.yaml"
    text = path.read_text("utf-8")
    assert "a-live-token" not in text
    assert read_header(path)["recorded_against"] == "the live service"


def test_a_connection_answers_for_the_blocks_that_read(tmp_path, monkeypatch):
    reads, writes, closed = "getCurrentUserProfile", "saveTrack", "getCategories"
    blocks = {name: MANIFEST.data["blocks"][name] for name in (closed, reads, writes)}
    with Sandbox() as sandbox:
        servers = {name: {**entry, "url": sandbox.servers[name]} for name, entry in MANIFEST.data["servers"].items()}
        entry = {**MANIFEST.data, "blocks": blocks, "servers": servers}
        monkeypatch.setattr(recording.Manifest, "load", lambda _path: Manifest(entry, MANIFEST.folder))
        store = MemoryStore([Connection("alice", "an-app", access_token=sandbox.demo_args["access_token"])])
        with pytest.raises(RuntimeError, match=rf"^{closed}, case success: expected success"):
            recording.record(tmp_path, live=True, store=store, connection="alice")
        assert {call["method"] for call in sandbox.control.calls()} == {"GET"}
    # What failed left nothing behind, and the rest was recorded all the same.
    assert [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.yaml")] == [f"{reads}/success.yaml"]


def test_only_plain_success_needs_no_staging():
    case = recording.Case("any", {})
    assert not case.is_staged
    for change in ({"fault": "html"}, {"entries": 0}, {"quota_mode": "development"}):
        assert dataclasses.replace(case, **change).is_staged


class WrittenRequest:
    uri = "http://127.0.0.1:5/api/token"
    body = b"code=secret-code&redirect_uri=x&grant_type=authorization_code"

    def __init__(self):
        self.headers = {"Content-Type": "application/x-www-form-urlencoded", "Authorization": "Basic c2VjcmV0"}


def test_secrets_and_addresses_are_replaced():
    servers = {"api": "http://127.0.0.1:5/v1", "accounts": "http://127.0.0.1:5", "reccobeats": "http://127.0.0.1:5/r"}
    scrubber = Scrubber(MANIFEST, servers)
    request = scrubber.scrub_request(WrittenRequest())
    assert (request.uri, request.body) == (
        f"{MANIFEST.servers['accounts']}/api/token",
        "code=fake-code&redirect_uri=x&grant_type=authorization_code",
    )
    assert request.headers == {"Content-Type": "application/x-www-form-urlencoded"}
    answer = {
        "status": {"code": 200, "message": "OK"},
        "headers": {"Content-Type": ["application/json"], "Set-Cookie": ["a=b"]},
        "body": {"string": b'{"refresh_token": "real", "href": "http://127.0.0.1:5/v1/me", "all": [{"code": "real"}]}'},
    }
    written = scrubber.scrub_response(answer)
    assert written["headers"] == {"Content-Type": ["application/json"]}
    assert json.loads(written["body"]["string"]) == {
        "refresh_token": "fake-refresh-token",
        "href": f"{MANIFEST.servers['api']}/me",
        "all": [{"code": "fake-code"}],
    }


@pytest.mark.parametrize("body", [b"<html>", b"[" * 100_000], ids=["html", "deep"])
def test_what_is_no_json_is_kept_as_it_came(body):
    scrubber = Scrubber(MANIFEST, dict(MANIFEST.servers))
    answer = {"status": {}, "headers": {}, "body": {"string": body}}
    assert scrubber.scrub_response(answer)["body"] == {"string": body}

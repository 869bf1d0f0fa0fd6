"""API keys: who may call, with which connections, and how keys change without a restart."""

import hashlib
import os

import pytest

from connector import Connector
from connector.auth.stores.memory_store import MemoryStore
from connector.runners.http_server.keys import BadKeys, Key, KeyRing, load_keys, parse_keys

PROFILE = "getCurrentUserProfile"


@pytest.fixture(scope="module")
def guarded_client(start_shared):
    with Connector.load() as loaded:
        yield start_shared(loaded, MemoryStore(), keys="n8n:secret-1")


@pytest.mark.parametrize(
    "headers", [{"X-API-Key": "secret-1"}, {"Authorization": "Bearer secret-1"}, {"Authorization": "bearer  secret-1 "}]
)
def test_a_key_is_presented_in_either_header(start, connector, headers):
    client = start(connector, keys="n8n:secret-1")
    assert client.get("/blocks", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [{}, {"X-API-Key": "secret-2"}, {"Authorization": "Basic secret-1"}, {"X-API-Key": ""}, {"X-API-Key": "sécret-1"}],
    ids=["none", "another", "another scheme", "empty", "no ASCII"],
)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/blocks"),
        ("POST", f"/blocks/{PROFILE}"),
        ("GET", "/api/SpotifyUserAPI"),
        ("POST", f"/api/SpotifyUserAPI/{PROFILE}"),
        ("GET", "/metrics"),
        ("GET", "/connections"),
        ("POST", "/connect/alice"),
        ("GET", "/nothing"),
    ],
)
def test_without_a_valid_key_nothing_is_told_or_done(guarded_client, method, path, headers):
    headers = {name: value.encode() for name, value in headers.items()}
    answer = guarded_client.request(method, path, headers=headers)
    assert (answer.status_code, answer.json()["kind"]) == (401, "api_key")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert "secret" not in answer.text


@pytest.mark.parametrize("path", ["/docs", "/openapi.json", "/healthz", "/readyz"])
def test_what_holds_no_secret_is_open_but_not_for_a_wrong_key(start, connector, path):
    client = start(connector, keys="n8n:secret-1")
    assert client.get(path).status_code == 200
    assert client.get(path, headers={"X-API-Key": "secret-2"}).status_code == 401


@pytest.mark.parametrize(
    ("keys", "name", "status"),
    [
        ("n8n:k:alice", "alice", 200),
        ("n8n:k:alice", "bob", 403),
        ("n8n:k:alice,bob", "bob", 200),
        ("n8n:k:*", "bob", 200),
        ("n8n:k", "alice", 403),
    ],
)
def test_a_key_reaches_only_its_connections(start, connector, store, keys, name, status):
    client = start(connector, store, key="k", keys=keys)
    for answer in (
        client.run(PROFILE, headers={"X-Connection": name}),
        client.run(PROFILE, {"connection": name}),
        client.run(
            "getUserSavedTracks", {"connection": name, "max_items": 1}, headers={"Accept": "application/x-ndjson"}
        ),
        client.post(f"/api/SpotifyUserAPI/{PROFILE}", json={"args": {}, "connection": name}),
    ):
        assert answer.status_code == status
        if status == 403:
            assert answer.json()["kind"] == "connection"
    listed = client.get("/connections").json()["connections"]
    assert (name in [connection["name"] for connection in listed]) == (status == 200)


def test_the_body_s_connection_goes_before_the_header_s(start, connector, store):
    client = start(connector, store, key="k", keys="n8n:k:alice")
    assert client.run(PROFILE, {"connection": "alice"}, headers={"X-Connection": "bob"}).status_code == 200


def test_a_connection_is_a_name(client):
    assert client.run(PROFILE, {"connection": ["alice"]}).json()["kind"] == "bad_json"


def test_a_connection_that_is_not_there(client):
    problem = client.run(PROFILE, {"connection": "carol"}).json()
    assert (problem["status"], problem["kind"]) == (401, "reauthorize")
    assert problem["sign_in"] == "/connect/carol"
    # Who brings a token of their own signs in elsewhere.
    assert "sign_in" not in client.run(PROFILE, {"access_token": "wrong"}).json()


def test_the_server_s_own_connection_is_for_keys_that_may_use_it(start, connector, store, sandbox):
    keys = "one:k1:alice two:k2:bob"
    assert start(connector, store, key="k1", keys=keys, connection="alice").run(PROFILE).status_code == 200
    other = start(connector, store, key="k2", keys=keys, connection="alice")
    assert other.run(PROFILE).json()["kind"] == "missing_fields"
    assert other.run(PROFILE, {"access_token": sandbox.demo_args["access_token"]}).status_code == 200


def write_keys(path, text):
    """Replaces the file as editors and deployments do, with another time stamp."""
    draft = path.with_suffix(".new")
    draft.write_text(text, "utf-8")
    draft.replace(path)


def test_keys_are_rotated_without_a_restart(start, connector, tmp_path):
    path = tmp_path / "keys.toml"
    write_keys(path, '[n8n]\nkey = "old"\n')
    client = start(connector, keys_file=path, keys="fixed:constant")

    def status(key):
        return client.get("/blocks", headers={"X-API-Key": key}).status_code

    assert [status(key) for key in ("old", "new", "constant")] == [200, 401, 200]
    digest = hashlib.sha256(b"new").hexdigest()
    write_keys(path, f'[n8n]\nkey = "old"\n["n8n next"]\nsha256 = "{digest}"\n')
    assert [status(key) for key in ("old", "new", "constant")] == [200, 200, 200]
    write_keys(path, f'["n8n next"]\nsha256 = "{digest}"\n')
    assert [status(key) for key in ("old", "new", "constant")] == [401, 200, 200]


def test_a_keys_file_that_breaks_leaves_the_keys_as_they_were(start, connector, tmp_path, caplog):
    path = tmp_path / "keys.toml"
    write_keys(path, '[n8n]\nkey = "valid"\n')
    client = start(connector, key="valid", keys_file=path)
    write_keys(path, '[n8n\nkey = "hidden"')
    assert client.get("/blocks").status_code == 200
    path.unlink()
    assert client.get("/blocks").status_code == 200
    assert "The keys read before stay valid." in caplog.text
    assert "hidden" not in caplog.text


def test_an_emptied_keys_file_lets_nobody_in(start, connector, tmp_path):
    path = tmp_path / "keys.toml"
    write_keys(path, '[n8n]\nkey = "valid"\n')
    client = start(connector, key="valid", keys_file=path)
    write_keys(path, "")
    assert client.get("/blocks").status_code == 401


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("n8n = 'hidden'", "[n8n] needs `key`"),
        ("[n8n]\n", "[n8n] needs `key`"),
        ("[n8n]\nkey = 17", "[n8n] needs `key`"),
        ("[n8n]\nkey = ''", "[n8n] needs `key`"),
        ("[n8n]\nkey = 'hidden'\nsha256 = 'hidden'", "[n8n] needs `key`"),
        ("[n8n]\nsha256 = 'hidden'", "64 hexadecimal digits"),
        ("[n8n]\nsha256 = 'abcd'", "64 hexadecimal digits"),
        ("[n8n]\nkey = 'hidden'\nconnections = 'alice'", "no list of names"),
        ("[n8n]\nkey = 'hidden'\nconnection = ['alice']", "connection, which means nothing"),
        ("[a]\nkey = 'hidden'\n[b]\nkey = 'hidden'", "a and b have the same API key"),
        ("[n8n", "is no TOML"),
    ],
)
def test_a_keys_file_that_can_not_be_used(tmp_path, text, problem):
    path = tmp_path / "keys.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(BadKeys) as raised:
        load_keys(path)
    assert problem in str(raised.value)
    assert "hidden" not in str(raised.value)


def test_a_keys_file_that_is_not_there(tmp_path):
    with pytest.raises(BadKeys, match="No such file"):
        KeyRing(path=tmp_path / "keys.toml")


def test_keys_in_the_environment_s_form():
    found = set(parse_keys("n8n:k1:alice,bob  node-red:k2 all:k3:*\n").values())
    assert found == {
        Key("n8n", frozenset({"alice", "bob"})),
        Key("node-red"),
        Key("all", frozenset({"*"})),
    }


@pytest.mark.parametrize("text", ["hidden", "n8n:", ":hidden", "a:k hidden"])
def test_keys_in_another_form(text):
    with pytest.raises(BadKeys, match="API key number") as raised:
        parse_keys(text)
    assert "hidden" not in str(raised.value)


def test_only_digests_are_kept():
    ring = KeyRing("n8n:secret-1")
    assert "secret-1" not in repr(vars(ring))
    assert ring.find("secret-1").name == "n8n"


def test_the_file_is_looked_at_for_a_change_of_size_or_time(tmp_path):
    path = tmp_path / "keys.toml"
    path.write_text('[n8n]\nkey = "old"\n', "utf-8")
    ring = KeyRing(path=path)
    path.write_text('[n8n]\nkey = "new"\n', "utf-8")
    os.utime(path, ns=(1, 1))
    assert (ring.find("old"), ring.find("new")) == (None, Key("n8n"))


@pytest.mark.parametrize(("keys", "kind"), [("n8n:k:alice", "forbidden"), ("n8n:k:alice,bob", "invalid_fields")])
def test_a_block_that_works_with_two_connections_needs_a_key_to_both(start, connector, store, keys, kind):
    client = start(connector, store, keys=keys)
    body = {"source": "bob", "connection": "alice"}
    answer = client.post("/blocks/copyLibrary", json=body, headers={"X-API-Key": "k"})
    # Where both may be used, they are seen to be one account's.
    assert answer.json()["kind"] == kind


def test_whoever_is_not_signed_in_of_two_is_the_one_to_sign_in(client):
    problem = client.run("copyLibrary", {"source": "carol", "connection": "alice"}).json()
    assert (problem["kind"], problem["sign_in"]) == ("reauthorize", "/connect/carol")

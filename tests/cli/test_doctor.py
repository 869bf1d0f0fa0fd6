"""What `doctor` finds, what it advises, and what it never prints."""

import json
import time
from types import SimpleNamespace

import pytest

from connector.auth import Connection
from connector.auth.stores.file_store import FileStore
from connector.sandbox import Sandbox

TOKEN = "not-a-real-token-0123456789"


@pytest.fixture
def store(monkeypatch, tmp_path):
    monkeypatch.setenv("CONNECTOR_STORE", f"file:{tmp_path / 'connections'}")
    monkeypatch.setenv("HTTPS_PROXY", "http://someone:proxy-secret@proxy.example:3128")
    return FileStore(tmp_path / "connections")


@pytest.fixture
def look(cli):
    def look(*words):
        done = cli("doctor", "--json", "--runner", "http://127.0.0.1:9", *words)
        assert TOKEN not in done.output
        assert "proxy-secret" not in done.output
        return done.exit_code, {finding["what"]: finding for finding in json.loads(done.stdout)}

    return look


def sign_in(token=TOKEN, **parts):
    now = time.time()
    known = {"client_id": "app", "client_secret": "secret-not-real", "refresh_token": "refresh-not-real"}
    return Connection(
        **{"name": "default", "access_token": token, "expires_at": now + 3000, "signed_in_at": now, **known, **parts}
    )


def test_a_fresh_machine_is_told_what_to_do(store, look, tmp_path):
    status, found = look("--offline")
    assert status == 1
    assert [what for what, finding in found.items() if finding["mark"] == "bad"] == ["connection"]
    assert found["connection"]["advice"] == "Sign in: blocks-tool login"
    assert found["runner"]["advice"] == "Palettes need one: blocks-tool serve"
    assert found["proxy"]["found"].startswith("proxy.example for ")
    assert {"version", "CA bundle", "store", "keyring", "calls a day", "redis"} < found.keys()
    assert found["polls"]["found"].startswith("share 300 calls a day")
    assert found["subscriptions"]["found"].endswith("can be read, none is active")
    assert found["sealing key"]["found"] == "is made with the first subscription"
    assert "CONNECTOR_ALLOWED_HOSTS is not set" in found["webhooks to"]["found"]
    # It looked, and made nothing.
    assert list(tmp_path.iterdir()) == []


def test_who_has_signed_in_is_known_by_name(store, look, monkeypatch):
    with Sandbox() as sandbox:
        for name, url in sandbox.servers.items():
            monkeypatch.setenv(f"CONNECTOR_SERVER_{name.upper()}", url)
        store.save(sign_in(sandbox.demo_args["access_token"], scopes=("user-read-private",)))
        status, found = look()
    assert status == 0
    assert "Sandbox Listener" in found["signed in"]["found"]
    assert found["clock"]["mark"] == "ok"
    assert "without" in found["scopes"]["found"]
    assert "days left" in found["connection"]["found"]


def test_triggers_that_a_connection_can_t_poll_are_named(store, look):
    store.save(sign_in(scopes=("user-library-read", "user-top-read")))
    found = look("--offline")[1]["triggers"]
    assert found["mark"] == "note"
    assert " of them cost at most one call a quiet look; not granted: " in found["found"]
    lacking = found["found"].partition("not granted: ")[2].split(", ")
    assert {"newFollowedArtist", "playedTrack"} <= set(lacking)
    assert not {"newSavedTrack", "topTracksChanged", "searchResult", "signInEndsSoon"} & set(lacking)


def test_what_keeps_subscriptions_from_working_is_told(store, look, monkeypatch, tmp_path):
    monkeypatch.setenv("CONNECTOR_DAILY_CALLS", "500")
    monkeypatch.setenv("CONNECTOR_ALLOWED_HOSTS", "hooks.example, 127.0.0.1")
    monkeypatch.setenv("CONNECTOR_STORE_KEY", "no key")
    folder = tmp_path / "connections"
    folder.mkdir(mode=0o700)
    (folder / "subscriptions.db").write_bytes(b"somebody else's" * 99)
    _, found = look("--offline")
    assert found["polls"]["found"].startswith("share 400 calls a day of 500")
    assert found["subscriptions"]["mark"] == "bad"
    (folder / "subscriptions.db").unlink()
    _, found = look("--offline")
    assert (found["sealing key"]["mark"], "no key" in found["sealing key"]["found"]) == ("bad", True)
    assert found["webhooks to"]["found"] == "the open internet, and hooks.example, 127.0.0.1"


def test_a_connection_of_another_name_is_named(store, look):
    store.save(sign_in(name="alice"))
    assert look("--offline")[1]["connection"]["found"] == "none is called default; there is alice"
    status, found = look("--offline", "--connection", "alice")
    assert (status, found["connection"]["mark"]) == (0, "ok")
    assert (
        look("--offline", "--connection", "bob")[1]["connection"]["advice"] == "Sign in: blocks-tool login --name bob"
    )


@pytest.mark.parametrize(
    ("off_s", "mark", "said"), [(0, "ok", "as the service's"), (299, "bad", "min ahead"), (-90, "bad", "behind")]
)
def test_a_clock_that_is_wrong_is_told(store, look, server, monkeypatch, off_s, mark, said):
    monkeypatch.setenv("CONNECTOR_SERVER_API", server.url)
    server.answer = lambda _seen: (404, {}, {})
    here = SimpleNamespace(time=lambda: time.time() + off_s, monotonic=time.monotonic)
    monkeypatch.setattr("connector.cli.doctor.time", here)
    clock = look()[1]["clock"]
    assert clock["mark"] == mark
    assert said in clock["found"]


@pytest.mark.parametrize(
    ("variable", "value", "what", "said"),
    [
        ("CONNECTOR_STORE", "cellar", "store", "names no store"),
        ("CONNECTOR_REDIS_URL", "redis://127.0.0.1:9/0", "redis", "doesn't answer"),
        ("CONNECTOR_REDIS_URL", "cellar", "redis", "redis://HOST"),
        ("CONNECTOR_DAILY_CALLS", "many", "calls a day", "CONNECTOR_DAILY_CALLS"),
        ("HTTPS_PROXY", "ftp://proxy.example", "proxy", "HTTPS_PROXY can't be read"),
    ],
)
def test_a_setting_that_can_not_be_used_is_a_finding(store, look, monkeypatch, variable, value, what, said):
    monkeypatch.setenv(variable, value)
    status, found = look("--offline")
    assert (status, found[what]["mark"]) == (1, "bad")
    assert said in found[what]["found"]


def test_the_screen_has_a_line_for_each_and_its_advice_below(cli, store):
    shown = cli("doctor", "--offline", "--runner", "http://127.0.0.1:9").stdout
    assert "bad  connection     none is called default\n                    Sign in: blocks-tool login\n" in shown

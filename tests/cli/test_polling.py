"""Triggers from a shell: events one a line, the state in a file, nothing lost where something fails."""

import json
import sys

import pytest

from connector import Connector
from connector.manifest.triggers import iter_triggers
from connector.sandbox import Sandbox

NAMES = [trigger.name for trigger in iter_triggers(Connector.load().manifest)]


@pytest.fixture
def stage(cli, monkeypatch):
    """A sandbox that stays, to which the commands lead, and blocks to act in it."""
    with Sandbox() as sandbox, Connector.load(servers=sandbox.servers) as connector:
        token = {"access_token": sandbox.demo_args["access_token"]}
        monkeypatch.setenv("CONNECTOR_ACCESS_TOKEN", token["access_token"])
        monkeypatch.setenv("CONNECTOR_SERVER_API", sandbox.servers["api"])
        ids = sandbox.control.ids("track", 90)[80:]

        def save(count):
            assert connector.invoke("saveTrack", {**token, "id": [ids.pop() for _ in range(count)]}).ok

        yield save


def read(done):
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_the_triggers_are_listed_and_described(cli):
    assert [name for name in NAMES if f"  {name} " not in cli("triggers").stdout] == []
    assert {entry["name"] for entry in json.loads(cli("triggers", "--json").stdout)} == set(NAMES)
    shown = cli("describe", "newPlaylistItem").stdout
    assert "watches  getPlaylistItems" in shown
    assert "blocks-tool poll newPlaylistItem playlist_id=" in shown
    described = json.loads(cli("describe", "newPlaylistItem", "--json").stdout)
    assert (described["way"], described["cost"]["quiet"], described["quota"]["development"]) == (
        "difference",
        "1 call",
        "open",
    )


def test_what_happened_since_the_last_look_is_told_once(cli, stage, tmp_path):
    state = str(tmp_path / "state.json")
    first = cli("poll", "newSavedTrack", "--state", state)
    assert (first.exit_code, first.stdout) == (0, "")
    assert "The mark is set; 1 call. Look again in 5 min." in first.stderr
    stage(2)
    later = cli("poll", "newSavedTrack", "--state", state)
    assert [event["type"] for event in read(later)] == ["newSavedTrack"] * 2
    assert "2 events; 1 call." in later.stderr
    assert read(cli("poll", "newSavedTrack", "--state", state)) == []


def test_an_error_leaves_the_file_as_it_was(cli, stage, tmp_path, monkeypatch):
    state = tmp_path / "state.json"
    assert cli("poll", "newSavedTrack", "--state", str(state)).exit_code == 0
    before = state.read_bytes()
    monkeypatch.setenv("CONNECTOR_ACCESS_TOKEN", "wrong")
    done = cli("poll", "newSavedTrack", "--state", str(state))
    assert (done.exit_code, state.read_bytes()) == (1, before)
    assert "newSavedTrack" in done.stderr
    assert "wrong" not in done.stderr
    other = cli("poll", "newSavedAlbum", "--state", str(state))
    assert "state" in other.stderr
    assert other.exit_code == 1


def test_an_event_that_its_command_fails_on_comes_again(cli, stage, tmp_path):
    state = str(tmp_path / "state.json")
    cli("poll", "newSavedTrack", "--state", state)
    stage(1)
    done = cli("watch", "newSavedTrack", "--every", "1", "--state", state, "--exec", "false")
    assert done.exit_code == 2
    assert "comes again the next time" in done.stderr
    told = tmp_path / "told.json"
    keep = tmp_path / "keep.py"
    keep.write_text(f"import sys; open({str(told)!r}, 'w').write(sys.stdin.read()); sys.exit(1)")
    assert cli("watch", "newSavedTrack", "--state", state, "--exec", f"{sys.executable} {keep}").exit_code == 2
    assert json.loads(told.read_text("utf-8"))["type"] == "newSavedTrack"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("poll", "newSavedTrak"), "Did you mean newSavedTrack"),
        (("run", "newSavedTrack"), "newSavedTrack is a trigger: blocks-tool poll newSavedTrack"),
        (("poll", "newSavedTrack", "--sandbox", "--connection", "me"), "choose one"),
        (("watch", "newSavedTrack", "--every", "soon"), "soon is no time"),
        (("watch", "newSavedTrack", "--every", "0"), "0 is no time"),
        (("watch", "newSavedTrack", "--exec", "no-such-command-anywhere", "also_last=1"), "can't be started"),
    ],
)
def test_wrong_usage(cli, stage, words, said):
    done = cli(*words)
    assert done.exit_code == 2
    assert said in " ".join(done.stderr.split())

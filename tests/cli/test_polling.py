"""Triggers from a shell: events one a line, the state in a file, nothing lost where something fails."""

import json
import os
import re
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from patience import wait_until
from standardwebhooks import Webhook

from connector import Connector
from connector.manifest.triggers import iter_triggers
from connector.sandbox import Sandbox
from connector.subscriptions import deliveries
from connector.subscriptions.sealing import make_secret

COMMAND = Path(sys.executable).with_name("spotify-blocks")
NAMES = [trigger.name for trigger in iter_triggers(Connector.load().manifest)]


@pytest.fixture
def stage(cli, monkeypatch, tmp_path):
    """A sandbox that stays, to which the commands lead, and blocks to act in it."""
    # Polls take turns with those that others have made from the same home.
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
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


def test_an_event_is_posted_until_it_is_taken(cli, stage, tmp_path, make_raw, monkeypatch):
    monkeypatch.setattr(deliveries, "_FIRST_PAUSE_S", 0.01)
    state = str(tmp_path / "state.json")
    cli("poll", "newSavedTrack", "--state", state)
    stage(2)
    receiver = make_raw(*(partial(answer, status) for status in ("500 No", "200 OK", "410 Gone")))
    secret = make_secret()
    words = (
        "watch",
        "newSavedTrack",
        "--every",
        "1",
        "--state",
        state,
        "--webhook",
        f"{receiver.url}/hook?key=private",
    )
    done = cli(*words, CONNECTOR_WEBHOOK_SECRET=secret)
    assert (done.exit_code, done.stdout) == (2, "")
    said = " ".join(done.stderr.split())
    assert re.search(r"127\.0\.0\.1 answered 500\. The event \w+ is sent again in 1 s\.", said)
    assert re.search(r"--webhook: 127\.0\.0\.1 answered 410\. The event \w+ comes again the next time\.", said)
    assert not {secret, "private"} & set(re.findall(r"[\w+/=]+", said))
    posted = [Webhook(secret).verify(body, headers) for headers, body in map(take_apart, receiver.requests)]
    assert [event["id"] == posted[0]["id"] for event in posted] == [True, True, False]
    assert {(event["type"], event["source"]) for event in posted} == {
        ("spotify-blocks.newSavedTrack", "/triggers/newSavedTrack")
    }
    # A secret that nobody gave is told once, and signs.
    told = cli(*words)
    [made] = re.findall(r"signed with (whsec_\S+) this time", told.stderr)
    headers, body = take_apart(receiver.requests[-1])
    assert Webhook(made).verify(body, headers)["id"] != ""


class Watching:
    """A `watch` in a process of its own, whose events are read as they come."""

    def __init__(self, *words):
        self.process = subprocess.Popen([COMMAND, "watch", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def read(self, count):
        return [json.loads(self.process.stdout.readline()) for _ in range(count)]

    def end(self):
        self.process.send_signal(signal.SIGINT)
        _, told = self.process.communicate(timeout=60)
        return self.process.returncode, told.decode()


@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is sent to one process")
def test_several_triggers_are_watched_at_once_and_each_goes_on_where_it_was(stage, tmp_path):
    state = tmp_path / "states"
    words = ("newSavedTrack", "also_last=1", "playedTrack", "also_last=2", "topTracksChanged", "first=5")
    watching = Watching(*words, "--every", "1", "--state", str(state))
    events = watching.read(3)
    assert [event["trigger"] for event in events] == ["newSavedTrack", "playedTrack", "playedTrack"]
    wait_until(lambda: len(list(state.glob("*.json"))) == 3)
    assert watching.end() == (130, "")
    [other] = {path.name for path in state.glob("*.json")} - {"newSavedTrack.json", "playedTrack.json"}
    assert re.fullmatch(r"topTracksChanged-[0-9a-f]{8}\.json", other)
    stage(2)
    watching = Watching(*words, "--every", "1", "--state", str(state))
    told = watching.read(2)
    assert [event["type"] for event in told] == ["newSavedTrack"] * 2
    assert not {event["id"] for event in told} & {event["id"] for event in events}
    assert watching.end()[0] == 130


def test_a_trigger_that_cannot_go_on_leaves_the_others_to_it(cli, stage, tmp_path):
    state = str(tmp_path / "states")
    words = ("newPlaylistItem", "playlist_id=0000000000000000000000", "newSavedTrack", "also_last=1")
    done = cli("watch", *words, "--state", state, "--exec", "false")
    said = " ".join(done.stderr.split())
    assert (done.exit_code, done.stdout) == (2, "")
    assert "newPlaylistItem is not looked at any more." in said
    assert "comes again the next time" in said
    alone = cli("watch", *words[:2], "newPlaylistItem", "playlist_id=1111111111111111111111")
    assert (alone.exit_code, alone.stderr.count("is not looked at any more")) == (1, 1)


def answer(status, peer):
    peer.say(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode())


def take_apart(request):
    head, _, body = request.partition(b"\r\n\r\n")
    return dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:]), body


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("poll", "newSavedTrak"), "Did you mean newSavedTrack"),
        (("run", "newSavedTrack"), "newSavedTrack is a trigger: blocks-tool poll newSavedTrack"),
        (("poll", "newSavedTrack", "--sandbox", "--connection", "me"), "choose one"),
        (("watch", "newSavedTrack", "playdTrack"), "Did you mean playedTrack"),
        (
            ("watch", "newSavedTrack", "playedTrack", "newSavedTrack"),
            "newSavedTrack is named twice with the same fields",
        ),
        (("watch", "newSavedTrack", "newPlaylistItem"), "newPlaylistItem: playlist_id is required"),
        (("watch", "newSavedTrack", "playedTrack", "--state", __file__), "several triggers need a folder"),
        (("watch", "newSavedTrack", "--every", "soon"), "soon is no time"),
        (("watch", "newSavedTrack", "--every", "0"), "0 is no time"),
        (("watch", "newSavedTrack", "--exec", "no-such-command-anywhere", "also_last=1"), "can't be started"),
        (("watch", "newSavedTrack", "--exec", "true", "--webhook", "http://127.0.0.1/"), "choose one"),
        (("watch", "newSavedTrack", "--webhook", "hooks.example.com"), "The address of --webhook is no web address"),
        (("watch", "newSavedTrack", "--webhook", "https://me:private@a.example/"), "--webhook has a user name in it."),
    ],
)
def test_wrong_usage(cli, stage, words, said):
    done = cli(*words)
    assert done.exit_code == 2
    assert said in " ".join(done.stderr.split())


def test_a_secret_that_is_none_is_not_repeated(cli, stage):
    done = cli("watch", "newSavedTrack", "--webhook", "http://127.0.0.1/", CONNECTOR_WEBHOOK_SECRET="hunter2-hunter2")
    assert done.exit_code == 2
    assert "CONNECTOR_WEBHOOK_SECRET holds no secret of a webhook" in " ".join(done.stderr.split())
    assert "hunter2" not in done.stderr

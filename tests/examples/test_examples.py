"""Each example runs as its first lines say, against a sandbox, and does what it promises."""

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from giving_up import give_up

from connector import Connector
from connector.auth import Connection, open_store
from connector.manifest.manifest import Manifest
from connector.sandbox import Sandbox

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
COMMANDS = Path(sys.executable).parent


@pytest.fixture
def sandbox():
    with Sandbox() as running:
        yield running


@pytest.fixture
def listener(sandbox):
    """`listener(block, …)` is what the block gives the sandbox's listener."""
    with Connector.load(servers=sandbox.servers) as connector:

        def invoke(block, **args):
            return connector.invoke(block, {"access_token": sandbox.demo_args["access_token"], **args}).output

        yield invoke


@pytest.fixture
def at_sandbox(sandbox):
    """The environment that leads a program to the sandbox."""
    return {f"CONNECTOR_SERVER_{name.upper()}": url for name, url in sandbox.servers.items()}


def run(*command, **environment):
    return subprocess.run(
        list(map(str, command)),
        env={**os.environ, "PATH": f"{COMMANDS}{os.pathsep}{os.environ['PATH']}", **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_demo_tells_a_story_in_which_a_trigger_fires_and_a_list_is_mirrored():
    done = run(sys.executable, EXAMPLES / "demo.py")
    assert (done.returncode, done.stderr) == (0, "")
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert "newSavedTrack the mark is set, 1 call" in lines
    assert "newSavedTrack 1 event, 1 call" in lines
    told = [line.partition(" → ")[2] for line in lines if line.startswith("mirrorSavedTracks")]
    assert told == ["Would be: 121 added; 0 kept", "121 added; 0 kept", "nothing to change; 121 kept"]


def test_the_python_example_needs_no_account(tmp_path):
    done = run(sys.executable, EXAMPLES / "python" / "save_library.py", tmp_path / "library.csv")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"120 tracks were written to {tmp_path / 'library.csv'}.\n"


def test_the_python_example_writes_every_saved_track(sandbox, listener, at_sandbox, tmp_path):
    token = sandbox.demo_args["access_token"]
    file = tmp_path / "library.csv"
    done = run(
        sys.executable, EXAMPLES / "python" / "save_library.py", file, CONNECTOR_ACCESS_TOKEN=token, **at_sandbox
    )
    assert done.returncode == 0, done.stderr
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    saved = listener("getUserSavedTracks")["items"]
    assert [(row["saved at"], row["track"]) for row in rows] == [
        (entry["added_at"], entry["track"]["name"]) for entry in saved
    ]


@pytest.mark.parametrize(
    ("tries", "status", "count"),
    [(7, 0, 120), (20, 1, None)],
    ids=["a while", "for good"],
)
def test_the_python_example_goes_on_where_a_reading_broke_off(sandbox, at_sandbox, tmp_path, tries, status, count):
    """Two pages are asked for at a time, four times each: the service fails for all of that but one, or for good."""
    sandbox.control.fault("server_error", times=tries, match="GET /me/tracks", after=1)
    token = sandbox.demo_args["access_token"]
    file = tmp_path / "library.csv"
    done = run(
        sys.executable, EXAMPLES / "python" / "save_library.py", file, CONNECTOR_ACCESS_TOKEN=token, **at_sandbox
    )
    assert (done.returncode, "Going on." in done.stderr) == (status, True), done.stderr
    with file.open(encoding="utf-8", newline="") as lines:
        written = len(list(csv.DictReader(lines)))
    assert written == (count or 50)
    assert f"{written} tracks were written" in done.stdout + done.stderr


def test_the_newest_albums_of_followed_artists_are_saved():
    done = run(sys.executable, EXAMPLES / "python" / "new_albums.py")
    assert (done.returncode, done.stderr) == (0, "")
    *albums, last = done.stdout.splitlines()
    assert len(albums) == 10
    assert albums == sorted(albums, reverse=True)
    assert last == "Saved 10 things"


def find_missing_albums(listener):
    top = listener("getUserTopTracks", time_range="short_term", max_items=20)["items"]
    albums = list(dict.fromkeys(track["album"]["id"] for track in top))
    saved = listener("checkSavedAlbum", id=albums)
    return [album for album, is_saved in zip(albums, saved, strict=True) if not is_saved]


def test_the_mcp_example_needs_no_account():
    done = run(sys.executable, EXAMPLES / "mcp" / "keep_albums.py")
    assert done.returncode == 0, done.stderr
    assert "12 of 20 albums were not in the library and are now:" in done.stdout
    assert "getUserTopTracks: 1 page so far" in done.stderr


def test_the_mcp_example_acts_for_the_connection_of_the_desktop_s_configuration(
    sandbox, listener, at_sandbox, tmp_path
):
    demo = sandbox.demo_args
    store = f"file:{tmp_path / 'store'}"
    scopes = tuple(Manifest.load().data["scopes"])
    open_store(store).save(
        Connection(
            "default", demo["client_id"], demo["client_key"], scopes, demo["access_token"], demo["refresh_token"]
        )
    )
    config = json.loads((EXAMPLES / "mcp" / "desktop.json").read_text("utf-8"))
    config["mcpServers"]["spotify"]["env"] = {**at_sandbox, "CONNECTOR_STORE": store}
    (tmp_path / "desktop.json").write_text(json.dumps(config), "utf-8")
    missing = find_missing_albums(listener)
    assert missing
    done = run(sys.executable, EXAMPLES / "mcp" / "keep_albums.py", tmp_path / "desktop.json")
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 2 + len(missing)
    assert all(listener("checkSavedAlbum", id=missing))


def test_the_docs_show_the_desktop_s_configuration():
    assert (EXAMPLES / "mcp" / "desktop.json").read_text("utf-8") in (ROOT / "docs" / "mcp.md").read_text("utf-8")


@pytest.fixture
def script():
    for program in ("bash", "curl", "jq"):
        if shutil.which(program) is None:
            give_up(f"{program} is missing")
    return EXAMPLES / "curl" / "follow_album_artists.sh"


def test_the_curl_example_needs_no_account_and_follows_who_was_not_followed(script):
    done = run(script, "6")
    assert (done.returncode, done.stderr) == (0, "")
    *followed, last = done.stdout.splitlines()
    assert all(line.startswith("Now following ") for line in followed)
    assert last == f"{len(followed)} of 6 artists were not followed yet."
    assert followed


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"CONNECTION": "nobody"}, "There is no connection nobody"),
        ({"RUNNER": "http://127.0.0.1:9"}, "Failed to connect"),
    ],
)
def test_the_curl_example_says_what_went_wrong(script, environment, message):
    done = run(script, **environment)
    assert done.returncode != 0
    assert message in done.stderr

"""The workflows that are published as examples: each script runs as a maker would run it, twice, against a sandbox."""

import os
import re
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest
from builders.write_examples import build_files
from workflow_stories import STORIES, WORKFLOWS, Scene

from connector import Connector
from connector.auth import Connection, open_store
from connector.manifest.manifest import Manifest
from connector.sandbox import Sandbox

COMMANDS = Path(sys.executable).parent
#: What a maker writes behind a script's name; PLAYLIST is the link to the playlist that a story is about.
ARGUMENTS = {
    "keep_last_50": ["PLAYLIST"],
    "log_plays": ["plays.csv"],
    "queue_from_chat": ["lantern"],
    "spreadsheet_to_playlist": ["songs.csv", "From the spreadsheet"],
    "playlist_by_name": ["Sunday morning"],
    "playlist_with_cover": ["Sunday morning", "cover.jpg"],
    "alarm_clock": ["Kitchen", "30", "PLAYLIST", "1"],
    "remove_skipped": ["PLAYLIST"],
}
LEFT_OUT = (
    "What was not found is in From the spreadsheet left out.csv: correct it, and give it in the place of songs.csv.\n"
)
#: What some of them say, the first time and the second.
WORDS = {
    "alarm_clock": ("Kitchen plays.\n", "Kitchen plays.\n"),
    "keep_last_50": ("8 songs were taken off.\n", "0 songs were taken off.\n"),
    "log_plays": ("30 plays are new in plays.csv.\n", "0 plays are new in plays.csv.\n"),
    "queue_from_chat": (
        "Lantern, Arcade by Tide & Marble is in the queue.\n",
        "Lantern, Arcade by Tide & Marble is in the queue already.\n",
    ),
    "new_releases": ("2 releases are new, with 15 songs.\nNew 1\nNew 0\n", "0 releases are new, with 0 songs.\n"),
    "spreadsheet_to_playlist": (
        f"2 of 3 songs are new on From the spreadsheet.\n{LEFT_OUT}",
        f"0 of 3 songs are new on From the spreadsheet.\n{LEFT_OUT}",
    ),
}
SCRIPTS = {path.stem: path for path in sorted((WORKFLOWS / "scripts").iterdir()) if path.suffix in (".py", ".sh")}


@pytest.fixture
def scene(tmp_path):
    with Sandbox() as sandbox, Connector.load(servers=sandbox.servers) as connector:

        def invoke(block, **args):
            return connector.invoke(block, {"access_token": sandbox.demo_args["access_token"], **args}).unwrap()

        yield Scene(sandbox, invoke, tmp_path)


@pytest.fixture
def run(scene, tmp_path):
    """Runs a script in the scene's folder, for somebody who is signed in; the sandbox's calls begin anew."""
    demo, store = scene.sandbox.demo_args, f"file:{tmp_path / 'store'}"
    scopes = tuple(Manifest.load().data["scopes"])
    tokens = (demo["access_token"], demo["refresh_token"])
    open_store(store).save(Connection("default", demo["client_id"], demo["client_key"], scopes, *tokens))
    environment = {
        **os.environ,
        **{f"CONNECTOR_SERVER_{name.upper()}": url for name, url in scene.sandbox.servers.items()},
        "CONNECTOR_STORE": store,
        "PATH": f"{COMMANDS}{os.pathsep}{os.environ['PATH']}",
    }

    def run(name, *arguments):
        script = SCRIPTS[name]
        program = [sys.executable] if script.suffix == ".py" else ["bash"]
        command = [*program, str(script), *arguments]
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def test_each_story_has_its_script():
    assert set(SCRIPTS) == set(STORIES)


def test_the_builders_files_are_those_that_the_palettes_make_today(manifest):
    built = build_files(manifest)
    assert sorted((path.parent.name, path.stem) for path in built) == sorted(product(("n8n", "node-red"), STORIES))
    stale = [path.name for path, text in built.items() if not path.exists() or path.read_text("utf-8") != text]
    assert stale == [], "make docs writes them"


@pytest.mark.parametrize("name", STORIES)
def test_the_table_names_the_blocks_and_the_scopes_of_each_and_all_are_open(manifest, name):
    lines = (WORKFLOWS / "README.md").read_text("utf-8").splitlines()
    [row] = [line for line in lines if line.startswith("| **") and SCRIPTS[name].name in line]
    blocks, scopes = (set(re.findall("`([^`]+)`", cell)) for cell in row.split(" | ")[1:3])
    assert blocks == set(re.findall(r"\b[a-z]+[A-Z]\w+", SCRIPTS[name].read_text("utf-8"))) & {
        block.name for block in manifest
    }
    needs = [need for each in blocks for need in manifest.block(each).find_needs({"if_exists": "reuse"})]
    assert scopes == {scope for need in needs for scope in need.any_of}
    assert not any(manifest.block(each).closed_since("development") for each in blocks)


@pytest.mark.parametrize("story", STORIES.values(), ids=lambda story: story.name)
def test_a_script_does_what_it_is_for_and_nothing_twice(scene, run, story):
    said, calls = [], []

    def start(playlist):
        arguments = [playlist if text == "PLAYLIST" else text for text in ARGUMENTS.get(story.name, [])]
        before = len(scene.calls())
        said.append(run(story.name, *arguments))
        calls.append(scene.calls()[before:])

    story.run(scene, start)
    assert tuple(map(len, calls)) == story.calls, calls
    if story.name in WORDS:
        assert tuple(said) == WORDS[story.name]


def test_when_a_play_began_says_too_what_was_cut_short(scene, run):
    scene.sandbox.control.seed(plays={"tells_start": True})
    story = STORIES["remove_skipped"]
    playlist = story.arrange(scene)
    # The last play of all is measured by what came after it.
    scene.listener("startPlayback", context_uri="spotify:album:4aawyAB9vmqN3uQ7FjRGTy")
    run(story.name, playlist)
    story.judge(scene, playlist)


def test_a_message_that_finds_nothing_is_answered_in_words(scene, run):
    assert run("queue_from_chat", "no song is called this") == "Nothing was found for that.\n"
    assert scene.writes() == []


def test_a_song_that_is_liked_later_comes_on_top_and_one_that_is_not_any_more_goes(scene, run):
    story = STORIES["liked_songs_to_playlist"]
    story.arrange(scene)
    run(story.name)
    [gone] = scene.listener("getUserSavedTracks", max_items=1)["items"]
    [new] = scene.listener("getTracks", ids=scene.tracks(400)[-1:])["tracks"]
    scene.listener("removeFromLibrary", uris=[gone["track"]["uri"]])
    scene.listener("saveToLibrary", uris=[new["uri"]])
    said = run(story.name)
    story.judge(scene, None)
    told = f"1 liked songs are new on Liked songs, 1 are gone.\n+ {new['name']}\n- {gone['track']['name']}\n"
    assert said == told


def test_what_was_left_out_is_corrected_and_imported_again(scene, run, tmp_path):
    story = STORIES["spreadsheet_to_playlist"]
    story.arrange(scene)
    run(story.name, "songs.csv", "From the spreadsheet")
    [river] = scene.tracks(1)
    left = tmp_path / "From the spreadsheet left out.csv"
    left.write_text(f"Artist,Title,Why,Link\nNobody,No such song,,{river}\n", "utf-8")
    said = run(story.name, left.name, "From the spreadsheet")
    assert said == "1 of 1 songs are new on From the spreadsheet.\n"
    [playlist] = scene.named("From the spreadsheet")
    assert scene.uris_on(playlist["id"])[2:] == [river]

"""What the shell offers, asked the way a shell asks; and shells that ask."""

import json
import os
import pty
import select
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from giving_up import give_up

from connector.auth import Connection, open_store
from connector.sandbox import Sandbox
from tests.patience import PATIENCE_S

PROGRAM = Path(sys.executable).with_name("spotify-blocks")
SHELLS = {
    "bash": ("bash", "--norc", "--noprofile", "-i"),
    "zsh": ("zsh", "-f", "-i"),
    "fish": ("fish", "--no-config", "-i"),
}
BEFORE = {"bash": "bind 'set bell-style none'; ", "zsh": "autoload -U compinit; compinit -u; ", "fish": ""}


@pytest.fixture
def complete(cli):
    """The offers for the last of the words, as fish would get them; further keywords are variables."""

    def ask(*words, with_text=False, **variables):
        done = cli(
            _BLOCKS_TOOL_COMPLETE="complete_fish",
            _TYPER_COMPLETE_FISH_ACTION="get-args",
            _TYPER_COMPLETE_ARGS=" ".join(("blocks-tool", *words)),
            **variables,
        )
        assert (done.exit_code, done.stderr) == (0, "")
        lines = [line.split("\t") for line in done.stdout.splitlines() if line]
        return lines if with_text else [line[0] for line in lines]

    return ask


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def variables(sandbox, tmp_path):
    """The environment of someone who is signed in as default; `silent` is a connection of an app that nobody knows."""
    store = open_store(f"file:{tmp_path}")
    store.save(Connection("default", "an-app", access_token=sandbox.demo_args["access_token"]))
    store.save(Connection("silent", "an-app", access_token="dead-token-not-real"))
    return {"CONNECTOR_STORE": f"file:{tmp_path}", "CONNECTOR_SERVER_API": sandbox.servers["api"]}


@pytest.mark.parametrize(
    ("words", "offers"),
    [
        (("describe", "getNew"), ["getNewReleases"]),
        (("describe", "newSavedS"), ["newSavedShow"]),
        (("run", "newSavedS"), []),
        (("run", "saveAl"), ["saveAlbumForUser", "saveAlbum"]),
        (("record", "getNewReleases", "getCategory"), ["getCategoryPlaylists", "getCategory"]),
        (("blocks", "--group", "Sign"), ["Sign-in"]),
        (("run", "getNewReleases", "co"), ["country="]),
        (("run", "getNewReleases", "country=SE", "co"), []),
        (("run", "saveAlbum", "i"), ["id="]),
        (("run", "noSuchBlock", "i"), []),
        (("run", "getUserTopTracks", "time_range=s"), ["time_range=short_term"]),
        (("run", "getUserTopTracks", "nothing=s"), []),
        (("run", "getUserTopTracks", "--server", "a"), ["api=", "accounts="]),
        (("--manifest", "/no/such/manifest.yaml", "run", "get"), []),
        (("--manifest", "/no/such/manifest.yaml", "run", "getX", "i"), []),
        (("--manifest", "/no/such/manifest.yaml", "blocks", "--group", "S"), []),
        (("--manifest", "/no/such/manifest.yaml", "run", "getX", "--server", "a"), []),
    ],
    ids=" ".join,
)
def test_offers(complete, words, offers):
    assert complete(*words) == offers


def test_every_block_is_offered(complete, manifest):
    offered = complete("run", "")
    assert [name for name in manifest.names if name not in offered] == []


PLAYLISTS = ("run", "addItemsToPlaylist", "playlist_id=")
TRACKS = ("run", "addItemsToPlaylist", "--connection", "default")


def test_a_field_s_values_are_offered_by_name(complete, cli, variables):
    offers = complete(*PLAYLISTS, with_text=True, **variables)
    listed = json.loads(cli("run", "getUserPlaylists", **variables).stdout)["items"]
    assert [offer[0] for offer in offers] == [f"playlist_id={entry['id']}" for entry in listed]
    assert offers[0][1] == f"{listed[0]['name']}, {listed[0]['owner']['display_name']}"
    word = offers[0][0]
    assert complete("run", "addItemsToPlaylist", word[:20], **variables) == [word]


def test_in_a_list_the_values_before_stay_and_are_not_offered_again(complete, variables):
    first, second, *_ = (offer.partition("=")[2] for offer in complete(*TRACKS, "uris=", **variables))
    offers = complete(*TRACKS, f"uris={first},", **variables)
    assert offers[0] == f"uris={first},{second}"
    assert f"uris={first},{first}" not in offers


@pytest.mark.parametrize(
    "words",
    [
        ("run", "--connection", "silent", *PLAYLISTS[1:]),
        ("run", "--connection", "nobody", *PLAYLISTS[1:]),
        ("run", "--sandbox", *PLAYLISTS[1:]),
        ("run", "--server", "api", *PLAYLISTS[1:]),
        ("run", "--server", "nothing=x", *PLAYLISTS[1:]),
        ("run", "--server", "api=http://127.0.0.1:1", *PLAYLISTS[1:]),
        ("run", "addItemsToPlaylist", "access_token=dead-token-not-real", "playlist_id="),
    ],
    ids=" ".join,
)
def test_where_nothing_can_be_told_nothing_is_said(complete, variables, words):
    assert complete(*words, **variables) == []


def test_connections_are_offered_by_name(complete, variables):
    for words in (("run", "getTrack"), ("mcp",), ("record",), ("verify",)):
        assert complete(*words, "--connection", "", **variables) == ["default", "silent"], words
    assert complete("logout", "s", **variables) == ["silent"]
    assert complete("run", "--connection", "", CONNECTOR_STORE="nothing:at-all") == []


@pytest.fixture
def shell(request, variables, tmp_path):
    """`shows(keys, text)` types in a real shell, and tells whether its terminal comes to show `text`."""
    words = SHELLS[request.param]
    if shutil.which(words[0]) is None:
        give_up(f"{words[0]} is not installed")
    path = f"{PROGRAM.parent}:{os.environ['PATH']}"
    environment = {**variables, "PATH": path, "HOME": str(tmp_path), "TERM": "dumb", "LANG": "C.UTF-8", "PS1": "$ "}
    show = [PROGRAM, "--show-completion", words[0]]
    detected = {**environment, "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
    script = tmp_path / "completion"
    script.write_text(subprocess.run(show, env=detected, capture_output=True, text=True, check=True).stdout)
    terminal, other_end = pty.openpty()
    child = subprocess.Popen(
        ["setsid", "--ctty", *words], stdin=other_end, stdout=other_end, stderr=other_end, env=environment, cwd=tmp_path
    )
    os.close(other_end)

    def shows(keys, text):
        os.write(terminal, keys.encode())
        shown = ""
        while text not in shown and select.select([terminal], [], [], PATIENCE_S)[0]:
            shown += os.read(terminal, 65536).decode(errors="replace").replace("\a", "")
        return text in shown

    assert shows(f"{BEFORE[request.param]}source {script}; echo rea''dy\n", "ready")
    yield shows
    child.kill()
    child.wait()
    os.close(terminal)


@pytest.mark.parametrize("shell", SHELLS, indirect=True)
def test_a_shell_completes_fields_and_values(shell, variables, complete):
    """What is typed after the tab key tells whether a space came before it."""
    assert shell(f"{PROGRAM.name} run getUserTopTracks max_it\t!", "ems=!")
    assert shell(f"\x15{PROGRAM.name} run getUserTopTracks time_range=s\t", "term ")
    [first, *_] = complete(*TRACKS, "uris=", **variables)
    assert shell(f"\x15{PROGRAM.name} {' '.join(TRACKS)} {first[:-2]}\t", f"{first[-2:]} ")


@pytest.mark.parametrize("shell", ["bash", "zsh"], indirect=True)
def test_a_name_that_someone_chose_tells_a_shell_nothing(shell, cli, variables, tmp_path):
    args = json.dumps({"name": "\\$(touch hit) `touch hit` \"'[/b]"})
    assert cli("run", "createPlaylist", "--args", args, **variables).exit_code == 0
    assert shell(f"{PROGRAM.name} {' '.join(PLAYLISTS)}\t\t", "(touch")
    assert not (tmp_path / "hit").exists()

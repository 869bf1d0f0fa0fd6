"""What a block made of others is about to do is shown at a terminal before it does it, and what came of it after."""

import io
import json
import os
import pty
import re
import select
import signal
import subprocess
import sys

import pytest
from patience import wait_until
from rich.console import Console

from connector.cli.show_errors import show_error
from connector.errors import PUT_BACK_WORDS, ErrorDetail
from connector.manifest.manifest import Manifest
from connector.sandbox import Sandbox

OWN = "3cEYpjA9oz9GiPac4AsH4n"


def strip(text):
    return re.sub(r"\x1b\[[\d;?]*[a-zA-Z]", "", text)


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox() as running:
        yield running


@pytest.fixture
def run(cli, sandbox):
    sandbox.control.reset()

    def invoke(*words, **environment):
        token = {"CONNECTOR_ACCESS_TOKEN": sandbox.demo_args["access_token"]}
        done = cli("run", *words, f"--server=api={sandbox.servers['api']}", **token, **environment)
        return done.exit_code, strip(done.stdout), strip(done.stderr)

    return invoke


def test_the_plan_goes_before_and_what_it_told_is_not_told_twice(run):
    code, after, before = run("mirrorSavedTracks", "target=All my likes", TTY_COMPATIBLE="1")
    assert "Plan for All my likes (new): 120 added; 0 kept." in before
    assert "… and 110 more\n3 calls to write, after 5 that read." in before
    assert (code, after) == (0, "All my likes (new): 120 added; 0 kept.\n9 calls: 6 read, 3 wrote.\n")


def test_in_a_pipe_there_is_no_plan(run):
    code, out, told = run("copyPlaylist", f"source={OWN}", "target=Copy")
    assert (code, told) == (0, "")
    assert json.loads(out)["created"] is True
    for form in ("--envelope", "--ndjson"):
        _, out, told = run("copyPlaylist", f"source={OWN}", "target=Other", form, TTY_COMPATIBLE="1")
        assert json.loads(out)
        assert "Plan" not in told


def test_both_ways_and_what_the_quick_one_loses_are_told(run):
    run("copyPlaylist", f"source={OWN}", "target=Copy")
    _, told, _ = run("sortPlaylist", "playlist=Copy", "by=title", "how=replace", "--dry-run", "--table")
    assert re.search(r"^1 call to write, after \d+ that read\.$", told, re.MULTILINE)
    assert re.search(
        r"^By moves it takes \d\d, put there anew 1; all would count as added now then\.$", told, re.MULTILINE
    )


def test_what_has_a_reason_comes_first(run):
    rows = "\\n".join(f"spotify:track:{number:022}" for number in range(20))
    file = f"{rows}\nno such thing".replace("\\n", "\n")
    _, told, _ = run("importPlaylist", f"file={file}", "target=New", "--dry-run", "--table")
    assert re.search(r"^rows: 21\n.*\n *1 .*left out +Nothing was found", told, re.MULTILINE)


def test_lists_to_which_nothing_comes_are_counted(run):
    words = ("collectByPeriod", "source=saved", "every=month", "name={year}-{month}", "--table")
    _, told, _ = run(*words)
    assert re.search(r"^1 +2025-05 +2025-05-01 +119 +\w", told, re.MULTILINE)
    _, told, _ = run(*words)
    assert told.startswith("Nothing to add.\nperiods: 2\n2 to which nothing comes\n")


def test_a_failure_midway_tells_names_and_how_to_finish(run, sandbox):
    sandbox.control.fault("forbidden_no_message", match="POST /playlists", after=1)
    code, _, told = run("mirrorSavedTracks", "target=All my likes", COLUMNS="400")
    assert code == 1
    [name] = re.findall(
        r"^done, 100: (?:[^\n;]+; ){10}and 90 more\nnot done, 20: (?:[^\n;]+; ){10}and 10 more\n(.+)$", told, re.M
    )
    assert name == "Run it again to finish: it looks at what there is, and does nothing twice."
    assert "spotify:" not in told
    assert run("mirrorSavedTracks", "target=All my likes", "--table")[1].startswith("All my likes: 20 added; 100 kept.")


def test_what_has_to_be_put_back_is_listed_whole():
    gone = tuple(f"spotify:track:{number}" for number in range(40))
    error = ErrorDetail(
        "timeout", f"Too late. 40 of what not_done lists was taken off, {PUT_BACK_WORDS}", not_done=gone
    )
    told = io.StringIO()
    console = Console(file=told, width=80, markup=False, highlight=False)
    show_error(
        console, error, Manifest.load().block("dedupePlaylist"), "tool", sign_in=lambda: None, has_sandbox=lambda: False
    )
    assert f"not done: {', '.join(gone)}\n" in told.getvalue()
    assert "Run it again" not in told.getvalue()


def test_a_dry_run_is_for_blocks_that_make_a_plan(run):
    code, _, told = run("getMarkets", "--dry-run")
    assert (code, "getMarkets makes no plan: leave --dry-run out." in told) == (2, True)


@pytest.mark.parametrize(("answer", "code"), [("n", 1), ("y", 0), ("--yes", 0)])
def test_who_is_there_is_asked_before_most_of_a_list_goes(sandbox, answer, code):
    """A real terminal for what is typed and told, and a pipe for what is given."""
    sandbox.control.reset()
    mine, theirs = pty.openpty()
    words = ("keepLastItems", f"source={OWN}", f"target={OWN}", "count=3", f"--server=api={sandbox.servers['api']}")
    program = [sys.executable, "-c", "from connector.cli.app import main; main()"]
    token = {"CONNECTOR_ACCESS_TOKEN": sandbox.demo_args["access_token"], "COLUMNS": "100"}
    yes = ["--yes"] if answer == "--yes" else []
    with subprocess.Popen(
        [*program, "run", *words, *yes],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=theirs,
        env={**os.environ, **token},
    ) as process:
        os.close(theirs)
        if not yes:
            assert "This takes 70 of 75 off Road Trip Radio. Go on?" in read(mine, until="(n): ")
            os.write(mine, f"{answer}\n".encode())
        rest = read(mine)
        out = process.stdout.read()
    os.close(mine)
    assert process.returncode == code
    if code:
        assert (out, "The plan was turned down: nothing was written." in rest) == (b"", True)
    else:
        assert len(json.loads(out)["removed"]) == 70


def read(terminal, until=None):
    """What the terminal shows, until it ends or has shown this."""
    told = ""
    while until is None or until not in told:
        assert select.select([terminal], [], [], 60)[0], told
        try:
            told = strip(told + os.read(terminal, 4096).decode(errors="replace"))
        except OSError:
            # So a terminal ends whose other side is closed.
            break
    return told


def test_ctrl_c_midway_tells_what_was_done(run, sandbox):
    run("copyPlaylist", f"source={OWN}", "target=Copy")
    sandbox.control.fault("slow", seconds=0.2, times=400, match="PUT /playlists")
    words = ("sortPlaylist", "playlist=Copy", "by=title", f"--server=api={sandbox.servers['api']}")
    with subprocess.Popen(
        [sys.executable, "-c", "from connector.cli.app import main; main()", "run", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "CONNECTOR_ACCESS_TOKEN": sandbox.demo_args["access_token"]},
    ) as process:
        wait_until(lambda: any(call["method"] == "PUT" for call in sandbox.control.calls()))
        process.send_signal(signal.SIGINT)
        _, told = process.communicate()
    assert process.returncode == 1
    assert "cancelled before it was finished" in told
    assert "\nuncertain: " in told

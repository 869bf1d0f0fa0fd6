"""`run`: where answers come from, what is printed where, and the exit status."""

import json
import os
import pty
import re
import subprocess
import sys
import threading
from pathlib import Path

import jsonschema
import pytest

from connector.cassettes.cases import shape_of
from connector.manifest.manifest import Manifest

MANIFEST = Manifest.load()
SHAPES = {shape_of(MANIFEST, block): block for block in reversed(list(MANIFEST)) if not block.connection_fields}
FULL = Path("/dev/full")
TOKEN = "very-secret-token"
DEMO_FIELDS = {"access_token", "client_id", "client_key", "code", "redirect_uri", "refresh_token"}
MAIN = [sys.executable, "-c", "from connector.cli import main; main()"]


@pytest.fixture
def run(cli, server):
    """Runs a block with the API's server in the service's place."""

    def invoke(*words, **more):
        more.setdefault("CONNECTOR_ACCESS_TOKEN", TOKEN)
        return cli("run", *words, CONNECTOR_SERVER_API=server.url, CONNECTOR_SERVER_ACCOUNTS=server.url, **more)

    return invoke


def mark(block):
    """The block, with a word to the watch for secrets where what it gives is a token."""
    is_token = "access_token" in json.dumps(block.output_schema)
    marks = [pytest.mark.shows_tokens("a token is what the block gives")] if is_token else []
    return pytest.param(block, id=block.name, marks=marks)


@pytest.mark.parametrize("block", [mark(block) for block in SHAPES.values()])
def test_a_block_of_each_shape_runs_in_the_sandbox(cli, block):
    words = []
    for name, value in block.example.items():
        if name not in DEMO_FIELDS:
            words.append(f"{name}={json.dumps(value) if isinstance(value, list) else value}")
    done = cli("run", block.name, *words, "--sandbox")
    assert done.exit_code == 0, done.stderr
    jsonschema.validate(json.loads(done.stdout), block.output_schema)
    assert "The answers come from a sandbox" in done.stderr


def test_each_block_says_what_is_missing(cli, each_block):
    done = cli("run", each_block.name)
    assert (done.exit_code, done.stdout) == (1, "")
    required = [field for field in each_block.fields.values() if field.required]
    assert [field.name for field in required if field.name not in done.stderr] == []
    assert [
        field.name for field in required if field.secret and f"CONNECTOR_{field.name.upper()}" not in done.stderr
    ] == []
    assert f"blocks-tool describe {each_block.name}" in done.stderr
    assert "--sandbox" in done.stderr


def test_the_output_is_readable_json(run, server):
    server.queue.append((200, {}, {"id": "x", "display_name": "Åsa [Live]"}))
    done = run("getCurrentUserProfile")
    assert done.stdout == '{\n  "id": "x",\n  "display_name": "Åsa [Live]"\n}\n'
    assert done.stderr == ""
    assert server.requests[0].headers["Authorization"] == f"Bearer {TOKEN}"


def test_an_argument_beats_the_environment_and_a_field_beats_args(run, server):
    server.queue += [(200, {}, {})] * 2
    run("getCurrentUserProfile", "access_token=field", "--args", '{"access_token": "json"}')
    run("getCurrentUserProfile", "--args", '{"access_token": "json"}')
    assert [seen.headers["Authorization"] for seen in server.requests] == ["Bearer field", "Bearer json"]


def test_several_secrets_come_from_the_environment(run, server):
    server.queue.append((200, {}, {"access_token": "new"}))
    run(
        "refreshAccessToken",
        CONNECTOR_CLIENT_ID="an-id",
        CONNECTOR_CLIENT_KEY="a-key",
        CONNECTOR_REFRESH_TOKEN="a-refresh",
    )
    assert server.requests[0].headers["Authorization"].startswith("Basic ")
    assert b"refresh_token=a-refresh" in server.requests[0].body


def test_a_server_may_be_named(cli, server):
    server.queue.append((200, {}, {"id": "x"}))
    done = cli("run", "getCurrentUserProfile", "access_token=a", "--server", f"api={server.url}")
    assert (done.exit_code, len(server.requests)) == (0, 1)


@pytest.mark.parametrize("form", [[], ["--table"], ["--ndjson"]], ids=str)
def test_an_error_goes_to_standard_error_without_the_secret(run, server, form):
    body = {"error": {"status": 401, "message": f"The token {TOKEN} is no good"}}
    server.queue.append((401, {}, body))
    done = run("getCurrentUserProfile", *form)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "getCurrentUserProfile" in done.stderr
    assert "is no good" in done.stderr
    assert TOKEN not in done.stderr


def test_a_service_s_words_steer_nothing(run, server):
    server.queue.append((400, {}, {"error": {"message": "[/x]\x1b[2J :smile:"}}))
    assert "[/x] [2J :smile:" in run("getCurrentUserProfile").stderr


def test_when_to_come_back(run, server):
    server.queue.append((429, {"Retry-After": "7"}, {"error": {"message": "Too many"}}))
    assert "Try again in 7 s." in run("getCurrentUserProfile", "--max-wait", "0").stderr


def test_a_write_that_fails_half_way_tells_the_ids_apart(run, server):
    ids = [f"{number:022}" for number in range(41)]
    server.queue += [(200, {}, b""), *[(500, {}, b"")] * 4]
    done = run("saveTrack", f"id={','.join(ids)}")
    assert done.exit_code == 1
    assert f"done: {', '.join(ids[:40])}\n" in done.stderr
    assert f"uncertain: {ids[40]}\n" in done.stderr
    assert "not done" not in done.stderr
    assert "It may have taken effect all the same" in done.stderr


def test_a_write_that_was_refused_leaves_no_doubt(run, server):
    server.queue += [(400, {}, b"")]
    done = run("saveTrack", f"id={'0' * 22}")
    assert done.exit_code == 1
    assert "may have taken effect" not in done.stderr


def test_fields_of_which_one_would_do_share_a_line(run):
    told = run("getRecommendations").stderr
    assert told.count("is required") == 1
    assert [name for name in ("seed_artists", "seed_genres", "seed_tracks") if told.count(name) != 2] == []


def test_the_envelope_holds_results_and_errors(run, server):
    server.queue += [(200, {}, {"id": "x"}), (404, {}, {"error": {"message": "Not here"}})]
    good, bad = (run("getCurrentUserProfile", "--envelope") for _ in range(2))
    assert (good.exit_code, json.loads(good.stdout)) == (
        0,
        {"callback": "success", "contextWrites": {"to": {"id": "x"}}},
    )
    assert (bad.exit_code, bad.stderr) == (1, "")
    assert json.loads(bad.stdout)["contextWrites"]["to"]["status_code"] == "API_ERROR"


def test_lines_that_came_before_an_error_stay(run, server):
    page = {"items": [{"track": {"name": "Å"}}], "next": "more", "total": 51, "limit": 50}
    server.queue += [(200, {}, page), (400, {}, {"error": {"message": "No more"}})]
    done = run("getUserSavedTracks", "--ndjson")
    assert done.exit_code == 1
    assert done.stdout == '{"track": {"name": "Å"}}\n'
    assert "No more" in done.stderr
    assert "1 entry came before that; resume=50 goes on there." in done.stderr


def test_ids_stand_beside_answers_however_they_were_given(run, server):
    server.queue += [(200, {}, [True, False])] * 2
    for given in ("spotify:track:7ouMYWpwJ422jRcDASZB7P, 4iV5W9uYEdYUVa79Axb7Rh",
                  '["7ouMYWpwJ422jRcDASZB7P", "4iV5W9uYEdYUVa79Axb7Rh"]'):  # fmt: skip
        shown = [line.split() for line in run("checkSavedTrack", f"id={given}", "--table").stdout.splitlines()]
        assert shown == [["id", "answer"], ["7ouMYWpwJ422jRcDASZB7P", "yes"], ["4iV5W9uYEdYUVa79Axb7Rh", "no"]]


def test_the_quota_mode_is_taken_at_the_word(run, cli):
    closed = run("getCategories", "--quota-mode", "development")
    assert (closed.exit_code, "2026-03-09" in closed.stderr) == (1, True)
    done = cli("run", "saveTrack", "id=7ouMYWpwJ422jRcDASZB7P", "--sandbox", "--quota-mode", "development")
    assert done.exit_code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["getNewReleases", "--table", "--ndjson"], "choose one"),
        (["getNewReleases", "--table", "--envelope"], "choose one"),
        (["getNewReleases", "--sandbox", "--server", "api=http://127.0.0.1:1"], "choose one"),
        (["getNewReleases", "--server", "api"], "Word 1 is not NAME=URL"),
        (["getNewReleases", "--server", "moon=http://127.0.0.1:1"], "There is no server moon; there are api, accounts"),
        (["getNewReleases", "country=SE", "country=NO"], "country is given twice"),
        (["getNewReleases", "--timeout", "0"], "--timeout"),
        (["getNewReleases", "--deadline", "soon"], "--deadline"),
        (["getNewReleases", "--quota-mode", "other"], "--quota-mode"),
        (["getNewRelease"], "Did you mean getNewReleases?"),
        (["[/x]"], "There is no block '[/x]'"),
        ([], "BLOCK"),
    ],
    ids=str,
)
def test_wrong_usage(run, words, said):
    done = run(*words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr


def test_a_forgotten_block_does_not_print_the_secret(run):
    done = run(f"access_token={TOKEN}")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "The block's name comes first" in done.stderr
    assert TOKEN not in done.stderr


def test_arguments_from_standard_input(run, server):
    server.queue.append((200, {}, {}))
    assert run("followArtist", "--args", "-", stdin='{"id": "0TnOYISbd1XYRBk9myaseg"}').exit_code == 0
    assert server.requests[0].query == {"uris": "spotify:artist:0TnOYISbd1XYRBk9myaseg"}


@pytest.mark.parametrize("form", [(), ("--ndjson",), ("--table",), ("--envelope",)])
def test_what_an_answer_is_warned_of_is_said(run, server, form):
    server.queue.append((200, {"Content-Type": "text/plain"}, b"OK"))
    done = run("followArtist", "id=0TnOYISbd1XYRBk9myaseg", f"access_token={TOKEN}", *form)
    assert (done.exit_code, "(200, text/plain) is no JSON" in done.stderr) == (0, True)


def environment(server, **more):
    # What is written must be buffered here as it is for a user.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    return {**kept, "COLUMNS": "100", "CONNECTOR_SERVER_API": server.url, "CONNECTOR_ACCESS_TOKEN": TOKEN, **more}


def test_letters_that_the_output_lacks_are_escaped(server):
    server.queue += [(200, {}, {"name": "Å"}), (200, {}, {"name": "Å …"})]
    ascii_only = environment(server, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    done = subprocess.run([*MAIN, "run", "getCurrentUserProfile"], env=ascii_only, capture_output=True, check=True)
    assert json.loads(done.stdout) == {"name": "Å"}
    table = [*MAIN, "run", "getCurrentUserProfile", "--table"]
    done = subprocess.run(table, env=ascii_only, capture_output=True, check=True)
    assert done.stdout.split() == [b"name", b"?", b"?"]


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-16"])
def test_json_is_never_written_in_another_encoding(server, encoding):
    server.queue.append((200, {}, {"name": "Å"}))
    done = subprocess.run(
        [*MAIN, "run", "getCurrentUserProfile"],
        env=environment(server, PYTHONIOENCODING=encoding, PYTHONUTF8="0"),
        capture_output=True,
        check=True,
    )
    assert json.loads(done.stdout) == {"name": "Å"}


def test_standard_input_is_utf_8_in_any_locale(server):
    server.queue.append((200, {}, {}))
    done = subprocess.run(
        [*MAIN, "run", "followUser", "--args", "-"],
        input='{"id": "jürgen"}'.encode(),
        env=environment(server, PYTHONIOENCODING="latin-1", PYTHONUTF8="0"),
        capture_output=True,
        check=False,
    )
    assert (done.returncode, server.requests[0].query) == (0, {"uris": "spotify:user:j%C3%BCrgen"})


def test_a_word_is_utf_8_in_a_locale_that_knows_no_letters(server):
    server.queue.append((200, {}, {}))
    done = subprocess.run(
        [*MAIN, "run", "followUser", "id=jürgen".encode()],
        env=environment(server, LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0"),
        capture_output=True,
        check=False,
    )
    assert (done.returncode, server.requests[0].query) == (0, {"uris": "spotify:user:j%C3%BCrgen"})


@pytest.mark.parametrize("option", ["--deadline", "--timeout", "--max-wait"])
@pytest.mark.parametrize("value", ["inf", "-inf", "nan", "Infinity", "1e999"])
def test_a_time_ends(run, server, option, value):
    done = run("getCurrentUserProfile", option, value)
    assert (done.exit_code, server.requests) == (2, [])
    assert option in done.stderr


def test_a_reader_that_leaves_is_no_trouble(server):
    server.answer = lambda _seen: (
        200,
        {},
        {"items": [{"name": "x" * 1000}] * 50, "next": None, "total": 50, "limit": 50},
    )
    for form in ([], ["--ndjson"], ["--table"]):
        with subprocess.Popen(
            [*MAIN, "run", "getUserSavedTracks", *form],
            env=environment(server),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process:
            process.stdout.close()
            assert process.stderr.read() == b""
        assert process.returncode == 1


@pytest.mark.skipif(not FULL.exists(), reason="only Linux has a disk that is always full")
@pytest.mark.parametrize(
    "words", [["blocks", "--json"], ["blocks"], ["--version"], ["run", "getCategory", "--envelope"]], ids=str
)
def test_a_full_disk_is_told_in_a_line(server, words):
    with FULL.open("w") as full:
        done = subprocess.run(
            [*MAIN, *words], stdout=full, stderr=subprocess.PIPE, text=True, check=False, env=environment(server)
        )
    assert done.returncode == 1
    assert done.stderr == "The output can't be written: No space left on device; make room, or name another place.\n"


@pytest.mark.parametrize(("variables", "is_coloured"), [({}, True), ({"NO_COLOR": "1"}, False)], ids=str)
def test_a_terminal_sees_how_far_it_is_and_colours_if_it_wants(server, variables, is_coloured):
    was_told = threading.Event()

    def answer(seen):
        if "offset" not in seen.query:
            return 200, {}, {"items": [{"name": "x"}], "next": "more", "total": 100, "limit": 50}
        # Nobody asserts how fast the terminal is drawn: the second page waits until the first was told.
        assert was_told.wait(30)
        return 404, {}, {"error": {"message": "Gone"}}

    server.answer = answer
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*MAIN, "run", "getUserSavedTracks"],
        env=environment(server, TERM="xterm-256color", **variables),
        stdout=subprocess.PIPE,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        told = ""
        while "Gone" not in told:
            told += os.read(ours, 1000).decode("utf-8", "replace")
            if "1 of 100" in told:
                was_told.set()
        assert process.stdout.read() == b""
    os.close(ours)
    assert process.returncode == 1
    assert ("\x1b[31m" in told) is is_coloured


@pytest.mark.each("address", ["ftp://127.0.0.1", "127.0.0.1:1", "file://", "http://user:s3cret@127.0.0.1"])
def test_a_server_that_can_not_be_called_is_wrong_usage(run, address):
    done = run("getCurrentUserProfile", f"access_token={TOKEN}", "--server", f"api={address}")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "for the server api is no address of a server" in done.stderr
    assert "s3cret" not in done.stderr


def test_when_to_come_back_tomorrow(run, server):
    server.queue.append((429, {"Retry-After": "86400"}, {"error": {"message": "Too many"}}))
    told = run("getCurrentUserProfile", "--max-wait", "0").stderr
    assert re.search(r"Try again in 24 h, on \d{4}-\d\d-\d\d at \d\d:\d\d\.", told)
    assert "86400" not in told


def test_what_a_block_of_blocks_did_is_told_at_a_terminal_and_is_json_in_a_pipe(cli):
    """The lists that it tells of are as long as those that it read."""
    words = ("run", "mirrorSavedTracks", "target=All my likes", "--sandbox")
    shown = re.sub(r"\x1b\[\d*m", "", cli(*words, "dry_run=true", TTY_COMPATIBLE="1").stdout)
    assert "Plan for All my likes (new): 120 added; 0 kept." in shown
    assert re.search(r"^added: 120\n +#.+\n +1 (.+\n)+10 .+\n… and 110 more\n3 calls to write", shown, re.MULTILINE)
    assert cli(*words, "--table").stdout.startswith("All my likes (new): 120 added; 0 kept.")
    assert len(json.loads(cli(*words).stdout)["added"]) == 120


def test_what_was_found_is_a_row_each_at_a_terminal_and_is_json_in_a_pipe(cli):
    words = ("run", "findTrack", "text=Distant Meridian - Every River\nNobody - Nothing", "--sandbox")
    for shown in (cli(*words, TTY_COMPATIBLE="1").stdout, cli(*words, "--table").stdout):
        _, first, second = re.sub(r"\x1b\[\d*m", "", shown).splitlines()
        assert re.match(r"1 +Every River +Distant Meridian .+ 100$", first)
        assert re.match(r"2 +Nothing was found\. +Nobody - Nothing *$", second)
    done = cli(*words)
    assert [match["found"] for match in json.loads(done.stdout)["matches"]] == [True, False]
    assert done.stderr.endswith("1 of 2 was not found.\n")


def test_a_file_that_a_block_makes_is_printed_alone_and_taken_back(cli, tmp_path):
    made = cli("run", "exportPlaylist", "playlist=3cEYpjA9oz9GiPac4AsH4n", "--sandbox", "--text")
    assert (made.exit_code, made.stdout[:10]) == (0, "Track URI,")
    (tmp_path / "list.csv").write_bytes(made.stdout.encode("utf-16"))
    words = ("importPlaylist", f"file={tmp_path / 'list.csv'}", "target=Copy", "--sandbox")
    assert "file is the name of a file; file=@FILE takes what is in it." in cli("run", *words).stderr
    words = ("importPlaylist", f"file=@{tmp_path / 'list.csv'}", "target=Copy", "dry_run=true", "--sandbox")
    plan = json.loads(cli("run", *words).stdout)
    assert len(plan["rows"]) == made.stdout.count("\n") - 1
    table = cli("run", "exportPlaylist", "playlist=3cEYpjA9oz9GiPac4AsH4n", "--sandbox", "--table")
    assert "Road Trip Radio.csv" in table.stdout
    assert "Track URI" not in table.stdout
    assert "The file is not kept: the same line with --text > FILE writes it." in table.stderr


def test_what_an_import_left_out_is_printed_alone_or_nothing(cli):
    words = ("run", "importPlaylist", "target=Copy", "dry_run=true", "--sandbox", "--text")
    left = "#WHY:Nothing was found that is like it.\nNobody - No such song\n"
    assert cli(*words, "file=Nobody - No such song").stdout == left
    assert cli(*words, "file=spotify:track:7ouMYWpwJ422jRcDASZB7P").stdout == ""


def test_text_is_for_blocks_that_make_a_file(cli):
    done = cli("run", "getMarkets", "--sandbox", "--text")
    assert done.exit_code == 2
    assert "getMarkets makes no file" in done.stderr
    assert "choose one" in cli("run", "exportLibrary", "--table", "--text").stderr


def test_what_came_of_a_file_is_printed_and_the_rest_goes_behind_it(cli):
    from connector.sandbox import Sandbox

    with Sandbox() as sandbox:
        sandbox.control.seed(saved_tracks=120)
        words = ("run", "exportLibrary", "parts=tracks", "--text", f"--server=api={sandbox.servers['api']}")
        token = {"CONNECTOR_ACCESS_TOKEN": sandbox.demo_args["access_token"]}
        whole = cli(*words, **token).stdout
        sandbox.control.fault("forbidden_no_message", match="GET /me/tracks", after=1)
        first = cli(*words, **token)
        assert first.exit_code == 1
        assert first.stdout
        assert whole.startswith(first.stdout)
        resume = re.search(r"resume=(\S+) goes", first.stderr)[1]
        second = cli(*words, f"resume={resume}", **token)
        assert second.exit_code == 0, second.stderr
        assert first.stdout + second.stdout == whole

"""The command line: what is typed, what is printed where, and the exit status."""

import json
import os
import subprocess
import sys

import jsonschema
import pytest

from connector.manifest.manifest import Manifest

MANIFEST = Manifest.load()
BLOCKS = list(MANIFEST)


def test_blocks_lists_every_block_and_what_is_closed(cli):
    shown = cli("blocks").stdout
    assert [block.name for block in BLOCKS if block.name not in shown] == []
    assert "closed to new apps since 2026-03-09" in shown


def test_blocks_of_one_group(cli):
    shown = cli("blocks", "--group", "sign-in").stdout
    assert "getAccessToken" in shown
    assert "getNewReleases" not in shown
    assert cli("blocks", "--group", "Nothing").exit_code == 2


def test_blocks_as_json_is_the_marketplace_document(cli):
    document = json.loads(cli("blocks", "--json").stdout)
    assert list(document) == [
        "package", "tagline", "description", "image", "repo", "keywords", "accounts", "blocks",
    ]  # fmt: skip
    assert (document["package"], document["accounts"]) == (
        "SpotifyUserAPI",
        {"domain": "spotify.com", "credentials": ["client_id", "client_key"]},
    )
    for shown, block in zip(document["blocks"], BLOCKS, strict=True):
        assert list(shown) == ["name", "description", "args", "callbacks"]
        assert [callback["name"] for callback in shown["callbacks"]] == ["error", "success"]
        assert [(arg["name"], arg["required"]) for arg in shown["args"]] == [
            (field.name, field.required) for field in block.fields.values()
        ]


def test_a_form_shows_every_field_and_what_is_closed(each_block):
    from rich.console import Console

    from connector.cli.show import show_block

    console = Console(width=120, record=True, file=open(os.devnull, "w"), color_system=None)  # noqa: SIM115, PTH123
    with console.file:
        show_block(console, each_block, "spotify-blocks")
    shown = console.export_text()
    assert [name for name in each_block.fields if name not in shown] == []
    assert each_block.description in shown
    assert [route.name for route in each_block.routes if route.name not in shown] == []
    if each_block.instead:
        assert f"since {each_block.closed_since('development')}" in shown
        assert "Instead:" in shown


def test_a_description_is_self_contained(each_block):
    from connector.manifest.documents import build_description

    document = json.loads(json.dumps(build_description(each_block)))
    for part in ("input", "output"):
        jsonschema.Draft202012Validator.check_schema(document[part])
        assert "schemas/" not in json.dumps(document[part])
    jsonschema.validate(document["example"], document["input"], jsonschema.Draft202012Validator)
    assert document["scopes"] == list(each_block.scopes)


def test_describe_knows_aliases_and_near_names(cli):
    assert json.loads(cli("describe", "saveAlbum", "--json").stdout)["name"] == "saveAlbumForUser"
    wrong = cli("describe", "getNewRelease")
    assert (wrong.exit_code, wrong.stderr) == (2, "There is no block 'getNewRelease'. Did you mean getNewReleases?\n")


def test_a_block_runs_in_the_sandbox_without_an_account(cli):
    done = cli("run", "searchAlbums", "artist=Ferry", "--sandbox")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["albums"]["items"]
    assert "sandbox" in done.stderr


def test_the_sandbox_is_an_app_in_development_mode_unless_told_otherwise(cli):
    closed = cli("run", "getCategories", "--sandbox")
    assert closed.exit_code == 1
    assert "development mode" in closed.stderr
    done = cli("run", "getCategories", "--sandbox", "--quota-mode", "extended")
    assert json.loads(done.stdout)["categories"]["items"]


@pytest.mark.shows_tokens("a token is what the block gives")
def test_the_sign_in_blocks_run_in_the_sandbox_too(cli):
    done = cli("run", "getAccessToken", "--sandbox")
    assert json.loads(done.stdout)["token_type"] == "Bearer"


def test_arguments_come_as_json_from_a_word_a_file_and_standard_input(cli, tmp_path):
    args = json.dumps({"max_items": 2})
    (tmp_path / "args.json").write_text(args)
    for source, stdin in ((args, None), (f"@{tmp_path / 'args.json'}", None), ("-", args)):
        done = cli("run", "getUserSavedTracks", "--args", source, "--sandbox", stdin=stdin)
        assert len(json.loads(done.stdout)["items"]) == 2
    beaten = cli("run", "getUserSavedTracks", "max_items=1", "--args", args, "--sandbox")
    assert len(json.loads(beaten.stdout)["items"]) == 1


@pytest.mark.parametrize(
    "words",
    [
        ("run", "getNewReleases", "SE"),
        ("run", "getNewReleases", "--args", "[1]"),
        ("run", "getNewReleases", "--args", "{"),
        ("run", "getNewReleases", "--args", "@/no/such/file"),
        ("run", "getNewReleases", "--server", "moon=http://127.0.0.1:1"),
        ("run", "noSuchBlock"),
        ("--manifest", "/no/such/manifest.yaml", "blocks"),
        ("nonsense",),
    ],
)
def test_wrong_usage_ends_with_2_and_says_why(cli, words):
    done = cli(*words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


def test_an_error_names_block_field_and_remedy_and_no_secret(cli):
    done = cli("run", "getUserSavedTracks", "market=Sweden", "acess_token=very-secret-token")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "getUserSavedTracks" in done.stderr
    assert "did you mean access_token?" in done.stderr
    assert "Set CONNECTOR_ACCESS_TOKEN" in done.stderr
    assert "two-letter country code" in done.stderr
    assert "very-secret-token" not in done.stderr


def test_a_secret_may_come_from_the_environment(cli, server):
    server.queue.append((200, {}, {"id": "x"}))
    done = cli("run", "getCurrentUserProfile", "--server", f"api={server.url}", CONNECTOR_ACCESS_TOKEN="from-outside")
    assert json.loads(done.stdout) == {"id": "x"}
    assert server.requests[0].headers["Authorization"] == "Bearer from-outside"


def test_the_environment_says_where_a_server_is(cli, server):
    server.queue.append((404, {}, {"error": {"status": 404, "message": "Not here"}}))
    done = cli("run", "getCurrentUserProfile", "access_token=abc", CONNECTOR_SERVER_API=server.url)
    assert done.exit_code == 1
    assert "Not here" in done.stderr


def test_the_envelope_is_what_a_runner_gets(cli):
    done = cli("run", "getCurrentUserProfile", "--envelope")
    assert done.exit_code == 1
    wire = json.loads(done.stdout)
    assert (wire["callback"], wire["contextWrites"]["to"]["status_code"]) == ("error", "REQUIRED_FIELDS")
    assert wire["contextWrites"]["to"]["fields"] == ["access_token"]


def test_entries_stream_one_json_a_line(cli):
    done = cli("run", "getUserSavedTracks", "max_items=51", "--ndjson", "--sandbox")
    assert len([json.loads(line) for line in done.stdout.splitlines()]) == 51
    assert cli("run", "getUserSavedTracks", "--ndjson").exit_code == 1


@pytest.mark.parametrize(
    ("words", "seen"),
    [
        (("getUserTopTracks", "max_items=2"), "artists"),
        (("getCurrentUserProfile",), "Sandbox Listener"),
        (("checkSavedTrack", "id=7ouMYWpwJ422jRcDASZB7P"), "7ouMYWpwJ422jRcDASZB7P"),
        (("followArtist", "id=0TnOYISbd1XYRBk9myaseg"), "Following 0TnOYISbd1XYRBk9myaseg."),
        (("getRecommendations", "seed_genres=pop", "limit=2", "--quota-mode=extended"), "album"),
        (("getCategory", "id=dinner", "--quota-mode=extended"), "dinner"),
    ],
)
def test_a_table_shows_what_a_person_wants_to_see(cli, words, seen):
    done = cli("run", *words, "--table", "--sandbox")
    assert done.exit_code == 0
    assert seen in done.stdout
    assert "{" not in done.stdout


def test_what_only_looks_does_not_load_what_sends():
    code = (
        "import sys\nfrom connector.cli.app import app\n"
        "for words in (['--help'], ['blocks'], ['describe', 'saveAlbum'], ['describe', 'saveAlbum', '--json']):\n"
        "    try:\n        app(words)\n    except SystemExit:\n        pass\n"
        "print(sorted({'requests', 'jsonschema', 'urllib3'} & set(sys.modules)))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown.splitlines()[-1] == "[]"


def test_check_finds_nothing_here_and_something_in_a_broken_manifest(cli, tmp_path):
    assert cli("check").exit_code == 0
    broken = tmp_path / "manifest.yaml"
    broken.write_text("blocks: [")
    done = cli("check", str(broken))
    assert done.exit_code == 1
    assert done.stdout.startswith(f"{broken}:1:")


def test_record_says_which_place_it_cannot_write_to(cli, tmp_path):
    file = tmp_path / "file"
    file.touch()
    done = cli("record", "getCategory", "--folder", str(file))
    assert (done.exit_code, done.stderr.replace("\n", " ").strip()) == (
        2,
        f"{file}/getCategory/success.yaml can't be written: Not a directory; name another place (--folder).",
    )


def test_record_writes_cassettes(cli, tmp_path):
    done = cli("record", "getCategory", "--folder", str(tmp_path))
    assert done.exit_code == 0, done.stderr
    assert (tmp_path / "getCategory" / "success.yaml").exists()


def test_the_version_is_printed(cli):
    from connector import __version__

    assert cli("--version").stdout == f"{__version__}\n"


def test_the_sandbox_runs_alone_until_it_is_stopped():
    import signal

    with subprocess.Popen(
        [sys.executable, "-c", "from connector.cli import main; main()", "sandbox", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as process:
        line = process.stdout.readline()
        assert "http://127.0.0.1:" in line
        process.send_signal(signal.SIGINT)
        process.stdout.read()
    assert process.returncode in (0, 130)

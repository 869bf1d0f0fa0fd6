"""`verify`: what it says beforehand, what it leaves behind, and how it ends."""

import pytest

from connector.auth import Connection
from connector.auth.stores.file_store import FileStore
from connector.manifest.manifest import Manifest
from connector.sandbox import Sandbox


@pytest.fixture
def tool(cli, tmp_path):
    """The command line with a sandbox for the service, and a connection of its user."""
    store = FileStore(tmp_path / "connections")
    with Sandbox() as sandbox:
        token = sandbox.demo_args["access_token"]
        store.save(
            Connection("harbourmaster", "an-app", access_token=token, scopes=tuple(Manifest.load().data["scopes"]))
        )
        servers = {f"CONNECTOR_SERVER_{name.upper()}": url for name, url in sandbox.servers.items()}
        variables = {"CONNECTOR_STORE": f"file:{store.folder}", **servers}
        yield lambda *words: cli("verify", *words, **variables), sandbox


def test_it_reads_by_a_connection_and_reports_nothing_of_it(tool, tmp_path):
    run, sandbox = tool
    done = run("--connection", "harbourmaster", "--out", str(tmp_path / "report.md"))
    first, *_, last = done.stderr.splitlines()
    assert (done.exit_code, done.stdout) == (0, ""), done.stderr
    assert first == "74 blocks, so 74 calls, 170 at most."
    assert last.startswith(f"74 of 74 blocks as declared, {len(sandbox.control.calls())} calls. Read ")
    report = (tmp_path / "report.md").read_text("utf-8")
    assert "user-top-read" in report
    assert "harbourmaster" not in report


def test_a_plan_calls_nothing(tool):
    run, sandbox = tool
    done = run("--plan", "--writes")
    assert done.exit_code == 0
    assert "createPlaylist" in done.stdout.split()
    assert sandbox.control.calls() == []


def test_a_sandbox_answers_who_has_no_account(cli, tmp_path):
    done = cli("verify", "--sandbox", "--out", str(tmp_path / "report.md"))
    assert done.exit_code == 0, done.stderr
    assert "- answered by: a sandbox, not the live service" in (tmp_path / "report.md").read_text("utf-8")


@pytest.mark.each(
    ("words", "told"),
    [
        (["--connection", "nobody"], "Nobody is signed in as nobody: blocks-tool login --name nobody"),
        (["--connection", "../harbourmaster"], "A connection's name must be"),
        (["--sandbox", "--connection", "harbourmaster"], "--sandbox has tokens of its own"),
        (["--sandbox", "--out", "/proc/no/such/report.md"], "/proc/no/such/report.md can't be written"),
    ],
)
def test_what_was_typed_wrongly_is_told(tool, words, told):
    run, _ = tool
    done = run(*words)
    assert done.exit_code == 2
    assert told in done.stderr


def test_an_account_that_has_to_sign_in_again_ends_it(tool, tmp_path):
    run, sandbox = tool
    sandbox.control.fault("expired_token", times=None)
    done = run("--connection", "harbourmaster", "--out", str(tmp_path / "report.md"))
    assert done.exit_code == 1
    assert done.stderr.splitlines()[-1].startswith("0 of 74 blocks as declared, 1 call.")
    assert "It ended early" in (tmp_path / "report.md").read_text("utf-8")

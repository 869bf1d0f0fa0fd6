"""`sandbox`, `check` and `record` hand over what was typed, and say what stood in the way."""

import socket

import pytest

from connector.manifest.manifest import Manifest

#: A file's name that is longer than the line it is told in.
LONG = "long" * 30


def test_a_port_that_is_taken(cli):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = cli("sandbox", "--port", port)
    assert (done.exit_code, done.stdout) == (2, "")
    assert f"Port {port} can't be used: Address already in use." in done.stderr


def test_the_sandbox_gets_port_and_quota_mode(cli, monkeypatch):
    got = {}
    monkeypatch.setattr("connector.sandbox.serve", lambda **options: got.update(options))
    assert cli("sandbox", "--port", "0", "--quota-mode", "development").exit_code == 0
    assert got == {"host": "127.0.0.1", "port": 0, "quota_mode": "development"}
    assert cli("sandbox", "--quota-mode", "auto").exit_code == 2


def test_check_counts_what_it_finds(cli, tmp_path):
    path = tmp_path / LONG
    path.write_text("blocks: {}\n", "utf-8")
    done = cli("check", str(path))
    lines = done.stdout.splitlines()
    assert done.exit_code == 1
    assert lines
    assert all(line.startswith(f"{path}:") for line in lines)
    assert done.stderr == f"{len(lines)} finding{'' if len(lines) == 1 else 's'} in {path}.\n"
    assert cli("--manifest", str(path), "check").stdout == done.stdout


def test_check_of_a_sound_manifest_is_one_line(cli, manifest):
    done = cli("check")
    assert (done.exit_code, done.stdout) == (0, "")
    triggers = len(manifest.data["triggers"])
    assert (
        done.stderr == f"manifest.yaml: nothing to complain about in {len(manifest)} blocks and {triggers} triggers.\n"
    )


def test_recording_without_its_library_says_what_to_install(cli, monkeypatch):
    def refuse(name):
        raise ImportError(name)

    monkeypatch.setattr("connector.cli.app.import_module", refuse)
    done = cli("record")
    words = "Recording needs vcrpy: install the extra record, in the checkout by pip install -e '.[record]'.\n"
    assert (done.exit_code, done.stderr) == (2, words)


@pytest.mark.parametrize("words", [[], ["--live"]], ids=str)
def test_the_recorder_gets_what_was_typed(cli, monkeypatch, tmp_path, words):
    got = []

    def record(folder, blocks, *, manifest, live, store, connection):
        assert (store, connection) == (None, None)
        got.append((folder, blocks, manifest, live))
        return [folder / "a.yaml"]

    monkeypatch.setattr("connector.cassettes.recording.record", record)
    done = cli("record", "getCategory", "--folder", str(tmp_path / LONG), *words)
    assert got == [(tmp_path / LONG, ["getCategory"], None, bool(words))]
    assert done.exit_code == 0
    written, *more = done.stderr.splitlines()
    assert written == f"1 cassette written to {tmp_path / LONG}."
    # What an account was answered is its owner's.
    assert bool(more) == bool(words)


def test_a_case_that_ends_otherwise_is_told_in_a_line(cli, monkeypatch):
    def record(*_args, **_options):
        raise RuntimeError("getCategory, case success: expected success, but [it] failed")

    monkeypatch.setattr("connector.cassettes.recording.record", record)
    done = cli("record", "getCategory")
    assert (done.exit_code, done.stderr) == (1, "getCategory, case success: expected success, but [it] failed\n")


def test_recording_a_block_that_is_none(cli, tmp_path):
    assert cli("record", "noSuchBlock", "--folder", str(tmp_path)).exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_is_130(cli, monkeypatch):
    def interrupt(_path):
        raise KeyboardInterrupt

    monkeypatch.setattr(Manifest, "load", interrupt)
    assert cli("blocks").exit_code == 130

"""Connections as files, among other users, foreign files, killed processes, and where nobody may write."""

import logging
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import filelock  # noqa: F401 - loaded while this process may still read everything
import pytest

from connector.auth import Connection, StoreFailed
from connector.auth.stores.file_store import FileStore
from connector.auth.stores.store import StoreReadOnly
from connector.wire.deadline import Deadline

ALICE = Connection("alice", "an-app", access_token="a-token", refresh_token="a-refresh-token")
HOUR_S = 3600
NOBODY = 65534

pytestmark = pytest.mark.skipif(os.name != "posix", reason="file modes are a matter of POSIX")


@pytest.fixture
def files(tmp_path):
    store = FileStore(tmp_path / "connections")
    store.save(ALICE)
    return store


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


# Open to others


@pytest.mark.parametrize("open_mode", [0o755, 0o770, 0o777, 0o701])
@pytest.mark.parametrize("use", ["load", "save", "names", "lock"])
def test_a_folder_that_is_open_to_others_is_closed_and_that_is_said(files, caplog, open_mode, use):
    files.folder.chmod(open_mode)
    with caplog.at_level(logging.WARNING, "connector"):
        if use == "lock":
            with files.lock("alice", 1):
                pass
        else:
            {"load": lambda: files.load("alice"), "save": lambda: files.save(ALICE), "names": files.names}[use]()
    assert mode(files.folder) == 0o700
    assert caplog.messages == [
        f"The connections in {files.folder} were open to other users of this machine; now they are closed."
    ]


def test_a_file_that_is_open_to_others_is_closed_and_that_is_said(files, caplog):
    file = files.folder / "alice.json"
    file.chmod(0o644)
    with caplog.at_level(logging.WARNING, "connector"):
        assert files.load("alice") == ALICE
    assert mode(file) == 0o600
    assert caplog.messages == [f"{file} was open to other users of this machine; now it is closed to them."]


@pytest.mark.parametrize("open_mode", [0o777, 0o1777, 0o775])
def test_a_folder_for_all_is_no_place_for_connections(tmp_path, open_mode):
    tmp_path.chmod(open_mode)
    (tmp_path / "notes.txt").write_text("of somebody's")
    store = FileStore(tmp_path)
    for use in (lambda: store.save(ALICE), lambda: store.load("alice"), store.names):
        with pytest.raises(StoreFailed, match="Other users of this machine may write in"):
            use()
    assert mode(tmp_path) == open_mode


def test_a_folder_with_other_things_in_it_is_not_closed_to_those_who_read_them(tmp_path, caplog):
    tmp_path.chmod(0o755)
    (tmp_path / "notes.txt").write_text("of somebody's")
    FileStore(tmp_path).save(ALICE)
    assert mode(tmp_path) == 0o755
    assert mode(tmp_path / "alice.json") == 0o600


# Where nobody may write


@pytest.fixture
def mounted():
    """A folder with alice's connection that this process may read and not write, as a mounted secret."""
    folder = Path(tempfile.mkdtemp())
    file = folder / "alice.json"

    def fill(connection):
        FileStore(folder).save(connection)
        file.chmod(0o644)
        folder.chmod(0o555)
        if os.geteuid() == 0:
            os.seteuid(NOBODY)
        return FileStore(folder)

    yield fill
    if os.getuid() == 0:
        os.seteuid(0)
    folder.chmod(0o700)
    shutil.rmtree(folder)


@pytest.mark.parametrize("secret", ["sandbox-secret-not-real", None], ids=["secret", "PKCE"])
def test_a_connection_that_can_not_be_written_is_refreshed_in_memory_and_that_is_said(
    user, mounted, make_keeper, control, is_accepted, count_token_calls, secret
):
    signed_in = user.sign_in(secret=secret)
    store = mounted(signed_in)
    keeper = make_keeper(store)
    assert keeper.get("alice", Deadline(30)) == signed_in
    for _ in range(3):
        control.clock(HOUR_S)
        before = count_token_calls()
        fresh = keeper.get("alice", Deadline(30))
        control.clock(60)
        assert keeper.get("alice", Deadline(30)) == fresh
        assert is_accepted(fresh)
        assert count_token_calls() == before + 1
        [warning] = keeper.warnings("alice")
        assert f"can't be stored and ends with this process: The connections in {store.folder} can't be" in warning
        assert ("the one in there is dead" in warning) == (secret is None)
    assert store.load("alice") == signed_in


def test_a_new_connection_in_a_mounted_folder_is_taken(user, mounted, make_keeper, control, is_accepted):
    store = mounted(user.sign_in(secret=None))
    keeper = make_keeper(store)
    control.clock(HOUR_S)
    keeper.get("alice", Deadline(30))
    again = user.sign_in(secret=None)
    if os.getuid() == 0:
        os.seteuid(0)
    mounted(again)
    control.clock(11)
    assert keeper.get("alice", Deadline(30)) == again
    control.clock(HOUR_S)
    assert is_accepted(keeper.get("alice", Deadline(30)))


def test_what_can_not_be_written_says_so(mounted):
    store = mounted(ALICE)
    assert (store.names(), store.load("alice")) == (["alice"], ALICE)
    with pytest.raises(StoreReadOnly, match="can't be written: the folder is read-only"):
        store.save(ALICE)
    with pytest.raises(StoreReadOnly), store.lock("alice", 1):
        pytest.fail("there is no lock where nobody can write")


# What isn't ours, or not whole


def test_what_is_no_file_is_not_waited_for(files):
    os.mkfifo(files.folder / "pipe.json")
    (files.folder / "folder.json").mkdir()
    for name in ("pipe", "folder"):
        with pytest.raises(StoreFailed, match="is no file; connections are files"):
            files.load(name)
    assert files.load("alice") == ALICE


@pytest.mark.each(
    ("content", "problem"),
    [
        ('"signed_in_at": 1e300', "signed_in_at is no time in seconds since 1970"),
        ('"signed_in_at": NaN', "signed_in_at is no time"),
        ('"expires_at": -1', "expires_at is no time"),
        ('"refused_at": 1e999', "refused_at is no time"),
        ('"access_token": "\\ud800"', "access_token has line breaks or letters that can't be sent"),
        ('"refresh_token": "a\\nb"', "refresh_token has line breaks"),
    ],
)
def test_what_could_break_a_later_step_is_damage(tmp_path, content, problem):
    files = FileStore(tmp_path / "connections")
    files.save(ALICE)
    (files.folder / "bob.json").write_text(f'{{"client_id": "x", {content}}}')
    with pytest.raises(StoreFailed, match=problem):
        files.load("bob")


def test_the_line_end_behind_a_secret_is_no_part_of_it(files):
    values = {"client_id": " x\n", "client_secret": "s\r\n", "access_token": "a\n", "refresh_token": " r"}
    found = Connection.from_dict(values, "bob")
    assert (found.client_id, found.client_secret, found.access_token, found.refresh_token) == ("x", "s", "a", "r")


@pytest.mark.each("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_a_file_is_read_in_the_encoding_that_an_editor_gave_it(tmp_path, encoding):
    files = FileStore(tmp_path / encoding)
    files.save(ALICE)
    (files.folder / "bob.json").write_bytes('{"client_id": "bøb"}'.encode(encoding))
    assert files.load("bob").client_id == "bøb"


DIE_WHILE_SAVING = """
import os, signal, sys
from pathlib import Path
from connector.auth import Connection
from connector.auth.stores.file_store import FileStore
os.umask(0)
os.fsync = lambda _descriptor: os.kill(os.getpid(), signal.SIGKILL)
FileStore(Path(sys.argv[1])).save(Connection(sys.argv[2], "an-app", refresh_token="a-refresh-token"))
"""


@pytest.mark.parametrize("is_first", [True, False], ids=["the first save", "a later one"])
def test_signing_out_leaves_nothing_of_a_save_that_was_killed(tmp_path, is_first):
    store = FileStore(tmp_path / "connections")
    if not is_first:
        store.save(ALICE)
    for name in ("alice", "alice.b"):
        script = [sys.executable, "-c", DIE_WHILE_SAVING, store.folder, name]
        assert subprocess.run(script, check=False).returncode == -signal.SIGKILL
    drafts = [path for path in store.folder.iterdir() if path.suffix == ".new"]
    assert [mode(draft) for draft in drafts] == [0o600, 0o600]
    assert store.delete("alice") is not is_first
    [other] = store.folder.iterdir()
    assert other.name.startswith(".alice.b.")


# Names that differ by capitals alone


class CaseBlind(FileStore):
    """A folder on a system that takes alice.json and Alice.json for one file."""

    def _file(self, name):
        return super()._file(name.lower())


def test_names_that_differ_by_capitals_are_two_where_the_system_tells_them_apart(files):
    other = Connection("Alice", "another-app")
    files.save(other)
    assert (files.load("alice"), files.load("Alice"), files.names()) == (ALICE, other, ["Alice", "alice"])
    assert files.delete("Alice")
    assert files.load("alice") == ALICE


def test_names_that_differ_by_capitals_are_refused_where_it_does_not(files):
    store = CaseBlind(files.folder)
    twin = Connection("Alice", "another-app")
    for use in (lambda: store.load("Alice"), lambda: store.save(twin), lambda: store.delete("ALICE")):
        with pytest.raises(StoreFailed, match="from alice, which differs by capitals alone: choose another name"):
            use()
    assert (store.load("alice"), store.names()) == (ALICE, ["alice"])
    store.save(ALICE)

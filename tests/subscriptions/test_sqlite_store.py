"""The SQLite file: closed to others, shared with other processes, and left alone where it isn't ours to write."""

import contextlib
import os
import sqlite3
import stat
import subprocess
import sys

import pytest
from subscriptions.kept import BEGUN, add, build, lease, names

from connector.auth.stores.file_store import FileStore
from connector.subscriptions.sqlite_store import SqliteSubscriptions
from connector.subscriptions.store import SubscriptionsUnreachable


@pytest.fixture
def file(tmp_path):
    return tmp_path / "own" / "subscriptions.db"


@pytest.fixture
def store(file):
    with contextlib.closing(SqliteSubscriptions(file)) as opened:
        yield opened


def test_nothing_is_made_before_there_is_something_to_keep(store, file):
    assert (store.get("one"), store.read_all("n8n"), store.read_next_due(), lease(store, 1e6)) == (None, [], None, [])
    assert not store.remove("one")
    assert not store.set_status("one", "paused")
    assert not file.parent.exists()


def test_the_files_are_closed_to_others(store, file):
    add(store, "one")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in file.parent.iterdir()}
    assert {name.removeprefix(file.name) for name in modes} == {"", "-wal", "-shm"}
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_a_file_that_is_open_to_others_is_closed_to_them(store, file, caplog):
    add(store, "one")
    store.close()
    file.chmod(0o644)
    assert store.get("one")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "was open to other users" in caplog.text


def test_a_folder_of_connections_that_it_is_in_stays_one(store, file):
    add(store, "one")
    file.parent.chmod(0o755)
    assert FileStore(file.parent).names() == []
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_processes_share_it_and_take_each_one_once(store, file):
    for number in range(30):
        add(store, f"s{number:02}")
    program = (
        "import sys, pathlib\n"
        "from connector.subscriptions.sqlite_store import SqliteSubscriptions\n"
        "store = SqliteSubscriptions(pathlib.Path(sys.argv[1]))\n"
        "while found := store.lease(0, 1, 60):\n"
        "    print(found[0].subscription.id)\n"
    )
    command = [sys.executable, "-c", program, file]
    takers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    taken = "".join(taker.communicate(timeout=60)[0] for taker in takers).split()
    assert sorted(taken) == [f"s{number:02}" for number in range(30)]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_child_process_opens_the_file_anew(store):
    add(store, "one")
    child = os.fork()
    if not child:
        with contextlib.suppress(BaseException):
            os._exit(0 if store.add(build("two"), BEGUN, 9) else 1)
        os._exit(2)
    assert os.waitpid(child, 0)[1] == 0
    assert names(store.read_all("n8n")) == ["one", "two"]


def write_newer(file):
    with contextlib.closing(SqliteSubscriptions(file)) as store:
        add(store, "one")
    with contextlib.closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA user_version = 2")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def write_other(file):
    file.parent.mkdir()
    with contextlib.closing(sqlite3.connect(file)) as database:
        database.execute("CREATE TABLE recipes (name TEXT)")
    file.chmod(0o600)


def write_no_database(file):
    file.parent.mkdir()
    file.write_bytes(b"These are no subscriptions. " * 100)
    file.chmod(0o600)


def write_torn(file):
    with contextlib.closing(SqliteSubscriptions(file)) as store:
        for number in range(100):
            add(store, f"s{number}")
    content = bytearray(file.read_bytes())
    for page in range(2, len(content) // 4096):
        content[page * 4096 : page * 4096 + 200] = b"\xff" * 200
    file.write_bytes(content)


@pytest.mark.parametrize(
    ("write", "said"),
    [
        (write_newer, "kept by a newer version of this program, and are left as they are: update this one"),
        (write_other, "holds something else than subscriptions; move it away"),
        (write_no_database, "are damaged (file is not a database), and are left as they are"),
        (write_torn, "are damaged ("),
    ],
)
def test_what_is_not_ours_to_write_is_told_and_left_as_it_is(store, file, write, said):
    write(file)
    before = file.read_bytes()
    for ask in (lambda: store.get("one"), lambda: add(store, "two"), lambda: lease(store, 0)):
        with pytest.raises(SubscriptionsUnreachable) as refusal:
            ask()
        assert said in str(refusal.value)
        assert str(file) in str(refusal.value)
    assert file.read_bytes() == before


def test_a_file_in_its_place_is_the_one_that_counts(store, file):
    add(store, "one")
    store.close()
    kept = file.read_bytes()
    add(store, "two")
    for path in file.parent.iterdir():
        path.unlink()
    assert store.get("one") is None
    file.write_bytes(kept)
    assert names(store.read_all("n8n")) == ["one"]


def test_a_place_that_can_t_be_written_is_told(tmp_path):
    (tmp_path / "own").write_text("a file")
    store = SqliteSubscriptions(tmp_path / "own" / "subscriptions.db")
    with pytest.raises(SubscriptionsUnreachable, match=r"can't be used: .*name another place"):
        add(store, "one")


def test_one_that_can_t_be_read_holds_up_no_other(store, file, caplog):
    add(store, "one")
    add(store, "two")
    store.close()
    with contextlib.closing(sqlite3.connect(file)) as database, database:
        database.execute("UPDATE subscriptions SET progress = '{' WHERE id = 'one'")
    assert names(lease(store, 0)) == ["two"]
    assert "can't be read" in caplog.text

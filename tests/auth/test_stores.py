"""Where connections are kept: one set of promises for all stores, and what each does besides."""

import errno
import json
import multiprocessing
import os
import shutil
import stat
import threading
import time
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import chainer, fail
from keyring.errors import KeyringLocked

from connector.auth import Connection, StoreFailed, open_store
from connector.auth.stores.environment_store import open_environment
from connector.auth.stores.file_store import FileStore, locate_folder
from connector.auth.stores.keyring_store import KeyringStore, has_keyring
from connector.auth.stores.memory_store import MemoryStore
from connector.errors import InvocationFailed
from connector.wire.deadline import Deadline

ALICE = Connection("alice", "an-id", "a-client-secret", ("one",), "an-access-token", "a-refresh-token", 9.0, 5.0)
BOB = Connection("bob", "an-id")
POSIX = pytest.mark.skipif(os.name != "posix", reason="file modes are a matter of POSIX")


class Keyring(KeyringBackend):
    """A keyring in a file, so that other processes see it too."""

    priority = 5

    def __init__(self, file):
        super().__init__()
        self.file = file
        self.is_locked = False

    def _read(self):
        if self.is_locked:
            raise KeyringLocked("a-refresh-token must not be shown")
        return json.loads(self.file.read_text("utf-8")) if self.file.exists() else {}

    def get_password(self, service, username):
        return self._read().get(f"{service}/{username}")

    def set_password(self, service, username, password):
        self.file.write_text(json.dumps({**self._read(), f"{service}/{username}": password}), "utf-8")

    def delete_password(self, service, username):
        entries = self._read()
        del entries[f"{service}/{username}"]
        self.file.write_text(json.dumps(entries), "utf-8")


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path


@pytest.fixture
def in_keyring(tmp_path):
    """The operating system's keyring, or what this test has in its place."""
    before = keyring.get_keyring()
    backend = Keyring(tmp_path / "keyring.json")
    keyring.set_keyring(backend)
    yield backend
    keyring.set_keyring(before)


@pytest.fixture
def without_keyring():
    before = keyring.get_keyring()
    keyring.set_keyring(fail.Keyring())
    yield
    keyring.set_keyring(before)


@pytest.fixture(params=["file", "keyring", "memory"])
def store(request, tmp_path):
    if request.param == "file":
        return FileStore(tmp_path / "data" / "connections")
    if request.param == "keyring":
        request.getfixturevalue("in_keyring")
        return KeyringStore("tests")
    return MemoryStore()


# Promises of all stores


def test_what_was_saved_last_is_loaded(store):
    assert (store.names(), store.load("alice")) == ([], None)
    store.save(BOB)
    store.save(ALICE)
    store.save(Connection("alice", "another-id"))
    assert store.names() == ["alice", "bob"]
    assert store.load("alice") == Connection("alice", "another-id")
    assert store.load("bob") == BOB


def test_deleting(store):
    store.save(ALICE)
    assert store.delete("alice") is True
    assert store.delete("alice") is False
    assert (store.names(), store.load("alice")) == ([], None)


@pytest.mark.parametrize("name", ["../alice", "a/b", ".", ""])
def test_no_name_leads_out_of_the_store(store, name):
    for act in (store.load, store.delete, lambda name: store.lock(name, 0).__enter__()):
        with pytest.raises(InvocationFailed):
            act(name)
    with pytest.raises(InvocationFailed):
        store.save(Connection(name, "x"))


def test_a_lock_is_held_by_one_thread_at_a_time(store):
    inside, most = 0, 0

    def work():
        nonlocal inside, most
        for _ in range(5):
            with store.lock("alice", 30):
                inside += 1
                most = max(most, inside)
                time.sleep(0.001)
                inside -= 1

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (inside, most) == (0, 1)


def test_a_lock_that_is_held_is_not_waited_for_longer_than_asked(store):
    with store.lock("alice", 1):
        with pytest.raises(TimeoutError), store.lock("alice", 0):
            pass
        with pytest.raises(TimeoutError), store.lock("alice", 0.05):
            pass
        with store.lock("bob", 0):
            pass
    with store.lock("alice", 0):
        pass


def test_no_repr_holds_a_secret(store):
    store.save(ALICE)
    assert [secret for secret in ALICE.secrets if secret in f"{store!r} {vars(store)!r} {store.label}"] == []


# Files


def test_a_keyring_whose_locks_have_no_place_is_used_without_them(in_keyring, home, make_keeper, user, control):
    store = KeyringStore("tests")
    store.save(user.sign_in())
    shutil.rmtree(home / "data")
    (home / "data").write_text("no folder", "utf-8")
    control.clock(3600)
    fresh = make_keeper(store).get("alice", Deadline(30))
    assert KeyringStore("tests").load("alice") == fresh


class CaseBlindKeyring(Keyring):
    """A keyring that takes alice and Alice for one entry, as that of Windows."""

    def get_password(self, service, username):
        return super().get_password(service, username.lower())

    def set_password(self, service, username, password):
        super().set_password(service, username.lower(), password)

    def delete_password(self, service, username):
        super().delete_password(service, username.lower())


def test_names_that_differ_by_capitals_are_refused_where_the_keyring_does_not_tell_them_apart(in_keyring):
    keyring.set_keyring(CaseBlindKeyring(in_keyring.file))
    store = KeyringStore("tests")
    store.save(ALICE)
    twin = Connection("Alice", "another-app")
    for use in (lambda: store.load("Alice"), lambda: store.save(twin), lambda: store.delete("ALICE")):
        with pytest.raises(StoreFailed, match="from alice, which differs by capitals alone: choose another name"):
            use()
    assert (store.load("alice"), store.names()) == (ALICE, ["alice"])
    store.save(ALICE)
    assert store.delete("alice")


@pytest.fixture
def files(tmp_path):
    return FileStore(tmp_path / "data" / "connections")


@POSIX
def test_files_are_for_their_owner_only_whatever_the_umask(files):
    before = os.umask(0)
    try:
        files.save(ALICE)
        with files.lock("alice", 1):
            pass
    finally:
        os.umask(before)
    assert stat.S_IMODE(files.folder.stat().st_mode) == 0o700
    modes = {path.name: oct(stat.S_IMODE(path.stat().st_mode)) for path in files.folder.iterdir()}
    assert modes == {"alice.json": "0o600", "alice.lock": "0o600"}


def test_a_file_that_cannot_be_written_whole_leaves_the_old_one(files, monkeypatch):
    files.save(ALICE)

    def fail_to_sync(_descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", fail_to_sync)
    with pytest.raises(StoreFailed, match="can't be written: No space left on device"):
        files.save(Connection("alice", "another-id"))
    assert files.load("alice") == ALICE
    assert [path.name for path in files.folder.iterdir()] == ["alice.json"]


def test_what_is_no_connection_is_not_listed(files):
    files.save(ALICE)
    (files.folder / ".alice.0123.new").write_text("half", "utf-8")
    with files.lock("alice", 1):
        assert files.names() == ["alice"]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b'{"refresh_token": "s3cret', "it is no JSON"),
        (b"\xff\xfe", "it is no JSON"),
        (b"[" * 100_000, "it is nested too deeply"),
        (b'["s3cret"]', "a connection is a JSON object"),
        (b'{"client_id": "x", "expires_at": "s3cret"}', "expires_at has the wrong type"),
    ],
)
def test_a_damaged_file_is_named_and_not_shown(files, content, problem):
    files.save(BOB)
    (files.folder / "alice.json").write_bytes(content)
    with pytest.raises(StoreFailed) as caught:
        files.load("alice")
    assert str(files.folder / "alice.json") in str(caught.value)
    assert problem in str(caught.value)
    assert "s3cret" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert files.load("bob") == BOB


def test_a_folder_that_is_none(files):
    files.folder.parent.mkdir()
    files.folder.write_text("a file", "utf-8")
    for act in (lambda: files.save(ALICE), lambda: files.load("alice"), files.names, lambda: files.delete("alice")):
        with pytest.raises(StoreFailed, match=r"can't be (read|written)"):
            act()
    with pytest.raises(StoreFailed), files.lock("alice", 0):
        pass


def _hold_until(folder, held, release):
    with FileStore(folder).lock("alice", 5):
        held.set()
        release.wait(30)


def test_a_lock_holds_among_processes_and_dies_with_its_owner(files):
    context = multiprocessing.get_context("spawn")
    held, release = context.Event(), context.Event()
    process = context.Process(target=_hold_until, args=(files.folder, held, release))
    process.start()
    try:
        assert held.wait(30)
        with pytest.raises(TimeoutError), files.lock("alice", 0):
            pass
        process.kill()
        process.join()
        with files.lock("alice", 5):
            pass
    finally:
        process.kill()
        process.join()


# The keyring


def test_the_keyring_lists_what_it_holds_and_nothing_else(in_keyring):
    KeyringStore("tests").save(ALICE)
    KeyringStore("others").save(BOB)
    assert KeyringStore("tests").names() == ["alice"]
    assert set(json.loads(in_keyring.file.read_text("utf-8"))) == {
        "tests/alice",
        "tests/(names)",
        "others/bob",
        "others/(names)",
    }


@pytest.mark.parametrize("damage", ["{", "7", '["alice", 7]', "[" * 100_000])
def test_a_damaged_list_of_names_heals(in_keyring, damage):
    store = KeyringStore("tests")
    in_keyring.set_password("tests", "(names)", damage)
    store.save(ALICE)
    assert store.names() == ["alice"]
    assert store.delete("alice")


def test_a_locked_keyring_says_what_to_do_and_not_what_it_holds(in_keyring):
    store = KeyringStore("tests")
    in_keyring.is_locked = True
    with pytest.raises(StoreFailed) as caught:
        store.load("alice")
    assert str(caught.value) == "The keyring refuses (KeyringLocked): unlock it, or set CONNECTOR_STORE=file."
    assert caught.value.__cause__ is None


def test_a_keyring_whose_locks_cannot_be_made(in_keyring, home):
    (home / "data").write_text("a file", "utf-8")
    with pytest.raises(StoreFailed, match="can't be made"), KeyringStore("tests").lock("alice", 0):
        pass


def test_a_keyring_that_only_refuses_is_none(without_keyring):
    assert not has_keyring()
    with pytest.raises(StoreFailed, match="CONNECTOR_STORE=file"):
        KeyringStore("tests")


def test_a_keyring_that_is_not_recommended_is_none(in_keyring, monkeypatch):
    monkeypatch.setattr(Keyring, "priority", 0.5)
    assert not has_keyring()


def test_a_chain_is_as_good_as_its_best(in_keyring, monkeypatch):
    monkeypatch.setattr(chainer.ChainerBackend, "backends", [in_keyring, fail.Keyring()])
    keyring.set_keyring(chainer.ChainerBackend())
    assert has_keyring()


def test_a_keyring_that_breaks_when_asked_for_is_none(monkeypatch):
    def explode():
        raise RuntimeError("no bus")

    monkeypatch.setattr(keyring, "get_keyring", explode)
    assert not has_keyring()


# The environment


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('{"client_id": "x"}', ["default"]),
        ('{"name": "alice", "refresh_token": "y", "client_id": "x"}', ["alice"]),
        ('[{"name": "bob", "client_id": "x"}, {"client_id": "x"}]', ["bob", "default"]),
        ('{"bob": {"client_id": "x"}, "alice": {"client_id": "x"}}', ["alice", "bob"]),
        ("[]", []),
        ("", []),
    ],
)
def test_the_environment_holds_one_connection_or_several(monkeypatch, text, names):
    monkeypatch.setenv("CONNECTOR_CONNECTION", text)
    assert open_environment().names() == names


def test_what_is_refreshed_lives_as_long_as_the_process(monkeypatch):
    monkeypatch.setenv("CONNECTOR_CONNECTION", json.dumps(ALICE.to_dict()))
    first = open_environment()
    assert first.load("alice") == ALICE
    assert not first.is_lasting
    first.save(Connection("alice", "an-id", access_token="newer"))
    assert open_environment().load("alice").access_token == "newer"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{"client_id": "s3cret', "it is no JSON"),
        ('"s3cret"', "a connection is a JSON object"),
        ('[{"client_id": "s3cret"}, {"client_id": "s3cret"}]', "two connections have one name"),
        ('{"alice": "s3cret"}', "a connection is a JSON object"),
        ("[" * 100_000, "it is nested too deeply"),
        ('{"client_id": "s3cret", "expires_at": %s}' % ("9" * 5_000), "it is no JSON"),
    ],
)
def test_a_variable_that_cannot_be_read_is_named_and_not_shown(monkeypatch, text, problem):
    monkeypatch.setenv("CONNECTOR_CONNECTION", text)
    with pytest.raises(StoreFailed) as caught:
        open_environment()
    assert str(caught.value).startswith(f"CONNECTOR_CONNECTION can't be used: {problem}")
    assert "s3cret" not in str(caught.value)
    assert caught.value.__cause__ is None


# Which store


@pytest.mark.parametrize(
    ("spec", "label"),
    [
        ("environment", "the environment (CONNECTOR_CONNECTION)"),
        ("keyring", "the keyring"),
        ("file", "the folder {home}/data/tests/connections"),
        ("file:{home}/mine", "the folder {home}/mine"),
    ],
)
@pytest.mark.parametrize("is_in_environment", [True, False])
def test_a_store_by_its_name(in_keyring, home, monkeypatch, spec, label, is_in_environment):
    spec = spec.format(home=home)
    if is_in_environment:
        monkeypatch.setenv("CONNECTOR_STORE", spec)
    assert open_store(None if is_in_environment else spec, "tests").label == label.format(home=home)


def test_the_default_is_the_environment_then_the_keyring_then_files(in_keyring, home, monkeypatch):
    monkeypatch.setenv("CONNECTOR_CONNECTION", "[]")
    assert open_store(package="tests").label.startswith("the environment")
    monkeypatch.delenv("CONNECTOR_CONNECTION")
    assert open_store(package="tests").label == "the keyring"
    monkeypatch.setattr(Keyring, "priority", 0)
    assert open_store(package="tests").label == f"the folder {locate_folder('tests')}"


@pytest.mark.parametrize("spec", ["cupboard", "file:", "keyring:x", "environment:x", "https://s3cret@host"])
def test_a_store_that_does_not_exist(spec):
    with pytest.raises(StoreFailed, match="names no store") as caught:
        open_store(spec)
    assert "s3cret" not in str(caught.value)


def test_redis_without_its_library(monkeypatch):
    def refuse(name):
        raise ImportError(name)

    monkeypatch.setattr("connector.auth.stores.choosing.import_module", refuse)
    with pytest.raises(StoreFailed, match=r"pip install -e '\.\[celery\]'"):
        open_store("redis://127.0.0.1/0", "tests")


def test_files_in_a_home_folder(home, monkeypatch):
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    assert open_store("file:~/mine").folder == Path(home) / "mine"

"""A store that hangs costs an invocation no more than its deadline, and what it was about to write is written."""

import contextlib
import socket
import threading
import time

import pytest
from cryptography.fernet import Fernet

from connector.auth import Connection, StoreFailed, find_default
from connector.auth.stores.memory_store import MemoryStore
from connector.auth.stores.redis_store import RedisStore
from connector.auth.stores.store_within import StoreSilent, StoreWithin
from connector.bounded_wait import BoundedWait
from connector.errors import InvocationFailed
from connector.way.connector import Connector
from connector.wire.deadline import Cancel, Deadline

PATIENCE_S = 30
#: Generous, for a busy computer, and yet less than what each of these stores takes by itself.
SOON_S = 5.0
HOUR_S = 3600
ALICE = Connection("alice", "an-app", access_token="a", refresh_token="r", expires_at=4e9)


class Hanging(MemoryStore):
    """A store that hangs in the methods of these names, until it is let go."""

    is_lasting = True

    def __init__(self, connections=()):
        super().__init__(connections, "the cupboard")
        self.hangs_in = set()
        self.go = threading.Event()

    def _hang(self, method):
        if method in self.hangs_in:
            self.go.wait(PATIENCE_S)

    def load(self, name):
        self._hang("load")
        return super().load(name)

    def save(self, connection):
        self._hang("save")
        super().save(connection)

    @contextlib.contextmanager
    def lock(self, name, timeout_s):
        self._hang("lock")
        with super().lock(name, timeout_s):
            yield
        self._hang("unlock")


@pytest.fixture
def hanging():
    store = Hanging([ALICE])
    yield store
    store.go.set()


@pytest.fixture
def within(hanging):
    waits = BoundedWait("test-store", 4)

    def make(seconds, **options):
        return StoreWithin(hanging, waits, Deadline(seconds, **options))

    return make


@contextlib.contextmanager
def soon():
    started = time.monotonic()
    yield
    assert time.monotonic() - started < SOON_S


def wait_until(is_so):
    end = time.monotonic() + PATIENCE_S
    while not is_so() and time.monotonic() < end:
        time.sleep(0.01)
    assert is_so()


def test_what_answers_is_what_the_store_answers(within):
    store = within(PATIENCE_S)
    with store.lock("alice", 1):
        assert store.load("alice") == ALICE
        assert store.load("bob") is None
    bob = Connection("bob", "an-app")
    store.save(bob)
    assert (store.replace(ALICE, bob), store.load("bob")) == (False, bob)


@pytest.mark.parametrize("method", ["load", "save", "lock"])
def test_what_hangs_is_given_up_when_time_is_up(hanging, within, method):
    hanging.hangs_in = {method}
    store = within(0.2)
    uses = {
        "load": lambda: store.load("alice"),
        "save": lambda: store.save(ALICE),
        "lock": lambda: store.lock("alice", 1).__enter__(),
    }
    words = "The cupboard did not answer in the time allowed"
    with soon(), pytest.raises(StoreSilent, match=words):
        uses[method]()


def test_a_write_that_was_begun_is_finished(hanging, within):
    hanging.hangs_in = {"save"}
    bob = Connection("bob", "an-app")
    with pytest.raises(StoreSilent):
        within(0.2).save(bob)
    hanging.go.set()
    wait_until(lambda: hanging.load("bob") == bob)


def test_a_lock_that_comes_too_late_is_given_back(hanging, within):
    hanging.hangs_in = {"lock"}
    with pytest.raises(StoreSilent):
        within(0.2).lock("alice", 1).__enter__()
    hanging.go.set()

    def is_free():
        with contextlib.suppress(TimeoutError), hanging.lock("alice", 0):
            return True
        return False

    wait_until(is_free)


def test_a_lock_whose_end_hangs_is_given_back_in_time(hanging, within):
    hanging.hangs_in = {"unlock"}
    with soon(), within(0.2).lock("alice", 0.1):
        pass


def test_a_lock_that_is_held_is_no_silence(hanging, within):
    with hanging.lock("alice", 1), pytest.raises(TimeoutError), within(PATIENCE_S).lock("alice", 0.05):
        pytest.fail("two hold one lock")


def test_who_cancels_waits_for_no_answer(hanging, within):
    hanging.hangs_in = {"load"}
    cancel = Cancel()
    threading.Timer(0.1, cancel.set).start()
    with soon(), pytest.raises(InvocationFailed) as caught:
        within(PATIENCE_S, cancel=cancel).load("alice")
    assert caught.value.error.kind == "cancelled"


# The same through a keeper


def test_a_store_that_hangs_costs_a_call_its_deadline(hanging, make_keeper):
    hanging.hangs_in = {"load"}
    with soon(), pytest.raises(InvocationFailed) as caught:
        make_keeper(hanging).get("alice", Deadline(0.3))
    assert (caught.value.error.kind, caught.value.error.message) == (
        "timeout",
        "The cupboard did not answer in the time allowed: see to it, and call again.",
    )


def test_a_store_that_hangs_costs_little_while_the_token_lives(hanging, make_keeper, control, monkeypatch):
    monkeypatch.setattr("connector.auth.keeper._PATIENCE_S", 0.1)
    keeper = make_keeper(hanging)
    assert keeper.get("alice", Deadline(PATIENCE_S)) == ALICE
    hanging.hangs_in = {"load"}
    control.clock(60)
    with soon():
        assert keeper.get("alice", Deadline(PATIENCE_S)) == ALICE
    assert keeper.warnings("alice") == ["The cupboard did not answer in the time allowed: see to it, and call again."]


@pytest.mark.parametrize("secret", ["sandbox-secret-not-real", None], ids=["secret", "PKCE"])
def test_what_could_not_be_stored_in_time_is_not_lost(user, make_keeper, control, is_accepted, secret):
    store = Hanging([user.sign_in(secret=secret)])
    keeper = make_keeper(store)
    control.clock(HOUR_S)
    store.hangs_in = {"save"}
    with soon():
        if secret:
            assert is_accepted(keeper.get("alice", Deadline(1)))
        else:
            with pytest.raises(InvocationFailed) as caught:
                keeper.get("alice", Deadline(1))
            assert caught.value.error.kind == "timeout"
            assert "got a new refresh token, which can't be stored" in caught.value.error.message
    store.go.set()
    fresh = keeper.get("alice", Deadline(PATIENCE_S))
    assert is_accepted(fresh)
    wait_until(lambda: store.load("alice") == fresh)


@pytest.fixture
def silent_address():
    """A server that takes connections and says nothing."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(64)
        yield f"redis://127.0.0.1:{listening.getsockname()[1]}/0"


def test_a_redis_that_takes_connections_and_says_nothing(silent_address, make_keeper):
    keeper = make_keeper(RedisStore(silent_address, "harbour", Fernet.generate_key().decode()))
    with soon(), pytest.raises(InvocationFailed) as caught:
        keeper.get("alice", Deadline(1))
    assert caught.value.error.kind == "timeout"
    assert "Redis at 127.0.0.1" in caught.value.error.message


def test_a_redis_that_says_nothing_is_not_tried_as_often_as_one_that_restarts(silent_address):
    store = RedisStore(silent_address, "harbour", Fernet.generate_key().decode())
    with soon(), pytest.raises(StoreFailed, match=r"Redis at 127\.0\.0\.1:\d+ can't be used \(TimeoutError\)"):
        store.load("alice")


def test_a_store_that_hangs_is_waited_for_no_longer_where_none_is_named(silent_address, monkeypatch):
    monkeypatch.setenv("CONNECTOR_STORE", silent_address)
    monkeypatch.setenv("CONNECTOR_STORE_KEY", Fernet.generate_key().decode())
    with soon(), pytest.raises(StoreFailed, match="did not answer in the time allowed"):
        find_default("harbour", 0.2)


# A keyring that hangs before there is a store to ask


@pytest.fixture
def hanging_keyring(monkeypatch):
    go = threading.Event()

    def hang():
        go.wait(PATIENCE_S)
        raise RuntimeError("no bus")

    monkeypatch.setattr("keyring.get_keyring", hang)
    monkeypatch.setenv("CONNECTOR_STORE", "keyring")
    yield
    go.set()


def test_a_keyring_that_can_not_be_found_costs_a_call_its_deadline(hanging_keyring, manifest):
    with Connector(manifest) as connector, soon():
        error = connector.invoke("getCurrentUserProfile", connection="alice", deadline=0.2).error
    assert (error.kind, "The store of connections did not answer in the time" in error.message) == ("timeout", True)


def test_who_cancels_waits_for_no_keyring(hanging_keyring, manifest):
    cancel = Cancel()
    threading.Timer(0.1, cancel.set).start()
    with Connector(manifest) as connector, soon():
        assert connector.invoke("getCurrentUserProfile", connection="alice", cancel=cancel).error.kind == "cancelled"


def test_a_keyring_that_can_not_be_found_costs_a_door_the_connector_s_time(hanging_keyring, manifest):
    with Connector(manifest, timeout=0.2) as connector, soon(), pytest.raises(StoreSilent):
        _ = connector.keeper


def test_others_do_not_wait_for_a_keyring(hanging_keyring, manifest):
    with Connector(manifest) as connector:
        looking = threading.Thread(target=lambda: connector.invoke("getCurrentUserProfile", connection="a", deadline=2))
        looking.start()
        with soon():
            assert connector.gate.left("an-app") == 0
        looking.join()

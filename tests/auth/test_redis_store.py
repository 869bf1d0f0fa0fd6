"""Connections in Redis: encrypted, shared by everyone with the key, and locked across processes."""

import logging
import shlex
import subprocess
import sys
import threading

import pytest
from cryptography.fernet import Fernet
from patience import wait_until

from connector.auth.connection import Connection
from connector.auth.stores.choosing import open_store
from connector.auth.stores.redis_store import MAKE_A_KEY, RedisStore
from connector.auth.stores.store import StoreFailed
from connector.errors import InvocationFailed
from connector.limits.shared_redis import hold_lock, open_redis

KEY, OTHER_KEY = (Fernet.generate_key().decode() for _ in range(2))
ALICE = Connection(
    name="alice",
    client_id="id-of-the-app",
    client_secret="hush-secret",
    scopes=("read", "write"),
    access_token="hush-access",
    refresh_token="hush-refresh",
    expires_at=1_800_000_000.5,
    signed_in_at=1_790_000_000.0,
)


@pytest.fixture
def store(redis_server):
    return RedisStore(redis_server.url, "harbour", KEY)


def test_a_connection_comes_back_as_it_was_saved(store):
    assert store.load("alice") is None
    store.save(ALICE)
    assert store.load("alice") == ALICE
    assert store.names() == ["alice"]


def test_a_later_save_replaces_it(store):
    store.save(ALICE)
    store.save(Connection(name="alice", client_id="another-app"))
    assert store.load("alice") == Connection(name="alice", client_id="another-app")


def test_names_are_sorted_and_a_deleted_one_is_gone(store):
    for name in ("carol", "alice", "bob@example.com"):
        store.save(Connection(name=name, client_id="id"))
    assert store.names() == ["alice", "bob@example.com", "carol"]
    assert store.delete("bob@example.com") is True
    assert store.delete("bob@example.com") is False
    assert store.names() == ["alice", "carol"]


def test_each_package_has_connections_of_its_own(store, redis_server):
    store.save(ALICE)
    assert RedisStore(redis_server.url, "lighthouse", KEY).names() == []


def test_redis_holds_nothing_that_can_be_read(store, raw):
    store.save(ALICE)
    [[name, token]] = raw.hgetall("connector:harbour:connections").items()
    assert name == "alice"
    assert not any(part in token for part in ("hush", "id-of-the-app", "write"))


@pytest.mark.parametrize("action", ["load", "delete", "lock"])
def test_a_name_that_none_can_have_is_refused(store, action):
    with pytest.raises(InvocationFailed) as raised:
        store.lock("../x", 1).__enter__() if action == "lock" else getattr(store, action)("../x")
    assert raised.value.error.kind == "invalid_fields"


def test_the_environment_opens_it(redis_server, monkeypatch):
    monkeypatch.setenv("CONNECTOR_STORE", redis_server.url)
    monkeypatch.setenv("CONNECTOR_STORE_KEY", KEY)
    open_store(package="harbour").save(ALICE)
    assert RedisStore(redis_server.url, "harbour", KEY).load("alice") == ALICE


def test_it_refuses_to_work_without_a_key(redis_server):
    with pytest.raises(StoreFailed) as raised:
        RedisStore(redis_server.url, "harbour")
    assert str(raised.value) == (
        "Connections in Redis are encrypted, and there is no key: set CONNECTOR_STORE_KEY. Make one with\n"
        f"  {MAKE_A_KEY}\nand keep it where your passwords are; every machine needs the same."
    )


def test_the_command_that_the_message_gives_makes_a_key(redis_server):
    command = [sys.executable, *shlex.split(MAKE_A_KEY)[1:]]
    made = subprocess.run(command, capture_output=True, text=True, check=True)
    store = RedisStore(redis_server.url, "harbour", made.stdout)
    store.save(ALICE)
    assert store.load("alice") == ALICE


@pytest.mark.parametrize("keys", ["hush", KEY[:-4], f"{KEY},hush"], ids=["no key", "cut off", "one of two"])
def test_what_is_no_key_is_refused_and_not_repeated(redis_server, keys):
    with pytest.raises(StoreFailed, match="holds something that is no key") as raised:
        RedisStore(redis_server.url, "harbour", keys)
    assert "hush" not in str(raised.value)
    assert KEY[:-4] not in str(raised.value)


def test_keys_rotate(store, redis_server):
    store.save(ALICE)
    both = RedisStore(redis_server.url, "harbour", f" {OTHER_KEY}, {KEY} ")
    assert both.load("alice") == ALICE
    assert both.rotate() == 1
    assert RedisStore(redis_server.url, "harbour", OTHER_KEY).load("alice") == ALICE


def test_one_that_is_damaged_keeps_no_other_from_its_new_key(store, redis_server, raw):
    store.save(ALICE)
    for name in ("aaa", "a name of somebody's"):
        raw.hset("connector:harbour:connections", name, "nonsense")
    both = RedisStore(redis_server.url, "harbour", f"{OTHER_KEY},{KEY}")
    with pytest.raises(StoreFailed, match="All but 2 of 3 are encrypted anew"):
        both.rotate()
    assert RedisStore(redis_server.url, "harbour", OTHER_KEY).load("alice") == ALICE


def test_another_key_reads_nothing_and_says_what_to_do(store, redis_server):
    store.save(ALICE)
    with pytest.raises(StoreFailed, match="can't be decrypted with the keys in CONNECTOR_STORE_KEY"):
        RedisStore(redis_server.url, "harbour", OTHER_KEY).load("alice")


def test_a_connection_under_another_s_name_is_refused(store, raw):
    store.save(ALICE)
    raw.hset("connector:harbour:connections", "bob", raw.hget("connector:harbour:connections", "alice"))
    with pytest.raises(StoreFailed, match="as bob was saved under another name"):
        store.load("bob")


def test_what_someone_else_wrote_is_refused(store, raw):
    raw.hset("connector:harbour:connections", "alice", "nonsense")
    with pytest.raises(StoreFailed):
        store.load("alice")


def test_an_address_that_is_none_is_a_failure_of_the_store():
    with pytest.raises(StoreFailed, match=r"redis://HOST:PORT/NUMBER"):
        RedisStore("http://127.0.0.1", "harbour", KEY)


def test_a_repr_and_a_label_name_the_place_only(redis_server):
    store = RedisStore(redis_server.url.replace("redis://", "redis://user:hush@"), "harbour", KEY)
    place = redis_server.url.removeprefix("redis://").removesuffix("/0")
    assert (store.label, repr(store)) == (f"Redis at {place}", f"<RedisStore in Redis at {place}>")


def test_connections_outlive_a_restart_and_a_short_one_is_waited_out(own_redis):
    store = RedisStore(own_redis.url, "harbour", KEY)
    store.save(ALICE)
    own_redis.stop()
    starting = threading.Timer(0.5, own_redis.start)
    starting.start()
    assert store.load("alice") == ALICE
    starting.join()


def test_a_redis_that_stays_away_is_named(own_redis, monkeypatch):
    monkeypatch.setattr("connector.auth.stores.redis_store._RETRIES", 1)
    store = RedisStore(own_redis.url, "harbour", KEY)
    own_redis.stop()
    for use in (store.names, lambda: store.load("alice"), lambda: store.save(ALICE), lambda: store.delete("alice")):
        with pytest.raises(StoreFailed, match=r"Redis at 127\.0\.0\.1:\d+ can't be used \(ConnectionError\)"):
            use()
    with pytest.raises(StoreFailed), store.lock("alice", 1):
        pytest.fail("there is no lock without Redis")


def test_one_holds_a_lock_at_a_time(store, redis_server):
    other = RedisStore(redis_server.url, "harbour", KEY)
    with store.lock("alice", 1):
        with pytest.raises(TimeoutError), other.lock("alice", 0):
            pytest.fail("two hold one lock")
        with other.lock("bob", 0):
            pass
    with other.lock("alice", 0):
        pass


def test_who_waits_gets_it_when_it_is_free(store, redis_server):
    order = []

    def wait():
        with RedisStore(redis_server.url, "harbour", KEY).lock("alice", 10):
            order.append("second")

    thread = threading.Thread(target=wait)
    with store.lock("alice", 1):
        thread.start()
        threading.Event().wait(0.15)
        order.append("first")
    thread.join()
    assert order == ["first", "second"]


COUNT = """
import sys
from connector.auth.stores.redis_store import RedisStore
from connector.auth.connection import Connection
store = RedisStore(sys.argv[1], "harbour", sys.argv[2])
for _ in range(25):
    with store.lock("alice", 30):
        held = store.load("alice")
        store.save(Connection(name="alice", client_id=str(int(held.client_id) + 1)))
"""


def test_no_process_overwrites_what_another_did_under_the_lock(store, redis_server):
    store.save(Connection(name="alice", client_id="1"))
    processes = [subprocess.Popen([sys.executable, "-c", COUNT, redis_server.url, KEY]) for _ in range(4)]
    assert [process.wait() for process in processes] == [0, 0, 0, 0]
    assert store.load("alice").client_id == "101"


def test_a_lock_is_renewed_while_it_is_held_and_ends_with_a_dead_holder(redis_server, raw):
    with open_redis(redis_server.url) as client:
        with hold_lock(client, "the-lock", 0, lease_s=3.0):
            wait_until(lambda: 0 < raw.pttl("the-lock") < 2500)
            # A third of the lease after its beginning it lasts for the whole again.
            wait_until(lambda: raw.pttl("the-lock") > 2500)
            assert raw.pttl("the-lock") <= 3000
        assert not raw.exists("the-lock")
        client.lock("the-lock", timeout=0.2, thread_local=False).acquire()  # and nobody is left to release it
        with hold_lock(client, "the-lock", 30):
            assert raw.exists("the-lock")


def test_a_lock_that_was_lost_is_not_taken_from_its_next_holder(redis_server, raw, caplog):
    with open_redis(redis_server.url) as client, caplog.at_level(logging.WARNING):
        with hold_lock(client, "the-lock", 0, lease_s=0.1):
            raw.set("the-lock", "another holder's token")
            wait_until(lambda: caplog.messages)
        assert raw.get("the-lock") == "another holder's token"
    assert [message.split(";")[0] for message in caplog.messages] == [
        "A lock in Redis was lost before its work was done"
    ]


def test_a_lock_outlasts_an_outage_that_is_shorter_than_its_lease(own_redis, monkeypatch):
    with open_redis(own_redis.url) as client, hold_lock(client, "the-lock", 0, lease_s=9.0):
        own_redis.stop()
        # It can't be renewed when it should be first, a third of its lease after its beginning.
        threading.Event().wait(3.5)
        own_redis.start()
        wait_until(lambda: client.pttl("the-lock") > 6000)

"""Subscriptions in Redis: through restarts and lost answers, beside another package, and what can't be read."""

import contextlib
import json
import time
from dataclasses import replace

import pytest
from subscriptions.kept import PROGRESS, add, build, lease, names

from connector.subscriptions.redis_store import RedisSubscriptions
from connector.subscriptions.store import SubscriptionsUnreachable


@pytest.fixture
def store(redis_server):
    with contextlib.closing(RedisSubscriptions(redis_server.url, "harbour")) as store:
        yield store


def test_what_was_done_and_not_heard_of_can_be_asked_for_again(store):
    """As it is where the answer was lost with its connection."""
    for _ in range(2):
        assert store.add(build("one"), PROGRESS, 1)
    assert not store.add(build("two"), PROGRESS, 1)
    [leased] = lease(store, 100)
    for _ in range(2):
        assert store.keep(leased, PROGRESS, lease_until=None)


def test_a_restart_loses_nothing_and_an_absence_is_told(own_redis):
    with contextlib.closing(RedisSubscriptions(own_redis.url, "harbour")) as store:
        add(store, "one", PROGRESS)
        [leased] = lease(store, time.time())
        own_redis.stop()
        with pytest.raises(SubscriptionsUnreachable, match=r"Redis at 127\.0\.0\.1:\d+ can't be used .*is it running"):
            lease(store, time.time())
        own_redis.start()
        assert lease(store, time.time()) == []
        further = replace(PROGRESS, failures=3)
        assert store.keep(leased, further, lease_until=None)
        assert store.get("one") == (build("one"), further)


def test_one_that_can_t_be_read_holds_up_no_other_and_can_be_removed(store, raw, caplog):
    add(store, "one", PROGRESS)
    add(store, "two", PROGRESS)
    raw.hset("connector:harbour:subscription:one", "progress", "no JSON")
    raw.zadd("connector:harbour:subscriptions:due", {"nobody": 1})
    assert names(lease(store, 100)) == ["two"]
    assert lease(store, 101) == []
    assert "can't be read" in caplog.text
    assert names(store.read_all("n8n")) == ["two"]
    assert store.remove("one")
    assert not raw.exists("connector:harbour:subscription:one")


def test_what_a_newer_version_keeps_beside_is_passed_over(store, raw):
    add(store, "one", PROGRESS)
    key = "connector:harbour:subscription:one"
    for name in ("asked", "progress"):
        raw.hset(key, name, json.dumps({**json.loads(raw.hget(key, name)), "colour": "blue"}))
    assert store.get("one") == (build("one"), PROGRESS)


def test_two_packages_in_one_redis_don_t_meet(store, redis_server):
    add(store, "one", PROGRESS)
    with contextlib.closing(RedisSubscriptions(redis_server.url, "lighthouse")) as other:
        assert (other.get("one"), other.read_all("n8n"), lease(other, 100)) == (None, [], [])

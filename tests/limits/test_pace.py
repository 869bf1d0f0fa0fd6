"""A pace is kept together by all who share a Redis, and by each alone while it is away."""

import logging
import time

import pytest
from redis import Connection, Redis

from connector.errors import ConnectorError
from connector.limits import shared_redis as redis_client
from connector.limits.local_gate import LocalGate
from connector.limits.pace import Pace
from connector.runners.environment import load_connector

APP = "the-client-id"


@pytest.fixture
def make_pace():
    clients = []

    def make(url, calls=2):
        clients.append(Redis.from_url(url, socket_timeout=1))
        return Pace(calls, 60, LocalGate(), clients[-1])

    yield make
    for client in clients:
        client.close()


def test_two_processes_count_together(make_pace, redis_server):
    one, other = make_pace(redis_server.url), make_pace(redis_server.url)
    assert (one.left(APP), other.left(APP)) == (0, 0)
    assert all(50 < gate.left(APP) <= 60 for gate in (one, other))
    assert one.left("another-app") == 0


def test_it_goes_by_the_clock_of_redis(make_pace, redis_server, monkeypatch):
    one, other = make_pace(redis_server.url), make_pace(redis_server.url)
    assert [one.left(APP) for _ in range(2)] == [0, 0]
    wall, ticks = time.time, time.monotonic
    monkeypatch.setattr(time, "time", lambda: wall() + 3600)
    monkeypatch.setattr(time, "monotonic", lambda: ticks() + 3600)
    assert 50 < other.left(APP) <= 60


def test_there_is_room_again_as_calls_grow_old(redis_server):
    with Redis.from_url(redis_server.url) as client:
        gate = Pace(2, 0.2, redis=client)
        assert [gate.left(APP) for _ in range(2)] == [0, 0]
        end = time.monotonic() + 30
        while (left := gate.left(APP)) and time.monotonic() < end:
            time.sleep(left)
        assert left == 0


def test_a_clock_of_redis_that_was_set_back_closes_nothing_for_longer(make_pace, redis_server, raw):
    gate = make_pace(redis_server.url, calls=1)
    gate.left(APP)
    [key] = raw.keys("*")
    ahead = int(raw.lindex(key, 0)) + 3_600_000_000
    raw.lset(key, 0, ahead)
    assert gate.left(APP) == 0
    assert 50 < gate.left(APP) <= 60


def test_redis_keeps_no_more_than_it_needs_and_not_for_ever(make_pace, redis_server, raw):
    gate = make_pace(redis_server.url, calls=3)
    for _ in range(10):
        gate.left(APP)
    [key] = raw.keys("*")
    for place in range(3):
        raw.lset(key, place, int(raw.lindex(key, place)) - 120_000_000)
    assert gate.left(APP) == 0
    assert raw.llen(key) == 3
    assert 50_000 < raw.pttl(key) <= 60_000


def test_redis_does_not_learn_who_calls(make_pace, redis_server, raw):
    make_pace(redis_server.url).left(APP)
    [key] = raw.keys("*")
    assert "connector:pace" in key
    assert APP not in key


def test_without_redis_each_counts_alone_and_says_so_once(make_pace, own_redis, caplog):
    gate = make_pace(own_redis.url)
    own_redis.stop()
    with caplog.at_level(logging.WARNING):
        assert [gate.left(APP) for _ in range(2)] == [0, 0]
        assert gate.left(APP) > 50
    assert caplog.messages == [
        "Redis doesn't answer (ConnectionError): until it does, this process minds the pace by itself."
    ]


def test_a_redis_that_is_away_is_not_asked_for_every_call(make_pace, own_redis, monkeypatch):
    gate = make_pace(own_redis.url, calls=100)
    own_redis.stop()
    gate.left(APP)
    monkeypatch.setattr(Connection, "connect", lambda _: pytest.fail("It was asked again."))
    assert [gate.left(APP) for _ in range(20)] == [0] * 20


def test_it_is_counted_together_again_once_redis_is_back(make_pace, own_redis, caplog, monkeypatch):
    caplog.set_level(logging.WARNING)
    monkeypatch.setattr(redis_client, "REST_S", 0.0)
    one, other = make_pace(own_redis.url), make_pace(own_redis.url)
    own_redis.stop()
    assert [one.left(APP) for _ in range(2)] == [0, 0]
    own_redis.start()
    assert (one.left(APP), other.left(APP)) == (0, 0)
    assert all(50 < gate.left(APP) <= 60 for gate in (one, other))
    # One outage is told once, however often it is met.
    assert caplog.messages == [
        "Redis doesn't answer (ConnectionError): until it does, this process minds the pace by itself.",
        "Redis answers again: the pace is shared.",
    ]


def test_the_environment_sets_the_pace(monkeypatch):
    monkeypatch.setenv("CONNECTOR_PACE", "3/60")
    with load_connector() as connector:
        assert [connector.gate.left(APP) for _ in range(3)] == [0, 0, 0]
        assert connector.gate.left(APP) > 50


def test_the_environment_s_pace_is_shared_through_its_redis(redis_server, monkeypatch):
    monkeypatch.setenv("CONNECTOR_PACE", "1/60")
    monkeypatch.setenv("CONNECTOR_REDIS_URL", redis_server.url)
    with load_connector() as one, load_connector() as other:
        assert one.gate.left(APP) == 0
        assert other.gate.left(APP) > 50
        one.gate.close("closed", 3_000)
        assert 2_900 < other.gate.left("closed") <= 3_000


@pytest.mark.parametrize(
    "pace", ["fast", "10", "10/0", "0/10", "-1/10", "1.5/2", "10/1s", "1/" + "9" * 5_000, "9" * 5_000 + "/1"]
)
def test_a_pace_that_is_none_is_told_of_at_once(monkeypatch, pace):
    monkeypatch.setenv("CONNECTOR_PACE", pace)
    with pytest.raises(ConnectorError, match=r"CALLS/SECONDS, such as 150/30"):
        load_connector()

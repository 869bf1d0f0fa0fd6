"""Fixtures: a real Redis, emptied before each test that takes it."""

import gc
import warnings
from collections.abc import Iterator

import pytest
from giving_up import give_up
from redis import Redis
from redis_server import NotInstallable, RedisServer


def start_redis(folder) -> RedisServer:
    try:
        return RedisServer(folder).start()
    except NotInstallable as problem:
        give_up(problem)


@pytest.fixture(scope="session")
def _running_redis(tmp_path_factory) -> Iterator[RedisServer]:
    server = start_redis(tmp_path_factory.mktemp("redis"))
    yield server
    server.stop()


@pytest.fixture
def redis_server(_running_redis: RedisServer) -> RedisServer:
    with Redis.from_url(_running_redis.url) as client:
        client.flushall()
    return _running_redis


@pytest.fixture
def own_redis(tmp_path) -> Iterator[RedisServer]:
    """A Redis that a test may stop and start."""
    server = start_redis(tmp_path)
    yield server
    # A task's result tells Redis when nobody wants it any more, and fails where that is away by then. That clients of a
    # Redis which went away were not closed is nothing to complain of.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()
    server.stop()


@pytest.fixture
def raw(redis_server: RedisServer) -> Iterator[Redis]:
    """What someone sees who looks into Redis."""
    with Redis.from_url(redis_server.url, decode_responses=True) as client:
        yield client


@pytest.fixture(scope="session")
def queue_redis(tmp_path_factory) -> Iterator[RedisServer]:
    """The Redis of the task queue, which no test empties: workers are waiting there."""
    server = start_redis(tmp_path_factory.mktemp("queue"))
    yield server
    server.stop()

"""One gate for many processes: what one closes is closed for all, and without Redis each minds its own."""

import logging
import subprocess
import sys
import threading

import pytest
from redis import Redis

from connector.errors import ConnectorError
from connector.limits import shared_redis as redis_client
from connector.limits.redis_gate import RedisGate
from connector.limits.shared_redis import describe_address, open_redis

APP = "client-id-of-an-app"


@pytest.fixture
def make_gate(redis_server):
    """Gates as different processes have them: each with a connection of its own."""
    clients = []

    def make(url=redis_server.url, package="Harbour"):
        clients.append(open_redis(url))
        return RedisGate(clients[-1], package)

    yield make
    for client in clients:
        client.close()


def test_a_gate_is_open_until_somebody_closes_it(make_gate):
    assert make_gate().left(APP) == 0


def test_what_one_closes_is_closed_for_everyone(make_gate):
    one, other = make_gate(), make_gate()
    one.close(APP, 3_000)
    assert 2_900 < other.left(APP) <= 3_000
    assert 2_900 < one.left(APP) <= 3_000


def test_what_another_process_closes_is_closed_here(make_gate, redis_server):
    code = (
        "import sys; from connector.limits.shared_redis import open_redis;"
        "from connector.limits.redis_gate import RedisGate;"
        "RedisGate(open_redis(sys.argv[1]), 'Harbour').close(sys.argv[2], 86400)"
    )
    subprocess.run([sys.executable, "-c", code, redis_server.url, APP], check=True)
    assert 86_390 < make_gate().left(APP) <= 86_400


def test_other_apps_and_other_packages_go_on(make_gate):
    make_gate().close(APP, 3_000)
    assert make_gate().left("another-app") == 0
    assert make_gate(package="Lighthouse").left(APP) == 0


def test_a_gate_may_be_closed_for_good(make_gate):
    make_gate().close(APP, float("inf"))
    assert make_gate().left(APP) > 900_000_000


def test_a_gate_opens_by_itself(make_gate):
    one, other = make_gate(), make_gate()
    one.close(APP, 0.05)
    threading.Event().wait(0.1)
    assert (one.left(APP), other.left(APP)) == (0, 0)


@pytest.mark.parametrize("later", [1, 30])
def test_a_shorter_wait_does_not_open_a_gate_that_is_closed_for_longer(make_gate, later):
    one, other = make_gate(), make_gate()
    one.close(APP, 90)
    other.close(APP, later)
    assert 60 < one.left(APP) <= 90
    assert 60 < make_gate().left(APP) <= 90


def test_a_longer_wait_prolongs_it(make_gate):
    make_gate().close(APP, 1)
    make_gate().close(APP, 6_000)
    assert 5_900 < make_gate().left(APP) <= 6_000


def test_many_threads_close_it_and_the_longest_wait_stands(make_gate):
    gates = [make_gate() for _ in range(4)]
    threads = [
        threading.Thread(target=gates[number % 4].close, args=(APP, 60 + number * 37 % 100 * 60))
        for number in range(100)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 5_940 < make_gate().left(APP) <= 6_000


def test_an_open_gate_costs_one_question_a_call(make_gate, raw):
    gate = make_gate()
    gate.left(APP)
    before = raw.info("commandstats")["cmdstat_pttl"]["calls"]
    for _ in range(10):
        gate.left(APP)
    assert raw.info("commandstats")["cmdstat_pttl"]["calls"] == before + 10


def test_redis_holds_neither_the_app_nor_the_gate_for_ever(make_gate, raw):
    make_gate().close(APP, 3_000)
    [key] = raw.keys("*")
    assert APP not in key
    assert key.startswith("connector:Harbour:gate:")
    assert raw.get(key) == ""
    assert 2_900_000 < raw.pttl(key) <= 3_000_000


def test_a_redis_that_forgot_is_told_again(make_gate, raw):
    one, other = make_gate(), make_gate()
    one.close(APP, 3_000)
    raw.flushall()
    assert other.left(APP) == 0
    assert 2_900 < one.left(APP) <= 3_000
    assert 2_900 < other.left(APP) <= 3_000


def test_without_redis_a_process_minds_its_own_gate_and_says_so_once(make_gate, own_redis, caplog):
    gate = make_gate(own_redis.url)
    own_redis.stop()
    with caplog.at_level(logging.WARNING):
        assert gate.left(APP) == 0
        gate.close(APP, 3_000)
        assert 2_900 < gate.left(APP) <= 3_000
    [record] = caplog.records
    assert record.getMessage() == (
        "Redis doesn't answer (ConnectionError): until it does, this process minds the rate limit by itself."
    )


def test_what_was_learnt_during_an_outage_is_shared_after_it(make_gate, own_redis, caplog, monkeypatch):
    caplog.set_level(logging.INFO)
    monkeypatch.setattr(redis_client, "REST_S", 0.0)
    one, other = make_gate(own_redis.url), make_gate(own_redis.url)
    own_redis.stop()
    one.close(APP, 3_000)
    own_redis.start()
    assert 2_900 < one.left(APP) <= 3_000
    assert 2_900 < other.left(APP) <= 3_000
    assert "Redis answers again: the rate limit is shared." in caplog.messages


def test_a_closed_gate_outlives_a_restart(make_gate, own_redis):
    make_gate(own_redis.url).close(APP, 3_000)
    own_redis.stop()
    own_redis.start()
    assert 2_900 < make_gate(own_redis.url).left(APP) <= 3_000


def test_a_kept_connection_that_broke_is_replaced_unnoticed(make_gate, own_redis, caplog):
    gate = make_gate(own_redis.url)
    gate.left(APP)
    own_redis.stop()
    own_redis.start()
    gate.close(APP, 3_000)
    assert [record.message for record in caplog.records if record.name == redis_client.__name__] == []
    with Redis.from_url(own_redis.url) as client:
        assert len(client.keys("*")) == 1


@pytest.mark.parametrize(
    ("url", "message"),
    [
        (None, "Where is Redis? Set CONNECTOR_REDIS_URL, such as redis://127.0.0.1:6379/0."),
        ("http://127.0.0.1", "The address of Redis is redis://HOST:PORT/NUMBER, rediss:// with TLS, or unix://PATH."),
        ("redis://:hush@127.0.0.1:port/0", "The address of Redis at 127.0.0.1 can't be read."),
    ],
)
def test_an_address_that_is_none_is_explained_without_its_password(url, message):
    with pytest.raises(ConnectorError) as raised:
        open_redis(url)
    assert str(raised.value) == message


def test_the_address_comes_from_the_environment_too(redis_server, monkeypatch):
    monkeypatch.setenv("CONNECTOR_REDIS_URL", redis_server.url)
    with open_redis() as client:
        assert client.ping()


def test_a_missing_package_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "redis", None)
    with pytest.raises(ConnectorError, match=r"pip install 'redis>=8.1'"):
        open_redis("redis://127.0.0.1/0")


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("redis://user:hush@cache.example:6380/1", "cache.example:6380"),
        ("rediss://cache.example", "cache.example:6379"),
        ("redis:///0", "localhost:6379"),
        ("unix:///run/redis.sock?password=hush", "/run/redis.sock"),
        ("redis://cache.example:none", "cache.example"),
    ],
)
def test_a_message_names_the_place_and_nothing_secret(url, address):
    assert describe_address(url) == address

"""The day's budget: counted in memory, in a file and on Redis alike, by all who share it and never beyond it."""

import logging
import os
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial

import pytest
from redis import Redis

from connector.errors import ConnectorError, InvocationFailed
from connector.limits import file_count, local_count
from connector.limits.budget_places import open_budget
from connector.limits.count import DAY_S, LOT_S, Lot
from connector.limits.day_budget import UNTOLD_S, DayBudget, measure_wait
from connector.limits.file_count import FileCount
from connector.limits.local_count import LocalCount
from connector.limits.pace import Pace
from connector.limits.redis_count import RedisCount
from connector.limits.redis_gate import RedisGate

ONE = "the-account"
OTHER = "another-account"


class Clock:
    """A count, and a way to let time go by for it."""

    def __init__(self, count, advance):
        self.count, self.advance = count, advance


@pytest.fixture(params=["memory", "file", "redis"])
def clock(request, monkeypatch, tmp_path):
    if request.param == "redis":
        server = request.getfixturevalue("redis_server")
        client = request.getfixturevalue("enter")(Redis.from_url(server.url))

        def advance(seconds):
            for key in client.keys("*"):
                for field, value in client.hgetall(key).items():
                    calls, last = value.split()
                    client.hset(key, field, b"%s %d" % (calls, int(last) - seconds * 1000))
                    client.hset(key, int(field) - int(seconds // LOT_S), client.hget(key, field))
                    if seconds >= LOT_S:
                        client.hdel(key, field)

        return Clock(RedisCount(client, "package"), advance)
    later = [0.0]
    name = "monotonic" if request.param == "memory" else "time"
    now = getattr(time, name)
    monkeypatch.setattr(time, name, lambda: now() + later[0])
    count = LocalCount() if request.param == "memory" else FileCount(tmp_path / "kept" / "day.calls")

    def advance(seconds):
        later[0] += seconds

    return Clock(count, advance)


@pytest.fixture
def enter():
    """Enters contexts, which are left when the test is over."""
    from contextlib import ExitStack

    with ExitStack() as stack:
        yield stack.enter_context


def test_calls_are_counted_up_to_the_budget_each_account_s_by_itself(clock):
    assert [clock.count.take(ONE, 3) for _ in range(5)] == [2, 1, 0, None, None]
    assert clock.count.take(OTHER, 3) == 2
    assert [lot.calls for lot in clock.count.read(ONE)] in ([3], [1, 2], [2, 1])
    assert clock.count.read("nobody") == []


def test_a_call_counts_for_a_day_and_no_longer(clock):
    clock.count.take(ONE, 2)
    clock.advance(LOT_S * 2)
    clock.count.take(ONE, 2)
    budget = DayBudget(2, clock.count)
    with pytest.raises(InvocationFailed) as caught:
        budget.begin(ONE)
    assert caught.value.error.retry_after == pytest.approx(DAY_S - LOT_S * 2, abs=60)
    clock.advance(DAY_S - LOT_S * 2 + 1)
    assert [clock.count.take(ONE, 2) for _ in range(2)] == [0, None]


@pytest.mark.parametrize(
    ("lots", "calls", "wait"),
    [
        ([], 1, 0),
        ([Lot(2, 100), Lot(3, 50)], 1, DAY_S - 100),
        ([Lot(2, 100), Lot(3, 50)], 2, DAY_S - 100),
        ([Lot(2, 100), Lot(3, 50)], 3, DAY_S - 50),
        ([Lot(2, 100), Lot(1, 50)], 1, 0),
    ],
)
def test_there_is_room_when_enough_of_the_oldest_calls_are_a_day_old(lots, calls, wait):
    assert measure_wait(lots, calls, 5) == wait


def test_many_who_share_a_count_never_go_beyond_it_together(tmp_path, redis_server, enter, monkeypatch):
    monkeypatch.setattr(file_count, "_WAIT_S", 60)
    shared = [
        lambda: FileCount(tmp_path / "day.calls"),
        lambda: RedisCount(enter(Redis.from_url(redis_server.url)), "package"),
    ]
    for make in shared:
        counts = [make() for _ in range(4)]
        with ThreadPoolExecutor(8) as pool:
            left = list(pool.map(lambda number, counts=counts: counts[number % 4].take(ONE, 200), range(300)))
        assert sorted(number for number in left if number is not None) == list(range(200))
        assert not any(count.is_alone for count in counts)


BUSY = """
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from connector.limits import file_count
file_count._WAIT_S = 60
count = file_count.FileCount(Path(sys.argv[1]))
with ThreadPoolExecutor(16) as pool:
    list(pool.map(lambda _: count.take("the-account", 10_000), range(400)))
"""


def test_no_call_is_lost_where_threads_and_processes_count_in_one_file(tmp_path):
    file = tmp_path / "day.calls"
    busy = [subprocess.Popen([sys.executable, "-c", BUSY, file]) for _ in range(2)]
    assert [process.wait() for process in busy] == [0, 0]
    assert sum(lot.calls for lot in FileCount(file).read(ONE)) == 800


def test_no_budget_is_too_large_to_be_counted(tmp_path, redis_server, enter):
    for count in (FileCount(tmp_path / "day.calls"), RedisCount(enter(Redis.from_url(redis_server.url)), "huge")):
        assert DayBudget(10**30, count).begin(ONE) > 10**14


def test_a_file_and_redis_know_other_accounts_by_no_name(tmp_path, redis_server, raw, enter):
    file = tmp_path / "new" / "day.calls"
    for count in (FileCount(file), RedisCount(enter(Redis.from_url(redis_server.url)), "package")):
        for account in (ONE, OTHER, OTHER):
            count.take(account, 9)
        assert [sum(lot.calls for lot in lots) for lots in count.read_others([ONE])] == [2]
    assert ONE.encode() not in file.read_bytes()
    assert not [key for key in raw.keys("*") if ONE in key]


@pytest.mark.skipif(os.name != "posix", reason="rights of files are POSIX's")
def test_a_file_of_calls_is_its_owner_s_alone(tmp_path):
    file = tmp_path / "new" / "day.calls"
    FileCount(file).take(ONE, 9)
    assert (stat.S_IMODE(file.stat().st_mode), stat.S_IMODE(file.parent.stat().st_mode)) == (0o600, 0o700)


def test_where_a_file_cannot_be_used_the_process_counts_by_itself_and_says_so(tmp_path, caplog):
    file = tmp_path / "day.calls"
    file.write_bytes(b"no database" * 100)
    count = FileCount(file)
    with caplog.at_level(logging.WARNING):
        assert [count.take(ONE, 2) for _ in range(3)] == [1, 0, None]
    assert count.is_alone
    [record] = caplog.records
    assert str(file) in record.getMessage()


def test_a_file_that_another_process_holds_slows_no_more_than_one_question_of_all_threads(tmp_path, monkeypatch):
    monkeypatch.setattr(file_count, "_WAIT_S", 0.2)
    monkeypatch.setattr(file_count, "_REST_S", 3_600)
    file = tmp_path / "day.calls"
    count = FileCount(file)
    count.take(ONE, 9)
    waits = []
    monkeypatch.setattr(file_count.sqlite3, "connect", partial(_note, waits, sqlite3.connect))
    with closing(sqlite3.connect(file, isolation_level=None)) as other, ThreadPoolExecutor(8) as pool:
        other.execute("BEGIN EXCLUSIVE")
        waits.clear()
        left = [pool.submit(count.take, ONE, 9) for _ in range(8)]
        assert sorted(each.result(60) for each in left) == list(range(1, 9))
        assert (count.left(ONE), sum(lot.calls for lot in count.read(ONE)), len(waits)) == (0.0, 8, 1)
    monkeypatch.setattr(count, "_rests_until", 0.0)
    assert (count.take(ONE, 9), count.is_alone) == (7, False)


def _note(made, make, *args, **options):
    made.append(None)
    return make(*args, **options)


def test_while_redis_is_away_the_process_counts_by_itself(own_redis, enter):
    count = RedisCount(enter(Redis.from_url(own_redis.url)), "package")
    assert count.take(ONE, 2) == 1
    own_redis.stop()
    assert [count.take(ONE, 2) for _ in range(3)] == [1, 0, None]
    assert count.is_alone


def test_a_clock_that_was_set_back_keeps_nothing_for_longer_than_a_day(tmp_path, redis_server, raw, enter, monkeypatch):
    redis_count = RedisCount(enter(Redis.from_url(redis_server.url)), "package")
    redis_count.take(ONE, 2)
    [key] = raw.keys("*")
    [(field, value)] = raw.hgetall(key).items()
    raw.hset(key, field, f"1 {int(value.split()[1]) + 10 * 86_400_000}")
    in_file = FileCount(tmp_path / "day.calls")
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + 10 * DAY_S)
    in_file.take(ONE, 2)
    monkeypatch.setattr(time, "time", now)
    for count in (redis_count, in_file):
        assert all(lot.age >= 0 for lot in count.read(ONE))
        assert [count.take(ONE, 2) for _ in range(2)] == [0, None]


def test_memory_is_bounded_by_accounts_and_by_lots(monkeypatch):
    monkeypatch.setattr(local_count, "MOST_ACCOUNTS", 3)
    later, now = [0.0], time.monotonic
    monkeypatch.setattr(time, "monotonic", lambda: now() + later[0])
    count = LocalCount()
    for _ in range(3 * int(DAY_S / LOT_S)):
        later[0] += LOT_S / 2
        count.take(ONE, 10_000)
    assert len(count._accounts[ONE]) <= DAY_S / LOT_S + 2
    for number in range(10):
        count.take(f"account {number}", 5)
    assert list(count._accounts) == ["account 7", "account 8", "account 9"]


def test_a_file_is_bounded_by_accounts(tmp_path, monkeypatch):
    monkeypatch.setattr(file_count, "MOST_ACCOUNTS", 3)
    count = FileCount(tmp_path / "day.calls")
    for number in range(10):
        count.take(f"account {number}", 5)
        count.take("account 0", 50)
    assert [number for number in range(10) if count.read(f"account {number}")] == [0, 8, 9]
    assert sum(lot.calls for lot in count.read("account 0")) == 11


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
@pytest.mark.parametrize("make", [lambda _: LocalCount(), FileCount], ids=["memory", "file"])
def test_a_lock_that_is_held_during_a_fork_holds_up_no_child(make, tmp_path):
    count = make(tmp_path / "day.calls")
    count.take(ONE, 9)
    is_held, is_over = threading.Event(), threading.Event()

    def hold():
        with count._lock:
            is_held.set()
            is_over.wait(60)

    holder = threading.Thread(target=hold)
    holder.start()
    assert is_held.wait(60)
    if (child := os.fork()) == 0:
        lock = count._lock
        os._exit(0 if lock.acquire(timeout=30) and (lock.release() or count.take(ONE, 9) == 7) else 1)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    is_over.set()
    holder.join()
    assert status == 0


def test_what_takes_more_than_is_left_is_refused_beforehand():
    budget = DayBudget(5, LocalCount())
    budget.begin(ONE)
    budget.check(ONE, 4)
    with pytest.raises(InvocationFailed, match="takes 5 calls and 4 of the day's 5") as caught:
        budget.check(ONE, 5)
    assert (caught.value.error.kind, caught.value.error.reason) == ("rate_limited", "quota_exceeded")
    assert caught.value.error.retry_after == pytest.approx(DAY_S, abs=60)
    with pytest.raises(InvocationFailed, match="ask for less at a time") as caught:
        budget.check(ONE, 6)
    assert caught.value.error.retry_after is None
    assert budget.left(ONE) == 4


@pytest.mark.parametrize(("said", "wait"), [(120.0, 120), (None, UNTOLD_S), (1e9, DAY_S)])
def test_an_account_that_the_service_refuses_stays_away_as_long_as_it_says(said, wait):
    budget = DayBudget(None, LocalCount())
    assert budget.begin(ONE) is None
    assert budget.close(ONE, said) == wait
    with pytest.raises(InvocationFailed, match="the service said") as caught:
        budget.check(ONE, 1)
    assert caught.value.error.retry_after == pytest.approx(wait, abs=60)
    budget.check(OTHER, 1)


def test_on_a_shared_gate_the_budget_is_shared_and_so_is_the_service_s_word(redis_server, enter):
    def open_shared():
        gate = RedisGate(enter(Redis.from_url(redis_server.url)), "package")
        return open_budget(2, Pace(1000, 30, gate))

    here, there = open_shared(), open_shared()
    assert (here.begin(ONE), there.begin(ONE)) == (1, 0)
    for budget in (here, there):
        with pytest.raises(InvocationFailed, match="used up"):
            budget.begin(ONE)
    here.close(OTHER, 60)
    with pytest.raises(InvocationFailed, match="the service said"):
        there.check(OTHER, 1)


@pytest.mark.parametrize("text", ["0", "-5", "many", "1.5", "²", "9" * 5_000])
def test_what_is_no_number_of_calls_is_refused(monkeypatch, text):
    monkeypatch.setenv("CONNECTOR_DAILY_CALLS", text)
    with pytest.raises(ConnectorError, match="CONNECTOR_DAILY_CALLS is a number of calls"):
        open_budget(None, None)


@pytest.mark.parametrize("calls", [0, -1, 1.5, True])
def test_a_budget_is_one_call_at_least(calls):
    with pytest.raises(ValueError, match="daily_calls"):
        DayBudget(calls, LocalCount())

"""The time of an invocation: a stall limit that each finished request renews, and an end that nothing moves."""

import threading
import time

import pytest

import connector.wire.deadline
from connector.errors import InvocationFailed
from connector.wire.deadline import Cancel, Deadline


@pytest.fixture
def clock(monkeypatch):
    """Setting `clock[0]` sets the time."""
    now = [100.0]
    monkeypatch.setattr(connector.wire.deadline.time, "monotonic", lambda: now[0])
    return now


def test_a_stall_runs_out(clock):
    deadline = Deadline(60)
    assert deadline.left == 60
    clock[0] += 60
    assert deadline.left == 0
    clock[0] += 1
    assert deadline.left == -1


def test_a_finished_request_starts_the_stall_limit_anew(clock):
    deadline = Deadline(60)
    clock[0] += 50
    deadline.renew()
    assert deadline.left == 60


def test_the_whole_ends_however_often_a_request_finishes(clock):
    deadline = Deadline(60, 90)
    clock[0] += 50
    deadline.renew()
    assert deadline.left == 40
    clock[0] += 45
    deadline.renew()
    assert deadline.left == -5


def test_a_total_of_zero_is_over_at_once(clock):
    assert Deadline(60, 0).left == 0


def test_a_sleep_lasts_no_longer_than_the_deadline():
    started = time.monotonic()
    Deadline(0.1).sleep(60)
    assert 0.1 <= time.monotonic() - started < 5


@pytest.mark.parametrize("left", [60, 0], ids=["time left", "time up"])
def test_a_cancel_ends_a_sleep(left):
    switch = Cancel()
    switch.set()
    with pytest.raises(InvocationFailed) as caught:
        Deadline(left, cancel=switch).sleep(60)
    assert (caught.value.error.kind, caught.value.is_unsent) == ("cancelled", True)


def test_a_cancel_from_another_thread_ends_a_sleep():
    switch = Cancel()
    deadline = Deadline(60, cancel=switch)
    assert not deadline.is_cancelled
    threading.Timer(0.05, switch.set).start()
    started = time.monotonic()
    with pytest.raises(InvocationFailed):
        deadline.sleep(60)
    assert time.monotonic() - started < 5
    assert deadline.is_cancelled


def test_a_sleep_that_nobody_cancels_lasts_as_long_as_it_should():
    started = time.monotonic()
    Deadline(60, cancel=Cancel()).sleep(0.1)
    assert time.monotonic() - started >= 0.1


def test_each_subscriber_hears_of_a_cancel_once():
    heard = []
    switch = Cancel()
    switch.subscribe(lambda: heard.append("before"))
    unsubscribe = switch.subscribe(lambda: heard.append("taken back"))
    unsubscribe()
    switch.set()
    switch.set()
    switch.subscribe(lambda: heard.append("after"))
    unsubscribe()
    assert heard == ["before", "after"]
    assert switch.is_set


def test_a_switch_that_is_set_from_many_threads_calls_each_subscriber_once():
    heard = []
    switch = Cancel()
    for number in range(100):
        switch.subscribe(lambda number=number: heard.append(number))
    threads = [threading.Thread(target=switch.set) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(heard) == list(range(100))

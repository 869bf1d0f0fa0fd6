"""The time of an invocation: a stall limit that each finished request renews, and an end that nothing moves."""

import threading
import time

import pytest

import connector.wire.deadline
from connector.errors import InvocationFailed
from connector.wire.deadline import LONGEST_S, Cancel, Deadline, check_seconds


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


def test_what_has_to_be_finished_is_progress_of_the_whole(clock):
    deadline = Deadline(10, 100)
    due = deadline.without_cancel()
    clock[0] += 9
    due.renew()
    assert (due.left, deadline.left) == (10, 10)


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
    assert 0.1 <= time.monotonic() - started < 30


def test_a_pause_is_no_stall_but_counts_in_the_whole(clock, monkeypatch):
    def sleep(seconds):
        clock[0] += seconds

    monkeypatch.setattr(connector.wire.deadline.time, "sleep", sleep)
    deadline = Deadline(60, 500)
    deadline.pause(300)
    assert (clock[0], deadline.left) == (400, 60)
    deadline.pause(300)
    assert (clock[0], deadline.left) == (600, 0)


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
    assert time.monotonic() - started < 30
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


NOT_FINITE = [float("inf"), float("-inf"), float("nan"), -1, -1e308, -(10**400)]
NO_TIME = [*NOT_FINITE, "5", None, True, [], 1j]
HUGE = [1e308, 10**400, 1e10, 3_000_000]


@pytest.mark.parametrize("value", NO_TIME)
def test_a_time_that_is_none_is_refused_without_being_repeated(value):
    with pytest.raises(ValueError, match=r"^timeout must be a finite number of seconds, zero or more\.$"):
        check_seconds("timeout", value)


@pytest.mark.parametrize(
    ("value", "seconds"), [(0, 0.0), (0.5, 0.5), (60, 60.0), *((huge, LONGEST_S) for huge in HUGE)]
)
def test_a_time_is_counted_as_far_as_times_are(value, seconds):
    assert check_seconds("timeout", value) == seconds


@pytest.mark.parametrize("name", ["timeout", "deadline", "max_wait"])
@pytest.mark.parametrize("value", NOT_FINITE)
def test_a_connector_takes_finite_times_alone(connect, name, value):
    with pytest.raises(ValueError, match=f"^{name} must be a finite number"):
        connect(**{name: value})


@pytest.mark.parametrize("value", NOT_FINITE)
def test_an_invocation_takes_finite_times_alone(connect, server, value):
    for begin in (connect().invoke, connect().stream):
        with pytest.raises(ValueError, match=r"^deadline must be a finite number"):
            begin("getCurrentUserProfile", {"access_token": "t"}, deadline=value)
    assert server.requests == []


@pytest.mark.parametrize("huge", HUGE)
def test_a_huge_time_is_as_good_as_none(connect, server, huge):
    server.queue += [(503, {"Retry-After": "0"}, b""), (200, {}, {"id": "jane"})]
    connector = connect(timeout=huge, deadline=huge, max_wait=huge)
    assert connector.invoke("getCurrentUserProfile", {"access_token": "t"}, deadline=huge).output == {"id": "jane"}


@pytest.mark.parametrize("huge", HUGE)
def test_a_huge_sleep_can_be_cancelled(huge):
    switch = Cancel()
    threading.Timer(0.05, switch.set).start()
    with pytest.raises(InvocationFailed):
        Deadline(huge, huge, switch).sleep(huge)

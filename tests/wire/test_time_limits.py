"""One thread ends whatever outlasts its time, and is there only while it is needed."""

import os
import threading
import time

import pytest
from patience import wait_until

import connector.wire.time_limits
from connector.bounded_wait import NoThreadError
from connector.wire.time_limits import Watchdog

PATIENCE_S = 30


class Thing:
    def __init__(self, seconds):
        self.end = time.monotonic() + seconds
        self.expired_at = None
        self.is_expired = threading.Event()

    def expire(self):
        self.expired_at = time.monotonic()
        self.is_expired.set()


@pytest.fixture
def watchdog(monkeypatch):
    monkeypatch.setattr(connector.wire.time_limits, "IDLE_S", 0.2)
    return Watchdog()


@pytest.fixture
def count_threads():
    """Counts the watchdogs' threads that came since, for the process's own may still be there, or go."""
    others = set(threading.enumerate())
    return lambda: sum(thread.name == "connector-watchdog" for thread in set(threading.enumerate()) - others)


def test_a_thing_is_ended_at_its_end_and_not_before(watchdog):
    thing = Thing(0.2)
    watchdog.watch(thing)
    assert thing.is_expired.wait(PATIENCE_S)
    assert thing.expired_at >= thing.end
    assert not watchdog.release(thing)


def test_what_is_released_lives_on(watchdog):
    released, watched = Thing(0.1), Thing(0.2)
    watchdog.watch(released)
    watchdog.watch(watched)
    assert watchdog.release(released)
    assert watched.is_expired.wait(PATIENCE_S)
    assert not released.is_expired.is_set()


def test_an_earlier_end_is_seen_while_a_later_one_is_waited_for(watchdog):
    late, early = Thing(60), Thing(0.1)
    watchdog.watch(late)
    time.sleep(0.05)
    watchdog.watch(early)
    assert early.is_expired.wait(PATIENCE_S)
    assert watchdog.release(late)


def test_many_things_need_one_thread_which_goes_when_there_is_nothing_to_watch(watchdog, count_threads):
    things = [Thing(0.3 + position / 1000) for position in range(100)]
    threads = [threading.Thread(target=watchdog.watch, args=(thing,)) for thing in things]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count_threads() == 1
    assert all(thing.is_expired.wait(PATIENCE_S) for thing in things)
    wait_until(lambda: count_threads() == 0)


def test_it_comes_back_when_it_is_needed_again(watchdog, count_threads):
    for _ in range(2):
        thing = Thing(0.05)
        watchdog.watch(thing)
        assert thing.is_expired.wait(PATIENCE_S)
        wait_until(lambda: count_threads() == 0)


@pytest.mark.parametrize("end", [1e308, float("inf")])
def test_an_end_that_never_comes_hides_no_other(watchdog, end):
    never, soon = Thing(0), Thing(0.1)
    never.end = end
    watchdog.watch(never)
    wait_until(lambda: watchdog._wakes_at == end)
    watchdog.watch(soon)
    assert soon.is_expired.wait(PATIENCE_S)
    assert watchdog.release(never)


def test_a_thing_that_can_not_be_ended_keeps_no_other_from_it(watchdog, caplog):
    broken, sound = Thing(0.05), Thing(0.1)
    broken.expire = lambda: 1 / 0
    watchdog.watch(broken)
    watchdog.watch(sound)
    assert sound.is_expired.wait(PATIENCE_S)
    assert caplog.messages == ["What had outlasted its time could not be ended."]


def test_without_a_thread_nothing_is_watched_and_the_next_thing_is(watchdog, monkeypatch):
    refused, watched = Thing(0.05), Thing(0.05)
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", refuse)
        with pytest.raises(NoThreadError):
            watchdog.watch(refused)
    assert not watchdog.release(refused)
    watchdog.watch(watched)
    assert watched.is_expired.wait(PATIENCE_S)
    assert not refused.is_expired.is_set()


def refuse(_thread):
    raise RuntimeError("can't start new thread")


@pytest.mark.parametrize("first_s", [60, 0.2], ids=["an earlier end", "a later end"])
def test_a_thread_that_died_is_replaced(watchdog, monkeypatch, first_s):
    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    with monkeypatch.context() as patch:
        patch.setattr(connector.wire.time_limits, "LONGEST_WAIT_S", "no number")
        watchdog.watch(Thing(first_s))
        wait_until(lambda: not watchdog._thread.is_alive())
    thing = Thing(0.3)
    watchdog.watch(thing)
    assert thing.is_expired.wait(PATIENCE_S)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_lock_that_is_held_during_a_fork_holds_up_no_child(watchdog):
    with watchdog._condition:
        if (child := os.fork()) == 0:
            thing = Thing(0.1)
            watchdog.watch(thing)
            os._exit(0 if thing.is_expired.wait(PATIENCE_S) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_process_has_its_own(watchdog):
    watchdog.watch(Thing(60))
    if (child := os.fork()) == 0:
        thing = Thing(0.1)
        watchdog.watch(thing)
        os._exit(0 if thing.is_expired.wait(PATIENCE_S) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0

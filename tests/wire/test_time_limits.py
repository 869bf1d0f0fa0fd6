"""One thread ends whatever outlasts its time, and is there only while it is needed."""

import os
import threading
import time

import pytest
from patience import wait_until

import connector.wire.time_limits
from connector.wire.time_limits import Watchdog


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
    assert thing.is_expired.wait(5)
    assert thing.expired_at >= thing.end
    assert not watchdog.release(thing)


def test_what_is_released_lives_on(watchdog):
    released, watched = Thing(0.1), Thing(0.2)
    watchdog.watch(released)
    watchdog.watch(watched)
    assert watchdog.release(released)
    assert watched.is_expired.wait(5)
    assert not released.is_expired.is_set()


def test_an_earlier_end_is_seen_while_a_later_one_is_waited_for(watchdog):
    late, early = Thing(60), Thing(0.1)
    watchdog.watch(late)
    time.sleep(0.05)
    watchdog.watch(early)
    assert early.is_expired.wait(5)
    assert watchdog.release(late)


def test_many_things_need_one_thread_which_goes_when_there_is_nothing_to_watch(watchdog, count_threads):
    things = [Thing(0.3 + position / 1000) for position in range(100)]
    threads = [threading.Thread(target=watchdog.watch, args=(thing,)) for thing in things]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count_threads() == 1
    assert all(thing.is_expired.wait(5) for thing in things)
    wait_until(lambda: count_threads() == 0)


def test_it_comes_back_when_it_is_needed_again(watchdog, count_threads):
    for _ in range(2):
        thing = Thing(0.05)
        watchdog.watch(thing)
        assert thing.is_expired.wait(5)
        wait_until(lambda: count_threads() == 0)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_process_has_its_own(watchdog):
    watchdog.watch(Thing(60))
    if (child := os.fork()) == 0:
        thing = Thing(0.1)
        watchdog.watch(thing)
        os._exit(0 if thing.is_expired.wait(5) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0

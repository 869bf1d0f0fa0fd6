"""What is renewed in a forked process: everything that lives, and nothing that doesn't."""

import gc
import os
import threading

import pytest

from connector import forks
from connector.sending import retry

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork"),
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),
]


class Thing:
    def __init__(self):
        self.renewed = 0
        forks.renew_in_child(self.renew)

    def renew(self):
        self.renewed += 1


def test_a_thing_is_renewed_in_the_child_alone():
    thing = Thing()
    if (child := os.fork()) == 0:
        os._exit(thing.renewed)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 1
    assert thing.renewed == 0


def test_nothing_is_kept_of_a_thing_that_is_gone():
    def count():
        return sum(isinstance(thing, Thing) for thing in list(forks._renewals))

    gc.collect()
    before = count()
    things = [Thing() for _ in range(100)]
    assert count() == before + 100
    things.clear()
    gc.collect()
    assert count() == before


def test_a_connector_works_in_a_child_whatever_another_thread_held(connect, server):
    server.answer = lambda _seen: (200, {}, {"id": "me"})
    connector = connect()
    with connector._shared._lock, retry._COUNTING.lock:
        if (child := os.fork()) == 0:
            # In a thread, so that a lock that is held ends the child and not the test's patience.
            done = []
            call = lambda: done.append(connector.invoke("getCurrentUserProfile", {"access_token": "t"}).ok)  # noqa: E731
            calling = threading.Thread(target=call, daemon=True)
            calling.start()
            calling.join(30)
            os._exit(0 if done == [True] and retry._COUNTING.lock.acquire(timeout=30) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0

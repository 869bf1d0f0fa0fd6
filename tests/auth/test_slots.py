"""What a keeper remembers: bounded, by use, with locks that a forked process doesn't inherit held."""

import gc
import os
import signal
import threading
import time
from dataclasses import replace

import pytest

from connector.auth import Connection, Keeper
from connector.auth.slots import Slots, Span
from connector.auth.stores.memory_store import MemoryStore
from connector.wire.deadline import Deadline
from connector.wire.transport import Response

GIVEN = Connection("visitor", "an-app", refresh_token="r")


@pytest.fixture
def slots():
    return Slots(MemoryStore())


def test_a_name_has_one_slot_and_so_has_a_value(slots):
    assert slots.find("alice", 9) is slots.find("alice", 9)
    assert slots.find(GIVEN, 9) is slots.find(replace(GIVEN), 9)
    assert len(slots) == 2


def test_the_one_that_was_not_asked_for_the_longest_makes_room(slots):
    kept = slots.find("alice", 3)
    for number in range(1000):
        slots.find(f"name-{number}", 3)
        slots.find(Connection("visitor", "an-app", access_token=f"token-{number}"), 3)
        assert slots.find("alice", 3) is kept
    assert len(slots) == 3


def test_one_that_holds_a_token_which_is_nowhere_else_is_passed_over(slots):
    rotated = slots.find(GIVEN, 3)
    rotated.hold(replace(GIVEN, refresh_token="another"), 0.0)
    unsaved = slots.find("bob", 3)
    unsaved.unsaved = ("old", GIVEN)
    for number in range(100):
        slots.find(f"name-{number}", 3)
    assert (slots.find(GIVEN, 3), slots.find("bob", 3)) == (rotated, unsaved)


def test_one_that_is_being_refreshed_is_passed_over(slots):
    with (slot := slots.find("alice", 2)).lock:
        for number in range(100):
            slots.find(f"name-{number}", 2)
        assert slots.find("alice", 2) is slot


def test_it_is_bounded_all_the_same(slots):
    for number in range(300):
        slots.find(f"name-{number}", 200).unsaved = ("old", GIVEN)
    assert len(slots) == 200


@pytest.fixture
def steady(monkeypatch):
    """The machine's steady clock, which a test puts forward."""
    clock = [1000.0]
    monkeypatch.setattr("connector.auth.slots.time.monotonic", lambda: clock[0])
    return clock


def test_a_span_lasts_its_seconds(steady):
    span = Span(10, now=500.0)
    assert [span.lasts(now) for now in (500, 509, 510)] == [True, True, False]
    steady[0] += 10
    assert not span.lasts(505.0)


def test_a_clock_that_is_set_back_ends_a_span(steady):
    assert not Span(10, now=500.0).lasts(499.0)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_process_that_is_forked_in_the_middle_of_a_refresh_can_refresh(keeper, store, user, control, is_accepted):
    store.save(user.sign_in())
    slot = keeper._slot("alice")
    gc.collect()
    with slot.lock, keeper._slots._guard:
        if (child := os.fork()) == 0:
            try:
                is_free = keeper._slot("alice").lock.acquire(timeout=30)
            finally:
                os._exit(0 if is_free else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_store_in_memory_is_free_in_a_forked_process():
    store = MemoryStore([GIVEN])
    with store.lock("visitor", 1), store._guard:
        if (child := os.fork()) == 0:
            try:
                with store.lock("visitor", 30):
                    is_free = store.load("visitor") == GIVEN
            finally:
                os._exit(0 if is_free else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_a_store_in_memory_keeps_no_lock_that_nobody_holds():
    store = MemoryStore()
    for number in range(100):
        with store.lock(f"name-{number}", 0):
            pass
    gc.collect()
    assert len(store._locks) == 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
@pytest.mark.parametrize("is_gone", [False, True], ids=["that ends", "that is killed"])
def test_a_child_refreshes_after_a_parent_that_it_was_forked_from_in_the_middle(store, sign_in, tmp_path, is_gone):
    """Three processes: this one, the one that refreshes, and its child."""
    store.save(replace(GIVEN, name="alice"))
    asked, go = threading.Event(), threading.Event()
    parent = os.getpid()

    def send(_request, _deadline):
        asked.set()
        if os.getpid() == middle:
            go.wait(30)
        return Response(200, {}, b'{"access_token": "of-%d", "expires_in": 3600}' % os.getpid())

    def refresh(keeper):
        return keeper.get("alice", Deadline(30)).access_token

    outcome, ready = tmp_path / "outcome", tmp_path / "ready"
    middle = 0
    if (first := os.fork()) == 0:
        try:
            middle = os.getpid()
            keeper = Keeper(store, sign_in, send)
            thread = threading.Thread(target=refresh, args=[keeper], daemon=True)
            thread.start()
            asked.wait(30)
            if os.fork() == 0:
                ready.touch()
                outcome.with_suffix(".new").write_text(refresh(keeper))
                outcome.with_suffix(".new").rename(outcome)
                os._exit(0)
            while not ready.exists():
                time.sleep(0.01)
            if is_gone:
                os.kill(middle, signal.SIGKILL)
            go.set()
            thread.join(30)
        finally:
            os._exit(0)
    assert os.getpid() == parent
    os.waitpid(first, 0)
    end = time.monotonic() + 60
    while not outcome.exists() and time.monotonic() < end:
        time.sleep(0.01)
    written = outcome.read_text()
    assert (written == f"of-{first}") is not is_gone
    assert store.load("alice").access_token == written

"""The loop: what is due is taken, each by one thread, whoever is slow, fails or can't be reached; and it ends."""

import contextlib
import threading
from dataclasses import dataclass, field

import pytest
from patience import wait_until
from subscriptions.kept import BEGUN, add

from connector.subscriptions import loop as loops
from connector.subscriptions.loop import SubscriptionLoop
from connector.subscriptions.sqlite_store import SqliteSubscriptions
from connector.subscriptions.store import SubscriptionsUnreachable
from connector.subscriptions.subscription import Progress

LATER = Progress(next_poll=1e12)


@dataclass
class Turns:
    """In place of turns: notes who was taken, does what a test says, and gives the lease back."""

    store: SqliteSubscriptions
    act: object = None
    taken: list = field(default_factory=list)
    #: How far the next turns bring it.
    later: list = field(default_factory=list)

    def take(self, leased, cancel, hurry):
        name = leased.subscription.id
        self.taken.append(name)
        if self.act:
            self.act(name, cancel, hurry)
        self.store.keep(leased, self.later.pop(0) if self.later else LATER, lease_until=None)


@pytest.fixture
def store(tmp_path):
    with contextlib.closing(SqliteSubscriptions(tmp_path / "subscriptions.db")) as opened:
        yield opened


@pytest.fixture
def begin(store):
    with contextlib.ExitStack() as stack:

        def start(threads=4, act=None, later=()):
            turns = Turns(store, act, later=[*later])
            running = SubscriptionLoop(store, turns, threads)
            stack.callback(running.close)
            stack.callback(running.hurry)
            running.start()
            return running, turns

        yield start


def test_what_is_due_is_taken_once_by_however_many_loops(store, begin):
    for number in range(40):
        add(store, f"s{number:02}")
    (_, one), (_, other) = begin(), begin()
    wait_until(lambda: len(one.taken + other.taken) >= 40)
    assert sorted(one.taken + other.taken) == [f"s{number:02}" for number in range(40)]


def test_what_is_new_is_taken_when_it_is_told(store, begin, monkeypatch):
    monkeypatch.setattr(loops, "_GLANCE_S", 3600.0)
    is_waiting = threading.Event()
    look = store.read_next_due
    monkeypatch.setattr(store, "read_next_due", lambda: (look(), is_waiting.set())[0])
    running, turns = begin()
    assert is_waiting.wait(60)
    add(store, "one")
    running.wake()
    wait_until(lambda: turns.taken == ["one"])


def test_what_is_due_again_soon_after_its_turn_is_taken_then(store, begin, monkeypatch):
    monkeypatch.setattr(loops, "_GLANCE_S", 3600.0)
    looks = []
    look = store.read_next_due
    monkeypatch.setattr(store, "read_next_due", lambda: looks.append(look()) or looks[-1])
    add(store, "one")
    # Meanwhile another thread has begun to wait for the end of its lease.
    _, turns = begin(4, lambda *_: wait_until(lambda: looks), [Progress(next_poll=1.0), Progress(next_poll=2.0)])
    wait_until(lambda: turns.taken == ["one"] * 3)


def test_however_many_are_slow_the_others_are_taken(store, begin, monkeypatch):
    monkeypatch.setattr(loops, "_SLOW_S", 0.0)
    slow = [f"slow{number}" for number in range(8)]
    for name in slow:
        add(store, name)
    running, turns = begin()
    wait_until(lambda: store.read_next_due() == LATER.next_poll)
    monkeypatch.setattr(loops, "_SLOW_S", 3600.0)
    free = threading.Event()
    turns.act = lambda name, *_: name in slow and free.wait(60)
    turns.taken.clear()
    for name in slow:
        store.remove(name)
        add(store, name)
    running.wake()
    wait_until(lambda: len(turns.taken) == 2)
    for number in range(20):
        add(store, f"quick{number}")
    running.wake()
    wait_until(lambda: len(turns.taken) >= 22)
    assert sum(name in slow for name in turns.taken) == 2
    free.set()


def test_a_turn_that_fails_ends_nothing(store, begin, caplog):
    def act(name, *_):
        if name == "one":
            raise RuntimeError("this is no turn")

    add(store, "one")
    running, turns = begin(1, act)
    wait_until(lambda: turns.taken == ["one"])
    add(store, "two")
    running.wake()
    wait_until(lambda: turns.taken == ["one", "two"])
    assert "A turn of the subscription one failed; it is taken again in 180 s." in caplog.text
    # Its lease ends by itself.
    assert store.get("one")[1] == BEGUN


def test_a_store_that_can_t_be_used_is_said_once_and_asked_again(store, begin, monkeypatch, caplog):
    monkeypatch.setattr(loops, "_REST_S", 0.01)
    asked = threading.Semaphore(0)
    lease = store.lease

    def refuse(*_):
        asked.release()
        raise SubscriptionsUnreachable("The subscriptions in Redis can't be used.")

    monkeypatch.setattr(store, "lease", refuse)
    add(store, "one")
    _, turns = begin()
    assert all(asked.acquire(timeout=60) for _ in range(3))
    monkeypatch.setattr(store, "lease", lease)
    wait_until(lambda: turns.taken == ["one"])
    assert caplog.text.count("can't be used. Until then no trigger is looked at.") == 1


def test_at_the_end_nothing_begins_and_what_is_under_way_is_waited_for(store, begin):
    begun, free = threading.Event(), threading.Event()
    seen = []

    def act(_name, cancel, hurry):
        begun.set()
        free.wait(60)
        seen.append((cancel.is_set, hurry.is_set))

    add(store, "one")
    running, turns = begin(1, act)
    assert begun.wait(60)
    add(store, "two")
    running.stop()
    closing = threading.Thread(target=running.close)
    closing.start()
    assert closing.is_alive()
    free.set()
    closing.join(60)
    assert (turns.taken, seen) == (["one"], [(True, False)])
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("subscriptions-")]

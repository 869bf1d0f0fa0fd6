"""However many receivers never answer, those that do are called in time."""

from contextlib import ExitStack

import pytest

from connector.subscriptions import slow_receivers
from connector.subscriptions.slow_receivers import SlowReceivers


@pytest.fixture
def calls():
    with ExitStack() as under_way:
        receivers = SlowReceivers(8)

        def call(host, owner="key", *, goes_on=False):
            """Whether it may be called; a call that `goes_on` does so to the end of the test."""
            one = receivers.call(f"https://{host}/hook", owner)
            if goes_on:
                return under_way.enter_context(one)
            with one as may_be_called:
                return may_be_called

        yield call


def test_those_that_nobody_knows_leave_threads_free_and_one_to_other_owners(calls):
    assert calls("quick")
    assert [calls(f"new{number}", goes_on=True) for number in range(6)] == [True] * 5 + [False]
    assert [calls(f"other{number}", "other", goes_on=True) for number in range(2)] == [True, False]
    # What was quick the last time is called whatever the others do.
    assert all(calls("quick", owner, goes_on=True) for owner in ("key", "other", "third"))


def test_the_slow_leave_room_for_those_that_nobody_knows(calls, monkeypatch):
    assert calls("slow")
    monkeypatch.setattr(slow_receivers, "_QUICK_S", 0.0)
    # All that has ended makes room.
    assert all(calls(host) for host in ("slow", *(f"slow{number}" for number in range(9))))
    assert [calls(f"slow{number}", goes_on=True) for number in range(5)] == [True] * 4 + [False]
    assert not calls("slow")
    assert calls("new")


def test_so_many_are_remembered_and_no_more(calls, monkeypatch):
    monkeypatch.setattr(slow_receivers, "_MOST_KNOWN", 2)
    assert all(calls(host) for host in ("one", "two", "three"))
    assert all(calls(f"new{number}", goes_on=True) for number in range(5))
    assert [calls(host) for host in ("one", "two", "three")] == [False, True, True]

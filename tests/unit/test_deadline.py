"""The time of an invocation: a stall limit that each finished request renews, and an end that nothing moves."""

import pytest

import connector.deadline
from connector.deadline import Deadline


@pytest.fixture
def clock(monkeypatch):
    """Setting `clock[0]` sets the time."""
    now = [100.0]
    monkeypatch.setattr(connector.deadline.time, "monotonic", lambda: now[0])
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

"""Gates: whether an app may call, and when again."""

import os
from collections import OrderedDict

import pytest

import connector.limits.local_gate
import connector.limits.pace
from connector.limits.local_gate import LocalGate
from connector.limits.pace import Pace


@pytest.fixture
def clock(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(connector.limits.local_gate.time, "monotonic", lambda: now[0])
    return now


def test_a_gate_is_open_until_it_is_closed(clock):
    gate = LocalGate()
    assert gate.left("app") == 0
    gate.close("app", 30)
    assert gate.left("app") == 30
    clock[0] += 29
    assert gate.left("app") == 1
    clock[0] += 2
    assert gate.left("app") == 0


def test_a_gate_is_closed_for_one_app(clock):
    gate = LocalGate()
    gate.close("app", 30)
    assert gate.left("other") == 0


@pytest.mark.parametrize(("first", "second"), [(30, 5), (5, 30)])
def test_a_gate_stays_closed_for_the_longest_that_was_asked(clock, first, second):
    gate = LocalGate()
    gate.close("app", first)
    gate.close("app", second)
    assert gate.left("app") == 30


def test_a_gate_forgets_what_is_over(clock):
    gate = LocalGate()
    for number in range(1000):
        gate.close(f"app-{number}", 1)
        clock[0] += 1
    assert len(gate._opens_at) <= 2


def test_a_gate_minds_a_bounded_number_of_apps_and_forgets_the_one_least_heard_of(monkeypatch):
    monkeypatch.setattr(connector.limits.local_gate, "MOST_APPS", 3)
    gate = LocalGate()
    for app in ("one", "two", "three"):
        gate.close(app, 60)
    assert gate.left("one") > 0
    gate.close("four", 60)
    assert [app for app in ("one", "two", "three", "four") if gate.left(app)] == ["one", "three", "four"]


def test_a_refusal_looks_at_a_few_apps_however_many_are_closed():
    gate = LocalGate()
    for number in range(20_000):
        gate.close(f"app-{number}", 60)
    touched = []

    class Counting(OrderedDict):
        def __getitem__(self, app):
            touched.append(app)
            return super().__getitem__(app)

        def __iter__(self):
            for app in super().__iter__():
                touched.append(app)
                yield app

    gate._opens_at = Counting(gate._opens_at)
    touched.clear()
    gate.close("another", 60)
    assert len(touched) <= 4


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
@pytest.mark.parametrize("make", [LocalGate, lambda: Pace(5, 60)], ids=["gate", "pace"])
def test_a_lock_that_is_held_during_a_fork_holds_up_no_child(make):
    gate = make()
    own = getattr(gate, "_own", gate)
    with own._lock:
        if (child := os.fork()) == 0:
            if not own._lock.acquire(timeout=30):
                os._exit(1)
            own._lock.release()
            gate.close("app", 60)
            os._exit(0 if gate.left("app") > 0 and gate.left("other") == 0 else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_a_pace_counts_each_app_by_itself():
    gate = Pace(calls=2, seconds=60)
    assert [gate.left(app) for app in ("one", "one", "two", "two")] == [0] * 4
    assert all(50 < gate.left(app) <= 60 for app in ("one", "two"))


def test_a_pace_has_room_again_as_calls_grow_old(clock):
    gate = Pace(calls=2, seconds=60)
    assert gate.left("app") == 0
    clock[0] += 20
    assert [gate.left("app") for _ in range(2)] == [0, 40]
    clock[0] += 40
    assert [gate.left("app") for _ in range(2)] == [0, 20]


def test_a_pace_forgets_apps_that_call_no_more(clock):
    gate = Pace(calls=2, seconds=60)
    for number in range(1000):
        gate.left(f"app-{number}")
        clock[0] += 1
    assert len(gate._own._called_at) <= 61


def test_a_pace_minds_a_bounded_number_of_apps(monkeypatch):
    monkeypatch.setattr(connector.limits.pace, "MOST_APPS", 3)
    gate = Pace(calls=1, seconds=60)
    assert [gate.left(app) for app in ("one", "two", "three", "four")] == [0] * 4
    assert list(gate._own._called_at) == ["two", "three", "four"]


@pytest.mark.parametrize("rate", [(0, 60), (1, 0), (-1, 60), (1, float("inf")), (1, float("nan")), (float("nan"), 1)])
def test_a_pace_that_is_none_is_refused(rate):
    with pytest.raises(ValueError, match="both above zero"):
        Pace(*rate)


def test_a_pace_keeps_to_another_gate(clock):
    inner = LocalGate()
    gate = Pace(calls=100, seconds=1, gate=inner)
    gate.close("app", 30)
    assert (gate.left("app"), inner.left("app")) == (30, 30)

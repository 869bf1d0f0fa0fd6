"""Gates: whether an app may call, and when again."""

import subprocess
import sys

import pytest

import connector.limits.local_gate
from connector.limits.local_gate import LocalGate, Pace


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
    assert len(gate._opens_at) == 1


def test_a_pace_counts_each_app_by_itself():
    gate = Pace(calls=2, seconds=60)
    assert [gate.left(app) for app in ("one", "one", "two", "two")] == [0] * 4
    assert all(50 < gate.left(app) <= 60 for app in ("one", "two"))


def test_a_pace_keeps_to_another_gate(clock):
    inner = LocalGate()
    gate = Pace(calls=100, seconds=1, gate=inner)
    gate.close("app", 30)
    assert (gate.left("app"), inner.left("app")) == (30, 30)


def test_without_a_pace_its_library_is_not_loaded():
    code = "import sys, connector.limits.local_gate as r; r.LocalGate().left('app'); sys.exit('limits' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

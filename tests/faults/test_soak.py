"""`make soak` in a smaller size: its stories hold, and it can tell when one doesn't."""

import threading

import soak_figures
from soak import keep_the_book
from soak_figures import Story, check_growth, watch
from soak_serving import meet_hostile_client
from soak_strangers import stand_what_hangs, tell_many_tokens_apart

PATIENCE_S = 60.0


def test_results_are_true_with_a_service_that_fails():
    assert keep_the_book(320).wrong == []


def test_callers_who_never_come_twice_leave_nothing():
    story = tell_many_tokens_apart(1000)
    assert story.wrong == []
    assert "ok 700" in story.rows[1]


def test_what_hangs_holds_nobody_beyond_the_deadline():
    assert [line for story in stand_what_hangs(8) for line in story.wrong] == []


def test_honest_clients_are_answered_beside_a_hostile_one():
    story = meet_hostile_client("dripped bodies", seconds=1, within_s=PATIENCE_S)
    assert story.wrong == []


def test_growth_is_told():
    samples = [{"at": step / 50, "RSS (MiB)": 50.0 + step, "threads": 9.0} for step in range(50)]
    story = Story()
    check_growth(samples, story)
    assert story.wrong == ["RSS (MiB) grew from 59.0 to 95.0"]


def test_a_process_is_measured_as_long_as_it_runs():
    runs = threading.Event()
    runs.set()
    steps = iter(range(100))

    def share():
        step = next(steps)
        if step == 3:
            runs.clear()
        return step / 4

    assert [sample["at"] for sample in watch(runs.is_set, share, pause_s=0)] == [0, 0.25, 0.5, 0.75]
    assert soak_figures.measure()["threads"] >= 1

"""What hangs is asked in threads of its own: a bounded number of them, which go when there is nothing to ask."""

import os
import threading

import pytest
from patience import wait_until

import connector.bounded_wait
from connector.bounded_wait import BoundedWait, NoThreadError

PATIENCE_S = 30


@pytest.fixture
def hang():
    """A question that is not answered before the test is over."""
    is_over = threading.Event()
    yield is_over.wait
    is_over.set()


def count_threads(name):
    return sum(thread.name == name for thread in threading.enumerate())


def test_an_answer_comes_back_and_so_does_what_is_raised():
    waits = BoundedWait("test-answers", 1)
    assert waits.ask(lambda: 1, PATIENCE_S) == 1
    with pytest.raises(KeyError):
        waits.ask(lambda: {}[1], PATIENCE_S)
    assert waits.ask(lambda: None, PATIENCE_S) is None


def test_who_asks_goes_on_when_the_time_is_up(hang):
    with pytest.raises(TimeoutError):
        BoundedWait("test-hangs", 1).ask(hang, 0.05)


def test_what_hangs_takes_a_bounded_number_of_threads_and_keeps_no_question(hang):
    waits = BoundedWait("test-bounded", 3)
    asked = []
    for number in range(50):
        with pytest.raises(TimeoutError):
            waits.ask(lambda number=number: (asked.append(number), hang()), 0.01)
    assert count_threads("test-bounded") == 3
    assert len(waits._waiting) <= 4
    assert len(asked) <= 3


def test_what_was_given_up_before_it_was_asked_is_never_asked():
    waits = BoundedWait("test-given-up", 1)
    is_free = threading.Event()
    asked = []
    first = waits.begin(is_free.wait)
    second = waits.begin(lambda: asked.append("second"))
    second.give_up()
    with pytest.raises(TimeoutError):
        second.take(PATIENCE_S)
    is_free.set()
    first.take(PATIENCE_S)
    assert waits.ask(lambda: "third", PATIENCE_S) == "third"
    assert asked == []


def test_what_comes_too_late_is_discarded():
    is_free, discarded = threading.Event(), []
    waits = BoundedWait("test-late", 1)
    answer = waits.begin(lambda: (is_free.wait(), "late")[1], discarded.append)
    answer.give_up()
    is_free.set()
    # It may have been given up before it was asked, and then there is nothing to discard.
    waits.ask(lambda: None, PATIENCE_S)
    assert discarded in ([], ["late"])


def test_another_thread_may_end_the_wait(hang):
    answer = BoundedWait("test-ended", 1).begin(hang)
    threading.Timer(0.05, answer.give_up).start()
    with pytest.raises(TimeoutError):
        answer.take(PATIENCE_S)


def test_threads_go_when_there_is_nothing_to_do_and_come_back(monkeypatch):
    monkeypatch.setattr(connector.bounded_wait, "IDLE_S", 0.05)
    waits = BoundedWait("test-idle", 2)
    for _ in range(2):
        assert waits.ask(lambda: 1, PATIENCE_S) == 1
        wait_until(lambda: count_threads("test-idle") == 0)


def test_without_a_thread_the_question_is_refused_and_the_next_one_is_not(monkeypatch):
    waits = BoundedWait("test-refused", 1)
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", refuse)
        with pytest.raises(NoThreadError):
            waits.ask(lambda: 1, PATIENCE_S)
    assert waits.ask(lambda: 2, PATIENCE_S) == 2


def refuse(_thread):
    raise RuntimeError("can't start new thread")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_process_asks_in_threads_of_its_own(hang):
    waits = BoundedWait("test-forked", 1)
    waits.begin(hang)
    with waits._condition:
        if (child := os.fork()) == 0:
            os._exit(0 if waits.ask(lambda: 7, PATIENCE_S) == 7 else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0

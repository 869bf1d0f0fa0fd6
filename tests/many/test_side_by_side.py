"""Calls run side by side and their results come in order; whatever happens, no thread is left behind."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from patience import wait_until

from connector.many import side_by_side
from connector.many.side_by_side import Crew, map_in_order


class Work:
    """Calls that begin at once and end when they are let go; it knows how many are under way."""

    def __init__(self):
        self.begun = []
        self.now = self.most = 0
        self.stopped = 0
        self._lock = threading.Lock()
        self._ends = {}
        self._is_stopped = threading.Event()

    def end(self, *numbers):
        for number in numbers:
            self._end_of(number).set()

    def stop(self):
        self.stopped += 1
        self._is_stopped.set()
        for event in list(self._ends.values()):
            event.set()

    def __call__(self, number):
        with self._lock:
            self.begun.append(number)
            self.now += 1
            self.most = max(self.most, self.now)
        self._end_of(number).wait(60)
        with self._lock:
            self.now -= 1
        if self._is_stopped.is_set():
            raise InterruptedError
        return number * 10

    def _end_of(self, number):
        with self._lock:
            return self._ends.setdefault(number, threading.Event())


@pytest.fixture(autouse=True)
def no_thread_is_left():
    before = threading.active_count()
    yield
    assert threading.active_count() == before
    assert side_by_side._spare._value == side_by_side.SPARE_THREADS


@pytest.mark.parametrize("width", [1, 2, 8, 50])
@pytest.mark.parametrize("count", [0, 1, 2, 30])
def test_results_come_in_the_order_of_the_inputs(width, count):
    def call(number):
        time.sleep(0.002 * (number % 3))
        return number * 10

    assert list(map_in_order(call, range(count), width)) == [number * 10 for number in range(count)]


@pytest.mark.parametrize("width", [1, 3, 8])
def test_no_more_calls_run_at_once_than_the_window_is_wide(width):
    work = Work()
    work.end(*range(40))
    assert len(list(map_in_order(work, range(40), width))) == 40
    assert work.most <= width


def test_as_many_calls_run_at_once_as_the_window_is_wide():
    barrier = threading.Barrier(8, timeout=10)
    assert len(list(map_in_order(lambda _: barrier.wait(), range(64), 8))) == 64


@pytest.mark.parametrize(("width", "inputs"), [(8, [1]), (1, [1, 2, 3])])
def test_what_needs_no_thread_starts_none(width, inputs):
    threads = list(map_in_order(lambda _: threading.current_thread(), inputs, width))
    assert set(threads) == {threading.current_thread()}


def test_the_window_waits_for_whoever_takes_the_results():
    drawn = []

    def draw():
        for number in range(100):
            drawn.append(number)
            yield number

    results = map_in_order(lambda number: number, draw(), 4)
    assert drawn == []
    for taken in range(1, 5):
        next(results)
        assert len(drawn) == taken + 3
    results.close()


def test_an_endless_list_of_inputs_is_no_trouble():
    results = map_in_order(lambda number: number, range(10**12), 8)
    assert [next(results) for _ in range(20)] == list(range(20))
    results.close()


def test_the_first_failure_in_order_comes_in_its_place():
    def call(number):
        # The later one fails first.
        time.sleep(0.05 if number == 3 else 0)
        if number in (3, 5):
            raise ValueError(number)
        return number

    results = map_in_order(call, range(100), 8)
    assert [next(results) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(ValueError, match="3"):
        next(results)
    assert list(results) == []


def test_after_a_failure_no_call_begins_and_what_is_under_way_is_stopped():
    work = Work()

    def call(number):
        if number == 0:
            wait_until(lambda: work.now == 3)
            raise EOFError
        return work(number)

    with pytest.raises(EOFError):
        next(map_in_order(call, range(100), 4, on_stop=work.stop))
    assert (sorted(work.begun), work.stopped, work.now) == ([1, 2, 3], 1, 0)


def test_closing_the_results_stops_what_is_under_way():
    work = Work()
    work.end(0)
    results = map_in_order(work, range(100), 4, on_stop=work.stop)
    assert next(results) == 0
    wait_until(lambda: work.now == 3)
    results.close()
    assert (sorted(work.begun), work.stopped, work.now) == ([0, 1, 2, 3], 1, 0)


def test_results_that_nobody_holds_any_more_are_closed():
    work = Work()
    work.end(0)
    results = map_in_order(work, range(100), 4, on_stop=work.stop)
    next(results)
    del results
    assert work.now == 0


def test_where_nothing_is_under_way_nothing_is_stopped():
    work = Work()
    work.end(*range(4))
    results = map_in_order(work, range(4), 4, on_stop=work.stop)
    assert list(results) == [0, 10, 20, 30]
    assert work.stopped == 0


def test_an_interrupt_while_waiting_ends_everything_under_way(monkeypatch):
    work = Work()
    work.end(0)
    results = map_in_order(work, range(100), 4, on_stop=work.stop)
    next(results)
    wait_until(lambda: work.now == 3)

    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("concurrent.futures.Future.result", interrupt)
    with pytest.raises(KeyboardInterrupt):
        next(results)
    assert (work.stopped, work.now) == (1, 0)


def test_the_window_narrows_when_the_service_pushes_back_and_widens_again():
    pushed_back = 0
    ahead = []
    drawn = 0

    def draw():
        nonlocal drawn
        while True:
            drawn += 1
            yield drawn

    results = map_in_order(lambda number: number, draw(), 8, pressure=lambda: pushed_back)
    for taken in range(100):
        if taken in (20, 21, 22):
            pushed_back += 1
        next(results)
        ahead.append(drawn - taken)
    results.close()
    assert (max(ahead), ahead[19], ahead[-1]) == (8, 8, 8)
    # Three in a row came from one window, so they count once.
    assert min(ahead[20:]) == 4
    assert sorted(ahead[30:]) == ahead[30:]


def test_the_window_is_never_narrower_than_one_call():
    pushed_back = 0

    def call(number):
        nonlocal pushed_back
        pushed_back += 1
        return number

    assert list(map_in_order(call, range(100), 8, pressure=lambda: pushed_back)) == list(range(100))


def test_many_readings_at_once_share_the_threads_there_are():
    most = 0

    def call(number):
        nonlocal most
        most = max(most, threading.active_count())
        time.sleep(0.001)
        return number

    with ThreadPoolExecutor(64) as callers:
        results = list(callers.map(lambda _: list(map_in_order(call, range(20), 8)), range(64)))
    assert results == [list(range(20))] * 64
    assert most <= side_by_side.SPARE_THREADS + 64 + 8


def test_a_reading_takes_no_more_of_the_process_s_threads_than_it_can_use(monkeypatch):
    spare = threading.Semaphore(2)
    monkeypatch.setattr(side_by_side, "_spare", spare)
    is_free = []

    def call(number):
        if number == 0:
            is_free.append(spare.acquire(blocking=False))
            spare.release()
        return number

    assert list(map_in_order(call, [0, 1], 16)) == [0, 1]
    assert is_free == [True]


def test_without_a_thread_to_spare_calls_run_one_after_the_other(monkeypatch):
    monkeypatch.setattr(side_by_side, "_spare", threading.Semaphore(0))
    threads = set(map_in_order(lambda _: threading.current_thread(), range(10), 8))
    assert threads == {threading.current_thread()}
    monkeypatch.undo()


def test_a_system_without_more_threads_is_no_failure(monkeypatch):
    def refuse(_thread):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    assert list(map_in_order(lambda number: number, range(10), 8)) == list(range(10))


def test_one_call_may_run_ahead():
    work = Work()
    with Crew(work, 1, work.stop) as crew:
        task = crew.begin(1)
        wait_until(lambda: work.begun == [1])
        work.end(1)
        assert crew.finish(task) == 10
    assert work.stopped == 0

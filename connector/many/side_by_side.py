"""Calls side by side: some are under way ahead of whoever takes the results, and the results come in order.

Knows nothing of requests or pages. A call that has not begun when its result is wanted runs in the thread that wants
it, so a single call costs no thread, and a process that has none to spare is slower but never stands still.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable
from itertools import islice
from operator import length_hint
from typing import TYPE_CHECKING, Final, Generic, Self, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

In = TypeVar("In")
Out = TypeVar("Out")

#: The most threads that all crews of a process have together, whoever calls at once.
SPARE_THREADS: Final = 128
_spare = threading.Semaphore(SPARE_THREADS)


def map_in_order(
    call: Callable[[In], Out],
    inputs: Iterable[In],
    width: int,
    *,
    pressure: Callable[[], int] | None = None,
    on_stop: Callable[[], object] | None = None,
) -> Generator[Out, None, None]:
    """`call` of each input, in the order of the inputs, with at most `width` of them begun and not yet taken.

    Inputs are drawn by the thread that takes the results, and only as far as the window reaches. `pressure` counts
    how often the service has pushed back so far: when it grows, half as many calls run at once, and one more after
    each full window without. The first failure in order is raised in its place. Closing the iterator, or a failure,
    begins no more calls, calls `on_stop` where some are still under way, and returns when they have ended.
    """
    source = iter(inputs)
    limit = _Limit(width, pressure)
    window: deque[Task[In, Out]] = deque()
    # No more than can be busy: the threads are the whole process's, and one call runs here.
    size = min(width, length_hint(inputs, width + 1) - 1)
    with Crew(call, size, on_stop) as crew:
        while True:
            for value in islice(source, max(0, limit.current() - len(window))):
                # The first is wanted at once, so it runs here.
                window.append(crew.begin(value) if window else Task(value))
            if not window:
                return
            yield crew.finish(window.popleft())
            limit.count()


class Task(Generic[In, Out]):
    """One call: its input, and its future where a thread was to spare."""

    __slots__ = ("future", "value")

    def __init__(self, value: In, future: Future[Out] | None = None) -> None:
        self.value = value
        self.future = future


class Crew(Generic[In, Out]):
    """Up to `size` threads for the calls of one reading, started when they are needed and gone at the end of `with`."""

    def __init__(self, call: Callable[[In], Out], size: int, on_stop: Callable[[], object] | None = None) -> None:
        self._call = call
        self._size = size
        self._on_stop = on_stop
        self._threads: ThreadPoolExecutor | None = None
        self._spared = 0
        self._begun: deque[Future[Out]] = deque()

    def begin(self, value: In) -> Task[In, Out]:
        """Begins the call for `value` as soon as a thread is free."""
        if self._threads is None:
            while self._spared < self._size and _spare.acquire(blocking=False):
                self._spared += 1
            if not self._spared:
                return Task(value)
            from concurrent.futures import ThreadPoolExecutor

            self._threads = ThreadPoolExecutor(self._spared, "connector-ahead")
        try:
            future = self._threads.submit(self._call, value)
        except RuntimeError:
            # The system gives no more threads, or the interpreter is on its way out.
            return Task(value)
        self._begun.append(future)
        return Task(value, future)

    def finish(self, task: Task[In, Out]) -> Out:
        """The result of `task`, in this thread where it has not begun; raises what the call raises."""
        future = task.future
        if future is None:
            return self._call(task.value)
        try:
            return self._call(task.value) if future.cancel() else future.result()
        finally:
            # After an interrupt it is still under way, and `on_stop` is there for it.
            if future.done():
                self._begun.remove(future)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            is_under_way = [not future.cancel() and not future.done() for future in self._begun]
            if any(is_under_way) and self._on_stop is not None:
                self._on_stop()
            if self._threads is not None:
                self._threads.shutdown(wait=True, cancel_futures=True)
        finally:
            if self._spared:
                _spare.release(self._spared)


class _Limit:
    """How many calls may be ahead at once."""

    def __init__(self, width: int, pressure: Callable[[], int] | None) -> None:
        self._most = self._now = max(1, width)
        self._pressure = pressure
        self._felt = pressure() if pressure else 0
        self._calm = 0

    def current(self) -> int:
        if self._pressure is not None and (felt := self._pressure()) > self._felt:
            self._felt = felt
            # What was under way together is pushed back together, which counts once.
            if self._calm >= 0:
                self._calm = -self._now
                self._now = max(1, self._now // 2)
        return self._now

    def count(self) -> None:
        """One more call was finished."""
        self._calm += 1
        if self._calm >= self._now and self._now < self._most:
            self._now += 1
            self._calm = 0

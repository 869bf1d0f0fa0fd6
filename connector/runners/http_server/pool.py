"""A bounded number of threads for blocking work, shared fairly: every owner has a limit, and so has the queue.

All methods belong to the event loop's thread; only the work itself runs elsewhere.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any


class Full(Exception):
    """No thread is free and the queue is full, or the pool takes no more work."""


@dataclass(frozen=True, slots=True, eq=False)
class _Job:
    owner: str
    work: Callable[[], Any]
    future: asyncio.Future[Any]
    cancel: Callable[[], None] | None


class Pool:
    """Runs work in at most `threads` threads, `per_owner` of them for one owner; `queue` more may wait."""

    def __init__(self, threads: int, per_owner: int, queue: int) -> None:
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="connector")
        self._threads = threads
        self._per_owner = per_owner
        self._queue = queue
        self._waiting: deque[_Job] = deque()
        self._running: set[_Job] = set()
        self._by_owner: Counter[str] = Counter()
        self._is_closed = False
        self._is_idle = asyncio.Event()
        self._is_idle.set()

    @property
    def running(self) -> int:
        return len(self._running)

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    @property
    def is_closed(self) -> bool:
        return self._is_closed

    def submit(
        self, owner: str, work: Callable[[], Any], cancel: Callable[[], None] | None = None
    ) -> asyncio.Future[Any]:
        """A future of what `work` returns or raises. Cancelling the future drops work that still waits; `cancel`
        is called when running work should end early. Raises `Full`."""
        if self._is_closed:
            raise Full
        loop = asyncio.get_running_loop()
        job = _Job(owner, work, loop.create_future(), cancel)
        if self._may_start(owner):
            self._start(job, loop)
        elif len(self._waiting) < self._queue:
            self._waiting.append(job)
            job.future.add_done_callback(lambda _: self._drop(job))
        else:
            raise Full
        return job.future

    def close(self) -> None:
        """Takes no more work and drops what waits; what runs goes on."""
        self._is_closed = True
        while self._waiting:
            job = self._waiting.popleft()
            if not job.future.done():
                job.future.set_exception(Full())

    def cancel(self) -> None:
        """Ends early all that runs and can be cancelled."""
        for job in self._running:
            if job.cancel is not None:
                job.cancel()

    async def finish(self) -> None:
        """Waits until nothing runs, and ends the threads."""
        self.close()
        await self._is_idle.wait()
        self._executor.shutdown()

    def _drop(self, job: _Job) -> None:
        if job in self._waiting:
            self._waiting.remove(job)

    def _may_start(self, owner: str) -> bool:
        return len(self._running) < self._threads and self._by_owner[owner] < self._per_owner

    def _start(self, job: _Job, loop: asyncio.AbstractEventLoop) -> None:
        self._running.add(job)
        self._by_owner[job.owner] += 1
        self._is_idle.clear()
        self._executor.submit(self._run, job, loop)

    def _run(self, job: _Job, loop: asyncio.AbstractEventLoop) -> None:
        result: Any = None
        error: BaseException | None = None
        try:
            result = job.work()
        except BaseException as problem:
            error = problem
        loop.call_soon_threadsafe(self._finish, job, result, error, loop)

    def _finish(self, job: _Job, result: Any, error: BaseException | None, loop: asyncio.AbstractEventLoop) -> None:
        self._running.discard(job)
        self._by_owner[job.owner] -= 1
        if not self._by_owner[job.owner]:
            del self._by_owner[job.owner]
        if not job.future.done():
            if error is None:
                job.future.set_result(result)
            else:
                job.future.set_exception(error)
        self._start_next(loop)
        if not self._running:
            self._is_idle.set()

    def _start_next(self, loop: asyncio.AbstractEventLoop) -> None:
        passed_over: list[_Job] = []
        while self._waiting and len(self._running) < self._threads:
            job = self._waiting.popleft()
            if self._may_start(job.owner):
                self._start(job, loop)
            else:
                passed_over.append(job)
        self._waiting.extendleft(reversed(passed_over))

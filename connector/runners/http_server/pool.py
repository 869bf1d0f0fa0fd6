"""A bounded number of threads for blocking work, shared fairly: owners have a limit, and those that wait take turns.

All methods belong to the event loop's thread; only the work itself runs elsewhere.
"""

from __future__ import annotations

import asyncio
import threading
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any


class Full(Exception):
    """No thread is free and the queue is full, or the pool takes no more work."""


@dataclass(frozen=True, slots=True, eq=False)
class _Job:
    owner: str
    work: Callable[[], Any]
    future: asyncio.Future[Any]
    cancel: Callable[[], None] | None
    #: Whoever holds it has decided: a thread begins the work, or it is never begun.
    decision: threading.Lock = field(default_factory=threading.Lock)

    def take(self) -> bool:
        """Whether the caller is the first to decide on the work."""
        return self.decision.acquire(blocking=False)


class Pool:
    """Runs work in at most `threads` threads, `per_owner` of them for one owner; `queue` more may wait.

    Where no owner may have all threads, an eighth of them is kept for owners that have none. A queue that is full makes
    room for an owner with less in it than another: the other's latest work is turned away.
    """

    def __init__(self, threads: int, per_owner: int, queue: int) -> None:
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="connector")
        self._threads = threads
        self._per_owner = per_owner
        self._queue = queue
        self._kept = threads // 8 if per_owner < threads else 0
        #: What waits, by owner; the owner whose turn is next comes first.
        self._waiting: dict[str, deque[_Job]] = {}
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
        return sum(map(len, self._waiting.values()))

    @property
    def is_closed(self) -> bool:
        return self._is_closed

    def submit(
        self, owner: str, work: Callable[[], Any], cancel: Callable[[], None] | None = None
    ) -> asyncio.Future[Any]:
        """A future of what `work` returns or raises. Cancelling the future drops work that has not begun; `cancel`
        is called when running work should end early. Raises `Full`; the future may, where the work has to make way."""
        if self._is_closed:
            raise Full
        loop = asyncio.get_running_loop()
        job = _Job(owner, work, loop.create_future(), cancel)
        if self._may_start(owner) and not any(map(self._may_start, self._waiting)):
            if not self._start(job, loop):
                raise Full
        elif self.waiting < self._queue or self._make_room(owner):
            self._waiting.setdefault(owner, deque()).append(job)
            job.future.add_done_callback(lambda _: self._drop(job))
        else:
            raise Full
        return job.future

    def close(self) -> None:
        """Takes no more work and drops what waits; what runs goes on."""
        self._is_closed = True
        for jobs in self._waiting.values():
            for job in jobs:
                _refuse(job)
        self._waiting.clear()

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
        jobs = self._waiting.get(job.owner, ())
        if job in jobs:
            jobs.remove(job)  # type: ignore[union-attr]
            if not jobs:
                del self._waiting[job.owner]

    def _make_room(self, owner: str) -> bool:
        """Turns away the latest work of the owner that has most, where `owner` would still have less than that."""
        most = max(self._waiting, key=lambda one: len(self._waiting[one]), default=owner)
        if len(self._waiting.get(most, ())) <= len(self._waiting.get(owner, ())) + 1:
            return False
        job = self._waiting[most][-1]
        self._drop(job)
        _refuse(job)
        return True

    def _may_start(self, owner: str) -> bool:
        has = self._by_owner[owner]
        return has < self._per_owner and len(self._running) < self._threads - (self._kept if has else 0)

    def _start(self, job: _Job, loop: asyncio.AbstractEventLoop) -> bool:
        """Whether a thread has the job. Where the system gives no thread, the executor keeps what it was given all the
        same, and would run it later."""
        self._running.add(job)
        self._by_owner[job.owner] += 1
        self._is_idle.clear()
        try:
            self._executor.submit(self._run, job, loop)
        except RuntimeError:
            if job.take():
                self._forget(job)
                return False
        return True

    def _run(self, job: _Job, loop: asyncio.AbstractEventLoop) -> None:
        result: Any = None
        error: BaseException | None = None
        if not job.take():
            return
        try:
            # A future may have been given up while the job was on its way to this thread.
            if not job.future.cancelled():
                result = job.work()
        except BaseException as problem:
            error = problem
        loop.call_soon_threadsafe(self._finish, job, result, error, loop)

    def _finish(self, job: _Job, result: Any, error: BaseException | None, loop: asyncio.AbstractEventLoop) -> None:
        self._forget(job)
        if not job.future.done():
            if error is None:
                job.future.set_result(result)
            else:
                job.future.set_exception(error)
        # Whoever waits for this hears of it first, and may give up what would be next.
        loop.call_soon(self._start_next, loop)

    def _forget(self, job: _Job) -> None:
        self._running.discard(job)
        self._by_owner[job.owner] -= 1
        if not self._by_owner[job.owner]:
            del self._by_owner[job.owner]
        if not self._running:
            self._is_idle.set()

    def _start_next(self, loop: asyncio.AbstractEventLoop) -> None:
        while (owner := next(filter(self._may_start, self._waiting), None)) is not None:
            jobs = self._waiting.pop(owner)
            job = jobs.popleft()
            if jobs:
                # At the end of the round.
                self._waiting[owner] = jobs
            # One that was given up in this turn of the loop is still here.
            if not job.future.done() and not self._start(job, loop):
                _refuse(job)


def _refuse(job: _Job) -> None:
    if not job.future.done():
        job.future.set_exception(Full())

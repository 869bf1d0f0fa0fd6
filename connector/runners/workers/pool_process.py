"""A process of a worker's pool that is told to end in the middle of a task.

Whoever stops a service tells each of its processes. The worker's own one waits for what runs; those of its pool would
end at once, and a write with them. Where the worker itself wants a task cut, it says so in another way.
"""

from __future__ import annotations

import signal
from contextlib import suppress
from multiprocessing import current_process
from typing import Any, Final

from celery import signals
from celery.worker.request import Request

_PASSED_OVER: Final = (None, "TERM", "SIGTERM", signal.SIGTERM)
_CUT: Final = "SIGQUIT"
#: The name of a process that no pool started: a worker whose pool is `solo` runs the tasks in its own one.
_OWN: Final = "MainProcess"


class CuttableRequest(Request):  # type: ignore[misc]
    """Celery's part of a task in the worker's own process. A shutdown by SIGQUIT and a revocation cut the task, by a
    signal that its process doesn't pass over; in a pool that can cut nothing, it is finished."""

    def cancel(self, pool: Any, signal: Any = None, emit_retry: bool = True) -> None:
        with suppress(NotImplementedError):
            super().cancel(pool, signal or _CUT, emit_retry=emit_retry)

    def terminate(self, pool: Any, signal: Any = None) -> None:
        with suppress(NotImplementedError):
            super().terminate(pool, _CUT if signal in _PASSED_OVER else signal)


def spare_running_tasks(**_: object) -> None:
    """Has the tasks of this process finish though it is told to end, once: a second time ends it at once.

    After that the worker itself ends it. The worker's own process goes by Celery's handler, which finishes tasks too.
    Takes and ignores what a signal of Celery's says.
    """
    if current_process().name == _OWN:
        return
    before: list[Any] = []

    def pass_over(which: int, _frame: object) -> None:
        signal.signal(which, signal.SIG_DFL)

    def begin(**_: object) -> None:
        before.append(signal.signal(signal.SIGTERM, pass_over))

    def end(**_: object) -> None:
        if before:
            signal.signal(signal.SIGTERM, before.pop())

    # Set for each task anew: the pool sets its own once more after this.
    signals.task_prerun.connect(begin, weak=False, dispatch_uid=f"{__name__} begin")
    signals.task_postrun.connect(end, weak=False, dispatch_uid=f"{__name__} end")

"""What a worker's log tells of each task: a line with block, connection, outcome, time and requests; never a value."""

from __future__ import annotations

import logging
import time
from typing import Any, Final

from connector.result import Result

_LOG: Final = logging.getLogger("connector.worker")
#: The most of a connection's name, which anyone who reaches the queue can write.
_NAME_LENGTH: Final = 80


class Account:
    """The line of one task, `task_id`, which runs `block` for `connection`; its time starts now."""

    def __init__(self, task_id: str | None, block: str, connection: str | None) -> None:
        # Quoted, so that no name can begin a line of its own.
        self._who = "no connection" if connection is None else repr(connection)[:_NAME_LENGTH]
        self._block = block
        self._task = task_id or "no task"
        self._started = time.monotonic()

    def close(self, result: Result) -> dict[str, Any]:
        """Writes that the task ended with `result`, and gives the envelope of that."""
        requests = result.meta.requests
        outcome = "ok" if result.error is None else result.error.kind
        self._write(
            logging.INFO if result.ok else logging.WARNING,
            f"{outcome}, {requests} request{'' if requests == 1 else 's'}",
        )
        return result.envelope()

    def note(self, words: str) -> None:
        """Writes what became of the task otherwise."""
        self._write(logging.INFO, words)

    def _write(self, level: int, words: str) -> None:
        passed_ms = (time.monotonic() - self._started) * 1000
        _LOG.log(level, "%s for %s: %s, %.1f ms, task %s", self._block, self._who, words, passed_ms, self._task)

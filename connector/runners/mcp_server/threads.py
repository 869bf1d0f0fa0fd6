"""Threads for invocations where no HTTP server lends its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import anyio
from anyio.to_thread import run_sync
from starlette.requests import Request

from connector.errors import ErrorDetail, InvocationFailed
from connector.manifest.blocks import Block
from connector.runners.mcp_server.door import Outcome
from connector.wire.deadline import Cancel

_COUNT: Final = 16


class Threads:
    """Runs invocations in at most `count` threads at a time; more wait for their turn.

    `writes` is the number of those under way that may change something. They are finished, whoever leaves.
    """

    def __init__(self, count: int = _COUNT) -> None:
        self._limiter = anyio.CapacityLimiter(count)
        self._are_finished: anyio.Event | None = None
        self.writes = 0

    async def __call__(
        self, _request: Request | None, block: Block, work: Callable[[], Outcome], _cancel: Cancel, /
    ) -> Outcome:
        """What `work` returns. When the caller is cancelled, a read is left to end by itself, a write is waited for.

        Raises `InvocationFailed` for a write that comes after `finish_writes`.
        """
        if block.effect == "read":
            return await run_sync(work, limiter=self._limiter, abandon_on_cancel=True)
        async with self._limiter:
            if self._are_finished:
                raise InvocationFailed(
                    ErrorDetail("cancelled", f"{block.name}: the server is ending; nothing was sent.")
                )
            self.writes += 1
            try:
                return await run_sync(work, limiter=anyio.CapacityLimiter(1))
            finally:
                self.writes -= 1
                if self._are_finished and not self.writes:
                    self._are_finished.set()

    async def finish_writes(self) -> None:
        """Waits until no write is under way; none begins any more."""
        self._are_finished = anyio.Event()
        if self.writes:
            await self._are_finished.wait()

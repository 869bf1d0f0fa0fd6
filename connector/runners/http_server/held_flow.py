"""When a connection is read, as uvicorn decides it, but for a time in which nothing more is wanted."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.flow_control import FlowControl


class HeldFlow(FlowControl):
    """Uvicorn's, which an application that waits for its client to leave would have go on reading."""

    def __init__(self, transport: asyncio.Transport) -> None:
        super().__init__(transport)
        self._is_held = False

    def hold(self) -> None:
        """Reads nothing before `release`."""
        self._is_held = True
        self.pause_reading()

    def release(self) -> None:
        self._is_held = False
        self.resume_reading()

    def resume_reading(self) -> None:
        if not self._is_held:
            super().resume_reading()

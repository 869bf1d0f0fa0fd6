"""Whether the store of connections answers, asked by one thread for all who want to know: a store that hangs holds up
nothing else, the server's end neither.
"""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress

from connector.auth import Store, StoreFailed


class StoreCheck:
    """Looks at `store` within `within_s` seconds; belongs to the event loop's thread."""

    def __init__(self, store: Store, within_s: float) -> None:
        self._store = store
        self._within_s = within_s
        self._look: asyncio.Future[bool] | None = None

    async def can_be_read(self) -> bool:
        """Whether the names of the store's connections can be read in time."""
        if self._look is None or self._look.done():
            self._look = asyncio.get_running_loop().create_future()
            try:
                threading.Thread(target=self._read, args=(self._look,), name="readiness", daemon=True).start()
            except RuntimeError:
                self._look.set_result(False)
        try:
            return await asyncio.wait_for(asyncio.shield(self._look), self._within_s)
        except TimeoutError:
            return False

    def _read(self, look: asyncio.Future[bool]) -> None:
        try:
            self._store.names()
            found = True
        except StoreFailed:
            found = False
        # The loop may have ended meanwhile.
        with suppress(RuntimeError):
            look.get_loop().call_soon_threadsafe(look.set_result, found)

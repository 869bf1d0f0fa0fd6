"""A receiver of deliveries that notes what came and when, and can be down: a thread of its own beside the story."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from dataclasses import dataclass
from typing import Final, Self

_HOST: Final = "127.0.0.1"


@dataclass(frozen=True)
class Delivery:
    """One delivery of an event about a track: for which subscription, and when it came (Unix s)."""

    subscription: str
    event: str
    track: str
    at: float


class Receiver:
    """Listens on 127.0.0.1 and answers 204. `deliveries` has all that came."""

    def __init__(self) -> None:
        self.deliveries: list[Delivery] = []
        self._port = 0
        self._server: asyncio.Server | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="receiver", daemon=True)

    @property
    def url(self) -> str:
        return f"http://{_HOST}:{self._port}/hook"

    def come_up(self) -> None:
        """Listens, where it did before."""
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()

    def go_down(self) -> None:
        """Takes no connection any more, and ends those that there are."""
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()

    def __enter__(self) -> Self:
        self._thread.start()
        self.come_up()
        return self

    def __exit__(self, *_: object) -> None:
        self.go_down()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _listen(self) -> None:
        self._writers: set[asyncio.StreamWriter] = set()
        self._server = await asyncio.start_server(self._serve, _HOST, self._port, backlog=1024)
        self._port = self._server.sockets[0].getsockname()[1]

    async def _end(self) -> None:
        if self._server is not None:
            self._server.close()
            for writer in list(self._writers):
                writer.transport.abort()
            self._server = None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
                length = int(head.partition("content-length:")[2].partition("\r\n")[0])
                self._note(await reader.readexactly(length))
                writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self._writers.discard(writer)
            writer.close()

    def _note(self, body: bytes) -> None:
        told = json.loads(body)
        item = told["data"]["data"]["item"]
        name = told["source"].removeprefix("/subscriptions/")
        self.deliveries.append(Delivery(name, told["id"], item["uri"], time.time()))

"""What the SDK's server on standard input and output leaves open: lines that can't be read, and a signal to end."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Any, Final, Self

import anyio
from mcp.shared.message import SessionMessage
from mcp_types import INVALID_REQUEST, PARSE_ERROR, ErrorData, JSONRPCError, JSONRPCNotification
from pydantic import ValidationError

from connector.runners.mcp_server.begun_writes import BegunWrites
from connector.runners.mcp_server.threads import Threads

#: How long (s) the answer of a finished write has to be written before a signal ends the process.
_LAST_ANSWER_S: Final = 0.2


class Incoming:
    """The messages of `stream`. A line that is none is answered to `outgoing` with an error, and passed over: a client
    that sent it would wait for ever. So is the word that one of `begun_writes` is cancelled, which is too late."""

    def __init__(self, stream: Any, outgoing: Any, begun_writes: BegunWrites) -> None:
        self._stream = stream
        self._outgoing = outgoing
        self._begun_writes = begun_writes

    @property
    def last_context(self) -> Any:
        """In which context the last message was sent."""
        return getattr(self._stream, "last_context", None)

    async def receive(self) -> SessionMessage:
        """The next message. Raises `anyio.EndOfStream` after the last one."""
        while True:
            item: SessionMessage | Exception = await self._stream.receive()
            if isinstance(item, Exception):
                if refusal := _build_refusal(item):
                    await self._outgoing.send(SessionMessage(refusal))
            elif not (
                isinstance(word := item.message, JSONRPCNotification)
                and self._begun_writes.is_meant(None, word.method, word.params)
            ):
                return item

    async def aclose(self) -> None:
        await self._stream.aclose()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> SessionMessage:
        try:
            return await self.receive()
        except anyio.EndOfStream:
            raise StopAsyncIteration from None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()


def _build_refusal(problem: Exception) -> JSONRPCError | None:
    """The error for a line that is no message, under the id of its request where one can be found; `None` for a blank
    one."""
    found = problem.errors(include_url=False) if isinstance(problem, ValidationError) else []
    is_json = all(each["type"] != "json_invalid" for each in found)
    # The message as a whole, rather than the part of it that was wrong.
    line: Any = next((each["input"] for each in found if isinstance(each["input"], dict) or not is_json), None)
    if isinstance(line, str | bytes):
        if not line.strip():
            return None
        # Some of what this parser refuses another one takes, such as halves of characters.
        with suppress(ValueError, RecursionError):
            line = json.loads(line)
    request_id = line.get("id") if isinstance(line, dict) else None
    return JSONRPCError(
        jsonrpc="2.0",
        id=request_id if isinstance(request_id, str | int) and not isinstance(request_id, bool) else None,
        error=ErrorData(
            code=INVALID_REQUEST if is_json else PARSE_ERROR,
            message="This line is JSON, but no message of JSON-RPC." if is_json else "This line is no JSON in UTF-8.",
        ),
    )


@contextmanager
def ended_by(signals: Iterable[signal.Signals], threads: Threads) -> Iterator[None]:
    """Within this, the first of `signals` ends the process as it always does, but not before the writes that run in
    `threads` are finished and answered; a second one ends it at once."""
    loop = asyncio.get_running_loop()
    ending: list[asyncio.Task[None]] = []

    def end(which: signal.Signals) -> None:
        # The thread that waits for standard input can't be woken, so the process ends as it stands.
        signal.signal(which, signal.SIG_DFL)
        os.kill(os.getpid(), which)

    async def end_after_writes(which: signal.Signals) -> None:
        await threads.finish_writes()
        await anyio.sleep(_LAST_ANSWER_S)
        end(which)

    def begin(which: signal.Signals) -> None:
        if ending or not threads.writes:
            end(which)
        else:
            ending.append(loop.create_task(end_after_writes(which)))

    for each in signals:
        # Where loops know no signals, they end the process at once.
        with suppress(NotImplementedError):
            loop.add_signal_handler(each, begin, each)
    yield

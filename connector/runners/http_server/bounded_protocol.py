"""HTTP/1.1 on one connection, as uvicorn speaks it by httptools, within bounds that neither of the two has.

Without them a client needs no key to fill the memory: by headers without end, by requests whose answers it doesn't
read, by connections on which nothing comes. This stands on insides of uvicorn, attributes of `HttpToolsProtocol` and of
its `cycle`: `parser`, `flow`, `pipeline`, `headers`, `url`; `response_started`, `response_complete`, `keep_alive`,
`disconnected`, `message_event`.
"""

from __future__ import annotations

import asyncio
import sys
from collections import deque
from typing import Any, Final

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from connector.runners.http_server.bounds import Bounds, OutOfBounds, Wait
from connector.runners.http_server.held_flow import HeldFlow

#: Requests that one piece of data may hold behind a body in chunks. Others wait unread for their turn.
_PIPELINED: Final = 16
_HEAD_END: Final = b"\r\n\r\n"
#: Bytes that a client has to take within the time for writing.
_PROGRESS: Final = 16 * 1024
#: How long (s) a client that was turned away may take to read why, and how many bytes it may send meanwhile.
_LINGER_S: Final = 1.0
_LINGER: Final = 256 * 1024


class BoundedProtocol(HttpToolsProtocol):
    """One connection. `bounds` is what all of them share."""

    flow: HeldFlow

    def __init__(self, bounds: Bounds, **given: Any) -> None:
        super().__init__(**given)
        self._bounds = bounds
        self.peer = self.address = ""
        self.wait = Wait.CLIENT
        #: Whether a request's headers have come and its end has not, and the bytes to come (in chunks: without end).
        self.is_sending = self._is_over = False
        self._body_left = 0
        #: What is wrong with what comes, where it is; and what came after a request that is not answered yet.
        self._problem, self._kept = "bad_http", b""
        #: The requests that are not answered yet, the first one first.
        self._cycles: deque[RequestResponseCycle] = deque()
        #: Bytes that came since the parser last gave any of them on, but for single headers.
        self._unparsed = 0
        self._bodies = 0
        #: When the request that is on its way began, or its body.
        self._since = self.loop.time()
        #: The most bytes of answers that waited since the client took some, and when it did.
        self._unsent, self.taken_at = 0, self._since

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.flow = HeldFlow(transport)
        self.peer = self.client[0] if self.client else ""
        self._bounds.enter(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._bounds.leave(self)
        self._disconnect()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._is_over:
            self._unparsed += len(data)
            if self._unparsed > _LINGER:
                self._abort()
            return
        self._unset_keepalive_if_required()
        if not self._unparsed and not self.is_sending:
            self._since = self.loop.time()
        self._feed(self._kept + data if self._kept else data)

    def _feed(self, data: bytes) -> None:
        """Has the parser take `data`, but for requests after one that is not answered yet."""
        self._kept = b""
        while data and not self._is_over:
            if self._is_busy and not self.is_sending:
                self._kept = data
                break
            most = self._body_left or 1 if self.is_sending else self._bounds.max_head + 1
            head_end = -1 if self.is_sending else data.find(_HEAD_END, 0, self._bounds.max_head)
            end = head_end + 4 if head_end >= 0 else most
            piece, data = data[:end], data[end:]
            self._unparsed += len(piece)
            try:
                self.parser.feed_data(piece)
            except httptools.HttpParserUpgrade as upgrade:
                # Nothing else is spoken here: the request is answered, and what follows it is the next one.
                data = piece[upgrade.args[0] :] + data
            except httptools.HttpParserError:
                self.turn_away(self._problem)
            if self._unparsed > self._bounds.max_head:
                self.turn_away("head_too_large")
        if self._kept or self.pipeline:
            self.flow.hold()
        self._settle()

    def on_header(self, name: bytes, value: bytes) -> None:
        if len(self.headers) >= self._bounds.max_headers:
            self._fail("head_too_large")
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        if self._unparsed > self._bounds.max_head:
            self._fail("head_too_large")
        if len(self.pipeline) >= _PIPELINED or not self._bounds.admit(self, self.headers):
            self._fail("busy")
        super().on_headers_complete()
        self._cycles.append(self.cycle)
        self._bounds.settle(self, Wait.APPLICATION)
        self._unparsed = 0
        self.is_sending = True
        self._body_left = next((int(value) for name, value in self.headers if name == b"content-length"), sys.maxsize)
        self._since = self.loop.time()

    def on_body(self, body: bytes) -> None:
        self._unparsed = 0
        self._body_left -= len(body)
        if not self.cycle.response_complete:
            self._bodies += len(body)
            self._bounds.hold(len(body))
            if self._is_over:
                raise OutOfBounds
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._unparsed = 0
        self.is_sending = False
        super().on_message_complete()

    def on_response_complete(self) -> None:
        self._cycles.popleft()
        super().on_response_complete()
        if self.transport.is_closing():
            return
        self._since = self.loop.time()
        if not self.pipeline:
            self._bounds.rest(self)
            if not self.is_sending:
                self._release()
            self.flow.release()
        if self._kept:
            self._unset_keepalive_if_required()
            self._feed(self._kept)
        else:
            self._settle()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._settle()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._unsent = 0
        self._settle()

    def shutdown(self) -> None:
        """The server ends: what has not wholly come is not begun."""
        if self.is_sending and not self.cycle.response_started:
            self.turn_away("busy")
        elif _HEAD_END not in self._kept:  # a request that was kept is refused in its turn
            super().shutdown()

    def check(self, now: float) -> int:
        """Ends the connection where its time is up; gives the bytes of its answers that wait for the client."""
        unsent = self.transport.get_write_buffer_size()
        if unsent == 0 or unsent <= self._unsent - _PROGRESS or not self._unsent:
            self._unsent, self.taken_at = unsent, now
        elif now - self.taken_at > self._bounds.write_timeout_s:
            return unsent - self.give_up()
        self._unsent = max(self._unsent, unsent)
        if self._is_over or self.transport.is_closing():
            return unsent
        waited_s, has_begun = now - self._since, self._unparsed or self.cycle is None
        if self.flow.read_paused:
            self._since = now  # it is not the client that is waited for
        elif self.is_sending and waited_s > self._bounds.body_timeout_s:
            self.turn_away("body_timeout")
        elif has_begun and not (self.is_sending or self._is_busy) and waited_s > self._bounds.head_timeout_s:
            self.turn_away("head_timeout")
        return unsent

    def give_up(self) -> int:
        """Ends the connection without another word; gives the number of bytes that nobody took."""
        unsent, self._is_over = self.transport.get_write_buffer_size(), True
        self._bounds.count("unread")
        self._abort()
        return unsent

    def turn_away(self, kind: str) -> None:
        """Answers with a refusal and ends the connection. Nothing is said to a client that asked for nothing, and
        requests that came before are answered first. Who was turned away before is not waited for any longer."""
        if self._is_over:
            self._abort()
            return
        self._is_over = True
        self._bounds.settle(self, Wait.APPLICATION)
        answer = self._bounds.count(kind)
        if self._is_busy and not (self.is_sending and not self.pipeline and not self.cycle.response_started):
            if self.flow.write_paused:
                self._abort()
            self.cycle.keep_alive = False
            self.flow.hold()
            return
        is_asked = self._unparsed or (self.is_sending and self._is_busy) or (self.cycle is None and kind == "busy")
        self._disconnect()
        if not is_asked or self.transport.get_write_buffer_size():
            self._abort()
            return
        self.transport.write(answer)
        if self._bounds.has_room:
            self._bounds.settle(self, Wait.LEAVING)
            self.transport.write_eof()
            self.loop.call_later(_LINGER_S, self._abort)
        else:
            self.transport.close()

    def _abort(self) -> None:
        self._disconnect()
        self.transport.abort()

    def _disconnect(self) -> None:
        # The application is told that its answers go nowhere: a closed connection that is written to is an error.
        for cycle in self._cycles:
            cycle.disconnected = True
            cycle.message_event.set()
        self._release()

    @property
    def _is_busy(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _settle(self) -> None:
        if not self._is_over:
            is_waiting = self.is_sending or not self._is_busy or self.flow.write_paused
            self._bounds.settle(self, Wait.CLIENT if is_waiting else Wait.APPLICATION)

    def _fail(self, problem: str) -> None:
        self._problem = problem
        raise OutOfBounds

    def _release(self) -> None:
        self._bounds.hold(-self._bodies)
        self._bodies = 0

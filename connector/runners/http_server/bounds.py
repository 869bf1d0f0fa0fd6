"""What all clients together may take of the server below its application: connections, memory, and time.

A connection that waits for its client keeps its place until someone else needs it. Then the one that has waited
longest goes: never one that has just come, however many do so that mean no good.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable, Mapping
from enum import Enum, auto
from typing import Final, Protocol

from starlette.datastructures import Headers

from connector.runners.http_server.problems import Refused
from connector.runners.http_server.proxies import TrustedProxies
from connector.runners.http_server.settings import Settings

#: Bytes of answers that clients have not taken yet; beyond them, who has taken nothing for a while goes.
_UNSENT_IN_ALL: Final = 32 * 1024 * 1024
_STALLED_S: Final = 5.0
_SWEEP_S: Final = 0.5
#: How long the log says nothing more of refusals of a kind.
_QUIET_S: Final = 60.0
#: How long a client may take what it was sent when the server's grace is over.
_LAST_WRITE_S: Final = 1.0
_LOG = logging.getLogger("connector.http")


class Wait(Enum):
    """What the server waits for on a connection. In this order they make room for others, the last one not at all."""

    LEAVING = auto()  #: for a client that was turned away to read why
    CLIENT = auto()  #: for a request, for the rest of it, or for an answer to be taken
    APPLICATION = auto()


class OutOfBounds(Exception):
    """Ends the work on what a connection brings."""


class Client(Protocol):
    """One connection: the address at its other end (`peer`), the `address` that it counts for, what is waited for on
    it, whether a request's headers have come and its end has not (`is_sending`), and when its client last took some of
    its answers, on the loop's clock (`taken_at`).
    """

    peer: str
    address: str
    wait: Wait
    is_sending: bool
    taken_at: float

    def check(self, now: float) -> int:
        """Ends the connection where its time is up; gives the bytes of its answers that wait for the client."""

    def give_up(self) -> int:
        """Ends the connection without another word; gives the number of bytes that nobody took."""

    def turn_away(self, kind: str) -> None:
        """Answers with the refusal of this kind, where there is room for an answer, and ends the connection."""


class Bounds:
    """The open connections of one server, and what turns clients away.

    All methods belong to the event loop's thread. `count` is told of each refusal by its kind: `busy`, `bad_http`,
    `head_too_large`, `head_timeout`, `body_timeout`, and `unread` for an answer that nobody takes. A connection of a
    proxy in `proxies` counts for the caller whose request is under way on it, and for nobody while there is none.
    """

    def __init__(
        self, settings: Settings, connections: int, count: Callable[[str], None], proxies: TrustedProxies
    ) -> None:
        self.max_head = settings.max_head
        self.max_headers = settings.max_headers
        self.head_timeout_s = settings.head_timeout
        self.body_timeout_s = settings.body_timeout
        self.write_timeout_s = settings.write_timeout
        self.open: dict[Client, None] = {}
        self._connections = connections
        self._per_address = min(settings.per_address, connections)
        self._max_bodies = max(settings.max_bodies, settings.max_body)
        self._bodies = 0
        self._is_ending = False
        self._count = count
        self._proxies = proxies
        self._by_address: Counter[str] = Counter()
        #: By what is waited for; the longest first.
        self._waiting: dict[Wait, dict[Client, None]] = {wait: {} for wait in Wait}
        self._untold: Counter[str] = Counter()
        self._told: dict[str, float] = {}
        self._answers = _build_answers(settings)

    def enter(self, client: Client) -> None:
        """A connection was opened: the one that has waited longest makes room for it, or it is turned away itself."""
        self.open[client] = None
        self._waiting[client.wait][client] = None
        leaver = None if client.peer in self._proxies else self._assign(client, client.peer)
        if self._is_ending:
            # It was on its way as the server told all others.
            leaver = client
        elif leaver is None and len(self.open) > self._connections:
            leaver = self._find_longest(client, None)
        if leaver is not None:
            leaver.turn_away("busy")

    def leave(self, client: Client) -> None:
        """A connection is closed."""
        if client in self.open:
            self._assign(client, "")
            del self.open[client]
            del self._waiting[client.wait][client]

    def admit(self, client: Client, headers: list[tuple[bytes, bytes]]) -> bool:
        """A request has come, with these headers: whether its caller, by a trusted proxy's word, may have one more.
        Where he may, the connection of his that has waited longest makes room for it. As the server ends nobody may."""
        if self._is_ending:
            return False
        told = self._proxies.read(client.peer, Headers(raw=headers))
        leaver = self._assign(client, told.client) if told else None
        if leaver not in (None, client):
            leaver.turn_away("busy")
        return leaver is not client

    def rest(self, client: Client) -> None:
        """All requests on a connection are answered."""
        if client.peer in self._proxies:
            self._assign(client, "")

    def settle(self, client: Client, wait: Wait) -> None:
        """What is waited for on a connection from now on."""
        if wait is client.wait or client not in self.open:
            return
        self._waiting[client.wait].pop(client, None)
        self._waiting[wait][client] = None
        client.wait = wait

    def hold(self, size: int) -> None:
        """So many more bytes of requests' bodies are kept, or fewer where negative."""
        self._bodies += size
        while size > 0 and self._bodies > self._max_bodies:
            sender = next((client for client in self._waiting[Wait.CLIENT] if client.is_sending), None)
            if sender is None:
                return
            sender.turn_away("busy")

    @property
    def has_room(self) -> bool:
        """Whether a connection may stay open a little so that its client reads why it was turned away."""
        return len(self.open) < self._connections

    def count(self, kind: str) -> bytes:
        """Counts a refusal, says so in the log once a minute, and gives the answer to it."""
        self._count(kind)
        self._untold[kind] += 1
        now = time.monotonic()
        if now - self._told.get(kind, -_QUIET_S) >= _QUIET_S:
            self._told[kind] = now
            _LOG.warning("%s: %d connections turned away since the last such line.", kind, self._untold.pop(kind))
        return self._answers.get(kind, b"")

    def hurry(self, within_s: float) -> None:
        """The server ends: a client that takes nothing is not waited for longer than so many seconds, and no other one
        is let in."""
        self._is_ending = True
        self.write_timeout_s = min(self.write_timeout_s, max(within_s, _LAST_WRITE_S))

    async def sweep(self) -> None:
        """Looks at all connections again and again, and ends those whose time is up."""
        pause = min(_SWEEP_S, self.head_timeout_s / 4, self.body_timeout_s / 4, self.write_timeout_s / 4)
        while True:
            await asyncio.sleep(pause)
            now = asyncio.get_running_loop().time()
            unsent = sum(client.check(now) for client in list(self.open))
            if unsent > _UNSENT_IN_ALL:
                for client in sorted(self.open, key=lambda client: client.taken_at):
                    if unsent <= _UNSENT_IN_ALL or now - client.taken_at < _STALLED_S:
                        break
                    unsent -= client.give_up()

    def _assign(self, client: Client, address: str) -> Client | None:
        """Has a connection count for `address`, for nobody where empty; gives the one that has to go for that."""
        self._by_address[client.address] -= 1
        if self._by_address[client.address] <= 0:
            del self._by_address[client.address]
        client.address = address
        if not address:
            return None
        self._by_address[address] += 1
        return self._find_longest(client, address) if self._by_address[address] > self._per_address else None

    def _find_longest(self, newest: Client, address: str | None) -> Client:
        """The connection to end for the newest one, of the same `address` where that is given."""
        for wait in (Wait.LEAVING, Wait.CLIENT):
            for client in self._waiting[wait]:
                if client is not newest and address in (None, client.address):
                    return client
        return newest


def _build_answers(settings: Settings) -> Mapping[str, bytes]:
    return {
        kind: refusal.to_bytes()
        for kind, refusal in {
            "busy": Refused(
                "busy",
                "The server has all the connections that it can take; come back later.",
                retry_after=1,
                is_last=True,
            ),
            "bad_http": Refused(
                "bad_http", "This is no request of HTTP/1.1 that the server understands.", is_last=True
            ),
            "head_too_large": Refused(
                "head_too_large",
                f"The address and headers have more than {settings.max_head} bytes, or there are more than "
                f"{settings.max_headers} headers; send fewer, and values in the body.",
                is_last=True,
            ),
            "head_timeout": Refused(
                "head_timeout",
                f"The request's headers did not come within {settings.head_timeout:g} s; send them in one go.",
                is_last=True,
            ),
            "body_timeout": Refused(
                "body_timeout",
                f"The body did not come within {settings.body_timeout:g} s; send it in one go.",
                is_last=True,
            ),
        }.items()
    }

"""What the fault tests share: a server that says whatever a test wants, byte by byte, and two ways to call it.

A way is called by `call(…)` and gives an `Outcome`: the steps by themselves (`send_well` over `Transport`), or a block
through `Connector.invoke`.
"""

import contextlib
import dataclasses
import json
import socket
import ssl
import struct
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from connector import Connector
from connector.errors import ErrorDetail, InvocationFailed
from connector.limits.local_gate import Gate, LocalGate
from connector.result import Meta
from connector.sending.answers import parse_answer
from connector.sending.retry import send_well
from connector.wire.deadline import Cancel, Deadline
from connector.wire.request import Request
from connector.wire.transport import Transport

TOKEN = "s3cret-t0ken"
#: Generous: it has to show that the deadline holds, on a computer that is busy with other things.
BOUND_S = 10.0


class Peer:
    """The server's end of one connection."""

    def __init__(self, sock: socket.socket, server: "RawServer") -> None:
        self.sock = sock
        self._server = server

    def say(self, content: bytes) -> None:
        self.sock.sendall(content)

    def drip(self, content: bytes, *, every_s: float = 0.02) -> None:
        """Sends `content` again and again, one byte at a time, until the other side has had enough."""
        while not self._server.is_stopping.wait(every_s):
            self.say(content[:1])
            content = content[1:] + content[:1]

    def pour(self, content: bytes) -> None:
        """Sends `content` again and again until the other side has had enough."""
        while not self._server.is_stopping.is_set():
            self.say(content)

    def wait(self, seconds: float) -> None:
        """Takes its time, unless the test is over."""
        self._server.is_stopping.wait(seconds)

    def hang(self) -> None:
        """Says nothing more, and does not hang up either."""
        self._server.is_stopping.wait()

    def reset(self) -> None:
        """Ends the connection as a crash does: by RST, not FIN."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()

    def read_request(self) -> bytes:
        """The next request, head and body; empty where the other side hung up."""
        head = b""
        while b"\r\n\r\n" not in head:
            if not (part := self.sock.recv(65536)):
                return b""
            head += part
        head, _, body = head.partition(b"\r\n\r\n")
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                while len(body) < int(line.split(b":")[1]):
                    body += self.sock.recv(65536)
        return head + b"\r\n\r\n" + body


Play = Callable[[Peer], object]


class RawServer:
    """A server on 127.0.0.1 that answers each request by the next of `plays`, by the last one when they run out.

    A play gets the connection and may say anything; when it returns, the next request is awaited on the same
    connection. `requests` holds what came; `connections` counts. `greeting` is said to whoever comes.
    """

    def __init__(self, tls: ssl.SSLContext | None = None, greeting: bytes = b"") -> None:
        self.plays: list[Play] = []
        self.requests: list[bytes] = []
        self.connections = 0
        self.is_stopping = threading.Event()
        self._tls = tls
        self._greeting = greeting
        self._lock = threading.Lock()
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._start(self._accept)

    @property
    def port(self) -> int:
        port: int = self._listener.getsockname()[1]
        return port

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    def stop(self) -> None:
        self.is_stopping.set()
        for sock in [self._listener, *self._open]:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        for sock in [self._listener, *self._open]:
            sock.close()

    def _start(self, run: Callable[..., None], *args: Any) -> None:
        self._threads.append(threading.Thread(target=run, args=args))
        self._threads[-1].start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                sock, _ = self._listener.accept()
                self._open.append(sock)
                self.connections += 1
                self._start(self._serve, sock)

    def _serve(self, sock: socket.socket) -> None:
        with contextlib.suppress(OSError), sock:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._tls:
                sock = self._tls.wrap_socket(sock, server_side=True)
                self._open.append(sock)
            with sock:
                sock.sendall(self._greeting)
                peer = Peer(sock, self)
                while request := peer.read_request():
                    with self._lock:
                        self.requests.append(request)
                        play = self.plays.pop(0) if len(self.plays) > 1 else self.plays[0]
                    play(peer)


@pytest.fixture
def make_raw() -> Iterator[Callable[..., RawServer]]:
    servers: list[RawServer] = []

    def start(*plays: Play, **options: Any) -> RawServer:
        servers.append(RawServer(**options))
        servers[-1].plays += plays
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


@dataclasses.dataclass
class Outcome:
    """What came of a call: an output or an error, how long it took, and what it left in a traceback."""

    output: Any
    error: ErrorDetail | None
    meta: Meta
    took_s: float
    trace: str = ""

    @property
    def kind(self) -> str | None:
        return self.error and self.error.kind


Call = Callable[..., Outcome]


@pytest.fixture
def call_steps(manifest: Any) -> Iterator[Call]:
    """Sends a request of the profile's block by the steps below the dispatcher."""
    transports: dict[str, Transport] = {}
    block = manifest.block("getCurrentUserProfile")

    def call(
        url: str,
        *,
        timeout: float = 5.0,
        total: float | None = None,
        cancel: Cancel | None = None,
        max_wait: float = 30.0,
        gate: Gate | None = None,
        is_repeatable: bool = True,
        token: str = TOKEN,
        content: bytes | None = None,
    ) -> Outcome:
        transport = transports.setdefault(url, Transport({"api": url}, "agent/1"))
        headers = (("Accept", "application/json"), ("Authorization", f"Bearer {token}"))
        request = Request("GET" if content is None else "PUT", "api", "/me", headers=headers, content=content)
        deadline = Deadline(timeout, total, cancel)
        meta = Meta()

        def attempt() -> Any:
            meta.requests += 1
            return parse_answer(
                transport.send(request, deadline), block, block.routes[0], manifest, {}, [token], [].append
            )

        started = time.monotonic()
        try:
            output = send_well(
                attempt,
                app="app",
                gate=gate or LocalGate(),
                deadline=deadline,
                max_wait=max_wait,
                is_repeatable=is_repeatable,
                meta=meta,
            )
        except InvocationFailed as failure:
            trace = "".join(traceback.format_exception(failure))
            return Outcome(None, failure.error, meta, time.monotonic() - started, trace)
        return Outcome(output, None, meta, time.monotonic() - started)

    yield call
    for transport in transports.values():
        transport.close()


@pytest.fixture
def call_block(manifest: Any) -> Iterator[Call]:
    """Invokes the profile's block, or `block`."""
    connectors: list[Connector] = []

    def call(url: str, *, timeout: float = 5.0, token: str = TOKEN, **options: Any) -> Outcome:
        connectors.append(Connector(manifest, servers=dict.fromkeys(manifest.servers, url), timeout=timeout, **options))
        started = time.monotonic()
        result = connectors[-1].invoke("getCurrentUserProfile", {"access_token": token})
        took_s = time.monotonic() - started
        return Outcome(result.output, result.error, result.meta, took_s, json.dumps(result.envelope()))

    yield call
    for connector in connectors:
        connector.close()


@pytest.fixture(params=["steps", "invoke"])
def call(request: pytest.FixtureRequest, check: Callable[[Outcome], Outcome]) -> Call:
    """Each way in turn; every outcome is checked for time and silence."""
    way: Call = request.getfixturevalue({"steps": "call_steps", "invoke": "call_block"}[request.param])
    return lambda *args, **options: check(way(*args, **options))


@pytest.fixture
def check(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> Callable[[Outcome], Outcome]:
    """Fails where a call took too long, or where its token stands in the outcome, in a log or on the terminal."""
    caplog.set_level(0)

    def run(outcome: Outcome) -> Outcome:
        assert outcome.took_s < BOUND_S
        said = [repr(outcome), outcome.trace, caplog.text, *capfd.readouterr()]
        assert [text for text in said if TOKEN in text] == []
        return outcome

    return run

"""Many callers of whom nobody comes twice, and what hangs: does one Connector stay as small as it was, and in time?

The service here is a process that answers by the caller's number: most get what they asked for, some are refused, some
are told to come back later. What hangs takes connections and says nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

from soak_figures import Story, check_growth, watch

from connector import Connector
from connector.auth import open_store
from connector.manifest.manifest import Manifest
from connector.result import Result
from connector.runners.environment import open_gate

THREADS = 8
#: Seconds for an invocation that can't come to a good end, and what a busy computer may add.
HUNG_DEADLINE_S, SLACK_S = 0.5, 1.0
BLOCK = "getCurrentUserProfile"
_HUNG_THREADS = 64
_HUNG_HOST = "hung.invalid"
_ANSWERS = {
    7: b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\n{}",
    8: b"HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\n{}",
    9: b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 60\r\nContent-Length: 2\r\n\r\n{}",
}
_PROFILE = b'{"id": "someone", "type": "user", "uri": "service:user:someone"}'
_OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(_PROFILE), _PROFILE)


class Service(asyncio.Protocol):
    """Answers each request by the last digit of its token."""

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._came = b""

    def data_received(self, data: bytes) -> None:
        self._came += data
        while b"\r\n\r\n" in self._came:
            head, _, self._came = self._came.partition(b"\r\n\r\n")
            token = head.lower().partition(b"authorization: bearer ")[2].partition(b"\r\n")[0]
            self._transport.write(_ANSWERS.get(int(token[-1:] or b"0"), _OK))


def tell_many_tokens_apart(total: int) -> Story:
    """`total` invocations, each with a token of its own."""
    with _serving() as url, Connector.load(servers={"api": url, "accounts": url}, max_wait=0) as connector:
        return _invoke(
            f"{total:,} tokens", total, lambda number: connector.invoke(BLOCK, {"access_token": f"token-{number}"})
        )


def stand_what_hangs(total: int) -> Iterator[Story]:
    """`total` invocations each where the service, the look-up of its name, the shared gate or the store hangs."""
    with _hanging() as port:
        redis = f"redis://127.0.0.1:{port}/0"
        api = f"http://127.0.0.1:{port}/v1"
        key = {"CONNECTOR_STORE_KEY": "b2ZmIHRvIHRoZSBwdWIsIG5vIHNlY3JldCBpbiBoZXI="}
        gate = open_gate(Manifest.load(), redis)
        with mock.patch.dict(os.environ, key), mock.patch("socket.getaddrinfo", _look_up):
            store = open_store(redis, Manifest.load().command)
            for name, options, args in (
                ("a service that hangs", {"servers": {"api": api}}, {"access_token": "t"}),
                ("a name that hangs", {"servers": {"api": f"http://{_HUNG_HOST}/v1"}}, {"access_token": "t"}),
                ("a gate that hangs", {"servers": {"api": api}, "gate": gate}, {"access_token": "t"}),
                ("a store that hangs", {"store": store, "connection": "alice"}, {}),
            ):
                with Connector.load(deadline=HUNG_DEADLINE_S, **options) as connector:  # type: ignore[arg-type]
                    yield _invoke(
                        name, total, lambda _, args=args, used=connector: used.invoke(BLOCK, args), HUNG_DEADLINE_S
                    )


def _invoke(name: str, total: int, call: Callable[[int], Result], within_s: float | None = None) -> Story:
    """Calls with each number below `total`; `within_s` is the time in which each has to end without success."""
    story = Story()
    kinds: Counter[str] = Counter()
    slowest_s = 0.0
    lock = threading.Lock()

    def work(first: int) -> None:
        nonlocal slowest_s
        for number in range(first, total, THREADS):
            started = time.monotonic()
            result = call(number)
            took_s = time.monotonic() - started
            with lock:
                kinds[result.error.kind if result.error else "ok"] += 1
                slowest_s = max(slowest_s, took_s)

    started = time.monotonic()
    threads = [threading.Thread(target=work, args=(first,)) for first in range(THREADS)]
    for thread in threads:
        thread.start()
    samples = watch(lambda: all(thread.is_alive() for thread in threads), lambda: kinds.total() / total)
    for thread in threads:
        thread.join()
    story.rows += [
        f"{name:<28}{kinds.total():10,} in {time.monotonic() - started:.0f} s, slowest {slowest_s:.2f} s",
        f"{'ended as':<28}{', '.join(f'{kind} {count:,}' for kind, count in kinds.most_common())}",
    ]
    # What hangs keeps the thread that asks it; there are only so many.
    check_growth(samples, story, 0 if within_s is None else _HUNG_THREADS)
    if kinds.total() != total:
        story.wrong.append(f"{name}: {total - kinds.total()} invocations never ended")
    if within_s is not None and slowest_s > within_s + SLACK_S:
        story.wrong.append(f"{name}: an invocation took {slowest_s:.2f} s of {within_s:g}")
    if within_s is not None and kinds["ok"]:
        story.wrong.append(f"{name}: {kinds['ok']} invocations succeeded with what hangs")
    return story


@contextlib.contextmanager
def _serving() -> Iterator[str]:
    with subprocess.Popen([sys.executable, __file__], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}/v1"
        finally:
            process.terminate()


@contextlib.contextmanager
def _hanging() -> Iterator[int]:
    """The port of a server that takes connections and says nothing; the system does that by itself."""
    with socket.create_server(("127.0.0.1", 0), backlog=4096) as listener:
        yield listener.getsockname()[1]


_REAL_LOOK_UP = socket.getaddrinfo


def _look_up(host: Any, *args: Any, **options: Any) -> Any:
    if host == _HUNG_HOST:
        time.sleep(10)
    return _REAL_LOOK_UP(host, *args, **options)


def _serve() -> None:
    async def run() -> None:
        server = await asyncio.get_running_loop().create_server(Service, "127.0.0.1", 0, backlog=256)
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()

    asyncio.run(run())


if __name__ == "__main__":
    _serve()

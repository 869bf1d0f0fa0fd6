"""A keep-alive server that is not the bottleneck: a process of its own, on a core of its own, with bodies built before.

One port for each latency; the path's first step says how many saved tracks there are (`/10000/v1/me/tracks`).
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs

sys.path.insert(0, str(Path(__file__).parent))

from bodies import PAGE, PAGES, build_items, build_page, build_profile


class Answers:
    """What is answered to a request's target."""

    def __init__(self) -> None:
        self._items = [build_items(page) for page in range(PAGES)]
        self._built: dict[tuple[str, bytes], bytes] = {}

    def find(self, base: str, target: bytes) -> bytes:
        """The whole answer, head and body; kept, as long as there are not too many."""
        answer = self._built.get((base, target))
        if answer is None:
            answer = self._build(base, target.decode("ascii"))
            if len(self._built) < 2 * PAGES:
                self._built[base, target] = answer
        return answer

    def _build(self, base: str, target: str) -> bytes:
        path, _, query = target.partition("?")
        _, count, _, rest = path.split("/", 3)
        root = f"{base}/{count}/v1"
        if rest.rstrip("/") == "me":
            body = build_profile(root)
        elif rest == "me/tracks":
            offset = int(parse_qs(query).get("offset", ["0"])[0])
            body = build_page(root, self._items[offset // PAGE % PAGES], offset, int(count))
        else:
            body = b'{"tracks": [], "seeds": []}'
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        return head.encode("ascii") + body


class Connection(asyncio.Protocol):
    """One client's connection; requests have no body."""

    def __init__(self, answers: Answers, latency_s: float) -> None:
        self._answers = answers
        self._latency_s = latency_s
        self._waiting = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._base = f"http://127.0.0.1:{transport.get_extra_info('sockname')[1]}"

    def data_received(self, data: bytes) -> None:
        self._waiting += data
        while b"\r\n\r\n" in self._waiting:
            head, _, self._waiting = self._waiting.partition(b"\r\n\r\n")
            answer = self._answers.find(self._base, head.split(b" ", 2)[1])
            if self._latency_s:
                asyncio.get_running_loop().call_later(self._latency_s, self._transport.write, answer)
            else:
                self._transport.write(answer)


async def serve(latencies_ms: Sequence[float]) -> None:
    """Listens for each latency, tells the ports on stdout, and ends with stdin."""
    loop = asyncio.get_running_loop()
    answers = Answers()
    ports: list[int] = []
    for latency in latencies_ms:
        server = await loop.create_server(partial(Connection, answers, latency / 1000), "127.0.0.1", 0, backlog=512)
        ports.append(server.sockets[0].getsockname()[1])
    print(json.dumps(ports), flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


@contextmanager
def run_server(latencies_ms: Sequence[float]) -> Iterator[list[str]]:
    """The server in a process of its own: its base URLs, one for each latency. Where there are two cores or more it
    has the last one for itself."""
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    command = [sys.executable, __file__, *map(str, latencies_ms)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin
    assert process.stdout
    try:
        if len(cores) > 1:
            os.sched_setaffinity(process.pid, cores[-1:])
            os.sched_setaffinity(0, cores[:-1])
        yield [f"http://127.0.0.1:{port}" for port in json.loads(process.stdout.readline())]
    finally:
        process.stdin.close()
        process.wait(timeout=10)
        if cores:
            os.sched_setaffinity(0, cores)


if __name__ == "__main__":
    asyncio.run(serve([float(argument) for argument in sys.argv[1:]]))

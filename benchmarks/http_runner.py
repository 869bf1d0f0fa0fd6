"""How fast the HTTP runner answers, beside an endpoint of the same server that makes the same call with `requests`.

The two are asked in turns, by 1, 16 and 64 clients, with the runner's settings as they are. What stands in for the
service, the runner and the clients are three processes; the service answers at once and keeps connections open.

`requests` is used as well as it can be: one session a thread, so its connections are kept too.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import subprocess
import sys
import threading
import time
from typing import Any

import requests
import uvloop
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connector import Connector
from connector.runners.http_server.app import App
from connector.runners.http_server.calls import to_json
from connector.runners.http_server.serving import HttpServer
from connector.runners.http_server.settings import Settings
from connector.runners.http_server.surroundings import Surroundings

CLIENTS = (1, 16, 64)
ROUNDS = 5
SECONDS = 2.0
OURS, THEIRS = "/blocks/getCurrentUserProfile", "/plain"
BODY = b'{"access_token": "a-token"}'
PROFILE = {
    "display_name": "Benchmark Listener",
    "email": "listener@example.com",
    "country": "SE",
    "product": "premium",
    "external_urls": {"listener": "https://example.com/user/benchmark"},
    "followers": {"href": None, "total": 356},
    "href": "https://example.com/v1/users/benchmark",
    "id": "benchmark",
    "images": [{"url": f"https://example.com/images/{size}", "height": size, "width": size} for size in (64, 300)],
    "type": "user",
    "uri": "service:user:benchmark",
}


class Service(asyncio.Protocol):
    """Answers every request on a kept connection with the same profile."""

    def connection_made(self, transport: Any) -> None:
        content = json.dumps(PROFILE).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        self._answer = head.encode() + content
        self._transport = transport
        self._came = b""

    def data_received(self, data: bytes) -> None:
        self._came += data
        while b"\r\n\r\n" in self._came:
            _, _, self._came = self._came.partition(b"\r\n\r\n")
            self._transport.write(self._answer)


class Client(asyncio.Protocol):
    """Sends the same request again as soon as its answer is there; notes how long each took."""

    def __init__(self, request: bytes, durations: list[float]) -> None:
        self._request = request
        self._durations = durations
        self._came = b""
        self.is_open = True

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        self._came += data
        head, found, body = self._came.partition(b"\r\n\r\n")
        if not found or len(body) < int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]):
            return
        if not head.startswith(b"HTTP/1.1 200"):
            raise SystemExit(f"An answer was not 200: {self._came[:300]!r}")
        self._durations.append(time.perf_counter() - self._sent)
        self._came = b""
        if self.is_open:
            self._send()

    def _send(self) -> None:
        self._sent = time.perf_counter()
        self._transport.write(self._request)


class BesidePlain(HttpServer):
    """The runner with one endpoint more, which calls the service with `requests` in the same pool."""

    service = ""

    def build_app(self, surroundings: Surroundings) -> App:
        app = super().build_app(surroundings)
        local = threading.local()

        def call(token: str) -> Response:
            if not hasattr(local, "session"):
                local.session = requests.Session()
            answer = local.session.get(
                f"{self.service}/v1/me", headers={"Authorization": f"Bearer {token}"}, timeout=60
            )
            answer.raise_for_status()
            return Response(to_json(answer.json()), media_type="application/json")

        async def plain(request: Request) -> Response:
            args = await request.json()
            response: Response = await app.pool.submit("anyone", lambda: call(args["access_token"]))
            return response

        app.router.routes.insert(0, Route(THEIRS, plain, methods=["POST"]))
        return app


async def measure(url: str, path: str, clients: int) -> list[float]:
    """Durations in seconds of all requests that `clients` got answered in `SECONDS`."""
    host, port = url.removeprefix("http://").split(":")
    head = f"POST {path} HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Length: {len(BODY)}\r\n\r\n"
    durations: list[float] = []
    loop = asyncio.get_running_loop()
    opened = [
        (await loop.create_connection(lambda: Client(head.encode() + BODY, durations), host, int(port)))
        for _ in range(clients)
    ]
    await asyncio.sleep(SECONDS)
    for transport, client in opened:
        client.is_open = False
        transport.abort()
    return durations


def serve_service() -> None:
    async def run() -> None:
        server = await asyncio.get_running_loop().create_server(Service, "127.0.0.1", 0)
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()

    uvloop.run(run())


def serve_runner(service: str) -> None:
    with Connector.load(servers={"api": f"{service}/v1", "accounts": service}) as connector:
        runner = BesidePlain(connector, Settings(port=0, queue=256, per_key=32))
        runner.service = service
        runner.run(lambda: print(runner.url, flush=True))


def start(*words: str) -> tuple[subprocess.Popen[str], str]:
    process = subprocess.Popen(
        [sys.executable, __file__, *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout
    return process, process.stdout.readline().strip()


def main() -> None:
    service, port = start("service")
    runner, url = start("runner", f"http://127.0.0.1:{port}")
    try:
        print(f"{'clients':>7}{'':>12}{'requests/s':>12}{'p50':>10}{'p99':>10}{'ratio':>8}")
        for clients in CLIENTS:
            for path in (OURS, THEIRS):
                asyncio.run(measure(url, path, clients))
            rounds = [[asyncio.run(measure(url, path, clients)) for path in (OURS, THEIRS)] for _ in range(ROUNDS)]
            ratio = statistics.median(len(ours) / len(theirs) for ours, theirs in rounds)
            for position, name in enumerate(("block", "requests")):
                every = [one[position] for one in rounds]
                rate = statistics.median(len(durations) / SECONDS for durations in every)
                points = statistics.quantiles([one for durations in every for one in durations], n=100)
                shown = f"{ratio:8.2f}" if position == 0 else ""
                print(f"{clients:>7}{name:>12}{rate:12.0f}{points[49] * 1e3:7.1f} ms{points[98] * 1e3:7.1f} ms{shown}")
    finally:
        for process in (runner, service):
            process.terminate()
            process.wait()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["service"]:
            serve_service()
        case ["runner", address]:
            serve_runner(address)
        case _:
            main()

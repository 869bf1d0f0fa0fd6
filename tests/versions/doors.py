"""Every door once, in the Python that runs this: what an environment must be able to do, with the packages it has.

    python tests/versions/doors.py

It needs what the extra `all` installs, and a `redis-server`; the doors of a bare install alone with `--bare`. Prints a
line a door, and ends with another status than 0 at the first one that doesn't open.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

COMMAND = Path(sys.executable).with_name("spotify-blocks")
PATIENCE_S = 60.0


def open_import(_folder: Path) -> None:
    from connector import Connector

    with Connector.load() as connector:
        assert len(connector.manifest)


def open_python(_folder: Path) -> None:
    from connector import Connector
    from connector.sandbox import Sandbox

    with Sandbox(quota_mode="extended") as sandbox, Connector.load(servers=sandbox.servers) as connector:
        token = {"access_token": sandbox.demo_args["access_token"]}
        for block, args in (("getUserTopTracks", {"max_items": 120}), ("saveTrack", {"id": "4iV5W9uYEdYUVa79Axb7Rh"})):
            result = connector.invoke(block, {**token, **args})
            assert result.ok, result
        refused = connector.invoke("getUserTopTracks", {**token, "time_range": "yesterday"})
        assert refused.error is not None
        assert refused.error.kind == "invalid_fields"
    os.environ["REQUESTS_CA_BUNDLE"] = "missing.pem"
    with Connector.load(servers={"api": "https://127.0.0.1:9"}) as connector:
        untrusted = connector.invoke("getUserTopTracks", token)
        assert untrusted.error is not None
        assert "missing.pem" in untrusted.error.message, untrusted
    del os.environ["REQUESTS_CA_BUNDLE"]


def open_command(folder: Path) -> None:
    assert json.loads(run("run", "getNewReleases", "country=SE", "--sandbox"))["albums"]["items"]
    assert "getNewReleases" in run("blocks")
    assert "getUserTopTracks" in run("describe", "getUserTopTracks")
    assert json.loads(run("describe", "getUserTopTracks", "--json"))
    for kind in ("n8n", "node-red", "openapi"):
        run("export", kind, "--out", str(folder / kind))
        assert any((folder / kind).iterdir())


def open_http(_folder: Path) -> None:
    import requests

    os.environ["CONNECTOR_SERVE_PORT"] = "0"
    with running("serve", "--sandbox") as output, requests.Session() as session:
        session.trust_env = False
        url = find_in(output, r"http://127\.0\.0\.1:\d+")
        answer = session.post(f"{url}/blocks/getUserTopTracks", json={"max_items": 3}, timeout=PATIENCE_S)
        assert (answer.status_code, len(answer.json()["items"])) == (200, 3), answer.text
        lines = session.post(
            f"{url}/blocks/getUserTopTracks",
            json={"max_items": 3},
            headers={"Accept": "application/x-ndjson"},
            timeout=PATIENCE_S,
        )
        assert len(lines.text.splitlines()) >= 3, lines.text
        for path in ("/docs", "/openapi.json", "/metrics"):
            assert session.get(url + path, timeout=PATIENCE_S).status_code == 200, path


def open_webhook(folder: Path) -> None:
    """A delivery, signed and in the form of its receiver's libraries."""
    from contextlib import closing
    from http.server import BaseHTTPRequestHandler, HTTPServer

    from standardwebhooks import Webhook

    from connector.subscriptions.deliveries import WebhookSender
    from connector.subscriptions.sealing import make_secret, open_sealer
    from connector.wire.deadline import Deadline

    event = {"id": "5f1d", "type": "newSavedTrack", "time": "2026-03-04T05:06:07Z", "data": {"name": "Ålesund"}}
    sealer = open_sealer(folder)
    secret = sealer.unseal(sealer.seal(make_secret(), "s1"), "s1")
    received = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.append(Webhook(secret).verify(body, dict(self.headers)))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    with HTTPServer(("127.0.0.1", 0), Receiver) as server, closing(WebhookSender("blocks", is_own=True)) as sender:
        receiving = threading.Thread(target=server.handle_request)
        receiving.start()
        url = f"http://127.0.0.1:{server.server_port}/"
        options = {"source": "/subscriptions/s1", "trigger": "newSavedTrack", "deadline": Deadline(PATIENCE_S)}
        delivery = sender.deliver(event, url, secret, **options)
        receiving.join()
    assert delivery.ok, delivery
    assert [(one["specversion"], one["time"], one["data"]) for one in received] == [("1.0", event["time"], event)]


def open_mcp(_folder: Path) -> None:
    from mcp import Client, StdioServerParameters

    async def call() -> None:
        async with Client(StdioServerParameters(command=str(COMMAND), args=["mcp", "--sandbox"])) as client:
            assert (await client.list_tools()).tools
            answer = await client.call_tool("getUserTopTracks", {"max_items": 3})
            assert not answer.is_error
            assert len(json.loads(answer.content[0].text)) == 3

    asyncio.run(asyncio.wait_for(call(), PATIENCE_S))


def open_worker(folder: Path) -> None:
    from cryptography.fernet import Fernet

    from connector.sandbox import Sandbox

    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    redis = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), "--save", ""]
    url = f"redis://127.0.0.1:{port}/0"
    with Sandbox(quota_mode="extended") as sandbox, contextlib.ExitStack() as stack:
        server = stack.enter_context(ended_afterwards(redis, stdout=subprocess.DEVNULL))
        os.environ |= {
            "CONNECTOR_REDIS_URL": url,
            "CONNECTOR_STORE": url,
            "CONNECTOR_STORE_KEY": Fernet.generate_key().decode(),
            "CONNECTOR_PACE": "1000/1",
            "CONNECTOR_ACCESS_TOKEN": sandbox.demo_args["access_token"],
            **{f"CONNECTOR_SERVER_{name.upper()}": at for name, at in sandbox.servers.items()},
        }
        from celery import chain

        from connector.limits.shared_redis import open_redis
        from connector.runners.workers.celery_worker import INVOKE, THEN, build_app

        with running("worker", "--concurrency=1") as output, build_app() as app:
            find_in(output, r"ready\.")
            steps = chain(
                app.tasks[INVOKE].s("getUserTopTracks", {"max_items": 3}),
                app.tasks[THEN].s("checkSavedTrack", take={"id": "items[].id"}),
            )
            envelope = steps.apply_async().get(timeout=PATIENCE_S)
            assert len(envelope["contextWrites"]["to"]) == 3, envelope
            # What waited for a result unsubscribes when it is collected: while Redis is still there.
            gc.collect()
        with open_redis(url, retries=7) as client:
            client.ping()
            server.terminate()
            server.wait(PATIENCE_S)
            stack.enter_context(ended_afterwards(redis, stdout=subprocess.DEVNULL))
            # A restart is waited out.
            client.ping()


def open_bomb(_folder: Path) -> None:
    """An answer of 1 MB that would be 1 GB: it is refused, and little of it was ever in memory."""
    from connector import Connector

    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join(packer.compress(bytes(2**20)) for _ in range(2**10)) + packer.flush()
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\n\r\n"
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            peer, _ = listener.accept()
            with peer, contextlib.suppress(OSError):
                peer.recv(65536)
                peer.sendall(head.encode() + bomb)

        answering = threading.Thread(target=answer)
        answering.start()
        before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        with Connector.load(servers={"api": f"http://127.0.0.1:{listener.getsockname()[1]}"}) as connector:
            result = connector.invoke("getUserTopTracks", {"access_token": "any"})
        answering.join()
    assert result.error is not None
    assert result.error.kind == "bad_answer", result
    grown_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kb
    # 64 MB are what an answer may have, and its pieces stand there twice for a moment.
    assert grown_kb < 200 * 1024, f"{grown_kb} KB"


BARE = {"import": open_import, "python": open_python, "bomb": open_bomb, "command": open_command}
DOORS: dict[str, Callable[[Path], None]] = {
    **BARE,
    "http": open_http,
    "webhook": open_webhook,
    "mcp": open_mcp,
    "worker": open_worker,
}


def run(*words: str) -> str:
    """What the command prints."""
    done = subprocess.run([COMMAND, *words], capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert done.returncode == 0, f"{words}: {done.stderr}"
    return done.stdout


@contextlib.contextmanager
def ended_afterwards(words: list[Any], **streams: Any) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(words, text=True, **streams) as process:
        try:
            yield process
        finally:
            process.terminate()
            process.wait(PATIENCE_S)


@contextlib.contextmanager
def running(*words: str) -> Iterator[list[str]]:
    """The lines that the command has printed so far, while it runs; it must end well when it is told to."""
    with ended_afterwards([COMMAND, *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        assert process.stdout is not None
        lines: list[str] = []
        reader = threading.Thread(target=keep, args=(process.stdout, lines))
        reader.start()
        try:
            yield lines
        except BaseException:
            print("".join(lines), file=sys.stderr)
            raise
    reader.join()
    # The HTTP server passes the signal on to itself, once it has ended well.
    assert process.returncode in (0, -signal.SIGTERM), f"{words} ended with {process.returncode}: {''.join(lines)}"


def keep(source: IO[str], lines: list[str]) -> None:
    lines.extend(iter(source.readline, ""))


def find_in(lines: list[str], pattern: str) -> str:
    """What fits `pattern`, once it was printed."""
    ends_at = time.monotonic() + PATIENCE_S
    while time.monotonic() < ends_at:
        if found := re.search(pattern, "".join(lines)):
            return found[0]
        time.sleep(0.05)
    raise AssertionError(f"nothing like {pattern} was printed")


def main(doors: dict[str, Callable[[Path], None]]) -> None:
    for name, is_open in doors.items():
        with tempfile.TemporaryDirectory() as folder:
            is_open(Path(folder))
        print(name, flush=True)


if __name__ == "__main__":
    main(BARE if "--bare" in sys.argv else DOORS)

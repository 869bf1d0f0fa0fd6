"""Ending: writes are finished, reads get their grace, nothing new is let in."""

import contextlib
import json
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
import requests
from patience import wait_until

from connector.runners.http_server.bounds import Bounds, Wait
from connector.runners.http_server.proxies import TrustedProxies
from connector.runners.http_server.serving import HttpServer
from connector.runners.http_server.settings import Settings

COMMAND = Path(sys.executable).with_name("spotify-blocks")
FOLLOW = {"access_token": "t", "id": "0TnOYISbd1XYRBk9myaseg"}


def call(runner, block, args):
    return requests.post(f"{runner.url}/blocks/{block}", json=args, timeout=60)


@pytest.fixture
def held(server):
    """Answers are held back until `held.set()`; `held.came` is set when a request has come."""
    event = threading.Event()
    event.came = threading.Event()

    def answer(_seen):
        event.came.set()
        event.wait(60)
        return 200, {}, {"id": "me"}

    server.answer = answer
    yield event
    event.set()


def test_a_running_write_is_finished_and_answered(connect, held):
    with ThreadPoolExecutor(2) as pool, HttpServer(connect(), Settings(port=0, shutdown_grace=0)) as runner:
        writing = pool.submit(call, runner, "followArtist", FOLLOW)
        assert held.came.wait(60)
        stopping = pool.submit(runner.stop)
        time.sleep(0.3)
        assert not stopping.done()
        held.set()
        assert writing.result().status_code == 200
        stopping.result(60)


def test_a_running_read_is_given_up_after_its_grace(connect, held):
    with ThreadPoolExecutor(2) as pool, HttpServer(connect(), Settings(port=0, shutdown_grace=0.2)) as runner:
        reading = pool.submit(call, runner, "getCurrentUserProfile", {"access_token": "t"})
        assert held.came.wait(60)
        runner.stop()
        answer = reading.result()
        assert (answer.status_code, answer.json()["kind"]) == (503, "cancelled")
        assert not held.is_set()


def test_what_waits_is_sent_away(connect, held):
    settings = Settings(port=0, shutdown_grace=0, threads=1)
    with ThreadPoolExecutor(3) as pool, HttpServer(connect(), settings) as runner:
        writing = pool.submit(call, runner, "followArtist", FOLLOW)
        assert held.came.wait(60)
        waiting = pool.submit(call, runner, "unfollowArtist", FOLLOW)
        limit = time.monotonic() + 10
        while "connector_invocations_waiting 1.0" not in requests.get(f"{runner.url}/metrics", timeout=60).text:
            assert time.monotonic() < limit
        stopping = pool.submit(runner.stop)
        assert (waiting.result().status_code, waiting.result().json()["kind"]) == (503, "busy")
        held.set()
        assert writing.result().status_code == 200
        stopping.result(60)


def test_what_has_not_wholly_come_or_waits_behind_another_is_not_begun(connect, server, held):
    body = json.dumps(FOLLOW).encode()
    head = b"POST /blocks/%s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %d\r\n\r\n"
    with (
        ThreadPoolExecutor(1) as pool,
        HttpServer(connect(), Settings(port=0, shutdown_grace=30)) as runner,
        contextlib.ExitStack() as stack,
    ):
        address = urlsplit(runner.url)
        writing, coming = (
            stack.enter_context(socket.create_connection((address.hostname, address.port))) for _ in range(2)
        )
        both = [head % (name, len(body)) + body for name in (b"followArtist", b"unfollowArtist")]
        writing.sendall(b"".join(both))
        assert held.came.wait(30)
        coming.sendall((head % (b"unfollowArtist", len(body)) + body)[:-1])
        wait_until(
            lambda: "connector_invocations_running 1.0" in requests.get(f"{runner.url}/metrics", timeout=30).text
        )
        stopping = pool.submit(runner.stop)
        assert coming.makefile("rb").read().startswith(b"HTTP/1.1 503")
        held.set()
        assert re.findall(rb"HTTP/1.1 (\d+)", writing.makefile("rb").read()) == [b"200", b"503"]
        stopping.result(30)
    assert [seen.method for seen in server.requests] == ["PUT"]


def test_what_begins_behind_a_running_write_holds_up_no_end(connect, held):
    body = json.dumps(FOLLOW).encode()
    head = b"POST /blocks/followArtist HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %d\r\n\r\n" % len(body)
    with ThreadPoolExecutor(1) as pool, HttpServer(connect(), Settings(port=0, shutdown_grace=600)) as runner:
        address = urlsplit(runner.url)
        with socket.create_connection((address.hostname, address.port)) as writing:
            writing.sendall(head + body + head[:20])
            assert held.came.wait(30)
            stopping = pool.submit(runner.stop)
            wait_until(lambda: is_refused(address))
            held.set()
            with writing.makefile("rb") as answers:
                assert re.findall(rb"HTTP/1.1 (\d+)", answers.read()) == [b"200"]
            stopping.result(60)


def is_refused(address):
    """Whether nobody can connect any more."""
    try:
        socket.create_connection((address.hostname, address.port)).close()
    except ConnectionRefusedError:
        return True
    return False


class Client(SimpleNamespace):
    """A connection that notes why it was turned away."""

    __hash__ = object.__hash__

    def turn_away(self, kind):
        self.why = kind


def test_who_was_on_his_way_as_all_were_told_to_end_is_turned_away():
    """Else an end would wait for what he sends."""
    late = Client(peer="127.0.0.1", address="", wait=Wait.CLIENT, why=None)
    bounds = Bounds(Settings(), 10, lambda _: None, TrustedProxies((), "x-forwarded"))
    bounds.hurry(30)
    bounds.enter(late)
    assert late.why == "busy"


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT], ids=lambda sign: sign.name)
def test_the_command_ends_by_signal_when_its_write_is_done(server, held, sign):
    with subprocess.Popen(
        [COMMAND, "serve", "--port", "0", "--server", f"api={server.url}", "--server", f"accounts={server.url}"],
        stderr=subprocess.PIPE,
        text=True,
        env={"CONNECTOR_STORE": "environment", "COLUMNS": "200", "PATH": ""},
    ) as process:
        try:
            [url] = [word.removesuffix("/docs;") for word in process.stderr.readline().split() if "/docs" in word]
            with ThreadPoolExecutor(1) as pool:
                writing = pool.submit(requests.post, f"{url}/blocks/followArtist", json=FOLLOW, timeout=30)
                assert held.came.wait(60)
                process.send_signal(sign)
                time.sleep(0.3)
                assert process.poll() is None
                held.set()
                assert writing.result().status_code == 200
            assert process.wait(60) in (0, -sign, 130)
        finally:
            process.kill()
        assert "Traceback" not in process.stderr.read()

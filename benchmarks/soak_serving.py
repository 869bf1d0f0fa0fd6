"""`serve` with a hostile client beside honest ones: does it stay small, answer the honest in time, and end when told?

The server, the hostile client, and the honest ones (this process) are three processes; each kind of hostile client
meets a new server.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import requests
from hostile_clients import HOSTILE, SERVER, build_hostile_client
from soak_figures import Story, measure

COMMAND = Path(sys.executable).with_name("spotify-blocks")
HONEST = 2
#: What the server may grow by, in MiB, and the time that it is given to end, in seconds.
GROWTH_MIB, GRACE_S = 100.0, 5.0
#: Files and threads that may be there besides when a hostile client is gone: those of the pool.
FILES_LEFT, POOL = 40, 32
_PATIENCE_S = 60.0
_CALLS = (("GET", "/blocks", None), ("POST", "/blocks/getCurrentUserProfile", {}))


def meet_hostile_client(name: str, seconds: float, within_s: float) -> Story:
    """A server and the hostile client of that name for so many seconds; honest ones are to be answered `within_s`."""
    story = Story()
    with _serving() as (process, url):
        address = url.removeprefix("http://").split(":")
        server = (address[0], int(address[1]))
        for path in ("/docs", "/openapi.json", "/blocks"):
            requests.get(url + path, timeout=_PATIENCE_S)
        before = most = measure(process.pid)
        took: list[float] = []
        with _hostile(name, server), _honest(url, took, story):
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                time.sleep(0.1)
                now = measure(process.pid)
                most = {figure: max(value, now[figure]) for figure, value in most.items()}
        left = _wait_until_few(process.pid, before)
        with _hostile(name, server):
            time.sleep(1)
            started = time.monotonic()
            process.send_signal(signal.SIGTERM)
            process.wait(_PATIENCE_S)
            ended_s = time.monotonic() - started
    memory, files, threads = "RSS (MiB)", "open files", "threads"
    story.rows.append(
        f"{name:<28}{before.get(memory, 0):6.0f} -> {most.get(memory, 0):.0f} MiB, {most.get(files, 0):.0f} files; "
        f"{len(took)} honest calls, half within {statistics.median(took):.3f} s, slowest {max(took):.2f} s; "
        f"ended in {ended_s:.1f} s"
    )
    if most.get(memory, 0) - before.get(memory, 0) > GROWTH_MIB:
        story.wrong.append(f"{name}: memory grew from {before[memory]:.0f} to {most[memory]:.0f} MiB")
    for figure, more in ((files, FILES_LEFT), (threads, POOL)):
        if left.get(figure, 0) > before.get(figure, 0) + more:
            story.wrong.append(f"{name}: afterwards {left[figure]:.0f} {figure}, before it {before[figure]:.0f}")
    if (late := sum(one > within_s for one in took)) > len(took) / 100:
        story.wrong.append(f"{name}: {late} of {len(took)} honest calls took longer than {within_s:g} s")
    if ended_s > GRACE_S + 1:
        story.wrong.append(f"{name}: the server took {ended_s:.1f} s to end, its grace is {GRACE_S:g}")
    return story


def _wait_until_few(process: int, before: dict[str, float]) -> dict[str, float]:
    """The figures once the connections of a client that is gone are closed, or when that should have been."""
    end = time.monotonic() + _PATIENCE_S
    while (now := measure(process)).get("open files", 0) > before.get("open files", 0) + FILES_LEFT:
        if time.monotonic() > end:
            break
        time.sleep(0.1)
    return now


@contextlib.contextmanager
def _serving() -> Iterator[tuple[subprocess.Popen[str], str]]:
    words = [COMMAND, "serve", "--sandbox", "--port", "0", "--no-access-log", "--shutdown-grace", str(GRACE_S)]
    environment = {**os.environ, "COLUMNS": "200"}
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stderr
        draining = threading.Thread(target=process.stderr.read)
        try:
            said = []
            for line in process.stderr:
                said.append(line)
                if "/docs" in line:
                    break
            else:
                raise RuntimeError("".join(said))
            draining.start()
            yield process, next(word for word in line.split() if word.startswith("http://")).removesuffix("/docs;")
        finally:
            process.kill()
            if draining.ident:
                draining.join()


@contextlib.contextmanager
def _honest(url: str, took: list[float], story: Story) -> Iterator[None]:
    """Clients that make a new connection for each call, and note how long it took."""
    is_over = threading.Event()

    def work() -> None:
        while not is_over.is_set():
            for method, path, body in _CALLS:
                started = time.monotonic()
                try:
                    answer = requests.request(method, url + path, json=body, timeout=_PATIENCE_S)
                    if answer.status_code != 200:
                        story.wrong.append(f"an honest call was answered {answer.status_code}")
                except requests.RequestException as problem:
                    story.wrong.append(f"an honest call was not answered: {type(problem).__name__}")
                took.append(time.monotonic() - started)
            is_over.wait(0.02)

    threads = [threading.Thread(target=work) for _ in range(HONEST)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        is_over.set()
        for thread in threads:
            thread.join()


@contextlib.contextmanager
def _hostile(name: str, server: SERVER) -> Iterator[None]:
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_be_hostile, args=(there, name, server), daemon=True)
    process.start()
    here.recv()
    try:
        yield
    finally:
        here.send(None)
        process.join()


def _be_hostile(pipe: Connection, name: str, server: SERVER) -> None:
    with build_hostile_client(name, server):
        pipe.send(None)
        pipe.recv()


def meet_all(seconds: float, within_s: float) -> Iterator[Story]:
    """Each kind of hostile client in turn."""
    for name in HOSTILE:
        yield meet_hostile_client(name, seconds, within_s)

"""Subscriptions taken by real worker processes: one at a time, on after a death, an outage and an end, nothing lost."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from patience import wait_until
from subscriptions.kept import BEGUN, build

from connector.manifest.manifest import Manifest
from connector.subscriptions.redis_store import RedisSubscriptions
from connector.subscriptions.sealing import make_secret, open_sealer

MANIFEST = Path(__file__).parents[1] / "harbour" / "manifest.yaml"
LEASE_S = 3.0
#: The command, with times that a test can wait for.
WORKER = f"""
import sys
from connector.subscriptions import loop, turn
loop.LEASE_S = turn.LEASE_S = {LEASE_S}
loop._REST_S = 0.2
from connector.cli import main
sys.argv = ["blocks", "--manifest", {str(MANIFEST)!r}, "worker", "--concurrency=1", *sys.argv[1:]]
main()
"""


class Harbour:
    """The office, where a berth is booked at each look, and the receiver, on one server."""

    def __init__(self, server):
        self.server = server
        self.bookings = []
        self.under_way = 0
        self.at_once = 0
        self.counting = threading.Lock()
        self.told = []
        self.hold = threading.Event()
        self.hold.set()
        server.answer = self.answer

    def answer(self, seen):
        with self.counting:
            self.under_way += 1
            self.at_once = max(self.at_once, self.under_way)
        try:
            if seen.path == "/hook":
                self.told.append(json.loads(seen.body))
                self.hold.wait(60)
                return 204, {}, b""
            number = len(self.bookings) + 1
            self.bookings.insert(0, {"booking": number, "made": f"2026-01-01T{number // 60:02}:{number % 60:02}:00Z"})
            return 200, {}, {"bookings": self.bookings}
        finally:
            with self.counting:
                self.under_way -= 1

    def read_told(self):
        """The bookings that were told, each once, in the order in which they were first told."""
        return list(dict.fromkeys(event["data"]["data"]["booking"] for event in list(self.told)))

    def has_told_all(self):
        """Whether none was left out on the way; the first look sets the mark."""
        told = self.read_told()
        return told == list(range(2, len(told) + 2))


@pytest.fixture
def harbour(server):
    return Harbour(server)


@pytest.fixture
def store(own_redis, harbour, tmp_path, monkeypatch):
    """With one subscription to the bookings."""
    told = {
        "CONNECTOR_REDIS_URL": own_redis.url,
        "CONNECTOR_SERVER_OFFICE": harbour.server.url,
        "CONNECTOR_STORE": f"file:{tmp_path / 'connections'}",
        "CONNECTOR_STORE_KEY": Fernet.generate_key().decode(),
        "CONNECTOR_ALLOWED_HOSTS": "127.0.0.1",
    }
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    asked = {
        "trigger": "bookingMade",
        "args": {"api_key": "harbour-key"},
        "connection": None,
        "url": f"{harbour.server.url}/hook",
        "every": 0.1,
        "secret": open_sealer(None).seal(make_secret(), "one"),
    }
    with contextlib.closing(RedisSubscriptions(own_redis.url, Manifest.load(MANIFEST).command)) as store:
        assert store.add(build("one", **asked), BEGUN, 10)
        yield store


@pytest.fixture
def start(store, tmp_path):
    """Starts workers as a shell would; ends them afterwards."""
    started = []

    def run(*options):
        with (tmp_path / f"worker-{len(started)}.log").open("wb") as log:
            words = [sys.executable, "-c", WORKER, *options]
            started.append(subprocess.Popen(words, stdout=log, stderr=log, start_new_session=True))
        return started[-1]

    yield run
    for process in started:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.mark.parametrize("pool", ["prefork", "threads", "solo"])
def test_workers_take_turns_one_at_a_time_and_end_in_peace(harbour, store, start, pool):
    workers = [start(f"--pool={pool}") for _ in range(2)]
    wait_until(lambda: len(harbour.read_told()) >= 10)
    for worker in workers:
        worker.terminate()
    assert [worker.wait(60) for worker in workers] == [0, 0]
    assert harbour.at_once == 1
    assert harbour.has_told_all()
    assert len(harbour.told) == len(harbour.read_told())


def test_a_worker_that_is_told_the_api_keys_leaves_those_of_other_owners_alone(harbour, store, start, monkeypatch):
    monkeypatch.setenv("CONNECTOR_SERVE_KEYS", "zapier:secret-1:*")
    worker = start()
    # Left for longer than a lease is.
    wait_until(lambda: store.read_next_due() > time.time() + 5 * LEASE_S)
    assert (harbour.told, harbour.bookings) == ([], [])
    worker.terminate()
    assert worker.wait(60) == 0


def test_what_a_killed_worker_was_at_is_done_by_another(harbour, store, start):
    killed = start()
    wait_until(lambda: len(harbour.read_told()) >= 3)
    harbour.hold.clear()
    told = len(harbour.told)
    wait_until(lambda: len(harbour.told) > told)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait()
    died_at, repeated = time.monotonic(), harbour.told[-1]
    start()
    harbour.hold.set()
    wait_until(lambda: len(harbour.told) > told + 3)
    assert harbour.told[told + 1]["id"] == repeated["id"]
    assert time.monotonic() - died_at > LEASE_S / 2
    assert harbour.has_told_all()


def test_a_redis_that_was_away_is_waited_for_and_nothing_is_lost(harbour, store, start, own_redis):
    worker = start()
    wait_until(lambda: len(harbour.read_told()) >= 3)
    own_redis.stop()
    time.sleep(LEASE_S)
    own_redis.start()
    before = len(harbour.read_told())
    wait_until(lambda: len(harbour.read_told()) > before + 3)
    assert worker.poll() is None
    assert harbour.has_told_all()


def test_a_worker_that_could_deliver_nothing_or_shall_not_leaves_them_to_others(
    harbour, store, start, monkeypatch, tmp_path
):
    start("--subscription-threads=0")
    monkeypatch.delenv("CONNECTOR_STORE_KEY")
    start()
    wait_until(lambda: all(" ready." in (tmp_path / f"worker-{each}.log").read_text() for each in (0, 1)))
    said = (tmp_path / "worker-1.log").read_text()
    assert "Subscriptions are left to other workers. Webhooks' secrets are sealed, and there is no key" in said
    assert store.get("one")[0].status == "active"
    assert harbour.server.requests == []

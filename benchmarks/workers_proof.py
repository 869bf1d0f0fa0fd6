"""Many workers behave as one: 2,000 tasks, while a worker is killed, Redis restarts, tokens end and a gate closes.

Everything is real and on this machine: Redis, four `spotify-blocks worker` processes, the sandbox as a process of its
own. What counts is what the sandbox saw and holds in the end, not what the workers say. Prints the figures, and exits
with 1 where one of them is not what it must be.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import requests
from cryptography.fernet import Fernet
from redis_server import RedisServer

from connector import Connector
from connector.auth import Connection
from connector.auth.stores.redis_store import RedisStore
from connector.limits.shared_redis import open_redis
from connector.runners.workers.celery_worker import build_app
from connector.sandbox.apps import DEMO_CLIENT_ID, DEMO_CLIENT_SECRET
from connector.sandbox.state import State

COMMAND: Final = Path(sys.executable).with_name("spotify-blocks")
NAME: Final = "alice"
REDIRECT: Final = "http://127.0.0.1/callback"
#: How long (s) a dead worker's tasks wait: long enough for this machine, short enough to watch.
LEASE_S: Final = 20.0
GATE_S: Final = 5
#: What is under way when the gate closes is seen by the sandbox within this time (s).
UNDER_WAY_S: Final = 1.0
ALBUMS_SAVED_BEFORE: Final = 400

Task = tuple[str, dict[str, Any]]


@dataclass
class Figures:
    """What happened: a line for each figure, and the names of those that are not what they must be."""

    lines: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def note(self, what: str, value: object) -> None:
        self.lines.append(f"  {what:<58}{value:>12}")

    def check(self, what: str, value: object, goal: object, *, is_met: bool | None = None) -> None:
        """Notes a figure that must be `goal`, or for which `is_met` says whether it does."""
        met = value == goal if is_met is None else is_met
        self.lines.append(f"{'✓' if met else '✗'} {what:<58}{value!s:>12}   (goal: {goal})")
        if not met:
            self.failures.append(what)


class Stage:
    """The sandbox as a process, and its controls over HTTP."""

    def __init__(self) -> None:
        self._process = subprocess.Popen([COMMAND, "sandbox", "--port", "0"], stdout=subprocess.PIPE, text=True)
        greeting = "" if self._process.stdout is None else self._process.stdout.readline()
        self.url = greeting.split(" at ", 1)[1].split(" ", 1)[0]
        self.servers = {"api": f"{self.url}/v1", "accounts": self.url}
        self._http = requests.Session()

    @property
    def pid(self) -> int:
        return self._process.pid

    def control(self, what: str, **values: Any) -> None:
        self._http.post(f"{self.url}/sandbox/{what}", json=values, timeout=30).raise_for_status()

    def calls(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._http.get(f"{self.url}/sandbox/calls", timeout=30).json()["calls"]
        return found

    def sign_in(self, connector: Connector) -> Connection:
        """A user's sign-in, as the browser and the program do it."""
        asked = {
            "response_type": "code",
            "client_id": DEMO_CLIENT_ID,
            "redirect_uri": REDIRECT,
            "scope": " ".join(connector.manifest.data["scopes"]),
            "decision": "agree",
        }
        answer = self._http.post(f"{self.url}/authorize", data=asked, timeout=30, allow_redirects=False)
        code = parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]
        app = {"client_id": DEMO_CLIENT_ID, "client_key": DEMO_CLIENT_SECRET}
        tokens = connector.invoke("getAccessToken", {**app, "code": code, "redirect_uri": REDIRECT}).output
        return Connection(
            name=NAME,
            client_id=DEMO_CLIENT_ID,
            client_secret=DEMO_CLIENT_SECRET,
            access_token=tokens["access_token"],
            refresh_token=tokens["refresh_token"],
            expires_at=time.time() + tokens["expires_in"],
            signed_in_at=time.time(),
        )

    def stop(self) -> None:
        self._http.close()
        self._process.terminate()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()


class Workers:
    """`spotify-blocks worker`, several times; each writes a log of its own into `folder`."""

    def __init__(self, count: int, environment: dict[str, str], folder: Path) -> None:
        self._files = [folder / f"worker-{number}.log" for number in range(1, count + 1)]
        self._processes = [self._start(file, environment) for file in self._files]

    def _start(self, log: Path, environment: dict[str, str]) -> subprocess.Popen[bytes]:
        words = ["worker", "--concurrency", "1", "--lease", str(LEASE_S)]
        with log.open("wb") as stream:
            # A session of its own, so that all of a worker can be killed at once, as when a machine dies.
            return subprocess.Popen(
                [COMMAND, *words], env=environment, stdout=stream, stderr=stream, start_new_session=True
            )

    def wait_until_ready(self) -> None:
        while not all(" ready." in file.read_text() for file in self._files):
            if died := [file.name for file in self._files if self._processes[self._files.index(file)].poll()]:
                raise RuntimeError(f"{died} ended before it was ready")
            time.sleep(0.1)

    def kill_one(self) -> None:
        os.killpg(self._processes[0].pid, signal.SIGKILL)
        self._processes[0].wait()

    def read_logs(self) -> str:
        return "".join(file.read_text() for file in self._files)

    def stop(self) -> None:
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def build_tasks(count: int) -> list[Task]:
    """Reads and writes by turns. No write is like another, so that the sandbox's calls tell them apart."""
    state = State("http://127.0.0.1")
    tracks, albums, artists = (state.example_ids(kind, count) for kind in ("track", "album", "artist"))
    rounds = (
        (
            ("saveTrack", {"id": tracks[number]}),
            ("getCurrentUserProfile", {}),
            ("removeSavedAlbum", {"id": albums[number]}),
            ("checkSavedTrack", {"id": tracks[:3]}),
            ("followArtist", {"id": artists[number]}),
            ("getUserTopTracks", {"max_items": 1 + number % 5}),
        )
        for number in range(count)
    )
    return list(islice(chain.from_iterable(rounds), count))


def run_proof(count: int, folder: Path) -> Figures:
    """Runs `count` tasks and disturbs them. Raises what keeps it from running at all."""
    figures = Figures()
    with ExitStack() as stack:
        redis = stack.enter_context(RedisServer(folder))
        stage = Stage()
        stack.callback(stage.stop)
        connector = stack.enter_context(Connector.load(servers=stage.servers))
        key = Fernet.generate_key().decode()
        store = RedisStore(redis.url, connector.manifest.command, key)
        store.save(stage.sign_in(connector))
        stage.control("seed", saved_tracks=[], saved_albums=_saved_before(), followed_artists=[])
        environment = {
            **os.environ,
            "CONNECTOR_REDIS_URL": redis.url,
            "CONNECTOR_STORE": redis.url,
            "CONNECTOR_STORE_KEY": key,
            "CONNECTOR_SERVER_API": stage.servers["api"],
            "CONNECTOR_SERVER_ACCOUNTS": stage.servers["accounts"],
        }
        workers = Workers(4, environment, folder)
        stack.callback(workers.stop)
        workers.wait_until_ready()
        before = len(stage.calls())

        tasks = build_tasks(count)
        app = stack.enter_context(build_app(redis_url=redis.url, lease_s=LEASE_S))
        results = Results(redis.url)
        started = time.monotonic()
        invoke = app.tasks["connector.invoke"]
        send = lambda tasks: [invoke.delay(block, args, connection=NAME).id for block, args in tasks]  # noqa: E731
        # Where the machine is busy, or after the restart, tasks may end all at once: only those that are sent after an
        # end of the token surely meet it.
        early, first = int(0.2 * count), int(0.8 * count)
        ids = send(tasks[:early])

        def restart() -> None:
            redis.stop()
            time.sleep(1)
            redis.start()

        def expire_early() -> None:
            expire()
            ids.extend(send(tasks[early:first]))

        expire = lambda: stage.control("clock", advance_s=3600)  # noqa: E731
        limit = lambda: stage.control("fault", name="rate_limited", match="/me", retry_after=GATE_S)  # noqa: E731
        disturbances = [(0.2, expire_early), (0.35, workers.kill_one), (0.5, limit), (0.65, restart), (0.8, expire)]
        for share, disturb in disturbances:
            results.wait_for(ids, int(share * count))
            disturb()
        ids += send(tasks[first:])
        results.wait_for(ids, count)
        took_s = time.monotonic() - started

        envelopes = results.read(ids)
        calls = stage.calls()[before:]
        figures.note("tasks", count)
        figures.note("seconds, disturbances included", f"{took_s:.1f}")
        figures.note("tasks a second", f"{count / took_s:.0f}")
        _check_ends(figures, ids, envelopes, workers.read_logs())
        _check_effects(figures, tasks, [envelopes.get(id_) for id_ in ids], store.load(NAME), connector)
        _check_calls(figures, calls, len(tasks))
    return figures


class Results:
    """What Redis holds of the tasks' ends."""

    def __init__(self, url: str) -> None:
        self._redis = open_redis(url, retries=12)

    def wait_for(self, ids: list[str], count: int, patience_s: float = 240.0) -> None:
        """Waits until `count` tasks have ended."""
        ends_at = time.monotonic() + patience_s
        while len(self.read(ids)) < count and time.monotonic() < ends_at:
            time.sleep(0.2)

    def read(self, ids: list[str]) -> dict[str, dict[str, Any]]:
        """Task to envelope, for those that have ended; an exception is an error's envelope without a kind."""
        found: Any = self._redis.mget([f"celery-task-meta-{id_}" for id_ in ids])
        metas = {id_: json.loads(meta) for id_, meta in zip(ids, found, strict=True) if meta}
        return {
            id_: meta["result"] if meta["status"] == "SUCCESS" else {"callback": "failed"}
            for id_, meta in metas.items()
            if meta["status"] in ("SUCCESS", "FAILURE")
        }


def _saved_before() -> list[str]:
    return State("http://127.0.0.1").example_ids("album", ALBUMS_SAVED_BEFORE)


def _check_ends(figures: Figures, ids: list[str], envelopes: dict[str, dict[str, Any]], logs: str) -> None:
    figures.check("tasks without an end", len(ids) - len(envelopes), 0)
    kinds = Counter(envelope["callback"] for envelope in envelopes.values())
    figures.check("tasks that ended with a result", kinds["success"], len(ids))
    figures.note("deliveries: first ones, after a limit, after an outage", logs.count("] received"))
    figures.note("runs that went back into the queue", logs.count("] retry: "))


def _check_effects(
    figures: Figures,
    tasks: list[Task],
    envelopes: list[dict[str, Any] | None],
    connection: Connection | None,
    connector: Connector,
) -> None:
    """What the sandbox holds in the end, against what the results say was done."""
    done = [
        task for task, envelope in zip(tasks, envelopes, strict=True) if envelope and envelope["callback"] == "success"
    ]
    wanted = {
        "saved tracks": {args["id"] for block, args in done if block == "saveTrack"},
        "saved albums": set(_saved_before()) - {args["id"] for block, args in done if block == "removeSavedAlbum"},
        "followed artists": {args["id"] for block, args in done if block == "followArtist"},
    }
    held = {
        "saved tracks": {item["track"]["id"] for item in _read(connector, connection, "getUserSavedTracks")},
        "saved albums": {item["album"]["id"] for item in _read(connector, connection, "getUserSavedAlbums")},
        "followed artists": {artist["id"] for artist in _read(connector, connection, "getFollowedArtists")},
    }
    for what, ids in wanted.items():
        figures.check(f"{what} that differ from the results ({len(ids)} in all)", len(ids ^ held[what]), 0)


def _read(connector: Connector, connection: Connection | None, block: str) -> Iterator[dict[str, Any]]:
    return connector.stream(block, connection=connection)


def _check_calls(figures: Figures, calls: list[dict[str, Any]], count: int) -> None:
    api = [call for call in calls if call["path"].startswith("/v1")]
    writes = Counter(
        f"{call['method']} {call['path']} {call['query']} {call['body']}"
        for call in api
        if call["method"] != "GET" and call["status"] == 200
    )
    refreshes = sum(call["path"] == "/api/token" for call in calls)
    figures.note("requests to the Web API", len(api))
    figures.note("requests beyond one a task", len(api) - count)
    again = sum(times - 1 for times in writes.values())
    # The worker that was killed may have been in the middle of one, which is idempotent and so run again.
    figures.check("writes that took effect twice", again, "at most 1", is_met=again <= 1)
    figures.check("refreshes, for two ends of a token", refreshes, 2)
    closed = next(call["at_s"] for call in api if call["status"] == 429)
    late = sorted(call["at_s"] - closed for call in api if 0 < call["at_s"] - closed < GATE_S)
    under_way = [seconds for seconds in late if seconds < UNDER_WAY_S]
    figures.check("answers 429", sum(call["status"] == 429 for call in api), 1)
    figures.check(
        "requests under way as the gate closed", len(under_way), "at most 3, of the others", is_met=len(under_way) <= 3
    )
    if under_way:
        figures.note("the last of them, in ms after the 429's", f"{under_way[-1] * 1000:.0f}")
    figures.check(f"requests during the closed gate ({GATE_S} s)", len(late) - len(under_way), 0)


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="workers-proof-") as name:
        yield Path(name)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--tasks", type=int, default=2000)
    with _folder() as folder:
        figures = run_proof(parser.parse_args().tasks, folder)
    print(*figures.lines, sep="\n")
    if figures.failures:
        sys.exit(f"Not as it must be: {', '.join(figures.failures)}.")


if __name__ == "__main__":
    main()

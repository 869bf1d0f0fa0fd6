"""Does the connector stay as small as it was, end in time and tell the truth, whoever calls and whatever fails?

`python benchmarks/soak.py [INVOCATIONS]`, 200,000 by default. Four stories, one after the other:

- invocations in 16 threads that share one Connector, against a sandbox in a process of its own that fails one time in
  ten: every one ends within its deadline and raises nothing, and what a write did, as the sandbox has it, is what its
  result said;
- half as many invocations, each with a token of its own;
- a service, a name, a shared gate and a store that hang: every invocation ends within its deadline;
- `serve` with hostile clients beside honest ones: the honest are answered in half a second, and SIGTERM ends it.

Threads, open files and memory are at the end what they were after a tenth of the way. Prints the figures, and exits
with 1 where something isn't so.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any

import requests
from soak_figures import Story, check_growth, watch
from soak_serving import meet_all
from soak_strangers import stand_what_hangs, tell_many_tokens_apart

from connector import Connector
from connector.result import Result
from connector.sandbox import Sandbox

THREADS = 16
#: Seconds for one request with its retries, for a whole invocation, and what a busy computer may add.
TIMEOUT_S, DEADLINE_S, SLACK_S = 3.0, 6.0, 1.0
FAULTS_PER_INVOCATION = 0.1
#: Writes of a thread between two looks at what they came to.
WRITES_PER_LOOK = 20
#: More than one request carries, so that some writes are made in two.
OWN_TRACKS = 50
TRACKS_PER_REQUEST = 40
#: Faults by weight: those that leave open whether a write took place, and those that don't.
OPEN = {"drop": 20, "server_error": 15, "bad_gateway": 10, "unavailable": 10, "html_502": 10, "no_json": 10, "html": 5}
CLOSED = {"forbidden": 5, "not_found": 5, "bad_request": 5, "expired_token": 4, "slow": 10}
RARE = {"stall": 0.5, "rate_limited": 0.3}
FAULTS = OPEN | CLOSED | RARE
#: What the faults strike. Looking at the library is left alone, as the witness has to be.
MATCHES = ("PUT", "PUT", "DELETE", "DELETE", "GET /audio-features", "GET /me/tracks")


@dataclass
class Report:
    """What all threads found."""

    kinds: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    slowest_s: float = 0.0
    retries: int = 0
    waited_s: float = 0.0
    looks: int = 0
    open_writes: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, block: str, result: Result, took_s: float) -> None:
        with self.lock:
            self.kinds[result.error.kind if result.error else "ok"] += 1
            self.slowest_s = max(self.slowest_s, took_s)
            self.retries += result.meta.retries
            self.waited_s += result.meta.waited
            if took_s > DEADLINE_S + SLACK_S:
                self.wrong.append(f"{block} took {took_s:.2f} s of {DEADLINE_S:g}")


class Worker(threading.Thread):
    """One thread: invokes blocks by chance, and keeps a book of what its writes should have come to."""

    def __init__(
        self, number: int, count: int, connector: Connector, token: str, url: str, tracks: list[str], report: Report
    ) -> None:
        super().__init__(name=f"worker-{number}")
        self._chance = random.Random(number)  # noqa: S311 - chance, no secret
        self._count = count
        self._connector = connector
        self._token = token
        self._url = url
        self._report = report
        self._tracks = tracks
        #: Whether each track is saved; None where that is not known.
        self._book: dict[str, bool | None] = dict.fromkeys(tracks)
        self._writes = 0
        self._side = requests.Session()

    def run(self) -> None:
        try:
            for _ in range(self._count):
                if self._chance.random() < FAULTS_PER_INVOCATION:
                    self._queue_fault()
                self._invoke_something()
            self._look()
        except Exception as error:
            with self._report.lock:
                self._report.wrong.append(f"{self.name} ended by {error!r}")
        finally:
            self._side.close()

    def _queue_fault(self) -> None:
        [name] = self._chance.choices(list(FAULTS), list(FAULTS.values()))
        fault: dict[str, Any] = {
            "name": name,
            "match": self._chance.choice(MATCHES),
            "after": self._chance.randrange(8),
        }
        if name in OPEN:
            # A good status is believed, whatever comes with it.
            fault["applied"] = name == "no_json" or self._chance.random() < 0.5
        elif name in ("slow", "stall"):
            fault |= {"name": "slow", "seconds": 0.1 if name == "slow" else TIMEOUT_S * 2}
        elif name == "rate_limited":
            fault["retry_after"] = 1
        self._side.post(f"{self._url}/sandbox/fault", json=fault, timeout=60).raise_for_status()

    def _invoke_something(self) -> None:
        what = self._chance.choice((self._read, self._read, self._write, self._write, self._write))
        what()

    def _read(self) -> None:
        # A page of tracks costs the sandbox as much as all the rest.
        [(block, args)] = self._chance.choices(
            (
                ("getCurrentUserProfile", {}),
                ("getTrackAudioFeatures", {"id": self._tracks[0]}),
                ("getUserSavedTracks", {"max_items": 5}),
            ),
            (10, 10, 1),
        )
        self._invoke(block, args)

    def _write(self) -> None:
        is_saved = self._chance.random() < 0.5
        tracks = self._chance.sample(self._tracks, self._chance.choice((1, 1, 1, 3, OWN_TRACKS)))
        result = self._invoke("saveTrack" if is_saved else "removeSavedTrack", {"id": tracks})
        settled, unsettled = set(tracks), set()
        if error := result.error:
            settled, unsettled = set(error.done), set(error.uncertain)
            if not (settled or unsettled or error.not_done) and error.is_uncertain:
                unsettled = set(tracks)
        self._book |= dict.fromkeys(settled, is_saved) | dict.fromkeys(unsettled, None)
        self._report.open_writes += len(unsettled)
        self._writes += 1
        if self._writes % WRITES_PER_LOOK == 0:
            self._look()

    def _invoke(self, block: str, args: dict[str, Any]) -> Result:
        started = time.monotonic()
        result = self._connector.invoke(block, {"access_token": self._token, **args})
        self._report.note(block, result, time.monotonic() - started)
        return result

    def _look(self) -> None:
        """Compares the book with the sandbox's, by another client."""
        found: dict[str, bool] = {}
        for start in range(0, OWN_TRACKS, TRACKS_PER_REQUEST):
            tracks = self._tracks[start : start + TRACKS_PER_REQUEST]
            answer = self._side.get(
                f"{self._url}/v1/me/library/contains",
                params={"uris": ",".join(f"spotify:track:{track}" for track in tracks)},
                headers={"Authorization": f"Bearer {self._token}"},
                timeout=60,
            )
            answer.raise_for_status()
            found |= zip(tracks, answer.json(), strict=True)
        wrong = [track for track, is_saved in self._book.items() if is_saved not in (None, found[track])]
        with self._report.lock:
            self._report.looks += 1
            self._report.wrong += [f"{track} is {'' if found[track] else 'not '}saved" for track in wrong]
        self._book |= found


def serve(pipe: Connection) -> None:
    """Runs a sandbox in this process until the other side hangs up."""
    with Sandbox(quota_mode="extended") as sandbox:
        tracks = sandbox.control.ids("track", THREADS * OWN_TRACKS)
        pipe.send((sandbox.url, sandbox.servers, sandbox.demo_args["access_token"], tracks))
        with pipe:
            pipe.recv()


def keep_the_book(total: int) -> Story:
    """`total` invocations by chance against a sandbox that fails, whose writes are compared with what it has."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(there,), daemon=True)
    process.start()
    url, servers, token, tracks = here.recv()
    report = Report()
    started = time.monotonic()
    with Connector.load(servers=servers, timeout=TIMEOUT_S, deadline=DEADLINE_S, max_wait=2) as connector:
        workers = [
            Worker(number, total // THREADS, connector, token, url, tracks[number::THREADS], report)
            for number in range(THREADS)
        ]
        for worker in workers:
            worker.start()
        samples = watch(lambda: all(worker.is_alive() for worker in workers), lambda: report.kinds.total() / total)
        for worker in workers:
            worker.join()
    took_s = time.monotonic() - started
    here.send(None)
    process.join()
    done = report.kinds.total()
    story = Story(
        [
            f"{'invocations':<28}{done:10,} in {took_s:.0f} s, {done / took_s:.0f} a second",
            f"{'ended as':<28}{', '.join(f'{kind} {count:,}' for kind, count in report.kinds.most_common())}",
            f"{'slowest':<28}{report.slowest_s:10.2f} s of {DEADLINE_S:g}",
            f"{'retries':<28}{report.retries:10,}, {report.waited_s:.0f} s waited in all threads",
            f"{'looks at the library':<28}{report.looks:10,}, {report.open_writes:,} tracks left open by a result",
        ],
        report.wrong,
    )
    check_growth(samples, story)
    return story


def tell_stories(total: int, *, seconds: float = 20, within_s: float = 0.5) -> Iterator[Story]:
    """All stories: about `total` invocations, and so many `seconds` of each hostile client, beside which the honest are
    to be answered `within_s`."""
    yield keep_the_book(total)
    yield tell_many_tokens_apart(total // 2)
    yield from stand_what_hangs(max(THREADS, total // 1000))
    yield from meet_all(seconds, within_s)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("invocations", nargs="?", type=int, default=200_000)
    wrong = 0
    for story in tell_stories(parser.parse_args().invocations):
        story.show()
        wrong += len(story.wrong)
    print(f"{wrong} wrong" if wrong else "all as it should be")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

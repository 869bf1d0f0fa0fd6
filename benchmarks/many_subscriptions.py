"""Many subscriptions on one machine, with Redis and workers, or by one server with its file (`--alone`): each polled in
its interval, and no event lost.

Everything is real and on this machine: Redis, four `spotify-blocks worker` processes, the HTTP runner that is asked for
the subscriptions, the sandbox with a playlist for each of them, watched with a connection of its own. On the way a
worker, or the server, is killed with SIGKILL, Redis is restarted, and the receiver is down for as long as an interval.
What counts is what the receiver was sent beside what was put on the playlists. Prints the figures, and exits with 1
where one of them is not what it must be.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from typing import Final

from playlists import Often, Playlists
from processes import Process, measure_memory
from receiver import Receiver
from subscription_takers import OneServer, Takers, Workers
from workers_proof import Figures, Stage

from connector import Connector

#: Of its interval by which a poll may come late where nothing is disturbed; chance takes a quarter of that.
LATE: Final = 0.2
#: The longest wait (s) for the last event.
PATIENCE_S: Final = 600.0


class Story:
    """`count` subscriptions that `takers` poll once in `every` seconds, while something happens to `rate` of them a
    second."""

    def __init__(self, stack: ExitStack, folder: Path, takers: Takers, count: int, every: float, rate: float) -> None:
        self.every, self.rate = every, rate
        self.figures = Figures()
        self._stack = stack
        self._takers = takers
        self._stage = Stage()
        stack.callback(self._stage.stop)
        self._receiver = stack.enter_context(Receiver())
        self._environment = {
            **takers.environment,
            "CONNECTOR_ALLOWED_HOSTS": "127.0.0.1",
            "CONNECTOR_SERVER_API": self._stage.servers["api"],
            "CONNECTOR_SERVER_ACCOUNTS": self._stage.servers["accounts"],
        }
        self._folder = folder
        #: Those that run, by name, and which of them take turns.
        self._processes: dict[str, Process] = {}
        self._taking: set[str] = set()
        with Connector.load(servers=self._stage.servers) as connector:
            store = takers.open_store(connector.manifest.command)
            self._playlists = Playlists(self._stage, count, store, connector)
        self._playlist_of: dict[str, str] = {}

    def subscribe(self) -> None:
        """Asks the runner for a subscription to each of the playlists, several at a time."""
        url = self._takers.serve(self)
        with ThreadPoolExecutor(4) as pool:
            made = list(pool.map(lambda number: self._subscribe(url, number), range(len(self._playlists.ids))))
        self._playlist_of = dict(zip(made, self._playlists.ids, strict=True))

    def _subscribe(self, url: str, number: int) -> str:
        asked = {
            "trigger": "newPlaylistItem",
            "args": {"playlist_id": self._playlists.ids[number]},
            "connection": f"listener{number}",
            "url": self._receiver.url,
            "every": self.every,
        }
        return str(self._playlists.post(f"{url}/subscriptions", asked)["id"])

    def work_off(self) -> None:
        """Something happens to each of them before anybody takes turns; how fast is all of it told?"""
        for playlist in self._playlists.ids:
            self._playlists.put(playlist)
        time.sleep(self.every)
        self._takers.begin(self)
        self._wait(lambda: len(self._receiver.deliveries) >= len(self._playlists.ids))
        came = [delivery.at for delivery in self._receiver.deliveries]
        self.figures.note("overdue polls with an event each, a second", f"{len(came) / (came[-1] - came[0]):.0f}")

    def go_on(self) -> None:
        """Things happen; nothing is disturbed."""
        self._playlists.read_looks()
        calls, cpu, at = self._playlists.calls, self._read_cpu(), time.time()
        self.go_by(2.5)
        took = time.time() - at
        polls = sum(look >= at for looks in self._playlists.looks.values() for look in looks)
        self.figures.note("polls a second", f"{polls / took:.0f}")
        self.figures.note("ms of a processor that one takes", f"{(self._read_cpu() - cpu) * 1000 / polls:.1f}")
        self._judge_intervals(at)
        self.figures.note("requests to the service a second", f"{(self._playlists.calls - calls) / took:.0f}")
        late = self._read_delays(at, time.time() - self.every * 1.5)
        self.figures.note("happenings a second", f"{self.rate:.0f}")
        self.figures.note("s from happening to delivery, half within", f"{_find(late, 0.5):.1f}")
        self.figures.check(
            "s from happening to delivery, p99",
            f"{_find(late, 0.99):.1f}",
            f"≤ {self.every * (1 + LATE):.0f}",
            is_met=_find(late, 0.99) <= self.every * (1 + LATE),
        )
        self._note_memory()

    def disturb(self) -> None:
        """Whoever takes turns is disturbed, and the receiver is down."""
        self._takers.disturb(self)
        self._receiver.go_down()
        self.go_by(1)
        self._receiver.come_up()
        self.go_by(0.5)

    def end(self) -> None:
        """Waits for the last event, and compares."""
        expected = {(name, track) for name, one in self._playlist_of.items() for track in self._playlists.happened[one]}
        self._wait(lambda: len(self._read_told()) >= len(expected))
        told = self._read_told()
        repeated = Counter((delivery.subscription, delivery.event) for delivery in self._receiver.deliveries)
        self.figures.note("events", len(expected))
        self.figures.check("events that never came", len(expected - told.keys()), 0)
        self.figures.check("events that never happened", len(told.keys() - expected), 0)
        self.figures.check("events with two ids", sum(len(ids) > 1 for ids in told.values()), 0)
        self.figures.note("deliveries that were repeated", sum(repeated.values()) - len(repeated))
        for name in sorted(self._taking):
            self.figures.check(f"{name}, ended by", self._processes[name].end(), self._takers.ended)

    def _read_told(self) -> dict[tuple[str, str], set[str]]:
        """Subscription and track to the ids under which that was told."""
        told: dict[tuple[str, str], set[str]] = {}
        for delivery in list(self._receiver.deliveries):
            told.setdefault((delivery.subscription, delivery.track), set()).add(delivery.event)
        return told

    def _read_delays(self, since: float, until: float) -> list[float]:
        """From happening to delivery (s), of what happened in between."""
        delays = []
        for delivery in list(self._receiver.deliveries):
            at = self._playlists.happened[self._playlist_of[delivery.subscription]][delivery.track]
            if since <= at <= until:
                delays.append(delivery.at - at)
        return sorted(delays)

    def _judge_intervals(self, since: float) -> None:
        gaps = sorted(
            after - before
            for looks in self._playlists.looks.values()
            for before, after in pairwise(looks)
            if before >= since and after - before > 1
        )
        seldom = sum(not any(look >= since for look in self._playlists.looks[one]) for one in self._playlists.ids)
        self.figures.check("subscriptions that were not polled", seldom, 0)
        self.figures.note("s between two polls, p99", f"{_find(gaps, 0.99):.1f}")
        self.figures.check(
            "s between two polls, longest",
            f"{gaps[-1]:.1f}",
            f"≤ {self.every * (1 + LATE):.0f}",
            is_met=gaps[-1] <= self.every * (1 + LATE),
        )

    def _read_cpu(self) -> float:
        return sum(self._processes[name].read_cpu() for name in self._taking)

    def _note_memory(self) -> None:
        self._takers.note_memory(self.figures)
        for name, process in self._processes.items():
            self.figures.note(f"{name}, MiB", " + ".join(f"{each:.0f}" for each in process.read_memory()))
        self.figures.note("the sandbox, MiB", f"{measure_memory(self._stage.pid):.0f}")

    def go_by(self, intervals: float) -> None:
        """Has so many intervals go by, in which things happen."""
        with Often(self._playlists.happen, self.rate):
            ends = time.monotonic() + intervals * self.every
            while (left := ends - time.monotonic()) > 0:
                # More often than the sandbox forgets.
                time.sleep(min(left, 20.0))
                self._playlists.read_looks()

    def start(self, name: str, *words: str, takes_turns: bool = False) -> Process:
        """Starts the command with these words."""
        process = Process(self._folder / f"{name}.log", self._environment, *words)
        self._stack.callback(process.end)
        self._processes[name] = process
        if takes_turns:
            self._taking.add(name)
        return process

    def kill(self, name: str) -> None:
        """Ends one at once, as the machine's power does."""
        self._processes.pop(name).kill()
        self._taking.discard(name)

    @staticmethod
    def _wait(holds: Callable[[], bool]) -> None:
        ends = time.monotonic() + PATIENCE_S
        while not holds() and time.monotonic() < ends:
            time.sleep(0.5)


def _find(values: list[float], part: float) -> float:
    return values[int(part * (len(values) - 1))] if values else 0.0


def run(count: int, every: float, rate: float, folder: Path, *, is_alone: bool = False) -> Figures:
    """Tells the story. Raises what keeps it from being told at all."""
    with ExitStack() as stack:
        load = [f"{os.getloadavg()[1]:.1f}"]
        takers: Takers = OneServer(stack, folder) if is_alone else Workers(stack, folder)
        story = Story(stack, folder, takers, count, every, rate)
        for part in (story.subscribe, story.work_off, story.go_on, story.disturb, story.end):
            began = time.monotonic()
            part()
            load.append(f"{os.getloadavg()[1]:.1f}")
            print(f"  {part.__name__}: {time.monotonic() - began:.0f} s, load {load[-1]}", file=sys.stderr, flush=True)
        story.figures.note("the machine's load of five minutes, part by part", " ".join(load))
        return story.figures


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000, help="subscriptions (default: %(default)s)")
    parser.add_argument("--every", type=float, default=120, help="seconds between two polls (default: %(default)s)")
    parser.add_argument("--rate", type=float, default=10, help="happenings a second (default: %(default)s)")
    parser.add_argument("--alone", action="store_true", help="by one server, with its file in place of Redis")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        figures = run(options.count, options.every, options.rate, Path(name), is_alone=options.alone)
    print("\n".join(figures.lines))
    sys.exit(1 if figures.failures else 0)

"""What an outcome costs in calls and in time, beside spotipy and tekore: a playlist filled, many tracks by their ids.

All ask a sandbox, a process of its own that lets each call wait as long as the service does. Its rules are the
service's: an app in development mode gets one track a call.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, NamedTuple

import requests
import spotipy
import tekore

from connector import Connector

LATENCY_S = 0.05
#: The most that one call may add; the libraries leave it to their users to split what is longer.
AT_ONCE = 100


class Cost(NamedTuple):
    """What an outcome took of a contender: calls, and seconds."""

    name: str
    calls: int
    seconds: float


class Stage:
    """A sandbox with as many saved tracks as are wanted, and clients of it."""

    def __init__(self, url: str, tracks: int) -> None:
        self._url = url
        self.ours = Connector.load(servers={"api": f"{url}/v1", "accounts": url})
        self.restart(tracks)
        saved = self.invoke("getUserSavedTracks")["items"]
        self.ids: list[str] = [item["track"]["id"] for item in saved]
        self.uris: list[str] = [item["track"]["uri"] for item in saved]
        self.slow_down()

    def restart(self, tracks: int) -> None:
        """Everything as at the start, with so many tracks saved, and no call waits."""
        self._post("reset")
        self._post("seed", saved_tracks=tracks, page_null_at={})
        self.token: str = self._post("demo")["access_token"]
        self._sign_in()

    def connect_anew(self) -> None:
        """Clients of its own for a process that was forked."""
        self.ours = Connector.load(servers={"api": f"{self._url}/v1", "accounts": self._url})
        self._sign_in()

    def _sign_in(self) -> None:
        self.spotipy = spotipy.Spotify(auth=self.token, requests_timeout=60)
        self.spotipy.prefix = f"{self._url}/v1/"
        self.tekore = tekore.Spotify(self.token, sender=tekore.SyncSender())

    def slow_down(self) -> None:
        """From here on each call waits as long as it does with the service."""
        self.fail("slow", seconds=LATENCY_S, times=None)

    def fail(self, name: str, **options: Any) -> None:
        """Queues a fault of the sandbox's."""
        self._post("fault", name=name, **options)

    def pass_time(self, seconds: float) -> None:
        """Puts the sandbox's clock forward."""
        self._post("clock", advance_s=seconds)

    def invoke(self, block: str, **args: Any) -> Any:
        result = self.ours.invoke(block, {"access_token": self.token, **args})
        assert result.ok, result.error
        return result.output

    def measure(self, act: Callable[[], Any]) -> tuple[int, float, Any]:
        """How many calls `act` sends, seconds that it takes, and what it gives."""
        tekore._client.base.prefix = f"{self._url}/v1/"
        before, started = len(self.list_calls()), time.perf_counter()
        given = act()
        took = time.perf_counter() - started
        return len(self.list_calls()) - before, took, given

    def list_calls(self) -> list[dict[str, Any]]:
        """The requests since the last restart."""
        calls: list[dict[str, Any]] = requests.get(f"{self._url}/sandbox/calls", timeout=60).json()["calls"]
        return calls

    def _post(self, what: str, **parts: Any) -> dict[str, Any]:
        answer = requests.post(f"{self._url}/sandbox/{what}", json=parts, timeout=60)
        answer.raise_for_status()
        return answer.json()


@contextmanager
def run_stage(quota_mode: str, tracks: int) -> Iterator[Stage]:
    """A stage for an app in the quota mode, with `tracks` saved."""
    code = f"from connector.sandbox.server import serve; serve(port=0, quota_mode={quota_mode!r})"
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        words = process.stdout.readline().split()
        stage = Stage(next(word for word in words if word.startswith("http://")), tracks)
        with stage.ours:
            yield stage
    finally:
        process.terminate()
        process.communicate(timeout=10)


def add_items(stage: Stage) -> Iterator[Cost]:
    """All of the stage's tracks into a new playlist, in order, by each contender."""
    parts = [stage.uris[start : start + AT_ONCE] for start in range(0, len(stage.uris), AT_ONCE)]
    ways: dict[str, Callable[[str], object]] = {
        "ours": lambda playlist: stage.invoke("addItemsToPlaylist", playlist_id=playlist, uris=stage.uris),
        "spotipy": lambda playlist: [stage.spotipy.playlist_add_items(playlist, part) for part in parts],
        "tekore": lambda playlist: [stage.tekore.playlist_add(playlist, part) for part in parts],
    }
    for name, add in ways.items():
        playlist = stage.invoke("createPlaylist", name="Benchmark")["id"]
        calls, seconds, _ = stage.measure(partial(add, playlist))
        items = stage.invoke("getPlaylistItems", playlist_id=playlist)["items"]
        assert [(item.get("item") or item["track"])["uri"] for item in items] == stage.uris
        yield Cost(name, calls, seconds)


def read_tracks(stage: Stage) -> Iterator[Cost]:
    """The tracks of the stage's ids, in order, by each contender but tekore: to it a track without `popularity` is
    none, and an app in development mode is told of no popularity."""
    ways: dict[str, Callable[[], list[str]]] = {
        "ours": lambda: [track["id"] for track in stage.invoke("getTracks", ids=stage.ids)["tracks"]],
        "spotipy": lambda: [stage.spotipy.track(each)["id"] for each in stage.ids],
    }
    for name, read in ways.items():
        calls, seconds, ids = stage.measure(read)
        assert ids == stage.ids
        yield Cost(name, calls, seconds)

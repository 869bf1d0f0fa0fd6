"""The playlists of a sandbox that are watched: what happens to them, and how often each is looked at."""

from __future__ import annotations

import random
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final, Self

import requests
from workers_proof import Stage

from connector import Connector
from connector.auth import Store
from connector.sandbox.state import State

_TRACKS: Final = [f"spotify:track:{each}" for each in State("http://127.0.0.1").example_ids("track", 60)]
_PATH: Final = "/v1/playlists/"


class Playlists:
    """`count` new playlists in the sandbox of `stage`, and in `store` a connection for each, `listener0` and on.

    `happened` is what was put on each, and when; `looks` is when each was looked at, and `calls` how many requests the
    sandbox had, as far as `read_looks` has read.
    """

    def __init__(self, stage: Stage, count: int, store: Store, connector: Connector) -> None:
        self._stage = stage
        self._http = requests.Session()
        self._random = random.Random(1)  # noqa: S311 - no secret
        self.happened: dict[str, dict[str, float]] = defaultdict(dict)
        self.looks: dict[str, list[float]] = defaultdict(list)
        self.calls = 0
        self._read_to = 0.0
        self._token: str | None = None
        self.ids = [self._make(number, store, connector) for number in range(count)]

    def _make(self, number: int, store: Store, connector: Connector) -> str:
        connection = replace(self._stage.sign_in(connector), name=f"listener{number}")
        store.save(connection)
        self._token = connection.access_token
        return str(self.post(f"{self._stage.url}/v1/me/playlists", {"name": f"Playlist {number}"})["id"])

    def happen(self) -> None:
        """Something happens to one of them."""
        self.put(self._random.choice(self.ids))

    def put(self, playlist: str) -> None:
        """Puts a track on it that was not there."""
        known = self.happened[playlist]
        track = next(each for each in _TRACKS if each not in known)
        # Before it is there: who looks meanwhile must not be ahead of it.
        known[track] = time.time()
        self.post(f"{self._stage.url}{_PATH}{playlist}/items", {"uris": [track]})

    def read_looks(self) -> None:
        """Reads what the sandbox was asked since the last time; it remembers the latest 20,000 requests."""
        seen = [call for call in self._stage.calls() if call["at_s"] > self._read_to]
        for call in seen:
            path = call["path"]
            self.calls += path.startswith("/v1")
            if call["method"] == "GET" and path.startswith(_PATH) and path.count("/") == _PATH.count("/"):
                self.looks[path.removeprefix(_PATH)].append(call["at_s"])
        self._read_to = max((call["at_s"] for call in seen), default=self._read_to)

    def post(self, url: str, body: dict[str, Any]) -> Any:
        """What is answered. Raises `HTTPError` for a refusal."""
        answer = self._http.post(url, json=body, headers={"Authorization": f"Bearer {self._token}"}, timeout=60)
        answer.raise_for_status()
        return answer.json()


class Often:
    """Does something so many times a second, in a thread, within a `with` statement."""

    def __init__(self, act: Callable[[], object], rate: float) -> None:
        self._act, self._pause = act, 1 / rate
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        due = time.monotonic()
        while not self._ended.wait(max(0.0, due - time.monotonic())):
            self._act()
            due += self._pause

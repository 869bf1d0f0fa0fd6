"""The libraries that are compared, each pointed at the benchmark's server, each asked for the same things."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import requests
import spotipy
import tekore
import urllib3

from connector import Connector
from connector.wire import json_bodies

TOKEN = "a-token-of-the-usual-length-" + "x" * 180
ARGS = {"access_token": TOKEN}
HEADERS = {"Authorization": f"Bearer {TOKEN}"}
Call = Callable[[], Any]


def make_connector(base: str, **options: Any) -> Connector:
    return Connector.load(servers={"api": f"{base}/v1"}, **options)


@contextmanager
def hide_speed() -> Iterator[None]:
    """As if the extra `speed` were not installed."""
    library, json_bodies.orjson = json_bodies.orjson, None
    try:
        yield
    finally:
        json_bodies.orjson = library


def make_spotipy(base: str) -> spotipy.Spotify:
    made = spotipy.Spotify(auth=TOKEN, requests_timeout=60)
    made.prefix = f"{base}/v1/"
    return made


def make_tekore(base: str) -> tekore.Spotify:
    # tekore builds its addresses from this; one server at a time is enough.
    tekore._client.base.prefix = f"{base}/v1/"
    return tekore.Spotify(TOKEN, sender=tekore.SyncSender())


def profile_calls(base: str) -> dict[str, Call]:
    """One call of each contender for the user's profile."""
    connector = make_connector(base)
    session, pool = requests.Session(), urllib3.PoolManager()
    rival, other = make_spotipy(base), make_tekore(base)
    url = f"{base}/v1/me"
    return {
        "ours": lambda: connector.invoke("getCurrentUserProfile", ARGS).output["id"],
        "spotipy": lambda: rival.current_user()["id"],
        "tekore": lambda: other.current_user().id,
        "requests": lambda: session.get(url, headers=HEADERS).json()["id"],
        "urllib3": lambda: json.loads(pool.request("GET", url, headers=HEADERS).data)["id"],
    }


def reading_calls(base: str) -> dict[str, Call]:
    """One reading of all saved tracks by each contender: the ids in order."""
    rival, other = make_spotipy(base), make_tekore(base)
    pool = urllib3.PoolManager()

    def read_by(connector: Connector) -> list[str]:
        result = connector.invoke("getUserSavedTracks", ARGS)
        assert result.ok, result.error
        return [item["track"]["id"] for item in result.output["items"]]

    def read_by_spotipy() -> list[str]:
        page = rival.current_user_saved_tracks(limit=50)
        items = list(page["items"])
        while page["next"]:
            page = rival.next(page)
            items += page["items"]
        return [item["track"]["id"] for item in items]

    def read_by_tekore() -> list[str]:
        tekore._client.base.prefix = f"{base}/v1/"
        return [item.track.id for item in other.all_items(other.saved_tracks(limit=50))]

    def read_by_urllib3() -> list[str]:
        url, items = f"{base}/v1/me/tracks?limit=50", []
        while url:
            page = json.loads(pool.request("GET", url, headers=HEADERS).data)
            items += page["items"]
            url = page["next"]
        return [item["track"]["id"] for item in items]

    def read_plainly() -> list[str]:
        with hide_speed():
            return read_by(plain)

    plain = make_connector(base)
    eight, sixteen = make_connector(base), make_connector(base, concurrency=16)
    return {
        "ours": read_plainly,
        "ours [speed]": lambda: read_by(eight),
        "ours [speed], 16": lambda: read_by(sixteen),
        "spotipy": read_by_spotipy,
        "tekore": read_by_tekore,
        "urllib3": read_by_urllib3,
    }

"""What the packaged ready-made blocks cost, counted in the sandbox: the first time, and the same again."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from connector import Connector
from connector.auth import Connection
from connector.auth.stores.memory_store import MemoryStore
from connector.export.markdown import build_table, to_code
from connector.manifest.manifest import Manifest
from connector.sandbox import Sandbox

#: What the listener has saved and follows.
LIBRARY: Final[Mapping[str, int]] = {
    "saved_tracks": 300,
    "saved_albums": 40,
    "saved_episodes": 100,
    "saved_shows": 25,
    "followed_artists": 25,
}
#: Items of the playlist that most blocks read, and how many of them are there twice.
ITEMS: Final = 150
COPIES: Final = 5
#: Items of the other one, and how many of them the first one holds too.
OTHERS: Final = 80
SHARED: Final = 40
#: Lines that are looked for, or imported.
LINES: Final = 20
_SECOND_LISTENER: Final = "sandbox-second-listener"


class Calls(NamedTuple):
    """How many calls read, and how many write."""

    read: int
    write: int


class Run(NamedTuple):
    """With what a block is run, in words; what calls it takes, and what the same again, `None` where that isn't
    another thing."""

    block: str
    words: str
    first: Calls
    again: Calls | None


class Stage:
    """The sandbox's listener, called `me`, with two playlists, and another one."""

    def __init__(self, sandbox: Sandbox, connector: Connector) -> None:
        self._control = sandbox.control
        self._connector = connector
        self._counted = 0
        self._control.seed(**LIBRARY, rate_limit=None, daily_calls=None, page_null_at={})
        tracks = [f"spotify:track:{each}" for each in self._control.ids("track", 1_000)][-2 * ITEMS :]
        own = tracks[: ITEMS - COPIES]
        self.evening = self._make("Evening", [*own, *own[:COPIES]])
        self.morning = self._make("Morning", [*own[-SHARED:], *tracks[ITEMS : ITEMS + OTHERS - SHARED]])
        [artist] = self.run("getFollowedArtists", max_items=1).entries
        self._control.seed(releases={artist["id"]: [{"album_group": "album", "release_date": "2099-01-01"}]})
        entries = self.run("getPlaylistItems", playlist_id=self.evening, max_items=LINES).entries
        self.lines = "\n".join(f"{each['item']['artists'][0]['name']} - {each['item']['name']}" for each in entries)

    def run(self, block: str, **args: Any) -> Any:
        # What `me` has is copied to the other one.
        result = self._connector.invoke(block, args, connection="other" if args.get("source") == "me" else "me")
        result.unwrap()
        return result

    def count(self) -> Calls:
        """The calls since the last time."""
        calls = self._control.calls()
        new, self._counted = calls[self._counted :], len(calls)
        reads = sum(call["method"] == "GET" for call in new)
        return Calls(reads, len(new) - reads)

    def fill_in(self, args: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments with what is in braces."""
        filled: dict[str, Any] = json.loads(
            re.sub(r'"\{(\w+)\}"', lambda match: json.dumps(getattr(self, match[1])), json.dumps(args))
        )
        return filled

    def _make(self, name: str, uris: list[str]) -> str:
        made: str = self.run("createPlaylist", name=name).output["id"]
        self.run("addItemsToPlaylist", playlist_id=made, uris=uris)
        return made


class _Act(NamedTuple):
    """A run of a block: with what, in words, and its arguments, in which what the stage has stands in braces."""

    block: str
    words: str
    args: Mapping[str, Any]
    is_repeated: bool = True


_BOTH: Final = {"sources": ["{evening}", "{morning}"], "target": "New"}
_ACTS: Final = (
    _Act("mirrorSavedTracks", "300 saved tracks", {"target": "Likes"}),
    _Act("mirrorPlaylist", "150 items", {"source": "{evening}", "target": "New"}),
    _Act("keepLastItems", "the newest 50 of 300 saved tracks", {"target": "Newest", "count": 50}),
    _Act("addMissingItems", "150 items, of which 40 are there", {"source": "{evening}", "target": "{morning}"}),
    _Act("collectByPeriod", "300 saved tracks of one year", {"every": "year"}),
    _Act("copyPlaylist", "150 items", {"source": "{evening}", "target": "New"}),
    _Act(
        "copyLibrary",
        "40 albums, 25 artists, 5 playlists",
        {"source": "me", "what": ["albums", "artists", "playlists"]},
    ),
    _Act("mergePlaylists", "150 and 80 items", _BOTH),
    _Act("subtractPlaylists", "150 less 80 items", _BOTH),
    _Act("intersectPlaylists", "150 and 80 items", _BOTH),
    _Act("dedupePlaylist", "150 items, of which 5 are copies", {"playlist": "{evening}"}),
    _Act("sortPlaylist", "150 items by title", {"playlist": "{evening}", "by": "title"}),
    _Act("sortPlaylist", "the same with `how=replace`", {"playlist": "{evening}", "by": "title", "how": "replace"}),
    _Act("shufflePlaylist", "150 items", {"playlist": "{evening}", "seed": "evening"}),
    _Act("newReleasesToPlaylist", "25 followed artists, 1 new album", {"target": "Releases"}),
    _Act("latestEpisodesToPlaylist", "25 saved podcasts", {"target": "Episodes"}),
    _Act("findTrack", "20 lines", {"text": "{lines}"}, is_repeated=False),
    _Act("findAlbum", "1 line", {"text": "Rolling Bicycle - Electric River"}, is_repeated=False),
    _Act("findArtist", "1 name", {"text": "Sudden River"}, is_repeated=False),
    _Act("findPlaylist", "any number of names", {"text": "Evening"}, is_repeated=False),
    _Act("exportPlaylist", "150 items", {"playlist": "{evening}"}, is_repeated=False),
    _Act("exportLibrary", "all of it", {}, is_repeated=False),
    _Act("importPlaylist", "20 lines without URIs", {"file": "{lines}", "target": "New"}),
    _Act("queueItems", "20 items", {"source": "{evening}", "count": 20}, is_repeated=False),
    _Act("playOn", "a device that sleeps, at 30 %", {"device": "Kitchen", "volume": 30}, is_repeated=False),
    _Act("addCurrentTrack", "into the library, where it is", {}, is_repeated=False),
)


def measure_blocks(manifest: Manifest) -> list[Run]:
    """Runs the blocks of the packaged `manifest`, each with the listener's things as they were."""
    with Sandbox() as sandbox:
        return [_measure(sandbox, manifest, act) for act in _ACTS]


def _measure(sandbox: Sandbox, manifest: Manifest, act: _Act) -> Run:
    sandbox.control.reset()
    people = {"me": sandbox.control.demo_args(), "other": sandbox.control.demo_args(_SECOND_LISTENER)}
    connections = [
        Connection(who, told["client_id"], told["client_key"], access_token=told["access_token"])
        for who, told in people.items()
    ]
    with Connector(manifest, servers=sandbox.servers, store=MemoryStore(connections)) as connector:
        stage = Stage(sandbox, connector)
        args = stage.fill_in(act.args)
        stage.count()
        stage.run(act.block, **args)
        first = stage.count()
        if not act.is_repeated:
            return Run(act.block, act.words, first, None)
        stage.run(act.block, **args)
        return Run(act.block, act.words, first, stage.count())


def build_block_costs(runs: list[Run]) -> str:
    """The table of what they cost, as Markdown."""
    rows = [
        (
            f"[{to_code(run.block)}](reference/ready-made.md#{run.block.lower()})",
            run.words,
            _tell(run.first),
            _tell(run.again),
        )
        for run in runs
    ]
    return build_table(("block", "with", "first", "again"), rows)


def _tell(calls: Calls | None) -> str:
    return f"{calls.read} + {calls.write}" if calls else ""

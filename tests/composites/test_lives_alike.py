"""Blocks that fill lists, write files, copy or queue, over HTTP: they end as without trouble, whatever happens."""

import random

import pytest

from connector import Connector
from connector.auth.connection import Connection
from connector.auth.stores.memory_store import MemoryStore
from connector.composites.procedures import copy as copy_
from connector.manifest.manifest import Manifest
from tests.composites.lives import COMMAND_FAULTS, PASSING, Life, Lists, make_uris

MANIFEST = Manifest.load()


@pytest.fixture(scope="module")
def connector(sandbox):
    with Connector(MANIFEST, servers=sandbox.servers, max_wait=1) as loaded:
        yield loaded


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch):
    """Nobody looks at the order of what two calls saved within one second."""
    monkeypatch.setattr(copy_, "_PAUSE_S", 0.0)


class Story:
    """What one life is about, all by chance."""

    def __init__(self, connector, sandbox, name, seed):
        sandbox.control.reset()
        self.connector, self.sandbox, self.control = connector, sandbox, sandbox.control
        self.chance = random.Random(f"{name} {seed}")  # noqa: S311 - a story, no secret
        self.pool = [f"spotify:track:{each}" for each in sandbox.control.ids("track", 300)]
        self.lists = Lists(sandbox, self.pool)
        self.life = Life(connector, sandbox, self.chance, self.chance.choice((0, 0.05, 0.15)))

    def make(self, most, fixed=0.0):
        return make_uris(self.chance, self.pool, most, fixed) or self.pool[:1]

    def run(self, block, args):
        self.life.run(block, args, between=lambda: None, after=lambda _: None)

    def read(self, block, connection=None, **args):
        """The entries that another block gives, for a connection or the demo user."""
        given = args if connection else {"access_token": self.life.token, **args}
        return self.connector.invoke(block, given, connection=connection).entries


#: Blocks that fill a list; with what.
FILLED = {
    "addMissingItems": lambda story: {
        "uris": story.make(250),
        **story.chance.choice(({}, {"position": 0}, {"position": 2})),
    },
    "addMissingItems of a list": lambda story: {"source": story.lists.make("Source", story.make(150, 0.1))},
    "importPlaylist": lambda story: {
        "file": "\n".join(dict.fromkeys(story.make(150))),
        **story.chance.choice(({}, {"mode": "mirror"}, {"position": 1})),
    },
    "newReleasesToPlaylist": lambda story: {"since": story.chance.choice(("2026-11-01", "2024-01-01"))},
    "latestEpisodesToPlaylist": lambda story: {"since": story.chance.choice(("2026-11-01", "2024-01-01"))},
}


def fill(story, name):
    """A list ends like another one that was the same before."""
    story.control.seed(followed_artists=3, saved_shows=3)
    before = make_uris(story.chance, story.pool, 12)
    alike, target = story.lists.make("Alike", before), story.lists.make("Target", before)
    args, block = FILLED[name](story), name.split()[0]
    story.life.invoke(block, {**args, "target": alike}).unwrap()
    story.run(block, {**args, "target": target})
    assert story.lists.read(target) == story.lists.read(alike)


def collect(story, name):
    """Each period's list ends like another one, and is made once."""
    story.control.seed(saved_tracks=story.chance.choice((30, 130, 260)))
    every = story.chance.choice(("month", "year"))
    titles = {"month": "{year}-{month}", "year": "{year}"}[every]
    alike = story.life.invoke(name, {"every": every, "name": f"Alike {titles}"}).unwrap()["periods"]
    args = {"every": every, "name": f"Life {titles}"}
    story.run(name, args)
    periods = story.life.invoke(name, args).unwrap()["periods"]
    assert not any(period["added"] or period["created"] for period in periods)
    for one, other in zip(alike, periods, strict=True):
        assert one["target"]["name"].replace("Alike", "Life") == other["target"]["name"]
        first, second = (story.read("getPlaylistItems", playlist_id=each["target"]["id"]) for each in (one, other))
        assert [entry["item"]["uri"] for entry in first] == [entry["item"]["uri"] for entry in second]


def export(story, _):
    """The parts of a file whose writing breaks off are the whole, one behind the other."""
    playlist = story.lists.make("Long", story.make(230, 0.1))
    story.control.seed(saved_tracks=story.chance.randrange(150), saved_albums=story.chance.randrange(60))
    block, args = story.chance.choice((("exportPlaylist", {"playlist": playlist}), ("exportLibrary", {})))
    args["format"] = story.chance.choice(("csv", "m3u8"))
    whole = story.life.invoke(block, args).unwrap()["text"]
    parts, error = [], True
    while error:
        story.life.plan_faults()
        result = story.life.invoke(block, args)
        error = result.error
        assert error is None or error.kind in PASSING
        if error is None:
            parts.append(result.output["text"])
        elif error.resume is not None:
            parts.append(error.partial["text"])
            args["resume"] = error.resume
    assert "".join(parts) == whole


def queue(story, name):
    """What is queued can't be taken back: a run that fails tells what of it was done, and what nobody knows."""

    def read_queue():
        return story.control._do(lambda: [item.uri for item in story.control._state.playback._queue])

    wanted, before = story.chance.sample(story.pool, 9), len(read_queue())
    story.life.faults = COMMAND_FAULTS
    story.life.plan_faults()
    error = story.life.invoke(name, {"uris": wanted}).error
    came = read_queue()[before:]
    if error is None:
        assert came == wanted
    elif came:
        assert list(error.done) == came[: len(error.done)]
        assert set(came) <= {*error.done, *error.uncertain}
        assert [*error.done, *error.uncertain, *error.not_done] == wanted


def copy(story, name):
    """Another account ends with the same, each thing once."""
    empty = dict.fromkeys(("saved_tracks", "followed_artists", "followed_playlists"), 0)
    story.control.seed(saved_tracks=story.chance.randrange(60), followed_artists=3, second_listener=empty)
    for title in ("One", "Twins", "Twins"):
        story.lists.make(title, story.make(120, 0.1))
    store = MemoryStore([connect(story, "old", "sandbox-listener"), connect(story, "new", "sandbox-second-listener")])
    with Connector(MANIFEST, servers=story.sandbox.servers, max_wait=1, store=store, connection="new") as connector:
        story.connector = story.life.connector = connector
        story.life.token, story.life.faults = None, COMMAND_FAULTS
        args = {"source": "old", "what": story.chance.sample(["tracks", "artists", "playlists"], 2)}
        story.run(name, args)
        assert story.life.invoke(name, args).unwrap()["calls"]["write"] == 0
        if "tracks" in args["what"]:
            old, new = (
                [entry["track"]["uri"] for entry in story.read("getUserSavedTracks", who)] for who in ("old", "new")
            )
            assert sorted(old) == sorted(new)
        if "playlists" in args["what"]:
            assert find_lists(story, "new") == find_lists(story, "old")


def connect(story, name, user):
    demo = story.control.demo_args(user)
    tokens = {"access_token": demo["access_token"], "refresh_token": demo["refresh_token"]}
    return Connection(name, demo["client_id"], demo["client_key"], **tokens)


def find_lists(story, who):
    """What each list of somebody's own holds and can be put elsewhere, by its name."""
    me = story.connector.invoke("getCurrentUserProfile", {}, connection=who).output["id"]
    found = []
    for each in story.read("getUserPlaylists", who):
        if each["owner"]["id"] == me:
            entries = story.read("getPlaylistItems", who, playlist_id=each["id"])
            uris = [entry["item"]["uri"] for entry in entries if entry["item"] and not entry["is_local"]]
            found.append((each["name"], uris))
    return sorted(found)


STORIES = {
    **dict.fromkeys(FILLED, fill),
    "collectByPeriod": collect,
    "export": export,
    "queueItems": queue,
    "copyLibrary": copy,
}


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("name", STORIES)
def test_it_ends_as_without_trouble(connector, sandbox, name, seed):
    STORIES[name](Story(connector, sandbox, name, seed), name)

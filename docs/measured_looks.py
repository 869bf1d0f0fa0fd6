"""What looks of the packaged triggers cost, counted in the sandbox: while nothing happens, and when something did."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from connector import Connector
from connector.manifest.manifest import Manifest
from connector.manifest.triggers import Trigger, iter_triggers
from connector.sandbox import Sandbox

#: The listener's library, of things that are there to be saved.
LISTENER: Final[Mapping[str, int]] = {
    "saved_tracks": 1_000,
    "saved_albums": 200,
    "saved_episodes": 100,
    "saved_shows": 60,
    "followed_artists": 60,
    "top_tracks": 60,
    "top_artists": 60,
}
#: Items of the playlist that is watched.
PLAYLIST: Final = 500
#: The most looks until a change is told: a version that wavers is told at the second, a rota comes round later.
_LOOKS: Final = 30


class Looks(NamedTuple):
    """Calls of a look while nothing happened, and of the one that told what did; `None` where nothing that happens
    there makes a call."""

    quiet: int
    change: int | None


class Stage:
    """The sandbox's listener, and what can happen to them."""

    def __init__(self, sandbox: Sandbox, connector: Connector) -> None:
        self._control = sandbox.control
        self._connector = connector
        self._token = {"access_token": sandbox.demo_args["access_token"]}
        self._control.seed(**LISTENER, rate_limit=None, daily_calls=None)
        uris = [f"spotify:track:{each}" for each in self._control.ids("track", PLAYLIST)]
        self.playlist = self.run("createPlaylist", name="Watched").output["id"]
        self.run("addItemsToPlaylist", playlist_id=self.playlist, uris=uris)

    def run(self, block: str, **args: Any) -> Any:
        result = self._connector.invoke(block, {**self._token, **args})
        result.unwrap()
        return result

    def find_new(self, kind: str) -> str:
        """The URI of something that isn't in the library."""
        count = LISTENER.get(f"saved_{kind}s", LISTENER["followed_artists"])
        return f"spotify:{kind}:{self._control.ids(kind, count + 5)[-1]}"

    def save(self, kind: str) -> None:
        self.run("saveToLibrary", uris=[self.find_new(kind)])

    def follow(self) -> None:
        self.run("followArtist", id=self._control.ids("artist", 300)[-1])

    def forget_a_track(self) -> None:
        track = self.run("getUserSavedTracks", max_items=3).entries[-1]["track"]["uri"]
        self.run("removeFromLibrary", uris=[track])

    def add_to_playlist(self) -> None:
        self.run("addItemsToPlaylist", playlist_id=self.playlist, uris=[self.find_new("track")])

    def take_off_playlist(self) -> None:
        item = self.run("getPlaylistItems", playlist_id=self.playlist, max_items=1).entries[0]
        self.run("removeItemsFromPlaylist", playlist_id=self.playlist, uris=[item["item"]["uri"]])

    def play(self) -> None:
        self._control.seed(playing="spotify:playlist:" + self.playlist)
        self._control.clock(advance_s=600)

    def publish_episode(self) -> None:
        [show] = self.run("getUserSavedShows", max_items=1).entries
        count = show["show"]["total_episodes"]
        self._control.seed(episodes={show["show"]["id"]: count + 1})

    def hold_an_episode_back(self) -> None:
        [show] = self.run("getUserSavedShows", max_items=1).entries
        self._control.seed(episodes={show["show"]["id"]: show["show"]["total_episodes"] - 1})

    def release(self) -> None:
        [artist] = self.run("getFollowedArtists", max_items=1).entries
        self._control.seed(releases={artist["id"]: [{"album_group": "album", "release_date": "2099-01-01"}]})

    def rank_anew(self) -> None:
        self._control.seed(unstable_search=True)

    def rise_to_the_top(self, kind: str) -> None:
        known = [each["id"] for each in self.run(f"getUserTop{kind.capitalize()}s", max_items=50).entries]
        # Each range of time begins at another place of the list.
        self._control.seed(top={f"{kind}s": [known[-1], self._control.ids(kind, 300)[-1], *known[:-1]]})


#: What happens for each trigger that makes calls.
_CAUSES: Final[Mapping[str, Callable[[Stage], None]]] = {
    "newSavedTrack": lambda stage: stage.save("track"),
    "newSavedAlbum": lambda stage: stage.save("album"),
    "newSavedEpisode": lambda stage: stage.save("episode"),
    "newSavedShow": lambda stage: stage.save("show"),
    "savedTrackRemoved": Stage.forget_a_track,
    "newPlaylistItem": Stage.add_to_playlist,
    "playlistItemRemoved": Stage.take_off_playlist,
    "playlistChanged": Stage.add_to_playlist,
    "newPlaylist": lambda stage: stage.run("createPlaylist", name="New"),
    "newFollowedArtist": Stage.follow,
    "playedTrack": Stage.play,
    "playbackChanged": lambda stage: stage.run("pausePlayback"),
    "newEpisodeOfSavedShow": Stage.publish_episode,
    "newReleaseByFollowedArtist": Stage.release,
    "topTracksChanged": lambda stage: stage.rise_to_the_top("track"),
    "topArtistsChanged": lambda stage: stage.rise_to_the_top("artist"),
    "searchResult": Stage.rank_anew,
}


def measure_looks(manifest: Manifest) -> dict[str, Looks]:
    """The figures of each trigger of the packaged `manifest`, by name. Raises `RuntimeError` where a change is not
    told."""
    with Sandbox() as sandbox, Connector(manifest, servers=sandbox.servers) as connector:
        return {trigger.name: _measure(sandbox, connector, trigger) for trigger in iter_triggers(manifest)}


def _measure(sandbox: Sandbox, connector: Connector, trigger: Trigger) -> Looks:
    sandbox.control.reset()
    stage = Stage(sandbox, connector)
    if trigger.name == "newEpisodeOfSavedShow":
        stage.hold_an_episode_back()
    known = {"access_token": sandbox.demo_args["access_token"], "playlist_id": stage.playlist, "q": "garden"}
    args = {name: value for name, value in known.items() if name in trigger.form.fields}
    state = None
    # By then a rota has been all round once.
    for _ in range(15 if trigger.way == "rota" else 1):
        state = connector.poll(trigger.name, args, state).state
    quiet = connector.poll(trigger.name, args, state)
    cause = _CAUSES.get(trigger.name)
    if cause is None:
        return Looks(quiet.meta.requests, None)
    cause(stage)
    state = quiet.state
    for _ in range(_LOOKS):
        seen = connector.poll(trigger.name, args, state)
        if seen.events:
            return Looks(quiet.meta.requests, seen.meta.requests)
        state = seen.state
    raise RuntimeError(f"{trigger.name} doesn't tell what happened")

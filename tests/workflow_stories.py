"""What each published workflow is for, told once: how its stage is set, and what must be so after it has run, and after
it has run again. Scripts, n8n's workflows and Node-RED's flows are judged by the same stories.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from typed_values import PICTURE_BYTES

from connector.sandbox import Sandbox

WORKFLOWS: Final = Path(__file__).resolve().parents[1] / "examples" / "workflows"
#: Stands in the published files where a maker puts a playlist of their own.
ANY_PLAYLIST: Final = "https://open.spotify.com/playlist/3cEYpjA9oz9GiPac4AsH4n"
WANTED: Final = (("Restless Compass", "Every Garden"), ("restless compass", "every anchor"), ("Nobody", "No such song"))
LEFT_OUT: Final = "Nobody,No such song,"
KITCHEN: Final = "74ASZWbe4lXaubB36ztrGX"
_WRITES: Final = ("POST", "PUT", "DELETE")


@dataclass
class Scene:
    """A sandbox, what is called there for its listener, and a folder for files.

    Attributes:
        sandbox: where the outcome is read.
        listener: `listener(block, **args)` is a block's output.
        folder: where `songs.csv`, `cover.jpg` and what a workflow writes are.
    """

    sandbox: Sandbox
    listener: Callable[..., Any]
    folder: Path

    def uris_on(self, playlist: str) -> list[str]:
        """What is on a playlist, by its id or link."""
        return [entry["item"]["uri"] for entry in self.listener("getPlaylistItems", playlist_id=playlist)["items"]]

    def named(self, name: str) -> list[dict[str, Any]]:
        """The listener's playlists of that name."""
        return [entry for entry in self.listener("getUserPlaylists")["items"] if entry["name"] == name]

    def make_playlist(self, uris: list[str]) -> str:
        """The link to a new playlist with these on it."""
        made = self.listener("createPlaylist", name="Mine")
        self.listener("addItemsToPlaylist", playlist_id=made["id"], uris=uris)
        link: str = made["external_urls"]["spotify"]
        return link

    def tracks(self, count: int) -> list[str]:
        """The URIs of the catalogue's first tracks."""
        return [f"spotify:track:{track}" for track in self.sandbox.control.ids("track", count)]

    def calls(self) -> list[str]:
        """The requests so far, as `"GET /v1/me"`."""
        return [f"{call['method']} {call['path']}" for call in self.sandbox.control.calls()]

    def writes(self) -> list[str]:
        """The requests so far that change something."""
        return [call for call in self.calls() if call.startswith(_WRITES) and "/token" not in call]


@dataclass(frozen=True)
class Story:
    """A workflow's story.

    Attributes:
        name: of its files.
        arrange: sets the stage; gives what the workflow is about, the link of a playlist, None where its files say it.
        judge: asserts, given that, that it is done.
        calls: how many calls the first run takes at most, and how many a second one, as scripts make them.
        is_quiet: whether a second run changes nothing at all.
        meanwhile: what its listener does between the two.
        judge_again: asserts what is so after the second run, where that is something else.
    """

    name: str
    arrange: Callable[[Scene], str | None]
    judge: Callable[[Scene, str | None], None]
    calls: tuple[int, int]
    is_quiet: bool = True
    meanwhile: Callable[[Scene], None] = lambda _: None
    judge_again: Callable[[Scene, str | None], None] | None = None

    def run(self, scene: Scene, start: Callable[[str | None], object]) -> None:
        """Lives it: all is made ready, and judged after `start`, which gets what it is about, has run; twice."""
        playlist = self.arrange(scene)
        start(playlist)
        self.judge(scene, playlist)
        self.meanwhile(scene)
        written = len(scene.writes())
        start(playlist)
        assert self.is_quiet is (len(scene.writes()) == written), scene.writes()
        (self.judge_again or self.judge)(scene, playlist)


def _like_songs(scene: Scene) -> None:
    scene.sandbox.control.seed(saved_tracks=120)


def _judge_liked(scene: Scene, _: str | None) -> None:
    [playlist] = scene.named("Liked songs")
    assert playlist["public"] is True
    liked = scene.listener("getUserSavedTracks")["items"]
    assert scene.uris_on(playlist["id"]) == [entry["track"]["uri"] for entry in liked]


def _fill_playlist(scene: Scene) -> str:
    uris = scene.tracks(58)
    # Both copies would go: the second of the oldest five is among the newest.
    return scene.make_playlist([*uris, uris[0]])


def _judge_newest(scene: Scene, playlist: str | None) -> None:
    assert playlist is not None
    uris = scene.tracks(58)
    assert scene.uris_on(playlist) == [uris[0], *uris[9:], uris[0]]


def _like_two_today(scene: Scene) -> None:
    scene.sandbox.control.seed(saved_tracks=60)
    for uri in scene.tracks(302)[-2:]:
        scene.listener("saveToLibrary", uris=[uri])


def _judge_month(scene: Scene, _: str | None) -> None:
    newest = scene.listener("getUserSavedTracks", max_items=2)["items"]
    [playlist] = scene.named(newest[0]["added_at"][:7])
    assert scene.uris_on(playlist["id"]) == [entry["track"]["uri"] for entry in reversed(newest)]


def _release_two(scene: Scene) -> None:
    """Of two followed artists something came out today and two days ago, and of each something long ago."""
    scene.sandbox.control.seed(followed_artists=2)
    artists = [artist["id"] for artist in scene.listener("getFollowedArtists")["artists"]["items"]]
    today = datetime.now(UTC).date()
    came = {
        artist: [{"album_group": "single", "name": f"New {number}", "release_date": str(today - timedelta(days=days))}]
        for number, (artist, days) in enumerate(zip(artists, (0, 2), strict=True))
    }
    scene.sandbox.control.seed(releases=came)


def _find_released(scene: Scene) -> list[str]:
    """The tracks of the releases that are new, the oldest first."""
    artists = scene.listener("getFollowedArtists")["artists"]["items"]
    singles = [
        single
        for artist in artists
        for single in scene.listener("getArtistAlbums", id=artist["id"], include_groups=["single"])["items"]
        if single["name"].startswith("New ")
    ]
    return [
        track["uri"]
        for single in sorted(singles, key=lambda single: str(single["release_date"]))
        for track in scene.listener("getAlbumTracks", id=single["id"])["items"]
    ]


def _judge_released(scene: Scene, _: str | None) -> None:
    [playlist] = scene.named("New releases")
    released = _find_released(scene)
    assert len(released) > 1
    assert scene.uris_on(playlist["id"]) == released


def _take_one_off(scene: Scene) -> None:
    [playlist] = scene.named("New releases")
    scene.listener("removeItemsFromPlaylist", playlist_id=playlist["id"], uris=_find_released(scene)[:1])


def _judge_taken_off(scene: Scene, _: str | None) -> None:
    [playlist] = scene.named("New releases")
    assert scene.uris_on(playlist["id"]) == _find_released(scene)[1:]


def _play_some(scene: Scene) -> None:
    scene.sandbox.control.seed(recent_plays=30)


def read_plays(file: Path) -> list[tuple[str, str]]:
    """When and what, of each line of a log."""
    with file.open(newline="", encoding="utf-8") as rows:
        return [(row["played_at"], row["uri"]) for row in csv.DictReader(rows)]


def played(scene: Scene) -> list[tuple[str, str]]:
    """When and what, of each play, the oldest first."""
    plays = scene.listener("getRecentlyPlayed")["items"]
    return [(play["played_at"], play["track"]["uri"]) for play in reversed(plays)]


def _judge_log(scene: Scene, _: str | None) -> None:
    assert read_plays(scene.folder / "plays.csv") == played(scene)


def _play_an_album(scene: Scene) -> None:
    [album] = scene.sandbox.control.ids("album", 1)
    scene.sandbox.control.seed(playing=f"spotify:album:{album}")


def _judge_queue(scene: Scene, _: str | None) -> None:
    [found] = scene.listener("searchTracks", q="lantern", max_items=1)["tracks"]["items"]
    coming = [entry["uri"] for entry in scene.listener("getQueue")["queue"]]
    assert coming.count(found["uri"]) == 1
    assert coming[0] == found["uri"]


def _write_songs(scene: Scene) -> None:
    rows = "".join(f"{artist},{title}\r\n" for artist, title in WANTED)
    (scene.folder / "songs.csv").write_text(f"\ufeffArtist,Title\r\n{rows}", "utf-8")


def _judge_spreadsheet(scene: Scene, _: str | None) -> None:
    [playlist] = scene.named("From the spreadsheet")
    listed = scene.listener("getPlaylistItems", playlist_id=playlist["id"])["items"]
    assert [entry["item"]["name"] for entry in listed] == ["Every Garden", "Every Anchor"]
    assert LEFT_OUT in (scene.folder / "From the spreadsheet left out.csv").read_text("utf-8")


def _judge_named(scene: Scene, _: str | None) -> None:
    assert len(scene.named("Sunday morning")) == 1


def _draw_cover(scene: Scene) -> None:
    (scene.folder / "cover.jpg").write_bytes(PICTURE_BYTES)


def _judge_cover(scene: Scene, _: str | None) -> None:
    [playlist] = scene.named("Sunday morning")
    assert scene.listener("getPlaylistCover", playlist_id=playlist["id"])
    [path] = {call for call in scene.writes() if call.startswith("PUT")}
    assert path == f"PUT /v1/playlists/{playlist['id']}/images"


def _put_speakers_to_sleep(scene: Scene) -> str:
    laptop = {"id": "laptop", "name": "Laptop", "type": "Computer", "is_active": True}
    kitchen = {"id": KITCHEN, "name": "Kitchen", "volume_percent": 80}
    scene.sandbox.control.seed(devices=[laptop, kitchen], playing=None)
    return scene.make_playlist(scene.tracks(3))


def _judge_speaker(scene: Scene, playlist: str | None) -> None:
    assert playlist is not None
    state = scene.listener("getPlaybackState")
    assert (state["is_playing"], state["device"]["name"], state["device"]["volume_percent"]) == (True, "Kitchen", 30)
    assert state["context"]["uri"].rpartition(":")[2] in playlist


def _skip_some(scene: Scene) -> str:
    """The link to a playlist of six, played from the start: the second and the fourth were cut short."""
    control = scene.sandbox.control
    control.seed(recent_plays=0, playing=None)
    control.clock(runs=False)
    link = scene.make_playlist(scene.tracks(6))
    lengths = [track["duration_ms"] / 1000 for track in scene.listener("getTracks", ids=scene.tracks(6))["tracks"]]
    scene.listener("startPlayback", context_uri=link, device_id=KITCHEN)
    for place, length_s in enumerate(lengths):
        if place in (1, 3):
            control.clock(advance_s=40)
            scene.listener("skipToNext")
        else:
            control.clock(advance_s=length_s)
            # What has passed is noted when somebody looks.
            scene.listener("getCurrentlyPlaying")
    control.clock(runs=True)
    return link


def _judge_skipped(scene: Scene, playlist: str | None) -> None:
    assert playlist is not None
    uris = scene.tracks(6)
    assert scene.uris_on(playlist) == [uri for place, uri in enumerate(uris) if place not in (1, 3)]


def _nothing(scene: Scene) -> None:
    del scene


STORIES: Final[Mapping[str, Story]] = {
    story.name: story
    for story in (
        Story("liked_songs_to_playlist", _like_songs, _judge_liked, (10, 10)),
        Story("keep_last_50", _fill_playlist, _judge_newest, (3, 2)),
        Story("playlist_a_month", _like_two_today, _judge_month, (7, 6)),
        Story(
            "new_releases",
            _release_two,
            _judge_released,
            (12, 9),
            meanwhile=_take_one_off,
            judge_again=_judge_taken_off,
        ),
        Story("log_plays", _play_some, _judge_log, (1, 1)),
        Story("queue_from_chat", _play_an_album, _judge_queue, (3, 2)),
        Story("spreadsheet_to_playlist", _write_songs, _judge_spreadsheet, (9, 8)),
        Story("playlist_by_name", _nothing, _judge_named, (3, 2)),
        Story("playlist_with_cover", _draw_cover, _judge_cover, (4, 3), is_quiet=False),
        Story("alarm_clock", _put_speakers_to_sleep, _judge_speaker, (7, 5), is_quiet=False),
        Story("remove_skipped", _skip_some, _judge_skipped, (2, 2), is_quiet=False),
    )
}

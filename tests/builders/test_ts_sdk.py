"""Spotify's own client for TypeScript, which nobody here wrote, against the sandbox."""

import json
import subprocess
from pathlib import Path

import pytest
from builders.provision import CannotInstall, find_node
from builders.ts_sdk_install import install_ts_sdk
from giving_up import give_up
from sandbox.calls import (
    ALBUM,
    ARTIST,
    BOOK,
    CHAPTER,
    COVER,
    EPISODE,
    KITCHEN,
    LISTENER,
    OTHER_ALBUM,
    OTHER_ARTIST,
    OTHER_BOOK,
    OTHER_CHAPTER,
    OTHER_EPISODE,
    OTHER_SHOW,
    OTHER_TRACK,
    PLAYLIST,
    SHOW,
    TRACK,
    find_uncalled,
)

from connector.sandbox import Sandbox

CALLER = Path(__file__).with_name("call_ts_sdk.mjs")
SAVED = (("albums", ALBUM), ("audiobooks", BOOK), ("episodes", EPISODE), ("shows", SHOW), ("tracks", TRACK))
#: One call for every operation that the client knows; null stands for what is left out.
CALLS = [
    *(
        (f"{kind}.get", ids)
        for kind, *both in (
            ("albums", ALBUM, OTHER_ALBUM),
            ("artists", ARTIST, OTHER_ARTIST),
            ("audiobooks", BOOK, OTHER_BOOK),
            ("chapters", CHAPTER, OTHER_CHAPTER),
            ("episodes", EPISODE, OTHER_EPISODE),
            ("shows", SHOW, OTHER_SHOW),
            ("tracks", TRACK, OTHER_TRACK),
        )
        for ids in (both[0], both)
    ),
    ("albums.tracks", ALBUM, "SE", 5),
    ("artists.albums", ARTIST, "album,single", "SE", 10, 10),
    ("artists.topTracks", ARTIST, "SE"),
    ("artists.relatedArtists", ARTIST),
    ("audiobooks.getAudiobookChapters", BOOK, "SE", 20),
    ("browse.getCategories",),
    ("browse.getCategory", "party"),
    ("browse.getNewReleases",),
    ("browse.getFeaturedPlaylists",),
    ("browse.getPlaylistsForCategory", "party"),
    ("currentUser.profile",),
    ("currentUser.topItems", "artists", "short_term", 10),
    ("currentUser.followedArtists", None, 10),
    ("currentUser.followArtistsOrUsers", [ARTIST], "artist"),
    ("currentUser.followsArtistsOrUsers", [ARTIST], "artist"),
    ("currentUser.unfollowArtistsOrUsers", [ARTIST], "artist"),
    *(
        (f"currentUser.{kind}.{method.format(kind.title())}", *ids)
        for kind, identifier in SAVED
        for method, *ids in (
            ("saved{}",),
            ("save{}", [identifier]),
            ("hasSavedShow" if kind == "shows" else "hasSaved{}", [identifier]),
            ("removeSaved{}", [identifier]),
        )
    ),
    ("markets.getAvailableMarkets",),
    ("recommendations.get", {"seed_tracks": [TRACK], "target_energy": 0.5}),
    ("recommendations.genreSeeds",),
    ("search", "a", ["album", "artist", "playlist", "track", "show", "episode", "audiobook"], "SE", 10),
    ("shows.episodes", SHOW, "SE", 20),
    ("tracks.audioFeatures", TRACK),
    ("tracks.audioFeatures", [TRACK, OTHER_TRACK]),
    ("tracks.audioAnalysis", TRACK),
    ("users.profile", "smedjan"),
    ("currentUser.playlists.playlists", 5),
    ("playlists.getUsersPlaylists", "smedjan", 5),
    ("playlists.createPlaylist", LISTENER, {"name": "Kitchen", "public": False}),
    ("playlists.getPlaylist", PLAYLIST),
    ("playlists.getPlaylistItems", PLAYLIST, "SE", None, 50),
    ("playlists.addItemsToPlaylist", PLAYLIST, [f"spotify:track:{TRACK}"], 1),
    ("playlists.movePlaylistItems", PLAYLIST, 1, 2, 5),
    ("playlists.removeItemsFromPlaylist", PLAYLIST, {"tracks": [{"uri": f"spotify:track:{TRACK}"}]}),
    ("playlists.updatePlaylistItems", PLAYLIST, {"uris": [f"spotify:track:{TRACK}"]}),
    ("playlists.changePlaylistDetails", PLAYLIST, {"name": "Kitchen"}),
    ("playlists.addCustomPlaylistCoverImageFromBase64String", PLAYLIST, COVER),
    ("playlists.getPlaylistCoverImage", PLAYLIST),
    ("currentUser.playlists.unfollow", PLAYLIST),
    ("currentUser.playlists.follow", PLAYLIST),
    ("currentUser.playlists.isFollowing", PLAYLIST, [LISTENER]),
    ("player.getAvailableDevices",),
    ("player.transferPlayback", [KITCHEN], True),
    ("player.startResumePlayback", KITCHEN, f"spotify:album:{ALBUM}"),
    ("player.getPlaybackState",),
    ("player.getCurrentlyPlayingTrack",),
    ("player.seekToPosition", 5_000),
    ("player.setRepeatMode", "context"),
    ("player.togglePlaybackShuffle", False),
    ("player.setPlaybackVolume", 40),
    ("player.addItemToPlaybackQueue", f"spotify:track:{TRACK}"),
    ("player.getUsersQueue",),
    ("player.skipToNext",),
    ("player.skipToPrevious",),
    ("player.pausePlayback",),
    ("player.getRecentlyPlayedTracks", 10),
]
#: What the client has no call for.
UNKNOWN = {
    *("GET /me/library/contains", "PUT /me/library", "DELETE /me/library"),
    "POST /me/playlists",
    *(f"{method} /playlists/{{id}}/items" for method in ("GET", "POST", "PUT", "DELETE")),
}


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(quota_mode="extended") as running:
        yield running


@pytest.fixture(scope="module")
def call():
    """Makes calls by the client and gives back its answers."""
    try:
        node = find_node()
        module = install_ts_sdk(node)
    except CannotInstall as problem:
        give_up(problem)

    def run(sandbox, calls, **how):
        asked = json.dumps({"url": sandbox.url, "calls": calls, **how})
        done = subprocess.run(
            [node.program, CALLER, module],
            input=asked,
            capture_output=True,
            text=True,
            env=node.environment(),
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


def test_every_call_of_its_own_succeeds(sandbox, call):
    sandbox.control.reset()
    demo = sandbox.demo_args
    token = {"access_token": demo["access_token"], "token_type": "Bearer", "expires_in": 3600, "refresh_token": ""}
    answers = call(sandbox, CALLS, token=token)
    assert len(answers) == len(CALLS)
    assert [answer for answer in answers if isinstance(answer[1], dict) and "failed" in answer[1]] == []
    assert find_uncalled(sandbox.control.calls()) == UNKNOWN
    assert {call["status"] for call in sandbox.control.calls()} <= {200, 201, 202, 204}


def test_an_app_by_itself(sandbox, call):
    sandbox.control.reset()
    demo = sandbox.demo_args
    credentials = [demo["client_id"], demo["client_key"]]
    (_, artist), (_, profile) = call(
        sandbox, [("artists.get", ARTIST), ("currentUser.profile",)], credentials=credentials
    )
    assert artist["id"] == ARTIST
    assert profile.keys() == {"failed"}

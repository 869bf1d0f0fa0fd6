"""None missing and none invented, for every trigger."""

import random

import pytest
from triggers.harbour_stories import HARBOUR, Berths, Bookings, Keepers
from triggers.library_stories import Removed, Saved, SavedAlbums, SavedEpisodes, SavedShows
from triggers.list_stories import GoneItems, NewArtists, NewItems, NewPlaylists, Versions
from triggers.other_stories import Episodes, Found, Played, Playing, Releases, TopArtists, TopTracks
from triggers.year import live

from connector.manifest.manifest import Manifest

#: Each with the number of lives of the short form: more of those that read little, and fewer where several triggers
#: see a change in the same way.
STORIES = {
    Saved: 20,
    SavedAlbums: 8,
    SavedEpisodes: 8,
    SavedShows: 8,
    Removed: 20,
    NewItems: 20,
    GoneItems: 20,
    NewPlaylists: 12,
    NewArtists: 12,
    Versions: 30,
    Played: 14,
    Playing: 40,
    Episodes: 46,
    Releases: 12,
    TopTracks: 10,
    TopArtists: 10,
    Found: 10,
}
#: Looks of a life; `make year` plays longer ones.
LOOKS = 10
#: Lives in which something was once invented, where what came late was looked for at the front, or told twice, where
#: two pages showed it, or missed, where of one day the newest were told first, or where more came between two pages.
ONCE_WRONG = [(Removed, 118, 30), (Episodes, 1001, 60), (Releases, 1005, 60), (Episodes, 22, 10), (Episodes, 41, 10)]
#: Those of the second manifest, a few lives each.
OTHERS = (Berths, Bookings, Keepers)
LIVES = [(story, seed) for story, seeds in STORIES.items() for seed in range(seeds)]


def test_each_trigger_of_the_service_has_a_story_and_all_have_300_lives():
    # What is known of a connection without a call is told by limits, in `test_other_ways`.
    asked = {name for name, entry in Manifest.load().data["triggers"].items() if entry["watches"] != "connection"}
    assert {story.trigger for story in STORIES} == asked
    assert len(LIVES) >= 300


@pytest.mark.parametrize(("story", "seed"), LIVES, ids=[f"{story.trigger}-{seed}" for story, seed in LIVES])
def test_a_year_of_polls_misses_nothing_and_invents_nothing(story, seed):
    live(story(random.Random(seed)), LOOKS)  # noqa: S311 - it plays a story


def test_each_trigger_of_another_service_has_a_story():
    asked = {name for name, entry in HARBOUR.data["triggers"].items() if entry["watches"] != "connection"}
    assert {story.trigger for story in OTHERS} == asked


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("story", OTHERS)
def test_a_year_of_another_service_s_misses_nothing_and_invents_nothing(story, seed):
    live(story(random.Random(seed)), LOOKS)  # noqa: S311 - it plays a story


@pytest.mark.parametrize(("story", "seed", "looks"), ONCE_WRONG)
def test_what_was_once_told_wrong_is_told_right(story, seed, looks):
    live(story(random.Random(seed)), looks)  # noqa: S311 - it plays a story

"""What is new of many things comes onto a list, each once."""

import random
from datetime import date

import pytest

from connector.composites.entries import Entry
from connector.composites.procedures.gather import Blocked, State, choose_new, move_on, name_edition
from connector.composites.recent import is_since, read_since

TODAY = date(2026, 11, 27)


def entry(key, added, title=None, artist="Band"):
    made = Entry(key, frozenset([key]), added=added)
    return name_edition(made, "owner", title or key, artist)


@pytest.mark.parametrize("order", [1, -1], ids=["newest first", "oldest first"])
@pytest.mark.parametrize("length", [0, 1, 3, 4, 5, 40])
def test_only_where_the_newest_stands_is_read(order, length):
    for newest in range(0, length + 1, 3):
        days = [f"2026-01-{length - place:02}" for place in range(length)][::order]
        entries = [Entry(day, frozenset([day]), added=day) for day in days]
        since = f"2026-01-{length - newest + 1:02}"
        reads = []

        def read(start, most, entries=entries, reads=reads):
            reads.append(len(entries[start:][:most]))
            return entries[start:][:most], len(entries)

        found = read_since(read, since, 4)
        assert [one.key for one in found] == [day for day in days if day >= since]
        # What is read besides is the beginning, and at most as much again as is new.
        assert sum(reads) <= 4 + 4 * max(4, newest)


@pytest.mark.parametrize(
    ("moment", "is_new"),
    [("2026-03-05", True), ("2026-03-04", False), ("2026-03", True), ("2026-02", False), ("2026", True), (None, False)],
)
def test_a_month_or_a_year_counts_from_the_day_s_own_on(moment, is_new):
    assert is_since(moment, "2026-03-05") is is_new


def test_each_edition_counts_once_and_in_the_order_of_time():
    found = [
        entry("album 1", "2026-11-20", "Songs"),
        entry("album 2", "2026-11-20", "SONGS "),
        entry("single", "2026-11-13", "Song"),
        entry("another's", "2026-11-20", "Songs", "Choir"),
    ]
    fresh, left = choose_new(found, State("2026-11-01"), lambda _: None)
    assert ([one.key for one in fresh], left) == (["single", "album 1", "another's"], [])


def test_what_was_seen_is_not_new_again_and_what_comes_late_is():
    found = [entry("a", "2026-11-26"), entry("b", "2026-11-10")]
    state = move_on(State("2026-11-01"), found, TODAY)
    assert state.since == "2026-11-13"
    late = entry("late", "2026-11-15")
    again = [entry("a in another country", "2026-11-26", "a"), entry("a", "2026-11-26"), late]
    fresh, _ = choose_new(again, state, lambda _: None)
    assert fresh == [late]
    # What is told to be looked at from a day on is not looked at from before.
    assert move_on(State("2026-11-25"), found, TODAY).since == "2026-11-25"


def test_a_state_holds_no_more_than_what_came_of_late():
    chance = random.Random(1)  # noqa: S311 - a story, no secret
    state = State("2026-01-01")
    for week in range(30):
        day = date.fromordinal(date(2026, 1, 5).toordinal() + 7 * week)
        found = [entry(f"{week} {one}", day.isoformat()) for one in range(chance.randrange(9))]
        state = move_on(state, found, day)
        assert len(state.seen) <= 2 * 9
    assert len(state.to_text()) < 500


@pytest.mark.parametrize(
    ("names", "words", "why"),
    [
        (["BAND "], [], "You block it."),
        (["4aawyAB9vmqN3uQ7FjRGTy"], [], "You block it."),
        ([], ["live"], "You block a word in its title."),
        ([], ["liv"], None),
        ([], [" "], None),
        (["song"], ["band"], None),
    ],
)
def test_what_is_blocked_is_told(names, words, why):
    blocked = Blocked(names, words)
    assert blocked.tell("4aawyAB9vmqN3uQ7FjRGTy", "Song (Live)", "Band") == why
    assert blocked.tell("4AAWYab9vmqN3uQ7FjRGTy", "Another song", "Choir") is None


def test_new_releases_of_followed_artists_are_added_once(invoke, sandbox, read, count, give):
    sandbox.control.seed(followed_artists=4)
    artists = invoke("getFollowedArtists").entries
    newest = max(find_days(invoke, artists))
    count()
    plan = give(invoke("newReleasesToPlaylist", target="New", since=newest, dry_run=True))
    reads, writes = count()
    # Who follows whom, a call for each artist and kind, the tracks of what is new, and the own lists.
    assert (reads, writes) == (plan["calls"]["read"], 0)
    told = give(invoke("newReleasesToPlaylist", target="New", since=newest))
    assert count()[1] == plan["calls"]["write"] == told["calls"]["write"]
    assert (told["found"], told["added"]) == (plan["found"], plan["added"])
    assert told["found"]
    assert read(told["target"]["id"]) == [one["uri"] for one in told["added"]]
    assert all(one["name"] for one in [*told["found"], *told["added"]])
    # Taken off by hand, it doesn't come again.
    gone = [one["uri"] for one in told["added"]][:1]
    invoke("removeItemsFromPlaylist", playlist_id=told["target"]["id"], uris=gone).unwrap()
    again = give(invoke("newReleasesToPlaylist", target="New", state=told["state"]))
    assert (again["found"], again["added"], again["state"]) == ([], [], told["state"])


def find_days(invoke, artists):
    for artist in artists:
        for release in invoke("getArtistAlbums", id=artist["id"], include_groups=["album", "single"]).entries:
            yield release["release_date"]


def test_a_blocked_artist_is_not_even_asked_for(invoke, sandbox, count, give):
    sandbox.control.seed(followed_artists=3)
    names = [artist["name"] for artist in invoke("getFollowedArtists").entries]
    count()
    told = give(invoke("newReleasesToPlaylist", target="New", since="2100-01-01", without=names[:2], dry_run=True))
    # The artists, two kinds of one of them, who one is, and the own lists.
    assert (count()[0], told["found"]) == (1 + 2 + 1 + 1, [])


def test_no_list_is_made_where_nothing_is_new(invoke, sandbox, count, give):
    sandbox.control.seed(followed_artists=1)
    count()
    told = give(invoke("newReleasesToPlaylist", target="New", since="2100-01-01"))
    assert (told["created"], told["target"], count()[1]) == (False, {"id": None, "name": "New"}, 0)


def test_new_episodes_of_saved_podcasts_are_added_once(invoke, sandbox, read, give):
    sandbox.control.seed(saved_shows=3)
    shows = [entry["show"]["id"] for entry in invoke("getUserSavedShows").entries]
    episodes = [episode for show in shows for episode in invoke("getShowEpisodes", id=show).entries if episode]
    since = sorted(episode["release_date"] for episode in episodes)[-5]
    told = give(invoke("latestEpisodesToPlaylist", target="Listen", since=since))
    new = {episode["uri"] for episode in episodes if episode["release_date"] >= since}
    assert set(read(told["target"]["id"])) == new
    again = give(invoke("latestEpisodesToPlaylist", target="Listen", state=told["state"]))
    assert again["added"] == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("state", "yesterday"),
        ("state", '{"since":"2026-13-01","seen":[]}'),
        ("state", "[" * 50_000),
        ("since", "2026-02-30"),
    ],
)
def test_a_state_that_no_run_gave_and_a_day_that_there_is_not_are_refused(invoke, count, field, value):
    count()
    error = invoke("latestEpisodesToPlaylist", target="Listen", **{field: value}).error
    assert ([problem.name for problem in error.fields], count()) == ([field], (0, 0))

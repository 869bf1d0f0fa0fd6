"""Windows, values, counters and rounds: what is told, what isn't, and what it costs."""

import random

import pytest
from triggers.stories import Listener, Service, to_time


def find_uris(listener):
    return [event.data["track"]["uri"] for event in listener.events.values()]


def play(number, played_s):
    return {"track": {"uri": f"spotify:track:{number:022d}"}, "played_at": to_time(played_s)}


@pytest.mark.parametrize("seed", range(30))
def test_plays_that_come_late_or_out_of_order_are_each_told_once(seed):
    chance = random.Random(seed)  # noqa: S311 - it plays a story
    window = [play(7, 0)]
    service = Service({"getRecentlyPlayed": window})
    listener = Listener(service, "playedTrack", {}, seed)
    listener.look_until_quiet()
    plays = []
    for step in range(1, 200):
        # One track on repeat, or another; some are seen only after later ones.
        new = play(chance.choice([7, 7, step]), step * 180)
        plays.append(new["track"]["uri"])
        window.insert(chance.choice([0, 0, 0, 2]), new)
        del window[50:]
        if chance.random() < 0.1 or not step % 40:
            listener.look(may_crash=step % 40 > 0)
    listener.look_until_quiet()
    assert sorted(find_uris(listener)) == sorted(plays)
    assert listener.repeated == []


def test_plays_that_nobody_can_have_seen_are_told_as_a_gap():
    window = [play(0, 0)]
    listener = Listener(Service({"getRecentlyPlayed": window}), "playedTrack", {}, 0)
    listener.look_until_quiet()
    window[:] = [play(number, number) for number in range(120, 70, -1)]
    seen = listener.look(may_crash=False)
    assert [event.type for event in seen.events] == ["gap"] + ["playedTrack"] * 50
    assert [event.time for event in seen.events[1:]] == [to_time(second) for second in range(71, 121)]


def test_a_removal_is_seen_beside_an_addition_that_leaves_the_total_the_same():
    library = [{"track": {"uri": f"u{n}", "name": f"n{n}"}, "added_at": to_time(1000 - n)} for n in range(120)]
    service = Service({"getUserSavedTracks": library})
    listener = Listener(service, "savedTrackRemoved", {}, 0)
    listener.look_until_quiet()
    costs = []
    for change in ("nothing", "an addition", "both"):
        if change != "nothing":
            library.insert(0, {"track": {"uri": change, "name": change}, "added_at": to_time(2000)})
        if change == "both":
            library.pop(70)
        service.calls = 0
        listener.look_until_quiet()
        costs.append(service.calls)
    assert costs == [1, 1, 1 + 1 + 1]
    assert [event.data for event in listener.events.values()] == [{"uri": "u68", "name": "n68"}]


def test_what_plays_is_told_by_what_changed():
    answers = []
    service = Service({"getPlaybackState": lambda _args: answers[-1]})
    listener = Listener(service, "playbackChanged", {}, 0)

    def show(track, place_s, *, playing=True):
        item = {"uri": track, "duration_ms": 200_000}
        answers.append(
            {"is_playing": playing, "item": item, "progress_ms": place_s * 1000, "device": {"name": "Kitchen"}}
        )
        seen = listener.look(may_crash=False)
        return [event.data["changed"] for event in seen.events], seen.next_s

    assert show("a", 10) == ([], 190)
    assert show("a", 20) == ([], 180)
    assert show("a", 5) == ([["track"]], 195)
    assert show("b", 6) == ([["track"]], 194)
    assert show("b", 6, playing=False) == ([["playing"]], 30)
    answers.append({})
    seen = listener.look(may_crash=False)
    [event] = seen.events
    assert event.data["changed"] == ["track", "playing", "device"]
    assert (event.data["from"]["device"], event.data["to"]["device"]) == ("Kitchen", None)


def episodes(count, first="new"):
    found = [{"uri": f"e{n}", "release_date": f"2026-{n // 28 + 1:02d}-{n % 28 + 1:02d}"} for n in range(count)]
    return found[::-1] if first == "new" else found


@pytest.mark.parametrize("first", ["new", "old"])
def test_only_the_podcasts_that_grew_are_read_and_at_both_ends(first):
    counts = {"a": 130, "b": 3, "c": 10}
    shows = lambda _args: [{"show": {"id": name, "total_episodes": count}} for name, count in counts.items()]  # noqa: E731
    service = Service({"getUserSavedShows": shows, "getShowEpisodes": lambda args: episodes(counts[args["id"]], first)})
    listener = Listener(service, "newEpisodeOfSavedShow", {}, 0)
    listener.look_until_quiet()
    service.calls = 0
    listener.look_until_quiet()
    assert service.calls == 1
    counts.update(a=132, d=40, c=9)
    listener.look_until_quiet()
    assert [event.data["uri"] for event in listener.events.values()] == ["e130", "e131"]
    # One with the newest in front is told by its first page; the other's last one is needed besides.
    assert service.calls == 1 + 1 + (1 if first == "new" else 2)
    counts.update(a=133, c=10)
    listener.look_until_quiet()
    assert [event.data["uri"] for event in listener.events.values()] == ["e130", "e131", "e132", "e9"]


def test_releases_are_looked_for_in_turn_and_old_ones_are_no_news():
    artists = [{"id": f"a{n}", "uri": f"a{n}"} for n in range(12)]
    albums = {}

    def show(args):
        return albums.get((args["id"], *args["include_groups"]), [])

    def release(artist, name, date, kind="album"):
        albums.setdefault((artist, kind), []).insert(0, {"name": name, "release_date": date, "total_tracks": 9})

    for artist in artists:
        release(artist["id"], f"first of {artist['id']}", "2025-05-05")
    service = Service({"getFollowedArtists": artists, "getArtistAlbums": show})
    listener = Listener(service, "newReleaseByFollowedArtist", {}, 0)
    for _ in range(3):
        listener.look_until_quiet()
    assert listener.events == {}
    release("a0", "Single", "2026-01-02", "single")
    release("a3", "Album", "2026-02-03")
    release("a3", "Album", "2026-02-03")
    release("a4", "Album", "2026-02-03")
    release("a5", "Again", "1975")
    release("a5", "Part", "2026-02-03", "appears_on")
    calls = service.calls
    for _ in range(3):
        listener.look_until_quiet()
    assert sorted(event.data["name"] for event in listener.events.values()) == ["Album", "Single"]
    assert service.calls - calls == 24 + 1
    assert listener.repeated == []


def test_a_version_counts_when_it_is_seen_twice():
    versions = {"p": "1", "q": "1"}
    playlists = lambda _args: [{"uri": name, "snapshot_id": version} for name, version in versions.items()]  # noqa: E731
    listener = Listener(Service({"getUserPlaylists": playlists}), "playlistChanged", {}, 0)
    told = []
    for seen in ("1", "wavering", "2", "1", "2", "2", "2"):
        versions["p"] = seen
        told.append([event.data["snapshot_id"] for event in listener.look(may_crash=False).events])
    assert told == [[], [], [], [], [], ["2"], []]


def test_a_list_that_the_service_cuts_is_not_believed():
    artists = [{"uri": f"a{n}", "id": f"a{n}"} for n in range(80)]
    shown = list(artists)
    listener = Listener(Service({"getFollowedArtists": shown}), "newFollowedArtist", {}, 0)
    listener.look_until_quiet()
    for whole in (artists[:50], artists, [*artists[1:], {"uri": "new", "id": "new"}], artists):
        shown[:] = whole
        listener.look_until_quiet()
    assert [event.data["uri"] for event in listener.events.values()] == ["new", "a0"]


def test_who_comes_again_is_told_again():
    shown = [{"uri": "a", "snapshot_id": "1"}]
    listener = Listener(Service({"getUserPlaylists": shown}), "newPlaylist", {}, 0)
    listener.look_until_quiet()
    for _ in range(2):
        shown.append({"uri": "b", "snapshot_id": "1"})
        listener.look_until_quiet()
        shown.pop()
        listener.look_until_quiet()
    assert len(listener.events) == 2


def test_a_search_tells_what_it_finds_once_however_it_is_ranked():
    found = [{"uri": f"t{n}"} for n in range(10)]
    listener = Listener(Service({"searchTracks": found}), "searchResult", {"q": "rain"}, 0)
    listener.look_until_quiet()
    for order in ([3, 2, 1], [11, 0], [0, 11, 5]):
        found[:] = [{"uri": f"t{n}"} for n in order]
        listener.look_until_quiet()
    assert [event.data["uri"] for event in listener.events.values()] == ["t11"]

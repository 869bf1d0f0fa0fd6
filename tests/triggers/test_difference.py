"""What came into a list or left it, wherever that stands: none missing, none invented."""

import random
from collections import Counter

import pytest
from triggers.stories import Fault, Listener, Service, to_time

SEEDS = range(24)


class Playlist:
    """A playlist, the adds and removals that ever were, and a snapshot that wavers after each change."""

    def __init__(self, chance):
        self.chance = chance
        self.now_s = 0
        self.items = []
        self.adds = set()
        self.version = 0
        self.shown = 0

    def _new(self):
        uri = f"spotify:track:{self.chance.randrange(60):022d}"
        if self.chance.random() < 0.1:
            uri = f"spotify:local:Band:Album:Song {self.chance.randrange(9)}:{self.chance.randrange(300)}"
        return {"added_at": to_time(self.now_s), "added_by": {"id": "me"}, "item": {"uri": uri, "name": uri[-4:]}}

    def happen(self):
        self.now_s += self.chance.choice([1, 1, 600])
        self.version += 1
        what, size = self.chance.random(), len(self.items)
        if what < 0.4:
            self._add(size, 1)
        elif what < 0.5:
            self._add(self.chance.randrange(size + 1), self.chance.choice([1, 3]))
        elif what < 0.55:
            self._add(size, self.chance.choice([60, 130]))
        elif what < 0.75 and size:
            # The service takes every copy.
            uri = self.chance.choice(self.items)["item"]["uri"]
            self.items[:] = [item for item in self.items if item["item"]["uri"] != uri]
        elif what < 0.85 and size:
            self.items.insert(self.chance.randrange(size), self.items.pop(self.chance.randrange(size)))
        elif what < 0.88:
            self.items[:] = [{**item, "added_at": to_time(self.now_s)} for item in self.items]
            self.adds |= {self.identify(item) for item in self.items}
        elif what < 0.9:
            del self.items[self.chance.randrange(size + 1) :]

    def _add(self, place, count):
        new = [self._new() for _ in range(count)]
        self.items[place:place] = new
        self.adds |= {self.identify(item) for item in new}

    def show(self, _args):
        """The snapshot, which for some time after a change is an older or an unknown one."""
        if self.chance.random() < 0.5:
            self.shown = self.version
        return {"snapshot_id": self.chance.choice([self.shown, self.version, f"wavering {self.version}"])}

    @staticmethod
    def identify(item):
        return item["item"]["uri"], item["added_at"]

    def count_things(self):
        return Counter(item["item"]["uri"] for item in self.items)


def play(seed, trigger):
    chance = random.Random(seed)  # noqa: S311 - it plays a story
    playlist = Playlist(chance)
    playlist._add(0, chance.choice([0, 1, 40, 120]))
    service = Service({"getPlaylistItems": playlist.items, "getPlaylist": playlist.show})
    listener = Listener(service, trigger, {"playlist_id": "p"}, seed)
    listener.look_until_quiet()
    for _ in range(60):
        has_fault = chance.random() < 0.1

        def meanwhile(has_fault=has_fault):
            if has_fault and chance.random() < 0.5:
                raise Fault

        for _ in range(chance.choice([0, 1, 1, 2])):
            playlist.happen()
        service.meanwhile = meanwhile
        listener.look()
        service.meanwhile = None
    # At last the snapshot has settled.
    playlist.version += 1
    service.lists["getPlaylist"] = lambda _args: {"snapshot_id": playlist.version}
    listener.look_until_quiet(thorough=True)
    return playlist, listener


def find_told(listener):
    return {(event.data["item"]["uri"], event.data["added_at"]) for event in listener.events.values()}


@pytest.mark.parametrize("seed", SEEDS)
def test_no_addition_to_a_playlist_is_invented_or_told_twice(seed):
    playlist, listener = play(seed, "newPlaylistItem")
    assert find_told(listener) <= playlist.adds
    assert listener.repeated == []


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_on_a_playlist_was_there_or_was_told(seed):
    """Thoroughly looked at after each change, so that what was there is known."""
    chance = random.Random(seed)  # noqa: S311 - it plays a story
    playlist = Playlist(chance)
    playlist._add(0, 70)
    service = Service(
        {"getPlaylistItems": playlist.items, "getPlaylist": lambda _args: {"snapshot_id": playlist.version}}
    )
    come = Listener(service, "newPlaylistItem", {"playlist_id": "p"}, seed)
    gone = Listener(service, "playlistItemRemoved", {"playlist_id": "p"}, seed)
    come.look_until_quiet()
    gone.look_until_quiet()
    for _ in range(24):
        before, events, losses = playlist.count_things(), dict(come.events), dict(gone.events)
        playlist.happen()
        come.look_until_quiet(thorough=True)
        gone.look_until_quiet(thorough=True)
        new = Counter(event.data["item"]["uri"] for key, event in come.events.items() if key not in events)
        lost = Counter(event.data["uri"] for key, event in gone.events.items() if key not in losses)
        assert (new, lost) == (playlist.count_things() - before, before - playlist.count_things())
    assert come.repeated == gone.repeated == []


def test_a_quiet_playlist_costs_one_call_and_a_longer_one_two():
    chance = random.Random(1)  # noqa: S311 - it plays a story
    playlist = Playlist(chance)
    playlist._add(0, 2_000)
    service = Service(
        {"getPlaylistItems": playlist.items, "getPlaylist": lambda _args: {"snapshot_id": playlist.version}}
    )
    listener = Listener(service, "newPlaylistItem", {"playlist_id": "p"}, 1)
    listener.look_until_quiet()
    costs = []
    for count in (0, 1, 30, 0):
        playlist._add(len(playlist.items), count)
        playlist.version += bool(count)
        service.calls = 0
        listener.look_until_quiet()
        costs.append(service.calls)
    assert costs == [1, 2, 2, 1]
    assert len(listener.events) == 31


def test_one_thing_that_comes_to_two_playlists_at_once_is_two_events():
    items = []
    service = Service({"getPlaylistItems": items, "getPlaylist": lambda _args: {"snapshot_id": len(items)}})
    listeners = [Listener(service, "newPlaylistItem", {"playlist_id": name}, 0) for name in ("p", "q", "p")]
    for listener in listeners:
        listener.look_until_quiet()
    items.append({"added_at": to_time(5), "added_by": {"id": "me"}, "item": {"uri": "spotify:track:x"}})
    for listener in listeners:
        listener.look_until_quiet()
    one, other, again = (list(listener.events) for listener in listeners)
    assert one == again != other

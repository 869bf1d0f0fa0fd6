"""What came into a list or left it, wherever that stands: none missing, none invented."""

import random
from collections import Counter

import pytest
from triggers.stories import Fault, Listener, Service, to_time

from connector.triggers.state import close_state
from connector.triggers.watch import sign

SEEDS = range(9)  # The last of them finds what `make mutations` breaks.


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
    # Each came at a time of its own.
    playlist.items[:] = [{**item, "added_at": to_time(at)} for at, item in enumerate(playlist.items)]
    service = Service(
        {"getPlaylistItems": playlist.items, "getPlaylist": lambda _args: {"snapshot_id": playlist.version}}
    )
    listener = Listener(service, "newPlaylistItem", {"playlist_id": "p"}, 1)
    listener.look_until_quiet()
    costs = []
    for count in (0, 1, 30, 0):
        playlist.now_s += 10_000
        for _ in range(count):
            playlist.now_s += 1
            playlist._add(len(playlist.items), 1)
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


def make_items(*numbers, at_s=0):
    return [
        {"added_at": to_time(at_s), "added_by": {"id": "me"}, "item": {"uri": f"t{number}", "name": f"n{number}"}}
        for number in numbers
    ]


def follow(trigger, items):
    """A listener to a playlist of these items, which is looked at for the first time."""
    service = Service({"getPlaylistItems": items, "getPlaylist": lambda _args: {"snapshot_id": str(items)}})
    listener = Listener(service, trigger, {"playlist_id": "p"}, 0)
    listener.look_until_quiet()
    return service, listener


def test_what_a_cheap_look_leaves_is_told_by_the_next_thorough_one_though_nothing_moved_since():
    items = make_items(*range(120))
    _, listener = follow("newPlaylistItem", items)
    del items[3]
    items[5:5] = make_items("new in front", at_s=9)
    items += make_items("new at the end", at_s=9)
    for thorough in (False, True, True):
        listener.look(may_crash=False, thorough=thorough)
        told = [event.data["item"]["uri"] for event in listener.events.values()]
        assert told == ["tnew at the end", "tnew in front"][: 1 + thorough]


def test_of_two_copies_that_nothing_tells_apart_none_is_told_again_when_they_move():
    items = make_items(*range(9))
    _, listener = follow("newPlaylistItem", items)
    items += make_items("twice", "twice", at_s=9)
    listener.look_until_quiet()
    items[0:0] = make_items("other", at_s=99)
    listener.look_until_quiet()
    assert [event.data["item"]["uri"] for event in listener.events.values()] == ["ttwice", "ttwice", "tother"]


def test_what_a_page_hides_that_shifts_while_it_is_read_is_not_gone():
    items = make_items(*range(120))
    service, listener = follow("playlistItemRemoved", items)
    del items[0]

    def shift():
        # Between two pages one before them is taken off, so that the next begins one further.
        if service.calls == 2:
            del items[0]

    service.calls, service.meanwhile = -1, shift
    listener.look_until_quiet()
    assert [event.data["uri"] for event in listener.events.values()] == ["t0", "t1"]


def test_what_is_null_for_a_time_neither_went_nor_came():
    items = make_items(*range(3)) + make_items("seen", at_s=5)
    _, gone = follow("playlistItemRemoved", items)
    _, come = follow("newPlaylistItem", items)
    seen = items[3]["item"]
    for item in (None, seen):
        items[3] = {**items[3], "item": item}
        gone.look_until_quiet(thorough=True)
        come.look_until_quiet(thorough=True)
    assert gone.events == come.events == {}


def test_one_that_left_a_long_list_is_found_by_a_few_pages():
    items = make_items(*range(2_000))
    service, listener = follow("newPlaylistItem", items)
    del items[1_234]
    service.calls = 0
    listener.look_until_quiet()
    assert service.calls <= 10
    service.calls = 0
    items += make_items("new", at_s=9)
    listener.look_until_quiet()
    assert service.calls == 2
    assert [event.data["item"]["uri"] for event in listener.events.values()] == ["tnew"]


def test_of_two_that_came_together_the_one_between_its_neighbours_is_the_one_that_is_null():
    items = make_items(*"abcd")
    _, listener = follow("playlistItemRemoved", items)
    items[2] = {**items[2], "item": None}
    del items[0]
    listener.look_until_quiet(thorough=True)
    assert [event.data["uri"] for event in listener.events.values()] == ["ta"]


@pytest.mark.parametrize(("trigger", "told"), [("newPlaylistItem", ["tnew"]), ("playlistItemRemoved", ["t1"])])
def test_a_state_of_the_version_before_goes_on(trigger, told):
    items = make_items(*range(3))
    _, listener = follow(trigger, items)
    # It told entries apart by their whole keys, and knew nothing of how exact it is.
    marks = [(sign(f"t{at}"), sign([f"t{at}", items[at]["added_at"], "me"])) for at in range(3)]
    kept = [{"uri": f"t{at}", "name": f"n{at}"} for at in range(3)] if trigger == "playlistItemRemoved" else None
    memory = ["1", 3, "".join(map("".join, marks)), kept, {}]
    listener.state = {**listener.state, "v": 1, "memory": memory, "sum": close_state([], memory, 0)["sum"]}
    items[1:2] = make_items("new", at_s=9)
    listener.look_until_quiet()
    assert [event.data.get("uri") or event.data["item"]["uri"] for event in listener.events.values()] == told
    assert listener.state["v"] == 2

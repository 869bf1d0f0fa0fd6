"""Stories of playlists and of the artists whom a listener follows."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from triggers.year import Story, assert_within

from connector.sandbox.clock import to_iso
from connector.sandbox.ids import make_id
from connector.sandbox.kept_playlists import Item
from connector.sandbox.playables import Playable


class Playlist(Story):
    """A playlist is added to at its end and elsewhere, also the same thing twice and the listener's own files; it is
    reordered, replaced and renamed, and things are taken off it. Its snapshot wavers after each change."""

    def set_up(self):
        chance = self.chance
        self.added, self.removed = Counter(), Counter()
        self.excused, self.latest, self.changed_s = set(), 10_000, 0.0
        self.delay_s = chance.choice([0, 30])
        self.inside.control.seed(playlists={"snapshot_delay_s": self.delay_s})
        position = self.state.playlists.create({"name": "Year", "public": True, "collaborative": False})
        self.kept = self.state.playlists.keep(position)
        self.args["playlist_id"] = make_id("playlist", position)
        self.has_gone = chance.random() < 0.3
        self._insert(0, chance.choice([0, 1, self.size, 3 * self.size]))
        self.kept.items = [item if chance.random() < 0.9 else self._undate(item) for item in self.kept.items]

    def _undate(self, item):
        return Item(item.content, None, item.added_by)

    def begin(self, events):
        self.told_at_first = len(events)
        self.added.clear()
        self.removed.clear()
        self.known, self.before = self.visible, Counter(self.keys)

    def uri(self, content):
        if isinstance(content, int):
            return f"spotify:local:Garage+Neighbours:Demo+Tape:Rehearsal+{content}:215"
        return content.uri

    def key(self, item):
        return self.uri(item.content), item.added_s if item.added_s is None else to_iso(item.added_s)

    def _is_gone(self, item):
        return item.content in self.state.catalogue.unavailable

    @property
    def keys(self):
        return [self.key(item) for item in self.kept.items if not self._is_gone(item)]

    @property
    def visible(self):
        return Counter(self.uri(item.content) for item in self.kept.items if not self._is_gone(item))

    @property
    def held(self):
        return Counter(self.uri(item.content) for item in self.kept.items)

    def happen(self):
        chance, items = self.chance, self.kept.items
        what, count = chance.random(), len(items)
        if what < 0.35:
            self._insert(count, chance.choice([1, 1, 3, self.size + 2]))
        elif what < 0.47:
            self._insert(chance.randrange(count + 1), chance.choice([1, 1, 3]))
        elif what < 0.52 and items:
            self._insert(count, 1, chance.choice(items).content)
        elif what < 0.7 and items:
            # The service takes every copy.
            content = chance.choice(items).content
            self._take([item for item in items if item.content == content])
        elif what < 0.75 and items:
            self._take(chance.sample(items, min(count, chance.choice([2, self.size]))))
        elif what < 0.85 and items:
            self.kept.move(chance.randrange(count), chance.choice([1, 2]), chance.randrange(count + 1))
        elif what < 0.88 and items:
            self._replace()
        elif what < 0.95:
            self.kept.details["name"] = f"Year {chance.random()}"
        elif self.has_gone:
            self._lose()
            return
        self.changed_s = self.now_s
        self.kept.touch(self.now_s)

    def _insert(self, place, count, content=None):
        new = []
        for _ in range(count):
            self.latest += 1
            local = self.chance.random() < 0.1
            what = content or (self.latest if local else Playable("track", self.latest))
            new.append(Item(what, self.now_s, "sandbox-listener"))
        if count and self.chance.random() < 0.1:
            # Twice the same in one call.
            new.append(replace(new[-1]))
        if content:
            self.state.catalogue.unavailable -= {tuple(content)} if isinstance(content, Playable) else set()
        for item in new:
            self.added[self.key(item)] += 1
        self.kept.insert(new, place)

    def _take(self, gone):
        for item in gone:
            self.removed[self.uri(item.content)] += 1
        ids = [id(item) for item in gone]
        self.kept.items = [item for item in self.kept.items if id(item) not in ids]

    def _replace(self):
        """Everything anew: some of what was there, some not."""
        before = self.kept.items
        contents = [item.content for item in before if self.chance.random() < 0.8 and not isinstance(item.content, int)]
        self._take(list(before))
        self.state.catalogue.unavailable = set()
        self.kept.items = [Item(content, self.now_s, "sandbox-listener") for content in contents]
        for item in self.kept.items:
            self.added[self.key(item)] += 1
            self.excused.add(self.key(item))
        if self.chance.random() < 0.5:
            self._insert(len(contents), 2)

    def _lose(self):
        """Some of what is on it is gone now, and others are there again. Nobody could tell apart what came at the same
        time."""
        times = Counter(item.added_s for item in self.kept.items)
        shared = {item.content for item in self.kept.items if times[item.added_s] > 1}
        here = [item for item in self.kept.items if item.content not in shared and isinstance(item.content, Playable)]
        gone = self.chance.sample(here, min(2, len(here)))
        self.state.catalogue.unavailable = {tuple(item.content) for item in gone if (item.added_s or 0) < self.now_s}

    @property
    def is_settled(self):
        return self.now_s >= self.changed_s + self.delay_s


class NewItems(Playlist):
    """What is put on it is told."""

    trigger = "newPlaylistItem"

    def check(self, told, *, is_complete, is_still, is_thorough):
        keys = Counter(
            (event.data["item"]["uri"], event.data["added_at"]) for event in list(told.values())[self.told_at_first :]
        )
        assert_within(keys, self.added)
        if is_complete and is_still and is_thorough and self.is_settled:
            here = Counter(self.keys)
            missing = {
                key
                for key, count in here.items()
                if key not in self.excused and keys[key] < min(count, self.added[key]) and count > self.before[key]
            }
            assert not missing, f"missing: {missing}"


class GoneItems(Playlist):
    """What is taken off it is told."""

    trigger = "playlistItemRemoved"

    def check(self, told, *, is_complete, is_still, is_thorough):
        uris = Counter(event.data["uri"] for event in told.values())
        assert_within(uris, self.removed)
        if is_complete and is_still and is_thorough and self.is_settled:
            new = Counter(event.data["uri"] for event in self.delivered.values())
            missing = self.known - self.held - new
            assert not missing, f"missing: {missing}"
            self.known = self.visible
            self.delivered.clear()


class Follows(Story):
    """Things are followed and unfollowed, also within one interval; the list has an order of its own."""

    kind = "playlist"

    def set_up(self):
        self.shelf = self.state.library[self.kind]
        self.shelf.fill(self.chance.choice([0, 3, self.size, 3 * self.size]))
        self.followed, self.latest = Counter(), 20_000

    def begin(self, events):
        self.told_at_first = len(events)
        self.followed.clear()
        self.known = self.visible

    def uri(self, key):
        return f"spotify:{self.kind}:{make_id(self.kind, key)}"

    @property
    def visible(self):
        return {self.uri(key) for key in self.shelf._entries}

    def happen(self):
        chance, here = self.chance, list(self.shelf._entries)
        what = chance.random()
        if what < 0.45:
            self._follow(*(self._new() for _ in range(chance.choice([1, 1, 2, self.size + 1]))))
        elif what < 0.75 and here:
            key = chance.choice(here)
            self.shelf.remove([key])
            if chance.random() < 0.3:
                self._follow(key)
        elif what < 0.8 and here:
            self.shelf.remove(chance.sample(here, min(len(here), chance.choice([2, self.size]))))
        else:
            self._reorder(here)

    def _new(self):
        self.latest += 4
        return self.latest

    def _follow(self, *keys):
        for key in keys:
            self.followed[self.uri(key)] += 1
        self.shelf.add(keys, self.now_s)

    def _reorder(self, here):
        self.chance.shuffle(here)
        entries = {key: self.shelf._entries[key] for key in here}
        self.shelf.empty()
        self.shelf._entries.update(entries)

    def check(self, told, *, is_complete, is_still, is_thorough):  # noqa: ARG002 - it is always exact
        uris = Counter(event.data["uri"] for event in list(told.values())[self.told_at_first :])
        assert_within(uris, self.followed)
        if is_complete and is_still and self.is_whole:
            new = {event.data["uri"] for event in self.delivered.values()}
            missing = self.visible - self.known - new
            assert not missing, f"missing: {missing}"
            self.known = self.visible
            self.delivered.clear()

    is_whole = True


class NewPlaylists(Follows):
    trigger = "newPlaylist"


class NewArtists(Follows):
    """For some days the service tells of 50 of them alone."""

    trigger, kind, page_sizes = "newFollowedArtist", "artist", (5, 50)

    def set_up(self):
        super().set_up()
        self.shelf.fill(self.chance.choice([20, 70, 120]))

    def happen(self):
        if self.chance.random() < 0.2:
            most = 0 if self.state.library.rules.most_followed else 50
            self.inside.control.seed(library={"most_followed": most})
            return
        super().happen()
        if 50 in (len(self.shelf), len(self.shelf) - 1):
            self._follow(self._new(), self._new())

    @property
    def is_whole(self):
        return not self.state.library.rules.most_followed

    def settle(self):
        self.inside.control.seed(library={"most_followed": 0})
        super().settle()


class Versions(Follows):
    """The listener's playlists change, and their snapshots waver."""

    trigger, page_sizes = "playlistChanged", (5,)

    def set_up(self):
        super().set_up()
        self.delay_s = self.chance.choice([0, 30])
        self.inside.control.seed(playlists={"snapshot_delay_s": self.delay_s})
        for key in self.shelf._entries:
            self.state.playlists.keep(key)
        self.changes, self.changed_s, self.still = Counter(), 0.0, 0

    def begin(self, events):
        super().begin(events)
        self.changes.clear()
        self.versions = self._read()

    def _read(self):
        return {self.uri(key): self.state.playlists.keep(key)._version for key in self.shelf._entries}

    def happen(self):
        self.still = 0
        here = list(self.shelf._entries)
        if here and self.chance.random() < 0.7:
            key = self.chance.choice(here)
            self.changes[self.uri(key)] += 1
            self.changed_s = self.now_s
            self.state.playlists.keep(key).touch(self.now_s)
        else:
            super().happen()

    def check(self, told, *, is_complete, is_still, is_thorough):  # noqa: ARG002 - it is always exact
        uris = Counter(event.data["uri"] for event in told.values())
        assert_within(uris, self.changes)
        is_settled = self.now_s >= self.changed_s + self.delay_s
        self.still = self.still + 1 if is_complete and is_still and is_settled else 0
        if self.still < 2:
            return
        # Seen twice as it is.
        now, new = self._read(), {event.data["uri"] for event in self.delivered.values()}
        changed = {uri for uri, version in now.items() if self.versions.get(uri, version) != version}
        missing = changed - new - self._come
        assert not missing, f"missing: {missing}"
        self.versions, self._come = now, set()
        self.delivered.clear()

    _come: set = frozenset()

    def _follow(self, *keys):
        super()._follow(*keys)
        self._come = {*self._come, *map(self.uri, keys)}

"""Stories of what comes into a listener's library and what leaves it."""

from __future__ import annotations

from collections import Counter

from triggers.year import Story, assert_within

from connector.sandbox.clock import to_iso
from connector.sandbox.ids import make_id


class Library(Story):
    """Things of a kind are saved, alone and many at once, some told late; they are removed, and saved again within the
    same second; some are gone for a time."""

    kind = "track"

    def set_up(self):
        chance = self.chance
        self.shelf = self.state.library[self.kind]
        self.shelf.fill(chance.choice([0, 3, self.size, 3 * self.size]))
        self.added = Counter()
        self.removed = Counter()
        self.hard = set()
        self.latest = 10_000
        if chance.random() < 0.4:
            self.inside.control.seed(library={"late_s": chance.choice([5, 40])})
        self.has_gone = chance.random() < 0.4
        if self.kind == "track" and chance.random() < 0.5:
            self.args["market"] = "SE"
            self.state.catalogue.is_relinking = True
        if self.has_gone:
            self._lose()

    def uri(self, key):
        return f"spotify:{self.kind}:{make_id(self.kind, key)}"

    def begin(self, events):
        self.told_at_first = len(events)
        self.before = {(self.uri(key), to_iso(entry.added_s)) for key, entry in self._entries if self._is_told(entry)}
        self.added.clear()
        self.removed.clear()

    @property
    def _entries(self):
        return [(key, entry) for key, entry in self.shelf._entries.items()]

    def _is_told(self, entry):
        return entry.told_s <= self.now_s

    @property
    def visible(self):
        """What the list shows, by URI and time."""
        gone = self.state.catalogue.unavailable
        return {
            (self.uri(key), to_iso(entry.added_s))
            for key, entry in self._entries
            if self._is_told(entry) and (self.kind, key) not in gone
        }

    @property
    def held(self):
        """What is in the list, though it may show null instead."""
        return {self.uri(key) for key, entry in self._entries if self._is_told(entry)}

    def happen(self):
        what, here = self.chance.random(), [key for key, _ in self._entries]
        if what < 0.4:
            self._save(self._new())
        elif what < 0.48:
            self._save(*(self._new() for _ in range(self.chance.choice([3, self.size, self.size * 3 + 2]))))
        elif what < 0.56 and here:
            self._save(self.chance.choice(here))
        elif what < 0.62 and here:
            key = self.chance.choice(here)
            self._remove(key)
            self._save(key)
        elif what < 0.9 and here:
            near = here[-self.size :]
            self._remove(self.chance.choice(self.chance.choice([here, near])))
        elif what < 0.93 and here:
            self._remove(*self.chance.sample(here, min(len(here), self.chance.choice([3, 2 * self.size]))))
        elif self.has_gone:
            self._lose()

    def _new(self):
        self.latest += 1
        return self.latest

    def _save(self, *keys):
        for key in keys:
            self.added[self.uri(key), self.now] += 1
        self.state.catalogue.unavailable -= {(self.kind, key) for key in keys}
        again = [key for key in keys if key in self.shelf._entries]
        self.shelf.add(keys, self.now_s)
        for key in keys:
            entry = self.shelf._entries[key]
            if key in again and entry.told_s > self.now_s:
                # It is nowhere until it is told.
                self.removed[self.uri(key)] += 1
            if entry.told_s > self.now_s:
                self.hard.add((self.uri(key), self.now))

    def _remove(self, *keys):
        for key in keys:
            self.removed[self.uri(key)] += 1
        self.shelf.remove(keys)

    def _lose(self):
        """Some are gone now, and others are there again. Nobody could tell apart what came at the same time."""
        times = Counter(entry.added_s for _, entry in self._entries)
        here = [key for key, entry in self._entries if times[entry.added_s] == 1 and entry.added_s < self.now_s][
            -2 * self.size :
        ]
        gone = {(self.kind, key) for key in self.chance.sample(here, min(2, len(here)))}
        for key, entry in self._entries:
            if (self.kind, key) in gone:
                self.hard.add((self.uri(key), to_iso(entry.added_s)))
                # Where it was saved again, what is known of it is gone, and null shows no name.
                self.removed[self.uri(key)] += (self.uri(key), to_iso(entry.added_s)) in self.added
        self.state.catalogue.unavailable = gone


class Saved(Library):
    """What is saved is told."""

    trigger = "newSavedTrack"
    has_time = True

    def find_key(self, event):
        thing = event.data[self.kind]
        return thing.get("linked_from", thing)["uri"], event.data["added_at"]

    def check(self, told, *, is_complete, is_still, is_thorough):
        keys = Counter(self.find_key(event) for event in list(told.values())[self.told_at_first :])
        assert_within(keys, Counter(dict.fromkeys(self.added, 1)))
        if is_complete and is_still:
            must = self.visible - self.before - keys.keys()
            missing = must if is_thorough else must - self.hard
            assert not missing, f"missing: {missing}"


class SavedAlbums(Saved):
    trigger, kind, page_sizes = "newSavedAlbum", "album", (5,)


class SavedEpisodes(Saved):
    trigger, kind, page_sizes = "newSavedEpisode", "episode", (5,)


class SavedShows(Saved):
    trigger, kind, page_sizes = "newSavedShow", "show", (5,)


class Removed(Library):
    """What is taken out is told."""

    trigger = "savedTrackRemoved"

    def begin(self, events):
        super().begin(events)
        assert not events
        self.known = {uri for uri, _ in self.visible}

    def check(self, told, *, is_complete, is_still, is_thorough):
        uris = Counter(event.data["uri"] for event in told.values())
        assert_within(uris, self.removed)
        if is_complete and is_still and is_thorough:
            new = {event.data["uri"] for event in self.delivered.values()}
            missing = self.known - self.held - new
            assert not missing, f"missing: {missing}"
            # What was gone when it was first looked for is nobody's knowledge.
            self.known = ((self.known - new) & self.held) | {uri for uri, _ in self.visible}
            self.delivered.clear()

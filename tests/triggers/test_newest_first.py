"""Additions to a list with the newest in front: none missing, none invented, whatever happens in between."""

import random

import pytest
from triggers.stories import Fault, Listener, Service, to_time

SEEDS = range(4)


class Library:
    """Saved tracks, the newest in front, and every save that ever was."""

    def __init__(self, chance):
        self.chance = chance
        self.now_s = 0
        self.entries = []
        self.saves = set()

    def save(self, count=1, place=0):
        for _ in range(count):
            known = {entry["track"]["uri"] for entry in self.entries if entry}
            uri = f"spotify:track:{self.chance.randrange(400 if len(known) < 300 else 10**6):022d}"
            if uri in known:
                continue
            # One that comes late bears the time of what stands there.
            neighbour = self.entries[place] if 0 < place < len(self.entries) else None
            time = neighbour["added_at"] if neighbour else to_time(self.now_s)
            place = place if neighbour else 0
            self.entries.insert(place, {"added_at": time, "track": {"uri": uri}})
            self.saves.add((uri, time))

    def remove(self):
        if self.entries:
            self.entries.pop(self.chance.randrange(min(len(self.entries), 60)))

    def happen(self):
        self.now_s += self.chance.choice([0, 1, 5, 600, 86_400])
        what = self.chance.random()
        if what < 0.5:
            self.save()
        elif what < 0.54:
            self.save(self.chance.choice([3, 20, 180]))
        elif what < 0.6:
            self.save(place=self.chance.choice([1, 30, 60]))
        elif what < 0.62:
            self.entries.insert(self.chance.randrange(len(self.entries) + 1), None)
        else:
            self.remove()

    @property
    def here(self):
        return {(entry["track"]["uri"], entry["added_at"]) for entry in self.entries if entry}


def told(listener):
    return {(event.data["track"]["uri"], event.data["added_at"]) for event in listener.events.values()}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_year_of_saving_and_removing(seed):
    chance = random.Random(seed)  # noqa: S311 - it plays a story
    library = Library(chance)
    library.save(chance.choice([0, 3, 50, 300]))
    service = Service({"getUserSavedTracks": library.entries})
    listener = Listener(service, "newSavedTrack", {}, seed)
    listener.look_until_quiet()
    before = set(library.saves)
    for _ in range(120):
        for _ in range(chance.choice([0, 1, 1, 3])):
            library.happen()
        fault = chance.random()

        def meanwhile(fault=fault):
            if fault < 0.1 and chance.random() < 0.5:
                raise Fault
            if fault > 0.8 and chance.random() < 0.5:
                library.happen()

        service.meanwhile = meanwhile
        listener.look()
        service.meanwhile = None
        if chance.random() < 0.3:
            listener.look_until_quiet(thorough=True)
            assert library.here - before <= told(listener)
    listener.look_until_quiet(thorough=True)
    assert library.here - before <= told(listener)
    assert told(listener) <= library.saves - before
    assert listener.repeated == []

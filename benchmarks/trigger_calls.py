"""What a day of polls costs in calls, and what is missed: ours beside the ways of others, on one story.

The story is a library of 5,000 tracks and a playlist of 2,000 to which something happens once an hour. The readers are
small ones, written here after what those platforms do: read all and compare with one's own clock, or hash all.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from connector import Result
from connector.manifest.manifest import Manifest
from connector.manifest.triggers import find_trigger
from connector.triggers.poll import poll

EVERY_S = 300
PAGE = 50
MANIFEST = Manifest.load()
_BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)

Entry = dict[str, Any]


class Way(NamedTuple):
    """What a way of polling took in a day: calls, and additions that it missed and that it told twice."""

    name: str
    calls: int
    missed: int
    doubled: int


class Story:
    """A list that is added to in front (a library) or at its end (a playlist). Every tenth addition shows a minute
    late."""

    def __init__(self, seed: int, size: int, *, is_playlist: bool) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - it plays a story
        self.is_playlist = is_playlist
        self.now_s = 0
        self.calls = self._latest = self._version = 0
        self.entries: list[Entry] = []
        self._late: list[tuple[int, Entry]] = []
        for place in range(size):
            self._put(self._make(place - 2 * size))
        self.added: Counter[str] = Counter()

    def _make(self, at_s: int) -> Entry:
        self._latest += 1
        time = (_BEGINNING + timedelta(seconds=at_s)).isoformat().replace("+00:00", "Z")
        thing = {"uri": f"spotify:track:{self._latest:022d}", "name": f"Track {self._latest}"}
        return {"added_at": time, "added_by": {"id": "me"}, "item" if self.is_playlist else "track": thing}

    def _put(self, entry: Entry) -> None:
        self._version += 1
        self.entries.insert(len(self.entries) if self.is_playlist else 0, entry)

    def happen(self) -> None:
        """Something: an addition, several at once, or a removal."""
        what = self._chance.random()
        if what < 0.4:
            self.entries.pop(self._chance.randrange(len(self.entries)))
            self._version += 1
            return
        for _ in range(3 if what < 0.5 else 1):
            entry = self._make(self.now_s)
            self.added[key_of(entry)] += 1
            if self._latest % 10 == 0:
                self._late.append((self.now_s + 60, entry))
            else:
                self._put(entry)

    def pass_time(self, seconds: int) -> None:
        self.now_s += seconds
        for told_s, entry in list(self._late):
            if told_s <= self.now_s:
                self._late.remove((told_s, entry))
                self._put(entry)

    def read_all(self) -> list[Entry]:
        self.calls += -(-len(self.entries) // PAGE)
        return list(self.entries)

    def read(self, name: str, args: dict[str, Any]) -> Result:
        """A block's result, as the connector gives it."""
        block = MANIFEST.block(name)
        if block.page is None:
            self.calls += 1
            return Result(name, {"snapshot_id": str(self._version)}, listing=block.listing)
        start, most = int(args.get("resume", 0)), args.get("max_items", len(self.entries))
        found = self.entries[start : start + most]
        self.calls += max(1, -(-len(found) // PAGE))
        return Result(name, {"items": found, "total": len(self.entries)}, listing=block.listing)


def key_of(entry: Entry) -> str:
    thing: Entry = entry.get("item") or entry["track"]
    return f"{thing['uri']} {entry['added_at']}"


def follow_ours(story: Story) -> Callable[[], list[str]]:
    name, args = ("newPlaylistItem", {"playlist_id": "p"}) if story.is_playlist else ("newSavedTrack", {})
    trigger, state = (
        find_trigger(MANIFEST, name),
        poll(find_trigger(MANIFEST, name), args, "me", None, story.read).state,
    )
    looks = 0

    def look() -> list[str]:
        nonlocal state, looks
        looks += 1
        # One a day is thorough.
        thorough = {"thorough": True} if looks % (86_400 // EVERY_S) == 0 else {}
        seen = poll(trigger, {**args, **thorough}, "me", state, story.read)
        state = seen.state
        return [key_of(event.data) for event in seen.events]

    return look


def follow_by_clock(story: Story) -> Callable[[], list[str]]:
    """Reads all, and tells what was added since the last look by one's own clock."""
    last_s = story.now_s

    def look() -> list[str]:
        nonlocal last_s
        since = (_BEGINNING + timedelta(seconds=last_s)).isoformat().replace("+00:00", "Z")
        last_s = story.now_s
        return [key_of(entry) for entry in story.read_all() if entry["added_at"] > since]

    return look


def follow_by_hash(story: Story) -> Callable[[], list[str]]:
    """Reads all, and where the hash of all is another one tells the newest entry alone, for it knows no difference."""

    def digest() -> str:
        return hashlib.sha256(json.dumps([key_of(entry) for entry in story.read_all()]).encode()).hexdigest()

    last = digest()

    def look() -> list[str]:
        nonlocal last
        before, last = last, digest()
        if last == before or not story.entries:
            return []
        return [key_of(story.entries[-1 if story.is_playlist else 0])]

    return look


WAYS = {"ours": follow_ours, "read all, own clock": follow_by_clock, "hash all": follow_by_hash}


def measure_ways(size: int, *, is_playlist: bool, days: int = 2) -> Iterator[Way]:
    """Each way on the same story, at one happening an hour and a poll every five minutes."""
    for name, follow in WAYS.items():
        story = Story(1, size, is_playlist=is_playlist)
        look = follow(story)
        story.calls, told = 0, Counter[str]()
        for step in range(1, days * 86_400 // EVERY_S + 1):
            # Something happens shortly before a look, so that what is late shows after it.
            story.pass_time(EVERY_S - 30)
            if step % (3_600 // EVERY_S) == 0:
                story.happen()
            story.pass_time(30)
            told.update(look())
        yield Way(name, story.calls, len(story.added - told), sum((told - story.added).values()))

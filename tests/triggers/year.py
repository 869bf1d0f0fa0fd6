"""A simulated year: what happens to a listener, who polls meanwhile, and what must come of it.

A `Story` has something happen at random and knows all that ever did; a `Follower` polls at random times, sometimes
while it happens, through faults and with crashes between delivering and storing. After each look the story says what is
missing and what was invented.
"""

from __future__ import annotations

import json
import random
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

from triggers.in_process import Inside

from connector.sandbox.clock import to_iso
from connector.triggers.poll import Event, Poll

#: How long it takes from one look to the next, in seconds.
PAUSES = (1, 7, 20, 40, 300, 900, 3_600, 86_400)
FAULTS = (
    ("rate_limited", {"retry_after": 86_400}),
    ("rate_limited", {"retry_after": 3}),
    ("quota_exceeded", {}),
    ("server_error", {"times": 4}),
    ("unavailable", {"times": 2}),
    ("bad_gateway", {"times": 4}),
    ("no_json", {"times": 4}),
    ("html", {"times": 4}),
)


class Story:
    """What happens, and what is known of it. `is_new` and so on are for the stories themselves."""

    trigger: str
    #: Pages of so many entries are chosen from; `None` is the service's own size.
    page_sizes: tuple[int | None, ...] = (5, 5, 5, None)
    #: Whether `thorough` sees what a cheap look may leave, and which words of `live` fit.
    has_time = False

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.page = chance.choice(self.page_sizes)
        self.inside = self.enter()
        self.state = self.inside.state
        self.size = self.page or 50
        self.args: dict[str, Any] = {}
        #: What was delivered since a story last took stock.
        self.delivered: dict[str, Event] = {}
        self.set_up()

    def enter(self) -> Any:
        """The service that it happens to."""
        inside = Inside(self.page)
        inside.state.catalogue.is_awkward = False
        inside.state.nulls = {}
        return inside

    @property
    def now_s(self) -> float:
        return self.state.clock.now_s()

    @property
    def now(self) -> str:
        return to_iso(self.now_s)

    def pass_time(self, seconds: float) -> None:
        self.state.clock.advance(seconds)

    def set_up(self) -> None:
        """Before the first look."""

    def begin(self, events: list[Event]) -> None:
        """After the first look, which told `events`."""

    def happen(self) -> None:
        """Something, by chance."""
        raise NotImplementedError

    def check(self, told: dict[str, Event], *, is_complete: bool, is_still: bool, is_thorough: bool) -> None:
        """Raises `AssertionError` for what was invented and for what is missing in all that was `told`, by id. A look
        `is_complete` that told all it had to tell and whose state was kept; it `is_still` where nothing happened
        meanwhile."""
        raise NotImplementedError

    def settle(self) -> None:
        """Ends what passes by itself, before the last looks."""
        self.pass_time(86_400)


class Follower:
    """Whoever polls: keeps the state and every event by its id."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.chance = story.chance
        self.state: Any = None
        self.told: dict[str, Event] = {}
        self.polls = self.events = self.crashes = self.faults = self.largest = 0
        self._crashed: set[str] = set()

    def poll(self, options: dict[str, Any], *, may_crash: bool) -> tuple[Poll, bool]:
        """One poll, and whether its state was kept."""
        story = self.story
        state = json.loads(json.dumps(self.state))
        seen = story.inside.connector.poll(story.trigger, {**story.inside.token, **story.args, **options}, state)
        self.polls += 1
        if seen.error:
            assert seen.error.kind in ("rate_limited", "server_error", "bad_answer"), seen.error
            assert seen.state == state
            self.faults += 1
            return seen, False
        assert len(seen.events) <= options.get("max_events", 100)
        if story.has_time:
            times = [event.time for event in seen.events if event.type != "gap"]
            assert times == sorted(times)
        crashes = may_crash and self.chance.random() < 0.15
        for event in seen.events:
            assert event.id not in self.told or event.id in self._crashed, f"told twice: {event}"
            self.events += event.id not in self.told
            self.told[event.id] = story.delivered[event.id] = event
            if crashes:
                self._crashed.add(event.id)
        self.crashes += crashes
        if not crashes:
            # Each comes again once, after the crash.
            self._crashed -= {event.id for event in seen.events}
            self.state = seen.state
            self.largest = max(self.largest, len(json.dumps(seen.state)))
        return seen, not crashes

    def look(self, options: dict[str, Any], *, may_crash: bool = True, is_whole: bool = True) -> tuple[bool, bool]:
        """Polls until nothing is left to tell, or once; whether it told all and was kept, and whether it failed."""
        for _ in range(60):
            seen, is_kept = self.poll(options, may_crash=may_crash)
            if seen.error or not is_whole or (is_kept and not seen.more):
                return is_kept and not seen.more, seen.error is not None
        raise AssertionError("the events never end")


def live(story: Story, looks: int) -> Follower:
    """Plays `story` over so many looks."""
    follower, chance = Follower(story), story.chance
    with play_alone():
        begun, _ = follower.poll(chance.choice([{}, {}, {"also_last": 3}]), may_crash=False)
        assert not begun.error
        story.delivered.clear()
        story.begin(list(begun.events))
        story.pass_time(2)
        for _ in range(looks):
            story.pass_time(chance.choice(PAUSES))
            for _ in range(chance.choice([0, 0, 1, 1, 2, 4])):
                story.happen()
                story.pass_time(chance.choice([0, 0, 1, 20]))
            _look(story, follower)
        story.settle()
        for options in ({}, {}, {"thorough": True}, {"thorough": True}):
            story.pass_time(60)
            follower.look(options, may_crash=False)
            is_thorough = "thorough" in options
            story.check(follower.told, is_complete=True, is_still=True, is_thorough=is_thorough)
    return follower


def _look(story: Story, follower: Follower) -> None:
    chance = story.chance
    options: dict[str, Any] = {}
    if chance.random() < 0.25:
        options["thorough"] = True
    if chance.random() < 0.25:
        options["max_events"] = chance.choice([10, 25])
    happened = 0

    def meanwhile() -> None:
        nonlocal happened
        if happened < 6 and chance.random() < 0.4:
            story.happen()
            happened += 1

    if chance.random() < 0.25:
        story.inside.meanwhile = meanwhile
    if chance.random() < 0.15:
        name, words = chance.choice(FAULTS)
        story.inside.control.fault(name, after=chance.choice([0, 0, 1, 2]), **words)
    is_complete, _ = follower.look(options, is_whole=chance.random() < 0.8)
    story.inside.meanwhile = None
    # What didn't strike is over.
    story.state.faults._queue.clear()
    story.check(
        follower.told, is_complete=is_complete, is_still=not happened, is_thorough=bool(options.get("thorough"))
    )


@contextmanager
def play_alone() -> Iterator[None]:
    """Nothing in a thread of its own, and no waiting before another try."""
    with ExitStack() as patches:
        patches.enter_context(mock.patch("connector.many.side_by_side._spare", threading.Semaphore(0)))
        patches.enter_context(mock.patch("connector.sending.retry.BACKOFF_S", 0))
        yield


def assert_within(told: Counter[Any], happened: Counter[Any]) -> None:
    """Nothing was told more often than it happened."""
    assert not (told - happened), f"invented: {told - happened}"

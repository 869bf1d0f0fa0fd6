"""Stories of another service: a harbour's berths, bookings and towers, told by its own manifest."""

from __future__ import annotations

import json
from collections import Counter, deque
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from triggers.in_process import OpenGate
from triggers.year import Story, assert_within

from connector import Connector
from connector.manifest.manifest import Manifest
from connector.sandbox.clock import Clock, to_iso
from connector.wire.request import Request
from connector.wire.transport import Response

HARBOUR = Manifest.load(Path(__file__).parents[1] / "harbour" / "manifest.yaml")
#: What the office answers instead, by the names that `year` has for faults.
FAULTS: dict[str, tuple[int, bytes]] = {
    "rate_limited": (429, b'{"problem": "Not so fast."}'),
    "quota_exceeded": (429, b'{"problem": "Too many today."}'),
    "server_error": (500, b'{"problem": "No."}'),
    "unavailable": (503, b""),
    "bad_gateway": (502, b""),
    "no_json": (200, b"{"),
    "html": (200, b"<p>"),
}


class Office:
    """The harbour office within this process, as `in_process.Inside` is the sandbox: what there is to read by path."""

    def __init__(self) -> None:
        clock = Clock()
        clock.run(False)
        # Stories begin at midnight, whenever they are played.
        clock.advance(-clock.now_s() % 86_400)
        self.pages: dict[str, Callable[[dict[str, str]], Any]] = {}
        self.meanwhile: Callable[[], None] | None = None
        self._faults: deque[list[Any]] = deque()
        self.state = SimpleNamespace(clock=clock, faults=SimpleNamespace(_queue=self._faults))
        self.control = SimpleNamespace(fault=self._queue_fault)
        self.token = {"api_key": "harbour-key"}
        self.connector = Connector(HARBOUR, gate=OpenGate(), max_wait=0, concurrency=1)
        self.connector._shared._transport = self

    def _queue_fault(self, name: str, times: int = 1, after: int = 0, retry_after: int | None = None) -> None:
        self._faults.append([name, times, after, retry_after])

    def send(self, request: Request, _deadline: Any) -> Response:
        """In the place of `Transport.send`."""
        if self.meanwhile:
            self.meanwhile()
        if self._faults and self._faults[0][2]:
            self._faults[0][2] -= 1
        elif self._faults:
            name, left, _, retry_after = self._faults[0]
            self._faults[0][1] -= 1
            if left == 1:
                self._faults.popleft()
            status, body = FAULTS[name]
            return Response(status, {} if retry_after is None else {"Retry-After": str(retry_after)}, body)
        address = urlsplit(request.target)
        query = {name: values[-1] for name, values in parse_qs(address.query).items()}
        return Response(200, {"Content-Type": "application/json"}, json.dumps(self.pages[address.path](query)).encode())

    def close(self) -> None:
        """In the place of `Transport.close`."""


class HarbourStory(Story):
    """Something that happens in the harbour."""

    page_sizes = (4,)

    def enter(self) -> Office:
        return Office()


class Berths(HarbourStory):
    """Berths are taken and left, also within one interval; the office lists them in an order of its own."""

    trigger = "berthFreed"

    def set_up(self):
        self.args["place"] = "57.7, 11.97"
        self.free = [f"A/{number}" for number in range(self.chance.choice([0, 3, 4, 13]))]
        self.left, self.latest = Counter(), 100
        self.inside.pages["/berths"] = self._list

    def _list(self, query):
        start, end = int(query.get("from", 0)), int(query.get("from", 0)) + int(query["per"])
        rows = [{"berth": berth} for berth in self.free[start:end]]
        return {"rows": rows, "count": len(self.free), "more": "yes" if end < len(self.free) else None}

    def begin(self, events):
        self.told_at_first = len(events)
        self.left.clear()
        self.known = set(self.free)

    def happen(self):
        chance, what = self.chance, self.chance.random()
        if what < 0.45:
            for _ in range(chance.choice([1, 1, 2, 5])):
                self.latest += 1
                self._leave(f"B/{self.latest}")
        elif what < 0.8 and self.free:
            berth = chance.choice(self.free)
            self.free.remove(berth)
            if chance.random() < 0.3:
                self._leave(berth)
        else:
            chance.shuffle(self.free)

    def _leave(self, berth):
        self.left[berth] += 1
        self.free.insert(self.chance.randrange(len(self.free) + 1), berth)

    def check(self, told, *, is_complete, is_still, is_thorough):  # noqa: ARG002 - it is always exact
        berths = Counter(event.data["berth"] for event in list(told.values())[self.told_at_first :])
        assert_within(berths, self.left)
        if is_complete and is_still:
            new = {event.data["berth"] for event in self.delivered.values()}
            missing = set(self.free) - self.known - new
            assert not missing, f"missing: {missing}"
            self.known = set(self.free)
            self.delivered.clear()


class Bookings(HarbourStory):
    """Berths are booked and given up; all bookings come by one call, the newest in front."""

    trigger = "bookingMade"

    def set_up(self):
        self.bookings: list[dict[str, Any]] = []
        self.made: Counter[int] = Counter()
        for _ in range(self.chance.choice([0, 3, 60])):
            self._book()
        self.inside.pages["/bookings"] = lambda _query: {"bookings": self.bookings}

    def _book(self):
        number = 1 + sum(self.made.values())
        self.made[number] += 1
        self.bookings.insert(0, {"booking": number, "made": to_iso(self.now_s)})

    def begin(self, events):
        self.told_at_first = len(events)
        self.before = set(self.made)

    def happen(self):
        if self.chance.random() < 0.7 or not self.bookings:
            for _ in range(self.chance.choice([1, 1, 3, 12])):
                self._book()
        else:
            self.bookings.remove(self.chance.choice(self.bookings))

    def check(self, told, *, is_complete, is_still, is_thorough):  # noqa: ARG002 - it is always exact
        numbers = Counter(event.data["booking"] for event in list(told.values())[self.told_at_first :])
        assert_within(numbers, Counter({number: 1 for number in self.made if number not in self.before}))
        if is_complete and is_still:
            missing = {each["booking"] for each in self.bookings} - self.before - numbers.keys()
            assert not missing, f"missing: {missing}"


class Keepers(HarbourStory):
    """A tower gets another keeper, and for some time none."""

    trigger = "keeperChanged"

    def set_up(self):
        self.args["tower"] = "A/7"
        self.keeper, self.seen = "Ada Quay", 0
        self.inside.pages["/towers/A%2F7"] = lambda _query: {"keeper": {"name": self.keeper}}

    def begin(self, events):
        self.told_at_first, self.known = len(events), self.keeper

    def happen(self):
        self.keeper = self.chance.choice(["Ada Quay", "Bo Pier", "Cy Mole", None])

    def check(self, told, *, is_complete, is_still, is_thorough):  # noqa: ARG002 - it is always exact
        new = list(told.values())[self.told_at_first + self.seen :]
        if is_complete and is_still:
            self.seen += len(new)
            if self.keeper != self.known:
                assert new
                assert new[-1].data["to"] == {"keeper": self.keeper}
            self.known = self.keeper

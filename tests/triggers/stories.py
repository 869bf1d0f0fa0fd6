"""A listener's library and playlists as plain lists, to which things happen, and what of it must be told."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from connector import Result
from connector.errors import ErrorDetail, InvocationFailed
from connector.manifest.blocks import Block
from connector.manifest.manifest import Manifest
from connector.manifest.triggers import find_trigger
from connector.triggers.poll import Poll, poll

MANIFEST = Manifest.load()
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)


def to_time(seconds: int) -> str:
    return (BEGINNING + timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")


@dataclass
class Service:
    """Answers reads from `lists` by the block's name; `meanwhile` is called before each of them, and `calls` counts
    them. A value that is no list is the whole output."""

    lists: dict[str, Any] = field(default_factory=dict)
    meanwhile: Any = None
    calls: int = 0

    def read(self, name: str, args: dict[str, Any]) -> Result:
        block: Block = MANIFEST.block(name)
        whole = self.lists[name]
        if callable(whole):
            whole = whole(args)
        if not isinstance(whole, list):
            self._call()
            return Result(name, whole, listing=block.listing)
        start, most = int(args.get("resume", 0)), args.get("max_items")
        found: list[Any] = []
        while True:
            self._call()
            size = block.page.size if most is None else min(block.page.size, most - len(found))
            whole = self.lists[name](args) if callable(self.lists[name]) else self.lists[name]
            found += whole[start + len(found) : start + len(found) + size]
            if len(found) == most or start + len(found) >= len(whole):
                break
        output: Any = {block.page.names["items"]: found, block.page.names.get("total", "total"): len(whole)}
        for step in reversed(block.page.at):
            output = {step: output}
        return Result(name, output, listing=block.listing)

    def _call(self) -> None:
        self.calls += 1
        if self.meanwhile:
            self.meanwhile()

    def poll(self, trigger: str, args: dict[str, Any], state: Any) -> Poll:
        return poll(find_trigger(MANIFEST, trigger), args, "alice", state, self.read)


class Fault(InvocationFailed):
    """The service in trouble."""

    def __init__(self) -> None:
        super().__init__(ErrorDetail("rate_limited", "Wait.", retry_after=86_400))


class Listener:
    """Whoever follows a trigger: keeps the state, and every event that was delivered by its id. Now and then it crashes
    after it has delivered and before the state is stored."""

    def __init__(self, service: Service, trigger: str, args: dict[str, Any], seed: int) -> None:
        self.service, self.trigger, self.args = service, trigger, args
        self.chance = random.Random(seed)  # noqa: S311 - it plays a story
        self.state: Any = None
        self.events: dict[str, Any] = {}
        self.repeated: list[str] = []
        self._crashed: set[str] = set()

    def look(self, *, may_crash: bool = True, **more: Any) -> Poll | None:
        try:
            seen = self.service.poll(self.trigger, {**self.args, **more}, self.state)
        except Fault:
            return None
        crashes = may_crash and self.chance.random() < 0.1
        for event in seen.events:
            if event.id in self.events and event.id not in self._crashed:
                self.repeated.append(event.id)
            self.events[event.id] = event
            if crashes:
                self._crashed.add(event.id)
        if not crashes:
            self.state = seen.state
        return seen

    def look_until_quiet(self, **more: Any) -> None:
        while (seen := self.look(may_crash=False, **more)) is None or seen.more:
            pass

"""One look of a trigger: the state of the look before and the service's answers → events and the next state."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from connector.arguments.validation import Args
from connector.brief_entries import make_brief
from connector.errors import ErrorDetail
from connector.manifest.triggers import Trigger
from connector.result import Meta
from connector.triggers.reader import Read, Reader
from connector.triggers.state import close_state, open_state
from connector.triggers.watch import Happening, Seen, Watch
from connector.triggers.ways import counters, difference, newest_first, overlap, rota, value

_WAYS: Final[Mapping[str, Callable[[Watch, Any], Seen]]] = {
    "newest_first": newest_first.look,
    "difference": difference.look,
    "overlap": overlap.look,
    "value": value.look,
    "counters": counters.look,
    "rota": rota.look,
}
#: What becomes of a memory of the version before, of the ways that kept it in another form.
_MIGRATIONS: Final[Mapping[str, Callable[[Any], Any]]] = {"difference": difference.migrate, "rota": rota.migrate}
#: Fields that say how to look, and not at what.
_HOW: Final = frozenset({"also_last", "max_events", "thorough"})
#: What of an answer's making a poll tells.
_TOLD: Final = ("requests", "retries", "waited", "duration", "next_s", "days_left", "calls_left", "warnings")
#: How many times longer than `every` a trigger rests that sees nothing for long, and one that has just seen something.
_LONGEST_REST: Final = 4
_SHORTEST_REST: Final = 0.5
#: Looks without anything new after each of which rests take longer.
_QUIET_LOOKS: Final = 6


@dataclass(frozen=True, slots=True)
class Event:
    """One happening. `id` is the same in every poll and on every machine; `time` is the service's, or `None` where it
    tells none; `data` is what happened to, as the block gives it; `brief` is what a person wants of it, where the
    manifest says so."""

    id: str
    type: str
    time: str | None
    data: Any
    brief: Any = None

    def to_dict(self, *, is_brief: bool = False) -> dict[str, Any]:
        """The event as every door gives it; where it `is_brief`, with what a person wants alone as its data."""
        told = {"id": self.id, "type": self.type, "time": self.time, "data": self.data}
        if self.brief is None:
            return told
        return {**told, "data": self.brief} if is_brief else {**told, "brief": self.brief}


@dataclass(frozen=True, slots=True)
class Poll:
    """What one look gave: `events`, oldest first; the `state` to hand back next time, after they were delivered, which
    is the one before after an `error`; whether `more` wait; `meta` as an invocation's, with `next_s`, the seconds until
    another look is worth its calls."""

    trigger: str
    events: tuple[Event, ...] = ()
    state: dict[str, Any] | None = field(default=None, repr=False)
    error: ErrorDetail | None = None
    more: bool = False
    meta: Meta = field(default_factory=Meta)

    @property
    def next_s(self) -> float:
        return self.meta.next_s or 0

    @property
    def ok(self) -> bool:
        return self.error is None

    def __bool__(self) -> bool:
        return self.ok

    def to_dict(self, *, is_brief: bool = False) -> dict[str, Any]:
        """What a poll without an error gave, as JSON: `{"events": […], "state": {…}, "more": …, "meta": {…}}`."""
        told = {name: getattr(self.meta, name) for name in _TOLD}
        return {
            "events": [event.to_dict(is_brief=is_brief) for event in self.events],
            "state": self.state,
            "more": self.more,
            "meta": {name: value for name, value in told.items() if value not in (None, [])},
        }


def poll(trigger: Trigger, args: Args, account: str | None, state: Any, read: Read) -> Poll:
    """Looks once. `args` are valid and in normal form; `account` is the name by which the caller knows whose data it
    is; `read` invokes a block. Raises `InvocationFailed`: `invalid_fields` for a state of another trigger, of other
    arguments or another account, or that is none; and what `read` raises."""
    block_args = {name: value for name, value in args.items() if name in trigger.block.fields}
    options = {name: value for name, value in args.items() if name not in block_args}
    bound = find_subject(trigger, args)
    whose = [trigger.name, account, bound]
    opened = open_state(state, whose)
    watch = Watch(trigger.words, Reader(trigger.block, trigger.others, block_args, read), options)
    memory = opened.memory if opened else None
    if opened and opened.is_old and trigger.way in _MIGRATIONS:
        memory = _MIGRATIONS[trigger.way](memory)
    seen = _WAYS[trigger.way](watch, memory)
    quiet = 0 if seen.happenings or not opened else opened.quiet + 1
    rest = _SHORTEST_REST if opened and seen.happenings else min(1 + quiet // _QUIET_LOOKS, _LONGEST_REST)
    next_s = 0 if seen.more else seen.next_s or trigger.every * rest
    return Poll(
        trigger.name,
        tuple(to_event(trigger, bound, happening) for happening in seen.happenings),
        close_state(whose, seen.memory, quiet),
        more=seen.more,
        meta=Meta(next_s=next_s),
    )


def find_subject(trigger: Trigger, args: Mapping[str, Any]) -> dict[str, Any]:
    """What of `args` says at what is looked, secrets apart."""
    fields = trigger.form.fields
    return {name: v for name, v in args.items() if name in fields and name not in _HOW and not fields[name].secret}


def to_event(trigger: Trigger, bound: Args, happening: Happening) -> Event:
    """The event of a happening to what was looked at with `bound`."""
    kind = happening.type or trigger.name
    # With what was asked about: one thing may come to two lists at the same moment.
    key = json.dumps(
        [trigger.name, kind, bound, happening.key], sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    fields = trigger.brief
    brief = make_brief(happening.data, fields) if fields and isinstance(happening.data, dict) else None
    return Event(hashlib.sha256(key.encode()).hexdigest()[:24], kind, happening.time, happening.data, brief)

"""What an event of a trigger looks like, before one has come: invented, like the samples that it is made of."""

from __future__ import annotations

from typing import Any

from connector.export.samples import build_sample
from connector.manifest.dotted_paths import follow
from connector.manifest.triggers import Trigger
from connector.triggers.poll import to_event
from connector.triggers.watch import Happening, find


def build_event_sample(trigger: Trigger) -> dict[str, Any]:
    """An event of `trigger` as every door gives it."""
    happening = _invent_change(trigger) if trigger.way == "value" else _invent_entry(trigger)
    return to_event(trigger, {}, happening).to_dict()


def _invent_change(trigger: Trigger) -> Happening:
    now = build_sample(trigger.block.output_schema)
    values = {name: find(expression, now) for name, expression in trigger.words["values"].items()}
    changed = list(values)[:1]
    return Happening(values, None, {"changed": changed, "from": dict.fromkeys(changed), "to": values, "now": now})


def _invent_entry(trigger: Trigger) -> Happening:
    words, listing = trigger.words, trigger.told.listing
    answer = build_sample(trigger.told.output_schema)
    entry = listing.read(follow(answer, listing.at)[0]) if listing else answer[0]
    if words.get("tells") == "gone":
        return Happening(find(words["key"], entry), None, find(words["keep"], entry))
    return Happening(find(words["key"], entry), find(words["time"], entry) if "time" in words else None, entry)

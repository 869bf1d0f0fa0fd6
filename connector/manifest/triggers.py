"""What a manifest says of triggers: the block that is read again, and how a change in it is seen."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from connector.errors import ManifestError, UnknownTrigger
from connector.manifest.block_entries import PAGING_FIELDS
from connector.manifest.blocks import Block, Field
from connector.manifest.closed_blocks import describe_quota
from connector.manifest.connection_block import CONNECTION, build_connection_block
from connector.manifest.manifest import Manifest
from connector.manifest.polling_costs import PollingCost, tell_polling_cost
from connector.manifest.routes import APP_MODES

#: Seconds between two looks, where a trigger says nothing else.
_EVERY_S: Final = 300
#: What every trigger has beside the fields of the block that it watches.
POLLING: Final = "polling"


@dataclass(frozen=True)
class Trigger:
    """One trigger. `block` is the one that it watches; `form` is a block of the trigger's own name with its fields,
    which forms and validators take; `others` are blocks that are read beside it; `way` names how a change is seen,
    `words` are what the manifest says to that way; `every` is the number of seconds after which another look is worth
    its calls."""

    name: str
    block: Block
    form: Block
    others: Mapping[str, Block]
    way: str
    words: Mapping[str, Any]
    every: float

    @property
    def brief(self) -> tuple[str, ...]:
        """Pointers to what a person wants of an event's data; none where that is little as it is."""
        if self.way == "value":
            return "changed", "from", "to"
        return () if self.words.get("tells") == "gone" else self.told.brief

    @property
    def told(self) -> Block:
        """The block whose entries are told: the one that is read for each, where there is one."""
        return self.others[self.words["each"]["block"]] if "each" in self.words else self.block

    @property
    def closed(self) -> dict[str, str]:
        """The modes in which an app can't read one of the blocks that a look reads, each with the date since when."""
        reads = (self.block, *self.others.values())
        dates = {mode: [block.closed[mode] for block in reads if mode in block.closed] for mode in APP_MODES}
        return {mode: min(since) for mode, since in dates.items() if since}

    @property
    def cost(self) -> PollingCost:
        return tell_polling_cost(self.block, self.way, self.words)


def find_trigger(manifest: Manifest, name: str) -> Trigger:
    """The trigger called `name`. Raises `UnknownTrigger` with near names, and `ManifestError` where it can't be
    built."""
    declared = manifest.data.get("triggers", {})
    if name not in declared:
        known = {every.lower(): every for every in declared}
        raise UnknownTrigger(name, [known[low] for low in difflib.get_close_matches(name.lower(), known, 3)])
    try:
        return _build(manifest, name, declared[name])
    except (KeyError, TypeError, AttributeError, ValueError) as problem:
        raise ManifestError(
            f"The trigger {name} can't be built ({problem!r}); `check` tells where it is wrong."
        ) from problem


def iter_triggers(manifest: Manifest) -> Iterator[Trigger]:
    """All triggers, in the manifest's order. Raises `ManifestError` like `find_trigger`."""
    return (find_trigger(manifest, name) for name in manifest.data.get("triggers", {}))


def describe_trigger(trigger: Trigger) -> dict[str, Any]:
    """All about one trigger in one document: `cost` tells in words what a look takes while nothing happened (`quiet`)
    and when something did (`change`), `state` what its state grows to."""
    form = trigger.form
    cost = trigger.cost
    return {
        "name": trigger.name,
        "title": form.title,
        "group": form.group,
        "description": form.description,
        "watches": trigger.block.name,
        "way": trigger.way,
        "every": trigger.every,
        "cost": {"quiet": cost.quiet, "change": cost.change},
        "state": cost.state,
        "scopes": list(form.scopes),
        "scopes_needed": [need.to_dict() for need in form.scope_needs],
        "quota": describe_quota(trigger),
        "instead": form.instead if trigger.closed else None,
        "input": form.input_schema,
    }


def _build(manifest: Manifest, name: str, entry: Mapping[str, Any]) -> Trigger:
    watches = entry["watches"]
    block = build_connection_block(manifest) if watches == CONNECTION else manifest.block(watches)
    left_out = {*PAGING_FIELDS, *entry.get("without", ())}
    fields = {key: field for key, field in block.fields.items() if key not in left_out}
    fields |= {key: _build_field(manifest, key, schema) for key, schema in entry.get("input", {}).items()}
    fields |= {key: _build_field(manifest, key, schema) for key, schema in manifest.data[POLLING].items()}
    others = {other["block"]: manifest.block(other["block"]) for word in ("look", "each") if (other := entry.get(word))}
    needs = (need for read in (block, *others.values()) for need in read.scope_needs)
    form = replace(
        block,
        name=name,
        aliases=(),
        title=entry["title"],
        group=entry.get("group", block.group),
        description=entry["description"],
        scope_needs=tuple(dict.fromkeys(needs)),
        fields=fields,
        one_of=tuple(group for group in block.one_of if not left_out & set(group)),
    )
    return Trigger(name, block, form, others, entry["way"], entry, entry.get("every", _EVERY_S))


def _build_field(manifest: Manifest, name: str, schema: Mapping[str, Any]) -> Field:
    full = manifest.schema_files.inline(dict(schema))
    return Field(
        name=name,
        type=full["x-field"],
        title=full["title"],
        description=full["description"],
        required=False,
        secret=False,
        documented=False,
        schema=full,
        declared=dict(schema),
    )

"""Findings on what a block has others read for it: lists of choices, amounts to add to, what a route needs to know."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from connector.errors import UnknownBlock
from connector.manifest.blocks import Block
from connector.manifest.manifest import Manifest
from connector.manifest.route_entries import READ_BACK
from connector.manifest.routes import First
from connector.manifest.yaml_lines import Path as Place

_RULES: Final = ("x-choices", "x-relative")
Found = Iterator[tuple[Place, str]]
Readings = Sequence[tuple[First, tuple[str, ...]]]


def check_read_first(manifest: Manifest, block: Block, where: Place) -> Found:
    """What is wrong with the blocks that `block`, which stands at `where`, has read for it."""
    for field in block.fields.values():
        for word in (word for word in _RULES if word in field.schema):
            spot = (*where, "input", "properties", field.name)
            try:
                problems = list(_check_rule(manifest, block, field.schema[word]))
            except (AttributeError, KeyError, TypeError):
                problems = ["has not the right form"]
            yield from ((spot, f"{word} of {field.name}: {problem}") for problem in problems)
    if block.reuse:
        spot = (*where, "reuse")
        if isinstance(found := _find(manifest, block.reuse.block), str):
            yield (*spot, "block"), found
        yield from _check_readings(
            manifest, block, [(first, ("first", first.name)) for first in block.reuse.first], spot
        )
        known = {*block.fields, *(first.name for first in block.reuse.first)}
        for name in _unknown([*block.reuse.when, *block.reuse.match.values()], known):
            yield spot, f"{name} is used and not declared"
    for position, route in enumerate(block.routes):
        back = route.batch.read_back if route.batch else None
        readings = [(first, ("first", first.name)) for first in route.first]
        readings += [(back, ("batch", READ_BACK))] if back else []
        yield from _check_readings(manifest, block, readings, (*where, "routes", position))


def _check_readings(manifest: Manifest, block: Block, readings: Readings, where: Place) -> Found:
    """What is wrong with values that are read in other blocks' answers, each with its steps from `where`."""
    for first, steps in readings:
        place = (*where, *steps)
        if isinstance(found := _find(manifest, first.block), str):
            yield place, found
            continue
        if first.name == READ_BACK and (found.page is None or found.page.style == "cursor"):
            yield place, f"{first.block} has no pages that are read from a position on"
        yield from ((place, f"{name} is no field of {first.block}") for name in _unknown(first.given, found.fields))
        for name in _unknown(first.given.values(), block.fields):
            yield place, f"{name} is used and not declared"


def _check_rule(manifest: Manifest, block: Block, rule: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the `rule` of one field."""
    if isinstance(found := _find(manifest, rule["block"]), str):
        yield found
    elif found.listing is None or any(field.required and not field.secret for field in found.fields.values()):
        yield f"{found.name} lists nothing by itself"
    yield from (f"{name} is used and not declared" for name in _unknown(rule.get("by", {}).values(), block.fields))


def _find(manifest: Manifest, name: str) -> Block | str:
    """The block of this name, which may only read; what is wrong with it otherwise."""
    try:
        block = manifest.block(name)
    except UnknownBlock as problem:
        return str(problem)
    is_plain = block.effect == "read" and not block.named_fields and not any(route.first for route in block.routes)
    return block if is_plain else f"{name} writes, or has other blocks read for it, so it can't be read first"


def _unknown(names: Iterable[str], known: Collection[str]) -> list[str]:
    return [name for name in names if name not in known]

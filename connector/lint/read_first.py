"""Findings on what a block has others read for it: lists of choices, amounts to add to, what a route needs to know."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final

from connector.errors import UnknownBlock
from connector.manifest.blocks import Block, Field
from connector.manifest.manifest import Manifest
from connector.manifest.route_entries import READ_BACK
from connector.manifest.routes import First
from connector.manifest.schema_parts import find_part, split_pointer
from connector.manifest.yaml_lines import Path as Place

_CHOICES: Final = "x-choices"
_RELATIVE: Final = "x-relative"
Found = Iterator[tuple[Place, str]]
Readings = Sequence[tuple[First, tuple[str, ...]]]


def check_read_first(manifest: Manifest, block: Block, where: Place) -> Found:
    """What is wrong with the blocks that `block`, which stands at `where`, has read for it."""
    for field in block.fields.values():
        spot = (*where, "input", "properties", field.name)
        for word, check in ((_CHOICES, _check_choices), (_RELATIVE, _check_relative)):
            try:
                problems = list(check(manifest, block, field))
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


def _check_choices(manifest: Manifest, _block: Block, field: Field) -> Iterator[str]:
    """What is wrong with the block that lists what `field` may hold."""
    source = field.choices
    if source is None:
        return
    if source.known is not None and field.is_list:
        yield "known is for a field of one value"
    if isinstance(found := _find_list(manifest, source.block), str):
        yield found
        return
    if found.closed:
        yield f"{found.name} is closed to apps in {' and '.join(found.closed)} mode"
    at = found.listing.at if found.listing else ()
    for pointer in source.pointers:
        if find_part(found.output_schema, (*at, "[]", *split_pointer(pointer))) is None:
            yield f"what {found.name} lists has no {pointer}"


def _check_relative(manifest: Manifest, block: Block, field: Field) -> Iterator[str]:
    """What is wrong with the block that reads what is added to."""
    if _RELATIVE not in field.schema:
        return
    rule = field.schema[_RELATIVE]
    if isinstance(found := _find_list(manifest, rule["block"]), str):
        yield found
    yield from (f"{name} is used and not declared" for name in _unknown(rule.get("by", {}).values(), block.fields))


def _find_list(manifest: Manifest, name: str) -> Block | str:
    """The block of this name, which lists something without being told what; what is wrong with it otherwise."""
    found = _find(manifest, name)
    if isinstance(found, str):
        return found
    if found.listing is None or any(field.required and not field.secret for field in found.fields.values()):
        return f"{found.name} lists nothing by itself"
    return found


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

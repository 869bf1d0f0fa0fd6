"""Findings on one block: that what it declares and what its routes send are the same, and that its answer is there."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from jsonschema import Draft202012Validator, SchemaError

from connector.errors import ManifestError
from connector.lint.fields import FieldJudge
from connector.lint.procedures import check_procedure
from connector.lint.read_first import check_read_first
from connector.lint.substitutes import check_substitute
from connector.manifest.block_entries import PAGING_FIELDS
from connector.manifest.blocks import Block
from connector.manifest.done_texts import find_always_told, find_counted, find_told
from connector.manifest.manifest import Manifest
from connector.manifest.route_entries import BATCH_WORDS
from connector.manifest.routes import GIVEN, Page, Route
from connector.manifest.schema_files import Schema
from connector.manifest.schema_parts import find_part, split_pointer
from connector.manifest.yaml_lines import Path as Place

_PAGE_PARTS = ("items", "total", "next", "cursor")
_PARAMS = ("query", "form", "body")
Found = Iterator[tuple[Place, str]]


def check_block(manifest: Manifest, block: Block, judge: FieldJudge, where: Place) -> Found:
    """What is wrong with `block`, which stands at `where`."""
    entry = manifest.data["blocks"][block.name]
    yield from _check_use(manifest, block, entry, where)
    for position, route in enumerate(block.routes):
        spot = (*where, "routes", position)
        yield from _check_params(block, route, entry["routes"][position], judge, spot)
        yield from _check_kin(manifest, block, route, spot)
    yield from check_procedure(manifest, block, where)
    yield from _check_output(block, where)
    yield from check_read_first(manifest, block, where)
    yield from _check_done(block, block.done, (*where, "done"))
    yield from _check_done(block, block.reuse.done if block.reuse else None, (*where, "reuse", "done"))
    if block.routes and block.routes[-1].falls_back_on:
        yield (*where, "routes", len(block.routes) - 1, "falls_back_on"), "stands on the last route: nothing follows it"
    if block.twins and not block.page:
        yield (*where, "twins"), "are names in the entries of a paged answer, and this one isn't paged"
    is_closed = block.closed_since("development") is not None
    if is_closed and not block.instead:
        yield where, "is closed to development mode and doesn't say what to use instead"
    if block.instead and not is_closed:
        yield (*where, "instead"), "is given, but the block is open to development mode"


def _check_done(block: Block, text: str | None, where: Place) -> Found:
    """What is wrong with a `text` that says what the block did."""
    if text is None:
        return
    if block.effect == "read":
        yield where, "says what was done, and the block only reads"
    always, counted = find_always_told(text), find_counted(text)
    for name in sorted(find_told(text)):
        field = block.fields.get(name)
        if field is None:
            yield where, f"{name} is told and not declared"
        elif field.secret:
            yield where, f"{name} is secret, and can't be told"
        elif name in always and not field.required:
            yield where, f"{name} need not be given; what tells of it stands in []"
        elif (name in counted) != (field.is_list or field.schema["type"] == "boolean"):
            yield where, f"{name} is told as {{{name}|one|many}} where it is a list or a switch, and only there"


def _check_use(manifest: Manifest, block: Block, entry: Mapping[str, Any], where: Place) -> Found:
    """Whether each field is declared once and goes somewhere."""
    own = entry.get("input", {})
    declared = own.get("properties", {})
    auth = manifest.auth[block.server]
    reserved = {*(auth.fields if auth else ()), *(PAGING_FIELDS if block.page else ())}
    sent = {name for route in block.routes for name in route.fields} | set(block.reuse.when if block.reuse else ())
    for position, name in enumerate(own.get("required", ())):
        if name not in block.fields:
            yield (*where, "input", "required", position), f"{name} is required and not declared"
    for name in declared:
        place = (*where, "input", "properties", name)
        if name in reserved:
            yield place, f"{name} is a field that the block has already, from its server or its pages"
        elif name not in sent and name not in block.not_sent and not block.procedure:
            yield place, f"{name} is declared and sent by no route"
    for name in block.not_sent:
        if name not in declared:
            yield (*where, "not_sent", name), f"{name} is not declared"
        elif name in sent:
            yield (*where, "not_sent", name), f"{name} is sent all the same"
    for position, group in enumerate(block.one_of):
        for name in group:
            if name not in block.fields:
                yield (*where, "one_of", position), f"{name} is one of a group and not declared"
            elif block.fields[name].required:
                yield (*where, "one_of", position), f"{name} must be given always, so it is no choice"
    for position, name in enumerate(block.together.fields if block.together else ()):
        if name not in block.fields:
            yield (*where, "together", "fields", position), f"{name} is counted and not declared"


def _check_params(block: Block, route: Route, entry: Mapping[str, Any], judge: FieldJudge, where: Place) -> Found:
    """Whether what a route sends are fields of the block, each in a place that can hold it."""
    known = {*block.fields, *(first.name for first in route.first)}
    for name, place in _iter_uses(route, entry):
        if name not in known:
            yield (*where, *place), f"{name} is used and not declared"
    for name in route.path_fields:
        if name in block.fields and not block.fields[name].required:
            yield (*where, "request"), f"{name} stands in the path and must be required"
    for name, value in route.cannot.items():
        if name not in block.fields or value == GIVEN:
            continue
        if problem := judge.find_misfit(block.fields[name].schema, value):
            yield (*where, "except", name), f"the value of {name} {problem}"
    for param in (*route.query, *route.form):
        if "." in param.wire or param.each:
            yield where, f"{param.wire} is an object in a JSON body only; here it is one text"
    for param in route.body:
        field = block.fields.get(param.field or "")
        if param.each and field and not field.is_list:
            yield (*where, "body"), f"{param.field} is no list, each entry of which could be an object"
    if route.content and block.fields.get(route.content.field) is None:
        yield (*where, "content", "field"), f"{route.content.field} is used and not declared"
    if bool(route.each) != bool(route.collect):
        yield (*where, "each" if route.each else "collect"), "each and collect go together"
    if route.each and (listed := block.fields.get(route.each)) and not listed.is_list:
        yield (*where, "each"), f"{route.each} is asked for one by one and is no list"
    if route.batch and route.batch.by and not block.listing:
        yield (*where, "batch", "by"), "places entries, and the output has no list of a name"
    if route.batch and (field := block.fields.get(route.batch.field)):
        if field.name not in route.fields:
            yield (*where, "batch", field.name), f"{field.name} is split and not sent"
        elif not field.is_list:
            yield (*where, "batch", field.name), f"{field.name} is split and is no list"


def _iter_uses(route: Route, entry: Mapping[str, Any]) -> Iterator[tuple[str, Place]]:
    """The fields that a route names, each with its place in the route."""
    yield from ((name, ("request",)) for name in route.path_fields)
    for key in _PARAMS:
        for position, param in enumerate(entry.get(key, ())):
            if isinstance(param, str):
                yield param, (key, position)
                continue
            for wire, source in param.items():
                names = (
                    [source] if isinstance(source, str) else [source.get("field"), *source.get("terms", {}).values()]
                )
                yield from ((name, (key, position, wire)) for name in names if name is not None)
    for key in ("batch", "except"):
        yield from ((name, (key, name)) for name in entry.get(key, ()) if name not in BATCH_WORDS)
    for key, name in (("each", entry.get("each")), ("batch", entry.get("batch", {}).get("advance"))):
        if name is not None:
            yield name, (key, "advance") if key == "batch" else (key,)


def _check_kin(manifest: Manifest, block: Block, route: Route, where: Place) -> Found:
    """Whether a route goes together with the block's first one, and with itself."""
    first = block.routes[0]
    yield from check_substitute(manifest, block, route, where)
    if (
        not route.consent
        and manifest.auth.get(route.server, manifest.auth[first.server]) != manifest.auth[first.server]
    ):
        yield (*where, "request"), f"{route.server} is told who calls in another way than the first route's server"
    if _describe_page(route.page) != _describe_page(first.page):
        yield (*where, "page") if route.page else where, "is not paged in the way of the first route"
    if route.page and route.batch:
        yield (*where, "batch"), "a route that is paged is not split; leave out page or batch"
    contents = [word for word in ("form", "body", "content") if getattr(route, word)]
    if len(contents) > 1:
        yield (*where, contents[-1]), f"a request has one content; leave out {' or '.join(contents)}"


def _describe_page(page: Page | None) -> tuple[str, tuple[str, ...]] | None:
    return (page.style, page.at) if page else None


def _check_output(block: Block, where: Place) -> Found:
    """Whether the output's schema can be followed, and knows the pages that the routes read."""
    try:
        output = block.output_schema
        parts = ({**output, "$defs": {}}, *output.get("$defs", {}).values())
        for part in parts:
            _judge_schema(json.dumps(part))
    except ManifestError as problem:
        yield (*where, "output"), str(problem)
        return
    except (SchemaError, AttributeError, TypeError) as problem:
        yield (*where, "output"), f"is no valid schema: {getattr(problem, 'message', problem)}"
        return
    for part in parts:
        for pointer in part.get("x-brief", ()):
            if find_part(output, split_pointer(pointer), part) is None:
                yield (
                    (*where, "output"),
                    f"x-brief of {part.get('title', 'the output')} names {pointer}, which it hasn't",
                )
    for position, route in enumerate(block.routes):
        if route.page and _describe_page(route.page) == _describe_page(block.page):
            yield from _check_page(route.page, output, (*where, "routes", position, "page"))


@lru_cache(maxsize=1000)
def _judge_schema(text: str) -> None:
    """Raises `SchemaError` for a text that is no schema. The outputs of blocks share most of their parts, and to judge
    one takes long."""
    Draft202012Validator.check_schema(json.loads(text))


def _check_page(page: Page, output: Schema, where: Place) -> Found:
    if find_part(output, page.at) is None:
        yield (*where, "at"), f"the output schema has nothing at {'.'.join(page.at)}"
        return
    for part in _PAGE_PARTS:
        if part in page.names and find_part(output, (*page.at, *page.names[part].split("."))) is None:
            yield where, f"the output schema has no {'.'.join((*page.at, page.names[part]))}"

"""A manifest's words on one block → `Block`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from connector.manifest.blocks import Block, Field, Reuse, Together
from connector.manifest.procedure_entries import build_procedure
from connector.manifest.route_entries import build_first, build_route
from connector.manifest.routes import GIVEN, Route
from connector.manifest.schema_files import Schema, SchemaFiles
from connector.manifest.scope_needs import build_need

#: Fields of every paged block that are the engine's own: where to stop, and where to go on.
PAGING_FIELDS: Final = ("max_items", "resume")


def build_block(name: str, data: Mapping[str, Any], files: SchemaFiles, find_block: Callable[[str], Block]) -> Block:
    """The block called `name` in a manifest's `data`. Raises `KeyError` and the like where it can't be built."""
    entry = data["blocks"][name]
    own = entry.get("input", {}).get("properties", ())
    effect = entry["effect"]
    procedure = None
    if "procedure" in entry:
        lists = data.get("lists", {})
        procedure = build_procedure(entry["procedure"], lists, find_block, reads_only=effect == "read")
    written = entry.get("routes", ()) if procedure else entry["routes"]
    routes = tuple(_bind_substitute(build_route(route, data), own) for route in written)
    server = procedure.server if procedure else routes[0].server
    return Block(
        name=name,
        aliases=tuple(entry.get("aliases", ())),
        title=entry["title"],
        group=entry["group"],
        description=entry["description"],
        scope_needs=tuple(build_need(need, data.get("uri")) for need in entry.get("scopes", ())),
        effect=effect,
        is_idempotent=entry.get("idempotent", effect == "read"),
        done=entry.get("done"),
        fields=_build_fields(data, files, entry, server, is_paged=bool(routes and routes[0].page)),
        together=_build_together(entry.get("together")),
        one_of=tuple(tuple(group) for group in entry.get("one_of", ())),
        reuse=_build_reuse(entry.get("reuse")),
        not_sent=entry.get("not_sent", {}),
        instead=entry.get("instead"),
        twins=tuple(entry.get("twins", ())),
        list_at=tuple(entry["list"].split(".")) if "list" in entry else (),
        reads_answer=entry.get("answer") != "none",
        output=entry["output"],
        routes=routes,
        schema_files=files,
        procedure=procedure,
    )


def _build_fields(
    data: Mapping[str, Any], files: SchemaFiles, entry: Mapping[str, Any], server: str, *, is_paged: bool
) -> dict[str, Field]:
    fields: dict[str, Field] = {}
    auth = data["servers"][server].get("auth")
    if auth:
        for name, schema in data["auth"][auth]["fields"].items():
            fields[name] = _build_field(files, name, schema, required=True)
    declared = entry.get("input", {})
    for name, schema in declared.get("properties", {}).items():
        fields[name] = _build_field(files, name, schema, required=name in declared.get("required", ()))
    if is_paged:
        for name in PAGING_FIELDS:
            schema = data["paging"][name]
            fields[name] = _build_field(files, name, schema, required=False, documented=False)
    return fields


def _build_field(files: SchemaFiles, name: str, schema: Schema, *, required: bool, documented: bool = True) -> Field:
    full = files.inline(schema)
    return Field(
        name=name,
        type=full["x-field"],
        title=full["title"],
        description=full["description"],
        required=required,
        secret=full.get("writeOnly", False),
        documented=documented,
        schema=full,
        declared=schema,
    )


def _build_reuse(entry: Mapping[str, Any] | None) -> Reuse | None:
    if entry is None:
        return None
    firsts = tuple(build_first(name, first) for name, first in entry.get("first", {}).items())
    return Reuse(entry["when"], entry["block"], firsts, entry["match"], entry.get("done"))


def _bind_substitute(route: Route, fields: Iterable[str]) -> Route:
    """`route`; by a substitute it can carry no field that it doesn't send, for what was asked for is not left out."""
    if route.consent is None:
        return route
    unsent = (name for name in fields if name not in route.fields)
    return replace(route, cannot={**dict.fromkeys(unsent, GIVEN), **route.cannot})


def _build_together(entry: Mapping[str, Any] | None) -> Together | None:
    return Together(tuple(entry["fields"]), entry.get("at_least", 0), entry["at_most"]) if entry else None

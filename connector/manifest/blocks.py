"""What a manifest declares, as frozen values: `Block`, `Field` and what they are made of; `routes` has the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from connector.errors import UnknownField
from connector.manifest.accepted_schemas import accept
from connector.manifest.choice_sources import ChoiceSource, find_source
from connector.manifest.procedures import Procedure
from connector.manifest.routes import APP_MODES, Batch, Consent, First, Page, Route
from connector.manifest.schema_files import Schema, SchemaFiles
from connector.manifest.schema_parts import find_brief
from connector.manifest.scope_needs import ScopeNeed
from connector.result import Listing


@dataclass(frozen=True, slots=True)
class Field:
    """One input of a block: its `type` is a documented field type, its `schema` describes the normal form. That is
    whole; `declared` is as the manifest has it, referring to what several fields share."""

    name: str
    type: str
    title: str
    description: str
    required: bool
    secret: bool
    documented: bool
    schema: Schema
    declared: Schema

    @property
    def is_list(self) -> bool:
        return self.schema.get("type") == "array"

    @property
    def choices(self) -> ChoiceSource | None:
        """What lists the values that the field may hold, or that may stand in it where it is a list."""
        return find_source(self.schema)


@dataclass(frozen=True, slots=True)
class Together:
    """A rule over several fields: between `at_least` and `at_most` values in all of them together."""

    fields: tuple[str, ...]
    at_least: int
    at_most: int


@dataclass(frozen=True, slots=True)
class Reuse:
    """What is given in place of a new thing where the fields are as in `when`: the entry in what `block` lists that has
    at each dotted path in `match` the value of a field, or what was read `first`. `done` tells it in words."""

    when: Mapping[str, Any]
    block: str
    first: tuple[First, ...]
    match: Mapping[str, str]
    done: str | None


@dataclass(frozen=True, slots=True)
class Auth:
    """How a server is told who calls: `bearer`, `basic` or `header`, and the fields that the secret comes from.

    `can_sign_in`: whether a connection can stand in for the fields.
    """

    type: str
    options: Mapping[str, str]
    fields: tuple[str, ...]
    can_sign_in: bool = False


@dataclass(frozen=True)
class Block:
    """One block: what a builder shows, what an invocation takes, and the routes that do it."""

    name: str
    aliases: tuple[str, ...]
    title: str
    group: str
    description: str
    scope_needs: tuple[ScopeNeed, ...]
    effect: str
    is_idempotent: bool
    #: What it has done, in the words of `done_texts`, where it writes.
    done: str | None
    fields: Mapping[str, Field]
    together: Together | None
    one_of: tuple[tuple[str, ...], ...]
    reuse: Reuse | None
    not_sent: Mapping[str, str]
    instead: str | None
    twins: tuple[str, ...]
    list_at: tuple[str, ...]
    reads_answer: bool
    output: Schema
    routes: tuple[Route, ...]
    schema_files: SchemaFiles
    #: How it is done by other blocks, where it has no routes of its own.
    procedure: Procedure | None = None

    @property
    def server(self) -> str:
        """The server that is told who calls."""
        return self.procedure.server if self.procedure else self.routes[0].server

    @cached_property
    def input_schema(self) -> Schema:
        """JSON Schema of what all fields together may be given; self-contained."""
        schema: Schema = {
            "type": "object",
            "properties": {name: accept(field.schema) for name, field in self.fields.items()},
            "additionalProperties": False,
        }
        if required := [name for name, field in self.fields.items() if field.required]:
            schema["required"] = required
        if self.together and self.together.at_least:
            schema["anyOf"] = [{"required": [name]} for name in self.together.fields]
        return schema

    @cached_property
    def output_schema(self) -> Schema:
        """JSON Schema of `Result.output`; self-contained."""
        return self.schema_files.bundle(self.output)

    @property
    def page(self) -> Page | None:
        return self.routes[0].page if self.routes else None

    @property
    def batch(self) -> Batch | None:
        """How a list is split over several requests by the first route."""
        return self.routes[0].batch if self.routes else None

    @property
    def listing(self) -> Listing | None:
        """Where the output has its list, if it has one inside."""
        if self.page:
            return Listing((*self.page.at, self.page.names["items"]), self.twins, has_places=False)
        at = (self.collect,) if self.collect else self.list_at
        return Listing(at, self.twins) if at else None

    @cached_property
    def brief(self) -> tuple[str, ...]:
        """What a person wants of the output, or of each entry of its list, by pointers such as `artists[].name`; empty
        where the output's schema doesn't say."""
        return find_brief(self.output_schema, self.listing.at if self.listing else ())

    @property
    def collect(self) -> str | None:
        """The name of the list in the output of a block that reads many at once."""
        return next((route.collect for route in self.routes if route.collect), None)

    @cached_property
    def placed_fields(self) -> frozenset[str]:
        """Lists whose places mean something: the answer has one entry for each of theirs."""
        split = {name for route in self.routes for name in (route.batch and route.batch.field, route.each) if name}
        return frozenset(split) if self.effect == "read" else frozenset()

    def find_choices(self, field: str) -> ChoiceSource:
        """What lists the values of `field`. Raises `UnknownField` where nothing does."""
        if field not in self.fields:
            raise UnknownField(f"{self.name} has no field {field!r}.")
        source = self.fields[field].choices
        if source is None:
            listed = ", ".join(name for name, other in self.fields.items() if other.choices)
            has = f"only of what {listed} may" if listed else "nor of what any other field may"
            raise UnknownField(f"{self.name} knows no list of what {field} may hold, {has}.")
        return source

    @cached_property
    def named_fields(self) -> frozenset[str]:
        """Fields whose values may be given by name, and are then looked up in what another block lists."""
        return frozenset(
            name for name, field in self.fields.items() if "known" in (field.schema.get("x-choices") or ())
        )

    @cached_property
    def connection_fields(self) -> frozenset[str]:
        """Fields that name a connection besides the one that calls."""
        return frozenset(name for name, field in self.fields.items() if field.schema.get("x-connection"))

    @cached_property
    def relative_fields(self) -> frozenset[str]:
        """Fields whose values may be given with a sign, and are then added to what another block reads."""
        return frozenset(name for name, field in self.fields.items() if "x-relative" in field.schema)

    @cached_property
    def picture_fields(self) -> frozenset[str]:
        """Fields that hold a picture, which may be given by its address."""
        return frozenset(name for name, field in self.fields.items() if "x-image" in field.schema)

    @cached_property
    def file_fields(self) -> frozenset[str]:
        """Fields that hold a file: a picture, or a text."""
        return frozenset(name for name, field in self.fields.items() if {"x-image", "x-file"} & field.schema.keys())

    @property
    def example(self) -> dict[str, Any]:
        """Arguments that fit: the first example of every field that must be given."""
        wanted = [name for name, field in self.fields.items() if field.required]
        if self.together and self.together.at_least:
            wanted.append(self.together.fields[0])
        if self.one_of and () not in self.one_of:
            wanted += self.one_of[0]
        return {name: self.fields[name].schema["examples"][0] for name in wanted}

    @property
    def scopes(self) -> tuple[str, ...]:
        """All scopes that the block can make use of."""
        return tuple(dict.fromkeys(scope for need in self.scope_needs for scope in need.any_of))

    @property
    def scopes_to_ask(self) -> tuple[str, ...]:
        """The scopes to ask a user for who wants to use the block: all but those that only a field which need not be
        given calls for."""
        asked = [need for need in self.scope_needs if all(self.fields[each.field].required for each in need.when)]
        return tuple(dict.fromkeys(scope for need in asked for scope in need.any_of))

    def find_needs(self, args: Mapping[str, Any]) -> tuple[ScopeNeed, ...]:
        """What must have been granted for `args`, in normal form."""
        return tuple(need for need in self.scope_needs if need.holds(args))

    @cached_property
    def closed(self) -> Mapping[str, str]:
        """The modes to which every route is closed, each with the date from which none was open. A substitute opens
        none, for it is off until the operator turns it on."""
        if self.procedure:
            return self.procedure.closed
        routes = [route for route in self.routes if route.consent is None]
        everywhere = [mode for mode in APP_MODES if routes and all(mode in route.closed for route in routes)]
        return {mode: max(route.closed[mode] for route in routes) for mode in everywhere}

    @property
    def consents(self) -> tuple[Consent, ...]:
        """The substitutes that do the block's work where an operator has turned them on."""
        return tuple(dict.fromkeys(route.consent for route in self.routes if route.consent))

    def closed_since(self, mode: str) -> str | None:
        """The date from which every route is closed to apps in `mode`; `None` where one is open."""
        return self.closed.get(mode)

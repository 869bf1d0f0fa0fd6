"""What a manifest declares, as frozen values: `Block`, `Route`, `Field` and what they are made of.

Everything else is derived from these. They send nothing and judge no arguments.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final, Literal, NamedTuple, get_args

from connector.manifest.schema_files import Schema, SchemaFiles
from connector.result import Listing

#: How much of the service an app may call.
AppMode = Literal["development", "extended"]
#: What is known of that; `auto` leaves it to the service's answers.
QuotaMode = Literal["auto", "development", "extended"]
APP_MODES: Final[tuple[AppMode, ...]] = get_args(AppMode)

#: Stands for any value of a field that a route can't carry.
GIVEN: Final = "given"
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Field:
    """One input of a block: its `type` is a documented field type, its `schema` describes the normal form."""

    name: str
    type: str
    title: str
    description: str
    required: bool
    secret: bool
    documented: bool
    schema: Schema

    @property
    def is_list(self) -> bool:
        return self.schema.get("type") == "array"


class Param(NamedTuple):
    """One thing that a request carries: the name on the `wire` (dotted in a body: objects within objects), and the
    field or the constant it comes from, with text before each value. `each`: every value of the list goes into an
    object of its own under this name. `as_list`: the one value goes as a list. `terms`: words of a query and the fields
    that narrow it down by them."""

    wire: str
    field: str | None = None
    value: Any = None
    prefix: str = ""
    each: str | None = None
    as_list: bool = False
    terms: tuple[tuple[str, str], ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """Names of the fields that it is made of."""
        return tuple(name for name in (self.field, *(field for _, field in self.terms)) if name is not None)


class Content(NamedTuple):
    """A body that is a field's value as it is, and its media type."""

    field: str
    type: str


@dataclass(frozen=True, slots=True)
class Page:
    """How a route's answer is paged. Names are the wire's; `at` is the dotted path to the page in the answer. `size` is
    the largest page that every app may ask for, `sizes` those of single quota modes where they are larger; the service
    gives no entry past the first `reach`."""

    style: str
    size: int
    at: tuple[str, ...]
    names: Mapping[str, str]
    sizes: Mapping[str, int] = field(default_factory=dict)
    reach: int | None = None

    def for_mode(self, mode: QuotaMode) -> Page:
        """The same pages, as large as an app in quota `mode` may ask for."""
        return replace(self, size=self.sizes[mode]) if mode in self.sizes else self


class Batch(NamedTuple):
    """Which list is split over several requests, and into pieces of what `size`. `advance` is the field of a position
    that moves on with each piece; `then` are method and path of all requests but the first, which may do harm twice."""

    field: str
    size: int
    advance: str | None = None
    then: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """One way to do what a block does: a request, the quota modes for which it is open, the arguments that it `cannot`
    carry, and the statuses by which the service says that another route may do it. `each` is the list that takes one
    request for each value, whose answers make a list under the name `collect`."""

    method: str
    server: str
    path: str
    query: tuple[Param, ...]
    form: tuple[Param, ...]
    body: tuple[Param, ...]
    page: Page | None
    batch: Batch | None
    closed: Mapping[str, str]
    cannot: Mapping[str, Any]
    falls_back_on: frozenset[int] = frozenset()
    content: Content | None = None
    each: str | None = None
    collect: str | None = None
    #: Set in the way of a batch's later requests, where those go another way than the first.
    is_follow_up: bool = False
    path_fields: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        # Worked out once, for a request is built on every call.
        object.__setattr__(self, "path_fields", tuple(_PLACEHOLDER.findall(self.path)))

    @property
    def name(self) -> str:
        """Method and path, as people read them."""
        return f"{self.method} {self.path}"

    @property
    def params(self) -> tuple[Param, ...]:
        return self.query + self.form + self.body

    @property
    def fields(self) -> frozenset[str]:
        """Names of all fields that the route sends."""
        sent = {name for param in self.params for name in param.fields}
        return frozenset(self.path_fields) | sent | ({self.content.field} if self.content else set())


@dataclass(frozen=True, slots=True)
class Together:
    """A rule over several fields: between `at_least` and `at_most` values in all of them together."""

    fields: tuple[str, ...]
    at_least: int
    at_most: int


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
    scopes: tuple[str, ...]
    scopes_needed: str
    effect: str
    is_idempotent: bool
    fields: Mapping[str, Field]
    together: Together | None
    one_of: tuple[tuple[str, ...], ...]
    not_sent: Mapping[str, str]
    instead: str | None
    twins: tuple[str, ...]
    reads_answer: bool
    output: Schema
    routes: tuple[Route, ...]
    schema_files: SchemaFiles

    @cached_property
    def input_schema(self) -> Schema:
        """JSON Schema of the normal form of all fields together; self-contained."""
        schema: Schema = {
            "type": "object",
            "properties": {name: field.schema for name, field in self.fields.items()},
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
        return self.routes[0].page

    @property
    def listing(self) -> Listing | None:
        """Where the output has its list, if it has one inside."""
        if self.page:
            return Listing((*self.page.at, self.page.names["items"]), self.twins)
        return Listing((self.collect,), self.twins) if self.collect else None

    @property
    def collect(self) -> str | None:
        """The name of the list in the output of a block that reads many at once."""
        return next((route.collect for route in self.routes if route.collect), None)

    @cached_property
    def placed_fields(self) -> frozenset[str]:
        """Lists whose places mean something: the answer has one entry for each of theirs."""
        split = {name for route in self.routes for name in (route.batch and route.batch.field, route.each) if name}
        return frozenset(split) if self.effect == "read" else frozenset()

    @property
    def example(self) -> dict[str, Any]:
        """Arguments that fit: the first example of every field that must be given."""
        wanted = [name for name, field in self.fields.items() if field.required]
        if self.together and self.together.at_least:
            wanted.append(self.together.fields[0])
        if self.one_of and () not in self.one_of:
            wanted += self.one_of[0]
        return {name: self.fields[name].schema["examples"][0] for name in wanted}

    def find_missing_scopes(self, granted: Collection[str]) -> tuple[str, ...]:
        """The scopes that a user must still grant before the block can work; none where it works with fewer."""
        missing = tuple(scope for scope in self.scopes if scope not in granted)
        is_enough = {"all": not missing, "any": len(missing) < len(self.scopes), "none": True}[self.scopes_needed]
        return () if is_enough else missing

    @cached_property
    def closed(self) -> Mapping[str, str]:
        """The modes to which every route is closed, each with the date from which none was open."""
        everywhere = [mode for mode in APP_MODES if all(mode in route.closed for route in self.routes)]
        return {mode: max(route.closed[mode] for route in self.routes) for mode in everywhere}

    def closed_since(self, mode: str) -> str | None:
        """The date from which every route is closed to apps in `mode`; `None` where one is open."""
        return self.closed.get(mode)

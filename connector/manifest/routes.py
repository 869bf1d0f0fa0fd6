"""One way to do what a block does, as frozen values: `Route` and what it is made of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal, NamedTuple, get_args

#: How much of the service an app may call.
AppMode = Literal["development", "extended"]
#: What is known of that; `auto` leaves it to the service's answers.
QuotaMode = Literal["auto", "development", "extended"]
APP_MODES: Final[tuple[AppMode, ...]] = get_args(AppMode)

#: Stands for any value of a field that a route can't carry.
GIVEN: Final = "given"
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


class Param(NamedTuple):
    """One thing that a request carries: the name on the `wire` (dotted in a body: objects within objects), and the
    field or the constant it comes from (with both, the constant stands for a field that isn't given), with text before
    each value. `each`: every value of the list goes into an object of its own under this name. `as_list`: the one value
    goes as a list. `terms`: words of a query and the fields that narrow it down by them."""

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

    @property
    def is_all(self) -> bool:
        """Whether one page holds all that the service gives."""
        return self.reach is not None and self.reach <= self.size

    def for_mode(self, mode: QuotaMode) -> Page:
        """The same pages, as large as an app in quota `mode` may ask for."""
        return replace(self, size=self.sizes[mode]) if mode in self.sizes else self


class First(NamedTuple):
    """What is read in another block's answer: the value `at` a dotted path in it, or in each entry of its list. Its
    fields are `given` the values of this block's; params refer to the value by its `name`."""

    name: str
    block: str
    given: Mapping[str, str]
    at: str


class Consent(NamedTuple):
    """What an operator agrees to who turns the substitute `name` on: the `text` says who then gets what."""

    name: str
    text: str


class Batch(NamedTuple):
    """Which list is split over several requests, and into pieces of what `size`. `advance` is the field of a position
    that moves on with each piece; `then` are method and path of all requests but the first, which may do harm twice.
    `read_back` lists what was written, where an answer was lost. `by` names what in an entry of the answer's list is
    the value that it belongs to, where the answer leaves some out or orders them anew."""

    field: str
    size: int
    advance: str | None = None
    then: tuple[str, str] | None = None
    read_back: First | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """One way to do what a block does: a request, the quota modes for which it is open, the arguments that it `cannot`
    carry, and the statuses by which the service says that another route may do it. `each` is the list that takes one
    request for each value, whose answers make a list under the name `collect`. `first` is read before."""

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
    first: tuple[First, ...] = ()
    #: A way by another service, taken only where the operator has turned it on.
    consent: Consent | None = None
    #: A JMESPath expression that makes the block's output of the answer.
    reshape: str | None = None
    #: What the reshaped answer must have at each dotted path: the value of a field.
    match: Mapping[str, str] = field(default_factory=dict)
    #: What whoever gets the answer should know of it.
    warning: str | None = None
    #: Set in the way of a batch's later requests, where those go another way than the first.
    is_follow_up: bool = False
    path_fields: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        # Worked out once, for a request is built on every call.
        object.__setattr__(self, "path_fields", tuple(_PLACEHOLDER.findall(self.path)))

    @property
    def name(self) -> str:
        """Method and path, as people read them, and the server of a substitute."""
        return f"{self.method} {self.server}:{self.path}" if self.consent else f"{self.method} {self.path}"

    @property
    def params(self) -> tuple[Param, ...]:
        return self.query + self.form + self.body

    @property
    def fields(self) -> frozenset[str]:
        """Names of all fields that the route sends."""
        sent = {name for param in self.params for name in param.fields}
        sent |= {field for first in self.first for field in first.given.values()}
        sent |= {self.content.field} if self.content else set()
        return (frozenset(self.path_fields) | sent) - {first.name for first in self.first}

"""What an invocation gives back: `Result`, and the envelope that the platform's runner reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from connector.brief_entries import change_at, make_brief
from connector.errors import ErrorDetail, InvocationFailed
from connector.notebook_table import build_table


@dataclass(slots=True)
class Meta:
    """How an answer came about: `requests` sent, `pages` read, `retries`, seconds `waited`, the `route` taken
    (method and path as the manifest writes them) and the whole `duration` in seconds. Where a connection was used,
    `days_left` until its user must sign in again, and `warnings` in words. Where there is a budget for the day,
    `calls_left` of it after the last request. `did` says in words what a block that writes has done. `next_s` are the
    seconds until another poll of a trigger is worth its calls.

    While it is under way: how many entries of a list `came` of which `total` that is to come, where that is known, and
    until when it waits because the service wants it (`waits_until`, on the clock `time.monotonic`, in seconds). Where
    other blocks are invoked for it, `step` says in words which it is at and how far that is, and `parts` are their
    accounts."""

    requests: int = 0
    pages: int = 0
    retries: int = 0
    waited: float = 0.0
    route: str | None = None
    duration: float = 0.0
    days_left: int | None = None
    warnings: list[str] = field(default_factory=list)
    calls_left: int | None = None
    did: str | None = None
    next_s: float | None = None
    came: int = 0
    total: int | None = None
    waits_until: float | None = None
    step: str | None = None
    parts: list[Meta] = field(default_factory=list, repr=False)

    def add(self, inner: Meta) -> None:
        """Counts what an `inner` call took; what it has to say of the connection is said once."""
        self.requests += inner.requests
        self.pages += inner.pages
        self.retries += inner.retries
        self.waited += inner.waited
        self.warnings += [text for text in inner.warnings if text not in self.warnings]
        self.note_left(inner.calls_left)

    def note_left(self, calls: int | None) -> None:
        """So many `calls` of the day's budget are left after a request; answers may come in another order."""
        if calls is not None:
            self.calls_left = calls if self.calls_left is None else min(calls, self.calls_left)


class Listing(NamedTuple):
    """Where a block's output has its list: the path `at` which it stands, two names (`twins`) of one thing in its
    entries, of which the service may send either, and whether each entry has the place of something that was asked
    for, so that a null says something too."""

    at: tuple[str, ...]
    twins: tuple[str, ...] = ()
    has_places: bool = True

    def iter_entries(self, found: Iterable[Any]) -> Iterator[Any]:
        """What is `found` in the list, each entry as `read` has it, without nulls that say nothing."""
        return (self.read(entry) for entry in found if entry is not None or self.has_places)

    def read(self, entry: Any) -> Any:
        """`entry` with what one of the twins holds under both names; the entry itself stays as it is."""
        if not self.twins or not isinstance(entry, dict):
            return entry
        first, second = self.twins
        if first in entry:
            return entry if second in entry else {**entry, second: entry[first]}
        return {**entry, first: entry[second]} if second in entry else entry


@dataclass(frozen=True, slots=True, repr=False)
class Result:
    """The outcome of one invocation.

    `output` is the service's JSON: pages merged into one, batches in the order given, `{}` for an empty answer, and
    `None` after an error. `error` is `None` where all went well. `listing` tells where the output has its list, where
    it has one inside; `brief_fields` are pointers such as `artists[].name`, to what a person wants of an entry.
    """

    block: str
    output: Any = None
    error: ErrorDetail | None = None
    meta: Meta = field(default_factory=Meta)
    listing: Listing | None = field(default=None, repr=False)
    brief_fields: tuple[str, ...] = field(default=(), repr=False)

    def __repr__(self) -> str:
        requests = f"{self.meta.requests} request{'' if self.meta.requests == 1 else 's'}"
        if self.error is not None:
            return f"<Result {self.block}: {self.error.kind}, {requests}>"
        count = len(self._list or ())
        what = f"{count} entr{'y' if count == 1 else 'ies'}" if self.is_list else "ok"
        return f"<Result {self.block}: {what}, {requests}>"

    def _repr_html_(self) -> str:
        """What a notebook shows: the line of `repr`, the error's message, and a table of the `brief` entries."""
        told = f"{self!r} {self.error.message}" if self.error is not None else repr(self)
        return build_table(told, self.entries, self.brief_fields)

    @property
    def ok(self) -> bool:
        return self.error is None

    def __bool__(self) -> bool:
        return self.ok

    def unwrap(self) -> Any:
        """The output. Raises `InvocationFailed` where there is an error in its place."""
        if self.error is not None:
            raise InvocationFailed(self.error)
        return self.output

    @property
    def entries(self) -> list[Any]:
        """The list in the output, wherever the block has it, in order; else the one output as the only entry; nothing
        after an error. A null stands where something that was asked for wasn't found; a null in pages is left out, and
        `meta.warnings` says how many there were. What has two names can be read by both in each entry; the output
        stays as the service gave it."""
        if self.error is not None:
            return []
        found = self._list
        if found is None:
            return [self.output]
        return list((self.listing or Listing(())).iter_entries(found))

    @property
    def is_list(self) -> bool:
        """Whether `entries` are those of a list, and not the one output."""
        return self._list is not None

    @property
    def _list(self) -> list[Any] | None:
        found = self.output
        for step in self.listing.at if self.listing else ():
            found = found[step] if isinstance(found, dict) and step in found else None
        return found if isinstance(found, list) else None

    def brief(self) -> list[Any]:
        """`entries`, each with the dozen fields alone that a person wants, as the schemas of the manifest name them.
        They stand where they stand in the whole entry; entries of which no schema says that are given whole."""
        return [make_brief(entry, self.brief_fields) for entry in self.entries]

    def brief_output(self) -> Any:
        """`output` in its own form, nulls too, with nothing but those fields in each entry of its list, or in itself
        where it has no list."""
        listing = self.listing or Listing(())

        def cut(found: Any) -> Any:
            if isinstance(found, list):
                return [make_brief(listing.read(entry), self.brief_fields) for entry in found]
            return make_brief(found, self.brief_fields)

        return change_at(self.output, listing.at, cut)

    def envelope(self) -> dict[str, Any]:
        """The marketplace wire's form: `{"callback": "success" | "error", "contextWrites": {"to": …}}`, with
        `{"meta": {"calls_left": …}}` beside them where there is a budget for the day."""
        to = self.output if self.error is None else error_to_wire(self.error)
        wire = {"callback": "success" if self.error is None else "error", "contextWrites": {"to": to}}
        return wire if self.meta.calls_left is None else {**wire, "meta": {"calls_left": self.meta.calls_left}}


class Choice(NamedTuple):
    """A value that a field may hold, what a person calls it, and a `hint` that tells it from others of that name."""

    value: str
    label: str
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class Choices:
    """The values that a field may hold, in the order in which they are listed.

    `next` is the `after` with which the list goes on, `None` at its end; there may be more even where `choices` is
    empty, for one answer reads few pages. `meta.requests` is what it cost in calls: none where it was read just before.
    """

    choices: tuple[Choice, ...] = ()
    next: str | None = None
    error: ErrorDetail | None = None
    meta: Meta = field(default_factory=Meta)

    @property
    def ok(self) -> bool:
        return self.error is None

    def __bool__(self) -> bool:
        return self.ok

    def unwrap(self) -> tuple[Choice, ...]:
        """The choices. Raises `InvocationFailed` where there is an error in their place."""
        if self.error is not None:
            raise InvocationFailed(self.error)
        return self.choices


def error_to_wire(error: ErrorDetail) -> dict[str, Any]:
    """`status_code`, `status_msg` and `fields` as the specification has them, then what helps a runner to react.

    `status_msg` is the service's body where the service answered with an error, our message otherwise; `fields` is
    a list of names for REQUIRED_FIELDS and of `{name, problem, fits}` for JSON_VALIDATION.
    """
    if error.code == "REQUIRED_FIELDS":
        fields: list[Any] = list(error.missing)
    else:
        fields = [problem.to_dict() for problem in error.fields]
    has_body = error.code == "API_ERROR" and error.body not in (None, "")
    wire: dict[str, Any] = {
        "status_code": error.code,
        "status_msg": error.body if has_body else error.message,
        "fields": fields,
        "kind": error.kind,
    }
    if has_body:
        wire["message"] = error.message
    return wire | {name: value for name, value in error.to_facts().items() if name != "body"}

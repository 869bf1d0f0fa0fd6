"""What can go wrong, as values and as exceptions.

ConnectorError            a programmer's mistake; the only thing that `Connector` raises by itself
├── ManifestError         the manifest can't be used
├── UnknownBlock          no block of that name
├── UnknownTrigger        no trigger of that name
├── UnknownField          no field of that name, or none whose values something lists
├── UnknownServer         no server of that name
└── InvocationFailed      what `stream` raises, and the steps among themselves; carries an `ErrorDetail`

An invocation's failure is an `ErrorDetail`: its `kind` says what happened and its `code` is the wire's word for it.
"""

from __future__ import annotations

import copyreg
import errno
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any, Final, Literal

#: What may have happened, by which a program decides.
ErrorKind = Literal[
    "missing_fields",
    "invalid_fields",
    "unauthorized",
    "reauthorize",
    "forbidden",
    "unavailable",
    "not_found",
    "bad_request",
    "rate_limited",
    "server_error",
    "network",
    "timeout",
    "bad_answer",
    "cancelled",
]

#: The wire's code for each kind of error.
CODES: Final[Mapping[ErrorKind, str]] = {
    "missing_fields": "REQUIRED_FIELDS",
    "invalid_fields": "JSON_VALIDATION",
    "unauthorized": "API_ERROR",
    "reauthorize": "API_ERROR",
    "forbidden": "API_ERROR",
    "unavailable": "API_ERROR",
    "not_found": "API_ERROR",
    "bad_request": "API_ERROR",
    "rate_limited": "API_ERROR",
    "server_error": "API_ERROR",
    "network": "INTERNAL_PACKAGE_ERROR",
    "timeout": "INTERNAL_PACKAGE_ERROR",
    "bad_answer": "INTERNAL_PACKAGE_ERROR",
    "cancelled": "INTERNAL_PACKAGE_ERROR",
}

#: Kinds after which nobody can tell whether a write took place.
UNCERTAIN: Final = frozenset({"server_error", "network", "timeout", "bad_answer", "cancelled"})

#: Ends the message of an error whose lists name what is gone, unless somebody puts it in again.
PUT_BACK_WORDS: Final = "to be put in again: put it back."
#: What doors that speak to people say of an error that `is_uncertain`.
UNCERTAIN_WORDS: Final = "It may have taken effect all the same: look before you do it again."


def tell_break(came: int | None, place: str | None) -> str:
    """What the message of a reading that broke off says of how far it had come."""
    return f" {came} entries came before that; resume {place} goes on from there."


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One field's problem: its `name`, what is wrong with its value, and what `fits`. Never the value itself."""

    name: str
    problem: str
    fits: str | None = None

    def __str__(self) -> str:
        return f"{self.name} {self.problem}" + (f" (fits: {self.fits})" if self.fits else "")

    def to_dict(self) -> dict[str, str | None]:
        return {"name": self.name, "problem": self.problem, "fits": self.fits}


@dataclass(frozen=True, slots=True)
class ErrorDetail:
    """Why an invocation failed.

    `kind` is a key of `CODES`; `message` says which block, what was wrong and what to do next; `fields` lists the
    fields' problems; `status` is the service's HTTP status; `retry_after` is in seconds; `body` is the service's own
    answer (JSON value or text) without secrets, the beginning of it where it is long; `reason` is the service's own
    word for what happened, in lower case, such as `quota_exceeded`. `is_uncertain`: a write may have taken effect, by
    some try of it, whatever its last one was told. A list is told apart into `done`, `not_done` and `uncertain` (sent,
    but nobody knows whether it took effect). A reading that broke off says how many entries `came` before it, the text
    to `resume` with, and the merged output so far (`partial`, for who calls from Python; it goes over no wire). Where
    somebody has to sign in again, `connection` is the name of theirs; it goes over no wire, either.
    """

    kind: ErrorKind
    message: str
    fields: tuple[FieldProblem, ...] = ()
    status: int | None = None
    retry_after: float | None = None
    body: Any = None
    done: tuple[Any, ...] = ()
    not_done: tuple[Any, ...] = ()
    uncertain: tuple[Any, ...] = ()
    is_uncertain: bool = False
    came: int | None = None
    resume: str | None = None
    reason: str | None = None
    partial: Any = field(default=None, repr=False)
    connection: str | None = None

    @property
    def code(self) -> str:
        return CODES[self.kind]

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of the fields that must be given and were not."""
        return tuple(problem.name for problem in self.fields if problem.problem == REQUIRED)

    def to_facts(self) -> dict[str, Any]:
        """What is known of the failure besides its kind and its fields, as a JSON object: `status`, `reason`,
        `retry_after`, `body`, `is_uncertain`, `done`, `not_done`, `uncertain`, `came` and `resume`; what says nothing
        is left out.

        Every door tells these, each in its own form.
        """
        facts: dict[str, Any] = {
            "status": self.status,
            "reason": self.reason,
            "retry_after": self.retry_after,
            "body": self.body,
            "is_uncertain": self.is_uncertain or None,
            "done": list(self.done),
            "not_done": list(self.not_done),
            "uncertain": list(self.uncertain),
            "came": self.came,
            "resume": self.resume,
        }
        return {name: value for name, value in facts.items() if value not in (None, "", [])}


REQUIRED: Final = "is required"


#: What to do where the system refuses a file or a folder.
_ADVICE: Final[Mapping[int, str]] = {
    **dict.fromkeys((errno.EACCES, errno.EPERM), "see who may use it, or name another place"),
    **dict.fromkeys((errno.EROFS, errno.ENOTDIR, errno.EEXIST, errno.EISDIR), "name another place"),
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT, errno.EFBIG), "make room, or name another place"),
}


def tell_refusal(problem: OSError) -> str:
    """Why the system refuses a file or a folder, and what to do: the end of a sentence, without the place."""
    said = problem.strerror or "the system refuses it"
    advice = _ADVICE.get(problem.errno or 0)
    return f"{said}; {advice}" if advice else said


def tell_wait(seconds: float) -> str:
    """A time as a person says it, rounded up: `7 s`, `5 min`, `1 h 30 min`, `3 days`."""
    whole = max(1, ceil(seconds))
    if whole <= 120:
        return f"{whole} s"
    minutes = ceil(whole / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{ceil(hours / 24 + minutes / 1440)} days"


def tell_extra(extra: str) -> str:
    """How the packages of an `extra` are installed: the end of a sentence. By name an index may know another project
    or none."""
    return f"install the extra {extra}, in the checkout by pip install -e '.[{extra}]'"


class ConnectorError(Exception):
    """A programmer's mistake, or a failure that the caller asked to be raised. It can be copied and pickled, so that it
    comes back whole from another process."""

    def __reduce__(self) -> tuple[Any, ...]:
        # By default the class is called with the message alone, which is not what every `__init__` takes.
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined]


class ManifestError(ConnectorError):
    """The manifest, or a schema that it names, can't be used."""


class UnknownBlock(ConnectorError):
    """No block of this name; `near` lists similar ones."""

    def __init__(self, name: str, near: Sequence[str]) -> None:
        self.name = name
        self.near = tuple(near)
        super().__init__(f"There is no block {name!r}." + (f" Did you mean {' or '.join(near)}?" if near else ""))


class UnknownTrigger(ConnectorError):
    """No trigger of this name; `near` lists similar ones."""

    def __init__(self, name: str, near: Sequence[str]) -> None:
        self.name = name
        self.near = tuple(near)
        super().__init__(f"There is no trigger {name!r}." + (f" Did you mean {' or '.join(near)}?" if near else ""))


class UnknownField(ConnectorError):
    """A block has no field of this name, or none whose values another block lists."""


class UnknownServer(ConnectorError, ValueError):
    """No server of these `names`; `known` lists those that there are."""

    def __init__(self, names: Collection[str], known: Collection[str]) -> None:
        self.names = tuple(sorted(names))
        self.known = tuple(known)
        super().__init__(f"There is no server {', '.join(self.names)}; there are {', '.join(self.known)}.")


class InvocationFailed(ConnectorError):
    """An invocation failed; `error` tells why.

    The rest is for the steps that may try again. `is_unsent`: the request certainly never left. `is_stale`: a kept
    connection had been closed before the request reached the server. `is_lasting`: another try would end the same way.
    """

    def __init__(
        self, error: ErrorDetail, *, is_unsent: bool = False, is_stale: bool = False, is_lasting: bool = False
    ) -> None:
        self.error = error
        self.is_unsent = is_unsent
        self.is_stale = is_stale
        self.is_lasting = is_lasting
        super().__init__(error.message)

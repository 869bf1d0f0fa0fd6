"""One run of a block that is made of blocks: what it was given, what it may call, and what it has cost."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from datetime import date
from typing import Any, Protocol, TypeVar

from connector.arguments.validation import Args
from connector.composites.kept_list import KeptList
from connector.composites.named_lists import NamedLists, refuse
from connector.composites.own_names import tell_so
from connector.composites.room import Room
from connector.composites.steps import Steps
from connector.manifest.procedures import ListKind, Procedure
from connector.manifest.references import References
from connector.many.side_by_side import map_in_order
from connector.result import Result

In = TypeVar("In")
Out = TypeVar("Out")


class InvokeAs(Protocol):
    """Invokes the block of this name, always anew, as the connection `who` where one is given; where it `is_due`,
    though whoever waits for it has left. Raises `InvocationFailed`."""

    def __call__(self, name: str, given: Args, who: str | None = None, /, *, is_due: bool = False) -> Result: ...


class Task(NamedLists):
    """A run of `procedure` with `args`, which are valid and in normal form. `reads` and `writes` count requests.

    `sleep` waits so many seconds, within the deadline; `time_left` says how many there are. At most `width` calls are
    begun at once, and `stop` ends those that are under way. `propose` is given what a dry one would give, with its
    account, before anything is written, and raises `InvocationFailed` where that is not wanted; `tell_step` is told in
    words how far it is."""

    def __init__(
        self,
        procedure: Procedure,
        args: Args,
        invoke: InvokeAs,
        references: References,
        sleep: Callable[[float], None] = time.sleep,
        *,
        time_left: Callable[[], float] = lambda: math.inf,
        width: int = 1,
        stop: Callable[[], object] | None = None,
        propose: Callable[[Task, dict[str, Any]], None] | None = None,
        tell_step: Callable[[str], None] = lambda _: None,
    ) -> None:
        own = {name: what for what, name in procedure.names.items()}
        self.args = {own.get(name, name): value for name, value in args.items()}
        self.procedure = procedure
        self.words: Mapping[str, Any] = procedure.words
        self.reads = 0
        self.writes = 0
        self.warnings: list[str] = []
        #: What was done, in words.
        self.did: str | None = None
        #: Where it breaks off: how many entries of what it gives came before, all that did, and where another goes on.
        self.came: int | None = None
        self.resume: str | None = None
        self.partial: Any = None
        self._own = {}
        self.sleep = sleep
        #: Whether entries of one recording are the same.
        self.by_recording = args.get("same") == "recording"
        self._invoke = invoke
        self._references = references
        self._width = width
        self._stop = stop
        self._propose = propose
        titles = {kind.blocks["read"]: kind.title for kind in procedure.lists.values() if "read" in kind.blocks}
        self.steps = Steps(titles, tell_step)
        self._lock = threading.Lock()
        self._room = Room(time_left)

    @property
    def is_dry(self) -> bool:
        """Whether only the plan is wanted."""
        return bool(self.args.get("dry_run", False))

    @property
    def references(self) -> References:
        """How the service writes that something is meant."""
        return self._references

    def propose(self, tell: Callable[[Task], dict[str, Any]]) -> None:
        """Before the first write: proposes what `tell` gives of a task that is dry. Raises `InvocationFailed` where
        that is not wanted."""
        if self.is_dry or self._propose is None:
            return
        dry = copy(self)
        dry.args, dry.warnings = {**self.args, "dry_run": True}, [*self.warnings]
        plan = tell(dry)
        self.steps.due = plan["calls"]["write"]
        if self.steps.due:
            self._propose(dry, tell_so(plan, self.procedure.names))

    def read(self, block: str, args: Args) -> Result:
        """Runs another block, which reads. Raises `InvocationFailed`."""
        return self._count_read(self._measure(block, args))

    def read_id(self, text: str) -> str:
        """The id in a URI or a link; any other text as it is."""
        found = self._references.read(text)
        return found[1] if found else text

    def read_as(self, who: str, block: str, args: Args) -> Result:
        """The same by the connection `who`."""
        return self._count_read(self._measure(block, args, who))

    def _count_read(self, result: Result) -> Result:
        with self._lock:
            self.reads += result.meta.requests
        return result

    def write(self, block: str, args: Args) -> Result:
        """The same of one that writes."""
        self.steps.write(self.writes)
        result = self._measure(block, args)
        self.writes += result.meta.requests
        return result

    def finish(self, block: str, args: Args) -> Result:
        """The same of one without which what was written before it would be lost: cancelling comes after it."""
        self.steps.write(self.writes)
        result = self._measure(block, args, is_due=True)
        self.writes += result.meta.requests
        return result

    def _measure(self, block: str, args: Args, who: str | None = None, *, is_due: bool = False) -> Result:
        began = time.monotonic()
        result = self._invoke(block, args, who, is_due=is_due)
        spent_s = (time.monotonic() - began) / max(1, result.meta.requests)
        with self._lock:
            self._room.note(spent_s, result.meta.calls_left)
        return result

    def iter_each(self, read: Callable[[In], Out], things: Sequence[In], doing: str, what: str) -> Iterator[Out]:
        """What `read` gives for each of the things, in order, several at a time. The first failure in order is raised
        in its place. The words say what is done with things of what kind: `reading` `albums`."""
        found = map_in_order(read, things, self._width, on_stop=self._stop)
        return self.steps.count(found, len(things), doing, what)

    def open(self, kind: ListKind, id_: str | list[str] | None = None) -> KeptList:
        """The list of that id, or of the things of these ids; the only one of its kind without one."""
        return KeptList(
            kind,
            id_,
            self.read,
            self.write,
            finish=self.finish,
            check_room=self._room.check,
            by_recording=self.by_recording,
        )

    def is_reference(self, text: str, kind: str) -> bool:
        """Whether the text refers to something of that kind, as a URI or a link does."""
        found = self._references.read(text)
        return found is not None and found[0] == kind

    def warn(self, text: str) -> None:
        """Has the result's account say so."""
        self.warnings.append(text)


def read_day(args: Args, field: str) -> date | None:
    """The day that the field names; `None` where it is not given. Raises `InvocationFailed` (`invalid_fields`)."""
    if field not in args:
        return None
    try:
        return date.fromisoformat(args[field])
    except ValueError:
        raise refuse(field, "is no day", "a date such as 2026-01-31") from None

"""One call under way: what it was given, the time it has, and the account of what it did."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from connector.errors import ErrorDetail, InvocationFailed
from connector.manifest.blocks import Block
from connector.result import Meta, Result
from connector.wire.deadline import Cancel, Deadline

if TYPE_CHECKING:
    from opentelemetry.trace import Span

    from connector.auth import Connection
    from connector.limits.day_budget import DayBudget

OnProgress = Callable[[Meta], None]
#: Told of what is about to be written, as a dry run gives it; whether it is to be.
OnPlan = Callable[[Result], bool]
#: Whether a connection of this name may be used.
MayUse = Callable[[str], bool]


@dataclass(slots=True)
class Call:
    """A call of `block` with the arguments as they were `given`.

    `connection`, a name or a `Connection`, stands in for the fields that tell who calls; `deadline` counts down;
    `meta` is filled as things are done; `on_progress` is told of it after each answer, `on_plan` of what a block made
    of others is about to write; `span` is the call's own;
    `budget` goes before the one that all calls share; `may_use` says which connections its arguments may name, all of
    them without it; `whole` is the block made of others that this call is a part of,
    and what that was given.
    """

    block: Block
    given: Mapping[str, Any] = field(repr=False)
    connection: str | Connection | None
    deadline: Deadline
    meta: Meta
    span: Span
    on_progress: OnProgress | None = None
    on_plan: OnPlan | None = None
    started: float = field(default_factory=time.monotonic)
    lock: threading.RLock = field(default_factory=threading.RLock)
    budget: DayBudget | None = None
    may_use: MayUse | None = None
    whole: tuple[Block, dict[str, Any]] | None = field(default=None, repr=False)

    def begin_inner(self, block: Block, given: Mapping[str, Any], who: str | None = None) -> Call:
        """A call of another `block` by whoever makes this one, or by the connection `who`, within its time and with an
        account of its own."""
        connection = self.connection if who is None else who
        return replace(
            self, block=block, given=given, connection=connection, meta=Meta(), on_progress=None, on_plan=None
        )

    def report(self) -> None:
        """Something was done: tells whoever wants to know."""
        if self.on_progress:
            self.on_progress(self.meta)

    def propose(self, output: dict[str, Any], did: str | None, warnings: list[str]) -> None:
        """Something is about to be written: tells whoever wants to know, as a dry run would. Raises `InvocationFailed`
        (`cancelled`) where they don't want it. The time that they take over it is not the service's."""
        if self.on_plan is None:
            return
        meta = replace(self.meta, did=did, warnings=[*self.meta.warnings, *warnings])
        if not self.on_plan(Result(self.block.name, output, None, meta, self.block.listing, self.block.brief)):
            raise InvocationFailed(ErrorDetail("cancelled", "The plan was turned down: nothing was written."))
        self.deadline.renew()

    def name(self, error: ErrorDetail) -> ErrorDetail:
        """`error` with the block's name in front, which the steps further down don't know."""
        name = f"{self.block.name}: "
        return error if error.message.startswith(name) else replace(error, message=name + error.message)


class Switch:
    """A call's own switch, which ends what is left of it; `outer`, where given, sets it too."""

    def __init__(self, outer: Cancel | None) -> None:
        self.own = Cancel()
        self._unsubscribe = outer.subscribe(self.own.set) if outer else None

    def release(self) -> None:
        """The call is over, however it ended: nothing of it goes on."""
        if self._unsubscribe:
            self._unsubscribe()
        self.own.set()

"""What somebody at a terminal sees while a block runs: how far it is, and what it is about to write."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console
from rich.status import Status

from connector.cli.made import count_removed, find_title, iter_names, show_made
from connector.cli.progress import Progress
from connector.cli.terminal import to_plain
from connector.manifest.blocks import Block
from connector.result import Meta, Result
from connector.way.connector import Connector
from connector.wire.deadline import Cancel


@dataclass
class Onlooker:
    """Looks on at the standard error `console`, where `block` runs. `is_shown`: plans are; `is_agreed`: it is agreed
    that most of a list may be taken off. `plan` is the one that was shown, `names` are those in it by their URIs."""

    console: Console
    block: Block
    is_shown: bool
    is_agreed: bool
    plan: Result | None = None
    names: dict[str, str] = field(default_factory=dict)
    _status: Status | None = None
    _cancel: Cancel = field(default_factory=Cancel)

    def wait(self, connector: Connector, args: Mapping[str, Any]) -> Result:
        """The result; while it comes, a terminal shows how far it is, and the plan before anything is written."""
        with _restore_interrupts():
            if not self.console.is_terminal:
                return connector.invoke(self.block.name, args, cancel=self._cancel, on_plan=self._note)
            meta = Meta()
            # Drawn several times a second, so that it tells how long a wait is that is under way.
            with self.console.status(Progress(meta)) as self._status:
                return connector.invoke(self.block.name, args, meta=meta, cancel=self._cancel, on_plan=self._show)

    def _note(self, plan: Result) -> bool:
        self.names = dict(iter_names(plan.output))
        return self._begin()

    def _begin(self) -> bool:
        """From now on something is written: Ctrl-C lets what must follow be done, and tells what was; another one ends
        it at once."""

        def leave(_number: int, _frame: object) -> None:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            self._cancel.set()

        signal.signal(signal.SIGINT, leave)
        return True

    def _show(self, plan: Result) -> bool:
        self.names = dict(iter_names(plan.output))
        if not self.is_shown:
            return self._begin()
        if self._status:
            self._status.stop()
        self.plan = plan
        show_made(self.console, plan.output, plan.meta.did)
        for warning in plan.meta.warnings:
            self.console.print(to_plain(warning), style="yellow")
        is_agreed = self._ask(plan)
        if self._status:
            self._status.start()
        return is_agreed and self._begin()

    def _ask(self, plan: Result) -> bool:
        """Whether it may go on: somebody who is there is asked where more than half of a list goes."""
        removed, of = count_removed(plan.output)
        if self.is_agreed or 2 * removed <= of or not sys.stdin.isatty():
            return True
        from rich.prompt import Confirm

        text = f"This takes {removed:,} of {of:,} off {find_title(plan.output) or 'the list'}. Go on?"
        try:
            return Confirm.ask(text, console=self.console, default=False)
        except EOFError:
            return False


@contextmanager
def _restore_interrupts() -> Iterator[None]:
    """Afterwards Ctrl-C does what it did before."""
    before = signal.getsignal(signal.SIGINT)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)

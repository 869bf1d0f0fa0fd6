"""A trigger's look from a shell: events one a line, and the state in a file."""

from __future__ import annotations

import json
import shlex
import subprocess
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from connector.cli.invoking import Invocation
from connector.cli.terminal import print_json, say
from connector.errors import ConnectorError, ErrorDetail, InvocationFailed, tell_wait
from connector.triggers import Event, Poll
from connector.way.connector import Connector
from connector.way.watching import StateFile


@dataclass(frozen=True)
class Look(Invocation):
    """A trigger and all that was typed about it; `block` is the trigger's form. `store` is the file that it goes on
    from; `is_endless`: it looks on and on, `every` so many seconds; `command` gets each event on its standard input,
    the address `webhook` gets it posted."""

    store: Path | None = None
    is_endless: bool = False
    every: float | None = None
    command: str | None = None
    webhook: str | None = None

    def _invoke(self, connector: Connector, args: Mapping[str, Any]) -> ErrorDetail | None:
        return self._watch(connector, args) if self.is_endless else self._poll(connector, args)

    def _poll(self, connector: Connector, args: Mapping[str, Any]) -> ErrorDetail | None:
        if self.store is None:
            seen = connector.poll(self.block.name, args)
            self._tell(seen)
            return seen.error
        file = StateFile(self.store)
        with file.hold():
            before = file.read()
            seen = connector.poll(self.block.name, args, before)
            self._tell(seen, is_first=before is None)
            if seen.ok:
                file.write(seen.state)
        return seen.error

    def _tell(self, seen: Poll, *, is_first: bool = False) -> None:
        for event in seen.events:
            self._deliver(event)
        if seen.ok:
            count, calls = len(seen.events), seen.meta.requests
            told = "The mark is set" if is_first and not count else f"{count} event{'' if count == 1 else 's'}"
            later = "More wait." if seen.more else f"Look again in {tell_wait(seen.next_s)}."
            say(f"{told}; {calls} call{'' if calls == 1 else 's'}. {later}", style="dim")

    def _watch(self, connector: Connector, args: Mapping[str, Any]) -> ErrorDetail | None:
        if self.webhook is None:
            return self._watch_with(self._deliver, connector, args)
        from connector.cli.webhook import Webhook

        with Webhook(self.webhook, self.manifest.command) as webhook:
            return self._watch_with(partial(webhook.deliver, trigger=self.block.name), connector, args)

    def _watch_with(
        self, deliver: Callable[[Event], None], connector: Connector, args: Mapping[str, Any]
    ) -> ErrorDetail | None:
        try:
            with closing(connector.watch(self.block.name, args, every=self.every, store=self.store)) as events:
                for event in events:
                    deliver(event)
        except InvocationFailed as failure:
            return failure.error
        return None

    def _deliver(self, event: Event) -> None:
        if self.command is None:
            print_json(event.to_dict(), indent=None)
            return
        text = json.dumps(event.to_dict(), ensure_ascii=False)
        try:
            done = subprocess.run(shlex.split(self.command), input=text.encode(), check=False)  # noqa: S603 - it is theirs
        except (OSError, ValueError) as problem:
            raise ConnectorError(f"The command of --exec can't be started: {problem}.") from None
        if done.returncode:
            raise ConnectorError(
                f"The command of --exec ended with {done.returncode}; the event {event.id} comes again the next time."
            )

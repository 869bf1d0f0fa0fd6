"""A trigger's look from a shell: events one a line, and the state in a file."""

from __future__ import annotations

import hashlib
import json
import shlex
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from connector.cli.arguments import WrongUsage, fill_from_environment, read_files
from connector.cli.invoking import Invocation
from connector.cli.terminal import print_json, say
from connector.errors import ConnectorError, ErrorDetail, tell_refusal, tell_wait
from connector.manifest.triggers import Trigger
from connector.triggers import Event, Poll
from connector.triggers.poll import find_subject
from connector.way.connector import Connector
from connector.way.watching import StateFile, Watched, look_daily, watch_together

#: Kinds of errors that lie in what was typed.
_TYPED: Final = frozenset({"missing_fields", "invalid_fields"})


@dataclass(frozen=True)
class Look(Invocation):
    """A trigger and all that was typed about it; `block` is the trigger's form. `store` is the file that it goes on
    from; `is_endless`: it looks on and on, `every` so many seconds, and at `others` beside it; `command` gets each
    event on its standard input, the address `webhook` gets it posted."""

    store: Path | None = None
    is_endless: bool = False
    every: float | None = None
    command: str | None = None
    webhook: str | None = None
    others: tuple[Look, ...] = ()

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
            seen = look_daily(partial(connector.poll, self.block.name), args, before)
            self._tell(seen, is_first=before is None)
            if seen.ok:
                file.write(seen.state)
        return seen.error

    def _tell(self, seen: Poll, *, is_first: bool = False) -> None:
        for event in seen.events:
            self._deliver(event, seen.trigger)
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
            return self._watch_with(webhook.deliver, connector, args)

    def _watch_with(
        self, deliver: Callable[[Event, str], None], connector: Connector, args: Mapping[str, Any]
    ) -> ErrorDetail | None:
        looks = (self, *self.others)
        last: list[ErrorDetail] = []

        def give_up(each: Watched, error: ErrorDetail) -> None:
            last.append(error)
            if len(looks) > 1 and error.kind in _TYPED:
                # The others would hide what was typed wrong.
                raise WrongUsage(error.message)
            if len(last) < len(looks):
                say(f"{error.message} {each.name} is not looked at any more.", style="red")

        with ExitStack() as held:
            watched = []
            for look in looks:
                file = None if look.store is None else StateFile(look.store)
                if file:
                    held.enter_context(file.hold())
                own = args if look is self else self._fill(look, args)
                poll = partial(connector.poll, look.block.name)
                watched.append(Watched(look.block.name, partial(look_daily, poll, own), file))
            events = held.enter_context(closing(watch_together(watched, self.every, None, give_up)))
            for each, event in events:
                deliver(event, each.name)
        return last[-1]

    def _fill(self, other: Look, args: Mapping[str, Any]) -> Mapping[str, Any]:
        """The arguments of a trigger that is watched beside this one, by the same caller."""
        secrets = {name: value for name, value in args.items() if (f := other.block.fields.get(name)) and f.secret}
        given = {**secrets, **read_files(other.block, other.given)}
        if self.is_sandbox or self.connection is not None:
            return given
        return fill_from_environment(other.block, given)

    def _deliver(self, event: Event, trigger: str) -> None:
        # Of several, each event says which one tells it.
        told = {**({"trigger": trigger} if self.others else {}), **event.to_dict()}
        if self.command is None:
            print_json(told, indent=None)
            return
        text = json.dumps(told, ensure_ascii=False)
        try:
            done = subprocess.run(shlex.split(self.command), input=text.encode(), check=False)  # noqa: S603 - it is theirs
        except (OSError, ValueError) as problem:
            raise ConnectorError(f"The command of --exec can't be started: {problem}.") from None
        if done.returncode:
            raise ConnectorError(
                f"The command of --exec ended with {done.returncode}; the event {event.id} comes again the next time."
            )


def choose_stores(store: Path | None, named: Sequence[tuple[Trigger, Mapping[str, Any]]]) -> list[Path | None]:
    """The file for the state of each trigger with its fields: `store` for one alone, else one in that folder for each.
    Raises `WrongUsage` for one that is named twice, `ConnectorError` for a folder that can't be made."""
    names = [_name_file(trigger, given) for trigger, given in named]
    if twice := [trigger.name for (trigger, _), name in zip(named, names, strict=True) if names.count(name) > 1]:
        raise WrongUsage(f"{twice[0]} is named twice with the same fields.")
    if store is None:
        return [None] * len(named)
    if len(named) == 1 and not store.is_dir():
        return [store]
    if store.is_file():
        raise WrongUsage("--state names a file, and several triggers need a folder: each has a state of its own.")
    try:
        store.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise ConnectorError(f"The folder {store} can't be made: {tell_refusal(problem)}.") from None
    return [store / name for name in names]


def _name_file(trigger: Trigger, given: Mapping[str, Any]) -> str:
    """By the trigger, and by what its fields say at what is looked."""
    subject = find_subject(trigger, given)
    words = json.dumps(subject, sort_keys=True).encode("utf-8", "replace")
    return f"{trigger.name}{f'-{hashlib.sha256(words).hexdigest()[:8]}' if subject else ''}.json"

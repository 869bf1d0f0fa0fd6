"""What a connector does with triggers: looks, each within one deadline and for one account."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Generator, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from connector.arguments.validation import Args, InputValidator
from connector.errors import ErrorDetail, InvocationFailed
from connector.manifest.blocks import Block
from connector.manifest.connection_block import CONNECTION
from connector.manifest.manifest import Manifest
from connector.manifest.triggers import Trigger, find_trigger
from connector.result import Meta, Result
from connector.way.call import Call, OnProgress, Switch
from connector.way.credentials import find_stand_in
from connector.way.shared import Shared
from connector.wire.deadline import Cancel, Deadline, check_seconds

if TYPE_CHECKING:
    from connector.auth import Connection
    from connector.limits.day_budget import DayBudget
    from connector.triggers import Event, Poll


class Polling:
    """The part of a connector that looks for what has changed; `_begin` and `_run` are the connector's own."""

    manifest: Manifest
    _shared: Shared
    _connection: str | Connection | None
    _timeout: float
    _deadline: float | None

    def _begin(
        self,
        what: str,
        block: Block,
        args: Mapping[str, Any] | None,
        connection: str | Connection | None,
        deadline: float | None,
        cancel: Cancel | None,
        meta: Meta,
        on_progress: OnProgress | None = None,
        budget: DayBudget | None = None,
    ) -> tuple[Call, Switch]:
        raise NotImplementedError

    def _run(self, call: Call, switch: Switch) -> Result:
        raise NotImplementedError

    def poll(
        self,
        trigger: str,
        args: Mapping[str, Any] | None = None,
        state: Any = None,
        *,
        connection: str | Connection | None = None,
        deadline: float | None = None,
        cancel: Cancel | None = None,
    ) -> Poll:
        """What has happened since `state`, which the poll before gave; without one, the mark is set and nothing told.

        Hand the poll's own state back next time, after its events were delivered: then none is lost, and one that comes
        twice has the same id. What a user or a server did wrong is in the poll, with the state as it was. `connection`,
        `deadline` (s) and `cancel` are as for `invoke`. Raises `UnknownTrigger` where there is no such trigger, and
        `ValueError` for a deadline that is not finite.
        """
        found = find_trigger(self.manifest, trigger)
        total = self._deadline if deadline is None else check_seconds("deadline", deadline)
        left = Deadline(self._timeout, total, cancel)
        return self._look(found, {} if args is None else args, state, connection or self._connection, left)

    def watch(
        self,
        trigger: str,
        args: Mapping[str, Any] | None = None,
        *,
        every: float | None = None,
        store: str | os.PathLike[str] | None = None,
        connection: str | Connection | None = None,
        cancel: Cancel | None = None,
    ) -> Generator[Event, None, None]:
        """The events of a trigger as they happen, until `cancel` is set or the iterator is closed.

        `every` is the number of seconds between two polls, by default what the trigger and the day's calls suggest;
        `store` is a file for the state, so that the next run goes on where this one ended: an event counts as delivered
        when the next one is asked for. Once a day a look is `thorough`. What passes by itself, such as a rate limit, is
        waited for. Raises `UnknownTrigger`, `InvocationFailed` for other errors, `ConnectorError` where the file can't
        be used, and `ValueError` for an `every` that is not finite.
        """
        if every is not None:
            check_seconds("every", every)
        find_trigger(self.manifest, trigger)

        def look(state: Any) -> Poll:
            from connector.way.watching import look_daily

            poll = partial(self.poll, trigger, connection=connection, cancel=cancel)
            return look_daily(poll, {} if args is None else args, state)

        return _watch(look, store, every, cancel)

    def _look(
        self, trigger: Trigger, given: Mapping[str, Any], state: Any, who: str | Connection | None, left: Deadline
    ) -> Poll:
        from connector.way.spans import hold_poll_span

        with hold_poll_span(trigger.name) as tell:
            seen = self._look_once(trigger, given, state, who, left)
            tell(seen.meta, len(seen.events), seen.error)
        return seen

    def _look_once(
        self, trigger: Trigger, given: Mapping[str, Any], state: Any, who: str | Connection | None, left: Deadline
    ) -> Poll:
        # Loaded with the first poll: who only invokes blocks needs none of it.
        from connector.limits.poll_budget import PollBudget, spread_out
        from connector.triggers.poll import Poll, find_subject, poll
        from connector.way.standing import read_standing

        started = time.monotonic()
        meta = Meta()
        budget = PollBudget(self._shared.budget)
        account = (who if isinstance(who, str) else who and who.name) or None

        def read(block: str, args: Args) -> Result:
            if block == CONNECTION:
                standing = read_standing(trigger.block, args, stand_in, self._shared, left)
                meta.days_left = standing["days_left"]
                return Result(block, standing, meta=meta)
            asked = self.manifest.block(block)
            known = {name: value for name, value in args.items() if name in asked.fields}
            seconds = max(0.0, left.left)
            begun = self._begin("invoke", asked, known, who, seconds, left.cancel, Meta(), budget=budget)
            result = self._run(*begun)
            meta.add(result.meta)
            meta.days_left = result.meta.days_left
            if result.error is not None:
                raise InvocationFailed(result.error)
            left.renew()
            return result

        try:
            stand_in = find_stand_in(trigger.block, self.manifest, who)
            args = InputValidator(trigger.form, self.manifest.references).validate(given, stand_in.fields, left)
            seen = poll(trigger, args, account, state, read)
            own_s = seen.next_s
            seen = replace(seen, meta=meta)
        except InvocationFailed as failure:
            error = _name(trigger, failure.error)
            own_s = trigger.every
            if error.retry_after:
                own_s = spread_out(error.retry_after, repr((trigger.name, account, find_subject(trigger, given))))
            seen = Poll(trigger.name, state=state, error=error, meta=meta)
        turn_s = budget.book_turn(meta.requests)
        meta.next_s = 0 if seen.more else max(own_s, turn_s)
        meta.duration = time.monotonic() - started
        return seen


def _watch(
    look: Callable[[Any], Poll], store: str | os.PathLike[str] | None, every: float | None, cancel: Cancel | None
) -> Generator[Event, None, None]:
    from connector.way.watching import StateFile, watch

    if store is None:
        yield from watch(look, None, every, cancel)
        return
    file = StateFile(store)
    with file.hold():
        yield from watch(look, file, every, cancel)


def _name(trigger: Trigger, error: ErrorDetail) -> ErrorDetail:
    name = f"{trigger.name}: "
    return error if error.message.startswith(name) else replace(error, message=name + error.message)

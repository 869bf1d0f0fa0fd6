"""A trigger that is polled on and on: where its state is kept, and when to look again."""

from __future__ import annotations

import heapq
import json
import os
import secrets
import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from connector.auth.stores.file_lock import hold_file
from connector.errors import ConnectorError, ErrorDetail, InvocationFailed, tell_refusal
from connector.wire.deadline import Cancel

if TYPE_CHECKING:
    from connector.triggers import Event, Poll

#: Kinds of errors that pass by themselves.
_PASSING: Final = frozenset({"rate_limited", "server_error", "network", "timeout", "bad_answer"})
#: Seconds for which another process may hold a state.
_HELD_S: Final = 60.0
#: Every so many seconds all is read, where less does otherwise.
_THOROUGH_S: Final = 86_400
_THOROUGH: Final = "thorough"
#: Where a state keeps when that was, in whole seconds since 1970.
_THOROUGH_AT: Final = "thorough_at"


class StateFile:
    """The state of one trigger in a file of its own, which one process at a time may go on with."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)

    @contextmanager
    def hold(self, within_s: float = _HELD_S) -> Iterator[None]:
        """Keeps other processes from the state. Raises `ConnectorError` where one holds it for `within_s` seconds."""
        try:
            with hold_file(self.path.with_name(f".{self.path.name}.lock"), within_s):
                yield
        except TimeoutError:
            raise ConnectorError(f"The state {self.path} is being polled with by another process.") from None

    def read(self) -> Any:
        """The state; `None` where there is none yet. Raises `ConnectorError` for a file that can't be read, or that
        holds no JSON."""
        try:
            text = self.path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as problem:
            raise ConnectorError(f"The state {self.path} can't be read: {tell_refusal(problem)}.") from None
        try:
            return json.loads(text)
        except ValueError:
            raise ConnectorError(
                f"The state {self.path} holds no JSON. Remove it to begin anew; what happened since is not told then."
            ) from None

    def write(self, state: Any) -> None:
        """Puts `state` in place of the one before, as a whole. Raises `ConnectorError` where it can't be written."""
        draft = self.path.with_name(f".{self.path.name}.{secrets.token_hex(6)}.new")
        try:
            try:
                with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
                    json.dump(state, stream)
                    stream.flush()
                    os.fsync(stream.fileno())
                draft.replace(self.path)
            finally:
                draft.unlink(missing_ok=True)
        except OSError as problem:
            raise ConnectorError(f"The state {self.path} can't be written: {tell_refusal(problem)}.") from None


def look_daily(poll: Callable[[Mapping[str, Any], Any], Poll], args: Mapping[str, Any], state: Any) -> Poll:
    """One look, which `poll` takes with the `args` and the `state`: a thorough one where the last is a day ago, so that
    what a cheap look can't see is told by then. The state keeps when that was, beside what the poll itself keeps."""
    now = time.time()
    since = state.get(_THOROUGH_AT) if isinstance(state, dict) else None
    is_due = isinstance(since, int) and not 0 <= now - since < _THOROUGH_S
    seen = poll({_THOROUGH: True, **args} if is_due else args, state)
    if seen.state is None or seen.error is not None:
        return seen
    at = since if isinstance(since, int) and not is_due else int(now)
    return replace(seen, state={**seen.state, _THOROUGH_AT: at})


class Watched(NamedTuple):
    """A trigger that is polled on and on, by a `look` that takes the state; what it is called; and where its state is
    kept."""

    name: str
    look: Callable[[Any], Poll]
    store: StateFile | None = None


def watch(
    look: Callable[[Any], Poll], store: StateFile | None, every: float | None, cancel: Cancel | None
) -> Generator[Event, None, None]:
    """The events of one poll (`look`, which takes the state) after the other. The state is kept after whoever takes the
    events has come back for more, so that none is lost where they fail.

    What passes by itself is waited for. Raises `InvocationFailed` for other errors, and what `store` raises.
    """

    def give_up(_each: Watched, error: ErrorDetail) -> None:
        raise InvocationFailed(error)

    with closing(watch_together([Watched("", look, store)], every, cancel, give_up)) as events:
        for _, event in events:
            yield event


def watch_together(
    watched: Sequence[Watched],
    every: float | None,
    cancel: Cancel | None,
    give_up: Callable[[Watched, ErrorDetail], None],
) -> Generator[tuple[Watched, Event], None, None]:
    """The events of several triggers, each with the one that it is of: one look at a time, each trigger's at its own
    moments. As `watch`, but for errors that don't pass: `give_up` is told of them, and the trigger is not looked at any
    more; it ends with the last one."""
    states = [each.store.read() if each.store else None for each in watched]
    due = [(0.0, number) for number in range(len(watched))]
    ended = threading.Event()
    unsubscribe = cancel.subscribe(ended.set) if cancel else None
    try:
        while due and not ended.wait(max(0.0, due[0][0] - time.monotonic())):
            _, number = heapq.heappop(due)
            each = watched[number]
            seen = each.look(states[number])
            for event in seen.events:
                yield each, event
            if seen.error is None:
                states[number] = seen.state
                if each.store:
                    each.store.write(seen.state)
            elif ended.is_set():
                return
            elif seen.error.kind not in _PASSING:
                give_up(each, seen.error)
                continue
            pause = 0.0 if seen.more else _find_pause(seen, every)
            heapq.heappush(due, (time.monotonic() + pause, number))
    finally:
        if unsubscribe:
            unsubscribe()


def _find_pause(seen: Poll, every: float | None) -> float:
    """Seconds until the next look: `every`, or what the poll says, which goes before it where calls are refused."""
    is_refused = seen.error is not None and seen.error.retry_after is not None
    return seen.next_s if every is None else max(every, seen.next_s if is_refused else 0)

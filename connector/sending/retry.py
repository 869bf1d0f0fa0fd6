"""One request, tried until it is answered, refused for good, or not worth waiting for.

What may be tried again is decided by `is_retriable` and nowhere else. Nothing is retried that may have taken effect and
must not do so twice; what was refused for a rate limit, or as too early, took none, so that is tried again whatever it
does. Waits never outlast the deadline, and no wait that the service asks for outlasts `max_wait`: where it would, the
error comes back at once and says when to call again.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from connector.errors import UNCERTAIN, ErrorDetail, InvocationFailed, tell_wait
from connector.forks import renew_in_child
from connector.limits.local_gate import Gate
from connector.result import Meta
from connector.wire.deadline import Deadline

if TYPE_CHECKING:
    from tenacity import RetryCallState

T = TypeVar("T")

#: The most tries of one request, the first included.
TRIES: Final = 4
#: The longest wait before the second try, in seconds; each later one may take twice as long (full jitter).
BACKOFF_S = 0.5
#: How long an app stays away after "too many" without a Retry-After, in seconds; doubled each time in a row.
UNTOLD_S: Final = 5.0
#: The longest that a gate is closed at one go, in seconds: a day, the most that is known to be asked for.
CLOSED_AT_MOST_S: Final = 86_400.0
#: Those who wait for the same moment come back spread over this many seconds more, or a quarter of a shorter wait.
SPREAD_S: Final = 1.0

#: Answers to what the service has not begun with (RFC 6585, 4; RFC 8470, 5.2).
_NOTHING_DONE: Final = frozenset({425, 429})
#: A 408 is among those that may have done something: a proxy that waited in vain for the service says so too.
_RETRIED_STATUSES: Final = frozenset({408, 425, 429, 500, 502, 503, 504})


class _Counting:
    """The lock of all counts that threads share, free in a forked process."""

    def __init__(self) -> None:
        self._begin_anew()
        renew_in_child(self._begin_anew)

    def _begin_anew(self) -> None:
        self.lock = threading.Lock()


_COUNTING: Final = _Counting()


def send_well(
    attempt: Callable[[], T],
    *,
    app: str,
    gate: Gate,
    deadline: Deadline,
    max_wait: float,
    is_repeatable: bool,
    meta: Meta,
) -> T:
    """What `attempt` gives: one try at a request of `app`, which raises `InvocationFailed` where it fails.

    `is_repeatable`: doing it twice is the same as doing it once. `max_wait` (s) is the longest wait for the service's
    rate limit. `retries` and `waited` are counted in `meta`, which threads may share. Raises the last try's
    `InvocationFailed`, with the number of tries in its message and word of whether any of them may have taken effect;
    `rate_limited` without a request where the gate stays closed for too long; and `cancelled` as soon as the
    deadline's switch is set.
    """
    first: InvocationFailed | None = None
    if gate.left(app) <= 0:
        try:
            return attempt()
        except InvocationFailed as failure:
            first = failure
    return _Tries(attempt, app, gate, deadline, max_wait, is_repeatable, meta).run(first)


def is_retriable(failure: InvocationFailed, is_repeatable: bool) -> bool:
    """Whether another try may help and can do no harm."""
    error = failure.error
    has_done_nothing = failure.is_unsent or error.status in _NOTHING_DONE
    if failure.is_lasting or not (is_repeatable or has_done_nothing):
        return False
    if error.kind == "bad_answer":
        return error.status is None or 200 <= error.status < 300
    return error.kind in ("network", "timeout") or error.status in _RETRIED_STATUSES


@dataclass
class _Tries(Generic[T]):
    """The tries of one request, from the moment that the first has failed or can't pass the gate."""

    attempt: Callable[[], T]
    app: str
    gate: Gate
    deadline: Deadline
    max_wait: float
    is_repeatable: bool
    meta: Meta
    count: int = 0
    #: What the last answer asked for, in seconds.
    asked_s: float | None = None
    untold_in_a_row: int = 0
    is_uncertain: bool = False

    def run(self, first: InvocationFailed | None) -> T:
        from tenacity import Retrying, retry_if_exception, wait_random_exponential

        backoff = wait_random_exponential(multiplier=BACKOFF_S)

        def choose_wait(state: RetryCallState) -> float:
            if _get_failure(state).is_stale:
                return 0.0
            return self._spread(self.asked_s, self.max_wait) if self.asked_s else backoff(state)

        tries = Retrying(
            retry=retry_if_exception(self._is_worth_it),
            wait=choose_wait,
            stop=self._is_enough,
            sleep=self._sleep,
            retry_error_callback=self._give_up,
        )
        try:
            return tries(self._try, [first] if first else [])
        except InvocationFailed as failure:
            # An earlier try may have done what the last one was refused.
            failure.error = replace(failure.error, is_uncertain=self.is_uncertain)
            raise

    def _try(self, pending: list[InvocationFailed]) -> T:
        if not pending or self.count:
            self._pass_gate()
        self.count += 1
        if pending:
            raise pending.pop()
        if self.count > 1:
            with _COUNTING.lock:
                self.meta.retries += 1
        return self.attempt()

    def _pass_gate(self) -> None:
        waited = 0.0
        while left := self.gate.left(self.app):
            if waited + left > self.max_wait or left >= self.deadline.left:
                asks = f"the service asked this app to wait; call again in {tell_wait(left)}."
                raise InvocationFailed(ErrorDetail("rate_limited", asks, retry_after=left), is_unsent=True)
            pause = self._spread(left, self.max_wait - waited)
            self._sleep(pause)
            waited += pause

    def _is_worth_it(self, failure: BaseException) -> bool:
        if not isinstance(failure, InvocationFailed):
            return False
        self.asked_s = None
        has_done_nothing = failure.is_unsent or failure.error.status in _NOTHING_DONE
        self.is_uncertain |= failure.error.kind in UNCERTAIN and not has_done_nothing
        if failure.error.status == 429:
            self.asked_s = failure.error.retry_after
            if self.asked_s is None:
                self.asked_s = UNTOLD_S * 2**self.untold_in_a_row
                self.untold_in_a_row += 1
            self.gate.close(self.app, min(self.asked_s, CLOSED_AT_MOST_S))
        elif failure.error.status == 503:
            self.asked_s = failure.error.retry_after
        return is_retriable(failure, self.is_repeatable)

    def _is_enough(self, state: RetryCallState) -> bool:
        if self.count >= TRIES or state.upcoming_sleep >= self.deadline.left:
            return True
        return self.asked_s is not None and self.asked_s > self.max_wait

    def _spread(self, seconds: float, at_most: float) -> float:
        """A little longer than `seconds`, by chance, but within `at_most` and the deadline where `seconds` is."""
        room = min(at_most, self.deadline.left) - seconds
        return seconds + random.uniform(0, max(0.0, min(SPREAD_S, seconds / 4, room)))  # noqa: S311 - no secret

    def _sleep(self, seconds: float) -> None:
        started = time.monotonic()
        self.meta.waits_until = started + seconds
        try:
            self.deadline.sleep(seconds)
        finally:
            self.meta.waits_until = None
            with _COUNTING.lock:
                self.meta.waited += time.monotonic() - started

    def _give_up(self, state: RetryCallState) -> T:
        failure = _get_failure(state)
        error = failure.error
        if error.status == 429 and error.retry_after is None:
            error = replace(error, retry_after=self.asked_s)
        if self.count > 1:
            error = replace(error, message=f"{error.message} It was tried {self.count} times.")
        raise InvocationFailed(error, is_unsent=failure.is_unsent) from None


def _get_failure(state: RetryCallState) -> InvocationFailed:
    failure = state.outcome.exception() if state.outcome else None
    assert isinstance(failure, InvocationFailed)  # noqa: S101 - `_is_worth_it` lets nothing else come here
    return failure

"""What is tried again, how often, after which wait; and what comes back when nothing more helps."""

import subprocess
import sys

import pytest

from connector.errors import ErrorDetail, InvocationFailed
from connector.limits.local_gate import LocalGate
from connector.result import Meta
from connector.sending.retry import CLOSED_AT_MOST_S, TRIES, UNTOLD_S, is_retriable, send_well
from connector.wire.deadline import Deadline


class Sleepless(Deadline):
    """A deadline whose sleeps take no time, and are remembered."""

    def __init__(self, timeout_s=60.0):
        super().__init__(timeout_s)
        self.slept = []

    def sleep(self, seconds):
        self.slept.append(seconds)


class ClockedGate(LocalGate):
    """A gate that opens when `deadline` sleeps."""

    def __init__(self, deadline):
        super().__init__()
        self.closed = []
        self._deadline = deadline

    def close(self, app, seconds):
        self.closed.append((app, seconds, len(self._deadline.slept)))

    def left(self, _app):
        return sum(seconds for _, seconds, slept in self.closed[-1:] if len(self._deadline.slept) == slept)


def fail(kind="network", status=None, retry_after=None, **flags):
    return InvocationFailed(ErrorDetail(kind, "It failed.", status=status, retry_after=retry_after), **flags)


@pytest.fixture
def send():
    """Sends a request whose tries end as `outcomes` say; the last one stands for all further ones."""

    def run(*outcomes, deadline=None, gate=None, is_repeatable=True, max_wait=30.0):
        left = list(outcomes)
        run.tries, run.meta, run.deadline = 0, Meta(), deadline or Sleepless()
        run.gate = gate or ClockedGate(run.deadline)

        def attempt():
            run.tries += 1
            outcome = left.pop(0) if len(left) > 1 else left[0]
            if isinstance(outcome, BaseException):
                raise outcome
            return outcome

        return send_well(
            attempt,
            app="app",
            gate=run.gate,
            deadline=run.deadline,
            max_wait=max_wait,
            is_repeatable=is_repeatable,
            meta=run.meta,
        )

    return run


@pytest.fixture
def fail_to_send(send):
    def run(*outcomes, **options):
        with pytest.raises(InvocationFailed) as caught:
            send(*outcomes, **options)
        return caught.value.error

    return run


def test_what_works_is_done_once(send):
    assert send("answer") == "answer"
    assert (send.tries, send.meta, send.deadline.slept) == (1, Meta(), [])


RETRIED = [
    fail("network"),
    fail("timeout"),
    fail("bad_answer"),
    fail("bad_answer", 200),
    *(fail("server_error", status) for status in (408, 425, 500, 502, 503, 504)),
    fail("rate_limited", 429),
]
FINAL = [
    fail("bad_answer", 302),
    fail("bad_answer", 200, is_lasting=True),
    fail("network", is_lasting=True),
    fail("server_error", 501),
    fail("unauthorized", 401),
    fail("forbidden", 403),
    fail("not_found", 404),
    fail("bad_request", 400),
    fail("unavailable", 403),
    fail("reauthorize", 400),
    fail("rate_limited"),
    fail("rate_limited", 429, is_lasting=True),
    fail("cancelled"),
    fail("invalid_fields"),
]


def name(failure):
    return f"{failure.error.kind} {failure.error.status}{' lasting' if failure.is_lasting else ''}"


@pytest.mark.parametrize("failure", RETRIED, ids=name)
def test_a_failure_that_may_pass_is_tried_again(send, failure):
    assert send(failure, "answer") == "answer"
    assert (send.tries, send.meta.retries) == (2, 1)


@pytest.mark.parametrize("failure", RETRIED, ids=name)
def test_what_must_not_happen_twice_is_tried_again_only_where_it_did_nothing(failure):
    unsent = InvocationFailed(failure.error, is_unsent=True)
    did_nothing = failure.error.status in (425, 429)
    assert [is_retriable(each, is_repeatable=False) for each in (failure, unsent)] == [did_nothing, True]


@pytest.mark.parametrize(("status", "is_uncertain"), [(425, False), (408, True)])
def test_what_was_not_begun_with_leaves_no_doubt_and_what_a_proxy_waited_for_does(fail_to_send, status, is_uncertain):
    assert fail_to_send(fail("server_error", status), is_repeatable=False).is_uncertain == is_uncertain


def test_a_write_that_was_refused_for_a_rate_limit_is_tried_again(send, fail_to_send):
    assert send(fail("rate_limited", 429, 7), "answer", is_repeatable=False) == "answer"
    assert send.tries == 2
    assert fail_to_send(fail("rate_limited", 429, 7), fail(), is_repeatable=False).is_uncertain
    assert send.tries == 2
    assert fail_to_send(fail("rate_limited", 429, 31), is_repeatable=False).retry_after == 31
    assert send.tries == 1


@pytest.mark.parametrize("last", [fail("bad_request", 400), fail("rate_limited", 429, 31)], ids=name)
def test_what_an_earlier_try_may_have_done_is_said_though_the_last_one_did_nothing(send, fail_to_send, last):
    assert not fail_to_send(last).is_uncertain
    assert fail_to_send(fail("server_error", 500), last).is_uncertain
    assert send.tries == 2


@pytest.mark.parametrize("failure", FINAL, ids=name)
def test_a_failure_that_lasts_is_not_tried_again(send, fail_to_send, failure):
    error = fail_to_send(failure)
    assert (error.kind, error.message, send.tries, send.meta.retries) == (failure.error.kind, "It failed.", 1, 0)


def test_no_request_is_tried_more_than_four_times(send, fail_to_send):
    error = fail_to_send(fail())
    assert (send.tries, send.meta.retries, TRIES) == (4, 3, 4)
    assert error.message == "It failed. It was tried 4 times."


def test_the_last_failure_is_the_one_that_is_told(fail_to_send):
    assert fail_to_send(fail("network"), fail("server_error", 500), fail("not_found", 404)).kind == "not_found"


def test_what_is_no_failure_of_the_service_is_raised_as_it_is(send):
    with pytest.raises(ZeroDivisionError):
        send(fail(), ZeroDivisionError())
    assert send.tries == 2


def test_each_wait_may_be_twice_as_long_as_the_one_before(send, fail_to_send, monkeypatch):
    monkeypatch.setattr("connector.sending.retry.BACKOFF_S", 0.5)
    monkeypatch.setattr("random.uniform", lambda _low, high: high)
    fail_to_send(fail())
    assert send.deadline.slept == [0.5, 1, 2]


def test_a_wait_is_by_chance_anything_down_to_none(send, fail_to_send, monkeypatch):
    monkeypatch.setattr("connector.sending.retry.BACKOFF_S", 0.5)
    monkeypatch.setattr("random.uniform", lambda low, _high: low)
    fail_to_send(fail())
    assert send.deadline.slept == [0, 0, 0]


def test_a_kept_connection_that_had_ended_is_no_reason_to_wait(send, monkeypatch):
    monkeypatch.setattr("random.uniform", lambda _low, high: high)
    assert send(fail(is_stale=True), "answer") == "answer"
    assert send.deadline.slept == [0]


def test_a_wait_that_would_outlast_the_deadline_is_not_begun(send, fail_to_send, monkeypatch):
    monkeypatch.setattr("connector.sending.retry.BACKOFF_S", 0.5)
    monkeypatch.setattr("random.uniform", lambda _low, high: high)
    error = fail_to_send(fail(), deadline=Sleepless(1.4))
    assert (send.deadline.slept, send.tries) == ([0.5, 1], 3)
    assert error.message == "It failed. It was tried 3 times."


@pytest.mark.parametrize(("kind", "status"), [("rate_limited", 429), ("server_error", 503)])
def test_a_wait_that_the_service_asks_for_is_a_little_longer(send, kind, status):
    assert send(fail(kind, status, 10), "answer") == "answer"
    [wait] = send.deadline.slept
    assert 10 <= wait <= 11


@pytest.mark.parametrize(("kind", "status"), [("rate_limited", 429), ("server_error", 503)])
def test_a_wait_of_max_wait_is_begun_and_a_longer_one_is_not(send, fail_to_send, kind, status):
    assert send(fail(kind, status, 30), "answer") == "answer"
    assert send.deadline.slept == [30]
    assert fail_to_send(fail(kind, status, 30.1)).retry_after == 30.1
    assert send.deadline.slept == []


def test_a_refusal_closes_the_gate_also_for_what_is_not_tried_again(send, fail_to_send):
    fail_to_send(fail("rate_limited", 429, 7, is_lasting=True))
    assert [(app, seconds) for app, seconds, _ in send.gate.closed] == [("app", 7)]


def test_a_busy_service_closes_no_gate(send):
    send(fail("server_error", 503, 7), "answer")
    assert send.gate.closed == []


def test_a_gate_is_closed_for_a_day_at_most(send, fail_to_send):
    assert fail_to_send(fail("rate_limited", 429, 1e9)).retry_after == 1e9
    assert send.gate.closed[0][1] == CLOSED_AT_MOST_S


def test_untold_waits_grow(send, fail_to_send):
    error = fail_to_send(fail("rate_limited", 429))
    assert [seconds for _, seconds, _ in send.gate.closed] == [UNTOLD_S, 2 * UNTOLD_S, 4 * UNTOLD_S, 8 * UNTOLD_S]
    assert (error.retry_after, send.tries) == (8 * UNTOLD_S, 4)


def test_a_closed_gate_is_waited_for_before_the_first_try(send):
    deadline = Sleepless()
    gate = ClockedGate(deadline)
    gate.close("app", 10)
    assert send("answer", deadline=deadline, gate=gate) == "answer"
    assert (send.tries, send.meta.retries) == (1, 0)
    assert 10 <= deadline.slept[0] <= 11


@pytest.mark.parametrize("options", [{"max_wait": 9}, {"deadline": Sleepless(9)}], ids=["max_wait", "deadline"])
def test_a_gate_that_stays_closed_for_too_long_is_an_error_without_a_try(send, fail_to_send, options):
    gate = LocalGate()
    gate.close("app", 10)
    error = fail_to_send("answer", gate=gate, **options)
    assert (error.kind, error.status, send.tries) == ("rate_limited", None, 0)
    assert error.retry_after == pytest.approx(10, abs=1)
    assert error.message == "the service asked this app to wait; call again in 10 s."


def test_a_gate_that_closes_again_and_again_is_waited_for_up_to_max_wait_in_all(send, fail_to_send):
    class Closing(LocalGate):
        def left(self, _app):
            return 10.0

    error = fail_to_send("answer", gate=Closing(), max_wait=25)
    assert (error.kind, len(send.deadline.slept), send.tries) == ("rate_limited", 2, 0)


def test_a_first_try_that_works_loads_no_library_for_retries():
    code = """
import sys
from connector.wire.deadline import Deadline
from connector.limits.local_gate import LocalGate
from connector.result import Meta
from connector.sending.retry import send_well
send_well(int, app="", gate=LocalGate(), deadline=Deadline(1), max_wait=1, is_repeatable=True, meta=Meta())
sys.exit("tenacity" in sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

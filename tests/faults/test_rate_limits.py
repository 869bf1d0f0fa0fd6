"""A service that wants fewer calls gets fewer: nothing is sent while the gate is closed, and nobody waits too long."""

import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from connector import Connector
from connector.limits.local_gate import LocalGate
from connector.limits.pace import Pace

OK = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 14\r\n\r\n{"id": "jane"}'
FINE = {"id": "jane"}
ME = "getCurrentUserProfile"


def refuse(*headers, status=b"429 Too Many Requests"):
    lines = [
        b"HTTP/1.1 " + status,
        *headers,
        b"Content-Type: text/plain",
        b"Content-Length: 17",
        b"",
        b"Too many requests",
    ]
    return lambda peer: peer.say(b"\r\n".join(lines))


def answer(peer):
    peer.say(OK)


def after(value):
    return refuse(b"Retry-After: " + value)


@pytest.mark.parametrize("status", [b"429 Too Many Requests", b"503 Service Unavailable"])
def test_a_short_wait_is_waited_for(make_raw, call, status):
    server = make_raw(refuse(b"Retry-After: 1", status=status), answer)
    outcome = call(server.url, timeout=30)
    assert (outcome.output, outcome.meta.retries, len(server.requests)) == (FINE, 1, 2)
    assert outcome.took_s >= outcome.meta.waited >= 1


@pytest.mark.parametrize(
    ("status", "kind"), [(b"429 Too Many Requests", "rate_limited"), (b"503 Service Unavailable", "server_error")]
)
@pytest.mark.parametrize("limits", [{"max_wait": 30}, {"timeout": 30}], ids=["max_wait", "deadline"])
def test_a_wait_that_does_not_fit_is_not_begun(make_raw, call, status, kind, limits):
    server = make_raw(refuse(b"Retry-After: 31", status=status))
    outcome = call(server.url, **limits)
    assert (outcome.kind, outcome.error.retry_after, len(server.requests)) == (kind, 31, 1)
    assert (outcome.meta.retries, outcome.meta.waited) == (0, 0)


@pytest.mark.parametrize("seconds", [60, 86_400])
def test_a_long_wait_comes_back_as_an_error(make_raw, call, seconds):
    server = make_raw(after(b"%d" % seconds))
    outcome = call(server.url)
    assert (outcome.kind, outcome.error.retry_after, len(server.requests)) == ("rate_limited", seconds, 1)


@pytest.mark.parametrize("digits", [10, 100, 1000])
def test_a_wait_without_end_is_not_taken_for_none(make_raw, call, digits):
    server = make_raw(after(b"9" * digits))
    outcome = call(server.url)
    assert (outcome.kind, outcome.error.retry_after, len(server.requests)) == ("rate_limited", 1e9, 1)


def test_a_part_of_a_second_counts(make_raw, call):
    assert call(make_raw(after(b"120.5")).url).error.retry_after == 120.5


def test_a_date_is_waited_for(make_raw, call_steps):
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True).encode()
    # What is waited where no time is told would be too long.
    outcome = call_steps(make_raw(after(date), answer).url, timeout=30, max_wait=4)
    # A date has whole seconds, so that up to one of them may be over already.
    assert outcome.output == FINE
    assert outcome.meta.waited > 0.9


@pytest.mark.parametrize(
    "header",
    [None, b"", b"soon", b"-5", b"nan", b"1e3", b"Wed, 99 Nov 2026 00:00:00 GMT", b"\xff"],
    ids=["missing", "empty", "a word", "below zero", "no number", "a power", "no date", "no text"],
)
def test_without_a_time_that_makes_sense_some_seconds_are_waited(make_raw, call, header):
    server = make_raw(refuse() if header is None else after(header))
    outcome = call(server.url, max_wait=1)
    assert (outcome.kind, outcome.error.retry_after, len(server.requests)) == ("rate_limited", 5, 1)


def test_a_time_in_the_past_is_no_invitation_to_hammer(make_raw, call_steps, monkeypatch):
    monkeypatch.setattr("connector.sending.retry.BACKOFF_S", 0.1)
    monkeypatch.setattr("random.uniform", lambda _low, high: high)
    server = make_raw(after(b"0"))
    outcome = call_steps(server.url)
    assert (outcome.kind, len(server.requests)) == ("rate_limited", 4)
    assert outcome.meta.waited >= 0.1 + 0.2 + 0.4


def test_an_error_answer_is_no_progress(make_raw, call, monkeypatch):
    monkeypatch.setattr("connector.sending.retry.BACKOFF_S", 0.001)

    def refuse_slowly(peer):
        peer.wait(0.4)
        peer.say(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")

    server = make_raw(refuse_slowly)
    outcome = call(server.url, timeout=1)
    assert len(server.requests) < 4
    assert outcome.kind in ("server_error", "timeout")


def test_nothing_is_sent_while_the_gate_is_closed(make_raw, manifest):
    server = make_raw(after(b"100"))
    with Connector(manifest, servers=dict.fromkeys(manifest.servers, server.url), max_wait=1) as connector:
        first = connector.invoke(ME, {"access_token": "one"})
        refused = [connector.invoke(ME, {"access_token": "one"}) for _ in range(50)]
    assert len(server.requests) == 1
    assert (first.error.status, first.error.retry_after) == (429, 100)
    for result in refused:
        assert (result.error.kind, result.error.status, result.meta.requests) == ("rate_limited", None, 0)
        assert 95 < result.error.retry_after <= 100
        assert "getCurrentUserProfile: the service asked this app to wait; call again in" in result.error.message


def test_the_gate_of_one_app_is_not_that_of_another(make_raw, manifest):
    server = make_raw(after(b"100"), answer)
    with Connector(manifest, servers=dict.fromkeys(manifest.servers, server.url), max_wait=1) as connector:
        assert connector.invoke(ME, {"access_token": "one"}).error.kind == "rate_limited"
        assert connector.invoke(ME, {"access_token": "two"}).ok


def test_connectors_may_share_a_gate(make_raw, call_steps):
    gate = LocalGate()
    server = make_raw(after(b"100"))
    outcomes = [call_steps(server.url, gate=gate) for _ in range(3)]
    assert [outcome.kind for outcome in outcomes] == ["rate_limited"] * 3
    assert len(server.requests) == 1


def test_those_who_waited_together_come_back_in_time_and_not_at_once(make_raw, manifest):
    arrivals = []
    closed_at = []

    def refuse_once(peer):
        closed_at.append(time.monotonic())
        after(b"1")(peer)

    def note(peer):
        arrivals.append(time.monotonic())
        answer(peer)

    server = make_raw(refuse_once, note)
    with Connector(manifest, servers=dict.fromkeys(manifest.servers, server.url)) as connector:

        def run():
            results.append(connector.invoke(ME, {"access_token": "one"}))

        results = []
        threads = [threading.Thread(target=run) for _ in range(20)]
        threads[0].start()
        while not closed_at:
            time.sleep(0.001)
        time.sleep(0.1)
        for thread in threads[1:]:
            thread.start()
        for thread in threads:
            thread.join()
    assert [result.ok for result in results] == [True] * 20
    assert len(server.requests) == 21
    assert min(arrivals) - closed_at[0] >= 1
    assert max(arrivals) - min(arrivals) > 0.1


def test_a_refusal_after_the_wait_keeps_the_others_waiting(make_raw, call_steps):
    gate = LocalGate()
    server = make_raw(after(b"1"), after(b"100"), answer)
    assert call_steps(server.url, gate=gate, timeout=30).error.retry_after == 100
    assert call_steps(server.url, gate=gate).kind == "rate_limited"
    assert len(server.requests) == 2


def test_a_pace_spreads_calls_so_that_the_service_need_not_refuse(make_raw, manifest):
    arrivals = []

    def note(peer):
        arrivals.append(time.monotonic())
        answer(peer)

    server = make_raw(note)
    servers = dict.fromkeys(manifest.servers, server.url)
    with Connector(manifest, servers=servers, gate=Pace(calls=3, seconds=1)) as connector:
        results = [connector.invoke(ME, {"access_token": "one"}) for _ in range(7)]
    assert [result.ok for result in results] == [True] * 7
    # The window's times are taken before a request is sent, arrivals after.
    assert all(later - earlier > 0.9 for earlier, later in zip(arrivals, arrivals[3:], strict=False))
    assert sum(result.meta.waited for result in results) > 1.5


def test_a_pace_keeps_what_the_service_says_all_the_same(make_raw, call_steps):
    gate = Pace(calls=1000, seconds=30)
    server = make_raw(after(b"100"))
    assert [call_steps(server.url, gate=gate).kind for _ in range(2)] == ["rate_limited"] * 2
    assert len(server.requests) == 1


def test_a_pace_that_leaves_no_time_says_when_to_call_again(make_raw, call_steps):
    gate = Pace(calls=1, seconds=60)
    server = make_raw(answer)
    assert call_steps(server.url, gate=gate).output == FINE
    outcome = call_steps(server.url, gate=gate)
    assert (outcome.kind, len(server.requests)) == ("rate_limited", 1)
    assert 50 < outcome.error.retry_after <= 60

"""One request of a call: who calls, through which gate, how often, and what its error says."""

import json
import threading
from collections import deque
from dataclasses import dataclass, field, replace
from types import SimpleNamespace

import pytest
from opentelemetry import trace

from connector.errors import InvocationFailed
from connector.limits.day_budget import DayBudget
from connector.limits.local_count import LocalCount
from connector.limits.local_gate import LocalGate
from connector.result import Meta
from connector.way.call import Call
from connector.way.one_request import CallSender
from connector.wire.deadline import Cancel, Deadline
from connector.wire.request import build_request
from connector.wire.transport import Response

EXPIRED = (401, {"error": {"status": 401, "message": "The access token expired"}})
BUSY = (500, {"error": {"status": 500, "message": "Server error."}})
PROFILE = (200, {"type": "user", "id": "jane"})


@dataclass
class Caller:
    """Someone who calls with the first of some tokens, and has another one after each renewal."""

    tokens: deque
    app: str = "the-app"
    account: str = "the-account"
    secrets: tuple = ("s3cret-1", "s3cret-2")
    renewed: list = field(default_factory=list)

    @property
    def headers(self):
        return (("Authorization", f"Bearer {self.tokens[0]}"),)

    def renew(self, refused):
        self.renewed.append(refused)
        if len(self.tokens) == 1:
            return False
        self.tokens.popleft()
        return True


@pytest.fixture
def make_sender(manifest):
    """A sender for a block, whose service gives `answers` one after the other; what it was sent is in `sent`."""

    def make(block_name, *answers, tokens=("s3cret-1",), is_many=False, concurrency=1, daily_calls=None):
        block = manifest.block(block_name)
        sent, waiting = [], deque(answers)

        def send(request, deadline):
            sent.append(request)
            status, value = waiting.popleft()
            if isinstance(value, Exception):
                raise value
            return Response(status, {"Content-Type": "application/json"}, json.dumps(value).encode())

        shared = SimpleNamespace(
            manifest=manifest,
            transport=SimpleNamespace(send=send),
            gate=LocalGate(),
            budget=DayBudget(daily_calls, LocalCount()),
            max_wait=0.0,
            concurrency=concurrency,
        )
        meta = Meta()
        call = Call(block, block.example, None, Deadline(60, cancel=Cancel()), meta, trace.INVALID_SPAN)
        caller = Caller(deque(tokens))
        route = block.routes[0]
        sender = CallSender(call, shared, caller, route, block.example, is_many=is_many)
        request = replace(build_request(route, block.example), is_repeatable=block.is_idempotent)
        return SimpleNamespace(
            send=lambda: sender.send(request), sender=sender, sent=sent, caller=caller, meta=meta, shared=shared
        )

    return make


def fail(made):
    with pytest.raises(InvocationFailed) as caught:
        made.send()
    return caught.value.error


def test_a_request_goes_out_in_the_caller_s_name_and_its_answer_comes_back(make_sender):
    made = make_sender("getCurrentUserProfile", PROFILE)
    assert made.send() == PROFILE[1]
    [request] = made.sent
    assert ("Authorization", "Bearer s3cret-1") in request.headers
    assert (made.meta.requests, made.meta.retries) == (1, 0)


def test_an_expired_token_is_renewed_once_and_the_request_repeated(make_sender):
    made = make_sender("getCurrentUserProfile", EXPIRED, PROFILE, tokens=["s3cret-1", "s3cret-2"])
    assert made.send() == PROFILE[1]
    assert [dict(request.headers)["Authorization"] for request in made.sent] == ["Bearer s3cret-1", "Bearer s3cret-2"]
    assert made.caller.renewed == [(("Authorization", "Bearer s3cret-1"),)]


def test_a_token_that_is_refused_after_its_renewal_is_not_renewed_again(make_sender):
    made = make_sender("getCurrentUserProfile", EXPIRED, EXPIRED, tokens=["s3cret-1", "s3cret-2", "s3cret-3"])
    assert fail(made).kind == "unauthorized"
    assert len(made.caller.renewed) == 1


def test_without_another_token_the_first_refusal_is_the_error(make_sender):
    made = make_sender("getCurrentUserProfile", EXPIRED)
    assert fail(made).kind == "unauthorized"
    assert len(made.sent) == 1


def test_a_rate_limit_closes_the_gate_of_the_caller_s_app(make_sender):
    made = make_sender("getCurrentUserProfile", (429, {}))
    assert fail(made).kind == "rate_limited"
    assert made.shared.gate.left("the-app") > 0
    assert made.shared.gate.left("another-app") == 0
    error = fail(made)
    assert (error.kind, len(made.sent)) == ("rate_limited", 1)


def test_a_try_more_is_counted_and_the_tries_are_told(make_sender):
    made = make_sender("getCurrentUserProfile", BUSY, PROFILE)
    assert made.send() == PROFILE[1]
    assert (made.meta.requests, made.meta.retries) == (2, 1)


@pytest.mark.parametrize(
    ("block", "is_uncertain"), [("getCurrentUserProfile", False), ("followArtist", True)], ids=["read", "write"]
)
def test_a_write_s_error_says_whether_it_may_have_taken_effect(make_sender, block, is_uncertain):
    assert fail(make_sender(block, *[BUSY] * 4)).is_uncertain is is_uncertain


def test_a_doubt_of_before_the_renewal_stays(make_sender):
    refusal = (400, {"error": {"status": 400, "message": "Invalid id"}})
    made = make_sender("followArtist", BUSY, EXPIRED, refusal, tokens=["s3cret-1", "s3cret-2"])
    error = fail(made)
    assert (error.kind, error.is_uncertain) == ("bad_request", True)


def test_no_secret_stands_in_an_error(make_sender):
    said = (400, {"error": {"status": 400, "message": "what is s3cret-1, or an-access-token?"}})
    error = fail(make_sender("getCurrentUserProfile", said))
    assert error.status == 400
    assert not {"s3cret", "an-access-token"} & {word for word in ("s3cret", "an-access-token") if word in repr(error)}


def test_an_answer_that_serves_is_progress_and_an_error_is_none(make_sender, monkeypatch):
    renewals = []
    monkeypatch.setattr(Deadline, "renew", lambda _deadline: renewals.append(1))
    made = make_sender("getCurrentUserProfile", PROFILE, (404, {}))
    made.send()
    fail(made)
    assert renewals == [1]


def test_of_many_requests_the_service_sees_no_more_at_once_than_was_said(make_sender):
    made = make_sender("getCurrentUserProfile", *[PROFILE] * 6, is_many=True, concurrency=2)
    at_once, most, lock, both = [], [], threading.Lock(), threading.Barrier(2)
    send = made.shared.transport.send

    def watch(request, deadline):
        with lock:
            at_once.append(request)
            most.append(len(at_once))
        both.wait(60)  # two are there together, or nobody gets on
        try:
            return send(request, deadline)
        finally:
            with lock:
                at_once.pop()

    made.shared.transport.send = watch
    threads = [threading.Thread(target=made.send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert max(most) == 2
    assert made.meta.requests == 6

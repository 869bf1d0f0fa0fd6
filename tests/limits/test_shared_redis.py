"""A Redis that is there and says nothing: whoever asks it goes on, in an invocation's time, by what is known here."""

import gc
import logging
import socket
import threading
import time
import weakref

import pytest
from redis import Redis

from connector.limits import shared_redis
from connector.limits.local_gate import LocalGate
from connector.limits.pace import Pace
from connector.limits.redis_gate import RedisGate
from connector.limits.shared_redis import Outages, open_redis

APP = "the-client-id"
SAYS = "Redis doesn't answer (TimeoutError): until it does, this process minds %s by itself."


@pytest.fixture
def silent_redis():
    """The address of one that takes connections, and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"redis://127.0.0.1:{listener.getsockname()[1]}/0"


@pytest.fixture
def patient(silent_redis):
    """A client that would wait for a minute."""
    with Redis.from_url(silent_redis, socket_timeout=60, retry=None) as client:
        began = time.monotonic()
        yield client
        assert time.monotonic() - began < 45


@pytest.fixture
def question():
    """Asks how often it was asked, and hangs for as long as it is told to."""
    return Question()


class Question:
    def __init__(self):
        self.asked = 0
        self.failure = None

    def __call__(self):
        self.asked += 1
        if self.failure:
            raise self.failure
        return self.asked


def test_a_silent_redis_holds_up_no_gate(patient, caplog):
    gate = RedisGate(patient, "Harbour")
    assert gate.left(APP) == 0
    gate.close(APP, 30)
    assert 0 < gate.left(APP) <= 30
    assert caplog.messages == [SAYS % "the rate limit"]


def test_a_silent_redis_holds_up_no_pace(patient, caplog):
    gate = Pace(1, 60, LocalGate(), patient)
    assert gate.left(APP) == 0
    assert 0 < gate.left(APP) <= 60
    assert caplog.messages == [SAYS % "the pace"]


def test_what_one_has_found_silent_the_other_does_not_ask(patient, caplog, monkeypatch):
    monkeypatch.setattr(shared_redis, "REST_S", 60.0)
    monkeypatch.setattr(shared_redis, "ANSWER_S", 0.05)
    gate = RedisGate(patient, "Harbour")
    assert gate.left(APP) == 0
    monkeypatch.setattr(Redis, "execute_command", lambda *_, **__: pytest.fail("It was asked again."))
    assert Pace(1, 60, gate, patient).left(APP) == 0
    assert caplog.messages == [SAYS % "the rate limit", SAYS % "the pace"]


@pytest.mark.parametrize("with_pace", [False, True])
def test_a_block_is_run_beside_a_silent_redis(connect, server, silent_redis, with_pace):
    server.queue.append((200, {}, {"id": "jane"}))
    with open_redis(silent_redis) as client:
        gate = RedisGate(client, "Harbour")
        if with_pace:
            gate = Pace(1, 60, gate, client)
        result = connect(gate=gate).invoke("getCurrentUserProfile", {"access_token": "t"}, deadline=20)
    assert result.output == {"id": "jane"}


def test_a_refusal_is_kept_beside_a_silent_redis(connect, server, silent_redis):
    server.queue.append((429, {"Retry-After": "100"}, b""))
    with open_redis(silent_redis) as client:
        connector = connect(gate=RedisGate(client, "Harbour"))
        errors = [connector.invoke("getCurrentUserProfile", {"access_token": "t"}, deadline=20).error for _ in "ab"]
    assert [error.kind for error in errors] == ["rate_limited"] * 2


def test_during_an_outage_one_asks_at_a_time(question, caplog, monkeypatch):
    monkeypatch.setattr(shared_redis, "REST_S", 0.0)
    outages = Outages("the pace", None)
    question.failure = ConnectionError()
    assert outages.ask(question) is None
    question.failure = None
    is_asking, may_answer = threading.Event(), threading.Event()

    def hang():
        is_asking.set()
        assert may_answer.wait(30)
        return "back"

    monkeypatch.setattr(shared_redis, "REST_S", 60.0)
    monkeypatch.setattr(shared_redis, "ANSWER_S", 30)
    answers = []
    thread = threading.Thread(target=lambda: answers.append(outages.ask(hang)))
    thread.start()
    assert is_asking.wait(30)
    assert [outages.ask(question) for _ in range(5)] == [None] * 5
    may_answer.set()
    thread.join()
    assert (answers, question.asked) == (["back"], 1)
    assert outages.ask(question) == 2
    assert caplog.messages[-1] == "Redis answers again: the pace is shared."


def test_a_client_s_outage_is_forgotten_with_the_client(silent_redis):
    with Redis.from_url(silent_redis) as client:
        Outages("the pace", client)
        kept = weakref.ref(client)
        assert client in shared_redis._rests
    del client
    gc.collect()
    assert kept() is None


def test_no_thread_to_ask_in_counts_as_an_outage(monkeypatch, caplog):
    caplog.set_level(logging.WARNING)
    monkeypatch.setattr(shared_redis, "_WAITS", shared_redis.BoundedWait("test-none", 1))

    def refuse(_thread):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    assert Outages("the pace", None).ask(lambda: 1) is None
    assert "(NoThreadError)" in caplog.text


def test_a_redis_that_comes_and_goes_fills_no_log(question, caplog, monkeypatch):
    monkeypatch.setattr(shared_redis, "REST_S", 0.0)
    outages = Outages("the pace", None)
    for failure in [ConnectionError(), None] * 50:
        question.failure = failure
        outages.ask(question)
    assert caplog.messages == [
        "Redis doesn't answer (ConnectionError): until it does, this process minds the pace by itself.",
        "Redis answers again: the pace is shared.",
    ]
    later = time.monotonic() + shared_redis.SILENT_S
    monkeypatch.setattr(time, "monotonic", lambda: later)
    question.failure = ConnectionError()
    outages.ask(question)
    assert len(caplog.messages) == 3

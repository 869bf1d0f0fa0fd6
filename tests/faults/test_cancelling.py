"""A cancelled call ends at once, wherever it is: connecting, greeting, waiting, reading, backing off."""

import contextlib
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest

from connector.limits.local_gate import LocalGate
from connector.wire.deadline import Cancel

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
#: Far less than the call would take, far more than it takes to end.
AT_ONCE_S = 30.0


def say(content, *, drip=b""):
    def play(peer):
        peer.say(content)
        if drip:
            peer.drip(drip)
        peer.hang()

    return play


@pytest.fixture
def call_and_cancel(call_steps, check):
    """Calls, sets the switch as soon as `is_reached` says so, and gives the outcome and the time from then on."""

    def run(url, is_reached=None, **options):
        switch = Cancel()
        moments = []

        def cancel():
            while is_reached and not is_reached():
                time.sleep(0.001)
            time.sleep(0.1)
            moments.append(time.monotonic())
            switch.set()

        thread = threading.Thread(target=cancel)
        thread.start()
        outcome = call_steps(url, timeout=60, cancel=switch, **options)
        took_s = time.monotonic() - moments[0]
        thread.join()
        return check(outcome), took_s

    return run


@pytest.mark.parametrize(
    "play",
    [
        pytest.param(say(b""), id="waiting"),
        pytest.param(say(HEAD, drip=b"X-Slow: x\r\n"), id="in the head"),
        pytest.param(say(HEAD + b"Content-Length: 100000\r\n\r\n", drip=b"x"), id="in the body"),
        pytest.param(say(HEAD + b"Connection: close\r\n\r\n", drip=b"x"), id="in a body without length"),
    ],
)
def test_a_request_under_way_ends(make_raw, call_and_cancel, play):
    server = make_raw(play)
    outcome, took_s = call_and_cancel(server.url, lambda: server.requests)
    assert (outcome.kind, outcome.error.code) == ("cancelled", "INTERNAL_PACKAGE_ERROR")
    assert took_s < AT_ONCE_S
    assert len(server.requests) == 1


def test_a_connection_that_is_being_made_ends(call_and_cancel):
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(2):
            knocker = stack.enter_context(socket.socket())
            knocker.setblocking(False)
            knocker.connect_ex(listener.getsockname())
        outcome, took_s = call_and_cancel(f"http://127.0.0.1:{listener.getsockname()[1]}")
    assert outcome.kind == "cancelled"
    assert took_s < AT_ONCE_S


def test_a_greeting_ends(call_and_cancel):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        outcome, took_s = call_and_cancel(f"https://127.0.0.1:{listener.getsockname()[1]}")
    assert outcome.kind == "cancelled"
    assert took_s < AT_ONCE_S


def test_a_greeting_of_a_socks_proxy_ends(call_and_cancel, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        monkeypatch.setenv("ALL_PROXY", f"socks5h://127.0.0.1:{listener.getsockname()[1]}")
        outcome, took_s = call_and_cancel("http://service.example")
    assert outcome.kind == "cancelled"
    assert took_s < AT_ONCE_S


def test_a_long_body_that_nobody_reads_ends(call_and_cancel):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        outcome, took_s = call_and_cancel(url, content=bytes(20_000_000))
    assert outcome.kind == "cancelled"
    assert took_s < AT_ONCE_S


def test_a_wait_before_another_try_ends(make_raw, call_and_cancel, monkeypatch):
    monkeypatch.setattr("connector.sending.retry.BACKOFF_S", 1000)
    monkeypatch.setattr("random.uniform", lambda _low, high: min(high, 50.0))
    server = make_raw(lambda peer: peer.reset())
    outcome, took_s = call_and_cancel(server.url, lambda: server.requests)
    assert outcome.kind == "cancelled"
    assert took_s < AT_ONCE_S
    assert len(server.requests) == 1


def test_a_wait_at_the_gate_ends(make_raw, call_and_cancel):
    gate = LocalGate()
    gate.close("app", 25)
    server = make_raw(say(b""))
    outcome, took_s = call_and_cancel(server.url, gate=gate)
    assert outcome.kind == "cancelled"
    assert took_s < AT_ONCE_S
    assert server.connections == 0


def test_nothing_is_sent_by_what_was_cancelled_before(make_raw, call_steps):
    switch = Cancel()
    switch.set()
    server = make_raw(say(b""))
    assert call_steps(server.url, cancel=switch).kind == "cancelled"
    assert server.connections == 0


def test_others_go_on(make_raw, call_steps):
    fine = make_raw(lambda peer: peer.say(HEAD + b'Content-Length: 14\r\n\r\n{"id": "jane"}'))
    slow = make_raw(say(b""))
    switch = Cancel()
    outcomes = []
    thread = threading.Thread(target=lambda: outcomes.append(call_steps(slow.url, cancel=switch, timeout=60)))
    thread.start()
    while not slow.requests:
        time.sleep(0.001)
    assert call_steps(fine.url).output == {"id": "jane"}
    switch.set()
    thread.join()
    assert call_steps(fine.url).output == {"id": "jane"}
    assert (outcomes[0].kind, fine.connections) == ("cancelled", 1)


PROGRAM = """
import sys
from connector import Connector
with Connector.load(servers=dict.fromkeys(("api", "accounts"), sys.argv[1])) as connector:
    connector.invoke("getUserSavedTracks", {"access_token": "s3cret"})
"""


def test_ctrl_c_ends_a_program_at_once(make_raw):
    server = make_raw(say(HEAD, drip=b"X-Slow: x\r\n"))
    with subprocess.Popen([sys.executable, "-c", PROGRAM, server.url], stderr=subprocess.PIPE, text=True) as program:
        while not server.requests:
            time.sleep(0.01)
        started = time.monotonic()
        program.send_signal(signal.SIGINT)
        stderr = program.communicate(timeout=30)[1]
    assert time.monotonic() - started < AT_ONCE_S
    assert "KeyboardInterrupt" in stderr
    assert "s3cret" not in stderr

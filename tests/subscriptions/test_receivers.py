"""Receivers of subscriptions, called in turns: those that never answer leave threads to those that do."""

import contextlib
import threading

import pytest
from cryptography.fernet import Fernet
from patience import wait_until
from subscriptions.kept import EVENT, build

from connector.subscriptions.receivers import Receivers
from connector.wire.deadline import Cancel


@pytest.fixture
def receivers(monkeypatch):
    monkeypatch.setenv("CONNECTOR_STORE_KEY", Fernet.generate_key().decode())
    monkeypatch.setenv("CONNECTOR_ALLOWED_HOSTS", "127.0.0.1")
    with contextlib.closing(Receivers("harbour", None, 4)) as receivers:
        yield receivers


def test_however_many_never_answer_one_that_does_is_called(receivers, make_server):
    event, free = {**EVENT, "data": {}}, threading.Event()
    quick, servers = make_server(), [make_server() for _ in range(3)]
    quick.answer = lambda _seen: (204, {}, b"")

    def call(name, server):
        _, sealed = receivers.make_secret(name)
        return receivers.deliver_in_turn(build(name, url=f"{server.url}/1", secret=sealed), event, Cancel())

    assert call("quick", quick).ok
    for server in servers:
        server.answer = lambda _seen: (free.wait(60), (204, {}, b""))[1]
    hanging = [threading.Thread(target=call, args=(f"s{number}", server)) for number, server in enumerate(servers)]
    for thread in hanging:
        thread.start()
    # One of the three isn't called, and its thread is free again at once.
    wait_until(lambda: sum(thread.is_alive() for thread in hanging) == 2)
    assert call("quick", quick).ok
    free.set()
    for thread in hanging:
        thread.join()
    assert sum(len(server.requests) for server in servers) == 2

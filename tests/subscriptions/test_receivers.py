"""What is known of receivers: who was slow, by the host that is common to all its subscriptions."""

import contextlib

import pytest
from cryptography.fernet import Fernet
from subscriptions.kept import EVENT, build

from connector.subscriptions import receivers as module
from connector.subscriptions.receivers import Receivers
from connector.wire.deadline import Cancel


@pytest.fixture
def receivers(monkeypatch):
    monkeypatch.setenv("CONNECTOR_STORE_KEY", Fernet.generate_key().decode())
    monkeypatch.setenv("CONNECTOR_ALLOWED_HOSTS", "127.0.0.1")
    with contextlib.closing(Receivers("harbour", None)) as receivers:
        yield receivers


def test_a_host_that_was_slow_is_so_for_all_until_it_is_quick(receivers, make_server, monkeypatch):
    slow, quick = make_server(), make_server()
    slow.answer = quick.answer = lambda _seen: (204, {}, b"")
    _, sealed = receivers.make_secret("one")
    one, its_neighbour = build("one", url=f"{slow.url}/1", secret=sealed), build("two", url=f"{slow.url}/2")
    another = build("three", url=f"{quick.url}/1")
    event = {**EVENT, "data": {}}
    monkeypatch.setattr(module, "_SLOW_S", 0.0)
    assert receivers.deliver(one, event, Cancel()).ok
    assert [receivers.is_slow(each) for each in (one, its_neighbour, another)] == [True, True, False]
    monkeypatch.setattr(module, "_SLOW_S", 3600.0)
    assert receivers.deliver(one, event, Cancel()).ok
    assert not receivers.is_slow(its_neighbour)

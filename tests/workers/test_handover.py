"""No message is lost between the queue and whoever takes it, and none is given to two."""

import json
import socket
import time
from contextlib import contextmanager, suppress

import pytest
from kombu import Connection, Queue
from patience import wait_until

from connector.runners.workers import handover
from connector.runners.workers.broker_loss import make_lasting
from connector.runners.workers.handover import name_handover

NAME = "berths"
ON_THE_WAY = name_handover(NAME)


@pytest.fixture
def waiting(redis_server, monkeypatch):
    """`with waiting() as (connection, taken)`: someone who takes from the queue what comes."""
    monkeypatch.setattr(handover, "_PATIENCE_S", 0.5)

    @contextmanager
    def wait():
        taken = []
        options = {"priority_steps": [0], "unacked_restore_throttle": 1}
        with (
            make_lasting(Connection(redis_server.url, transport_options=options)) as connection,
            connection.Consumer([Queue(NAME)], callbacks=[lambda body, message: taken.append((body, message))]),
        ):
            yield connection, taken

    return wait


def publish(connection, *bodies):
    for body in bodies:
        connection.Producer().publish(body, routing_key=NAME, declare=[Queue(NAME)])


def drain(connection, taken, count, patience_s=10.0):
    ends_at = time.monotonic() + patience_s
    while len(taken) < count and time.monotonic() < ends_at:
        with suppress(TimeoutError):
            connection.drain_events(timeout=0.1)
    return [body for body, _ in taken]


def take_along(connection, raw):
    """Has the queue's next message sent to `connection`, which is gone before it reads it."""
    with pytest.raises(TimeoutError):
        connection.drain_events(timeout=0.1)
    publish(connection, "a boat")
    wait_until(lambda: not raw.llen(NAME))
    polling = connection.default_channel.client.connection
    polling._sock.shutdown(socket.SHUT_RDWR)
    polling._sock.close()


def test_what_was_sent_to_one_that_is_gone_goes_to_another(waiting, raw):
    with waiting() as (gone, lost), waiting() as (connection, taken):
        take_along(gone, raw)
        assert raw.llen(ON_THE_WAY) == 1
        assert drain(connection, taken, 1) == ["a boat"]
        assert lost == []
        taken[0][1].ack()
        assert not raw.exists(NAME, ON_THE_WAY, "unacked", "unacked_index")


def test_messages_come_once_and_in_order(waiting, raw):
    bodies = [f"boat {number}" for number in range(50)]
    with waiting() as (connection, taken):
        publish(connection, *bodies)
        assert drain(connection, taken, 50) == bodies
        assert raw.llen(ON_THE_WAY) == 0
        assert raw.hlen("unacked") == 50
        time.sleep(handover._PATIENCE_S)
        assert drain(connection, taken, 51, patience_s=1.5) == bodies
        for _, message in taken:
            message.ack()


def test_what_is_noted_is_not_given_back(waiting, raw):
    """A worker that died after it noted a message, and before the message left the list."""
    with waiting() as (connection, taken):
        publish(connection, "a boat")
        item = raw.lindex(NAME, 0)
        drain(connection, taken, 1)
        raw.lpush(ON_THE_WAY, item)
        wait_until(lambda: drain(connection, taken, 2, patience_s=0.2) and not raw.exists(ON_THE_WAY))
        assert drain(connection, taken, 2, patience_s=0.5) == ["a boat"]
        taken[0][1].ack()


@pytest.mark.parametrize("junk", ["no JSON", "1", "{}", json.dumps({"properties": {}})])
def test_what_is_no_message_is_told_once_and_does_not_come_back(waiting, raw, caplog, junk):
    with waiting() as (connection, taken):
        raw.lpush(ON_THE_WAY, junk)
        publish(connection, "a boat")
        assert drain(connection, taken, 1) == ["a boat"]
        wait_until(lambda: drain(connection, taken, 2, patience_s=0.2) and not raw.exists(ON_THE_WAY))
        taken[0][1].ack()
    assert caplog.text.count("was set aside") == 1

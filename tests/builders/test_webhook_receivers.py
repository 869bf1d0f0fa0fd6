"""Deliveries, received in Node by Standard Webhooks' own package and parsed by the SDK of CloudEvents."""

import contextlib
import json
import subprocess
from pathlib import Path

import pytest
from builders.provision import CannotInstall, find_node
from builders.webhooks_install import install_webhooks
from giving_up import give_up

from connector.subscriptions.deliveries import Delivery, WebhookSender
from connector.subscriptions.sealing import make_secret
from connector.wire.deadline import Deadline

RECEIVER = Path(__file__).with_name("receive_webhooks.cjs")
EVENT = {
    "id": "5f1d",
    "type": "shipArrived",
    "time": "2026-03-04T05:06:07Z",
    "data": {"name": "Ålesund 🚢", "n": [1.5]},
}


@pytest.fixture(scope="module")
def receive():
    """Starts a receiver that knows a secret; gives its address, and what it makes of the next delivery."""
    try:
        node = find_node()
        folder = install_webhooks(node)
    except CannotInstall as problem:
        give_up(problem)

    with contextlib.ExitStack() as running:

        def start(secret):
            process = running.enter_context(
                subprocess.Popen([node.program, RECEIVER, folder, secret], stdout=subprocess.PIPE, text=True)
            )
            running.callback(process.terminate)
            port = process.stdout.readline().strip()
            return f"http://127.0.0.1:{port}/", lambda: json.loads(process.stdout.readline())

        yield start


@pytest.fixture
def deliver():
    sender = WebhookSender("harbour", is_own=True)

    def run(url, secret, event=EVENT):
        options = {"source": "/subscriptions/s1", "trigger": "shipArrived", "deadline": Deadline(60)}
        return sender.deliver(event, url, secret, **options)

    yield run
    sender.close()


def test_it_is_verified_and_parsed(receive, deliver):
    secret = make_secret()
    url, read_next = receive(secret)
    assert deliver(url, secret) == Delivery(204)
    told = read_next()
    assert told["payload"]["data"] == EVENT
    assert told["event"] == {
        "specversion": "1.0",
        "id": "5f1d",
        "source": "/subscriptions/s1",
        "type": "harbour.shipArrived",
        "subject": "shipArrived",
        "time": "2026-03-04T05:06:07.000Z",
        "datacontenttype": "application/json",
        "data": EVENT,
    }


def test_one_that_is_signed_by_another_is_refused(receive, deliver):
    url, read_next = receive(make_secret())
    assert deliver(url, make_secret()).status == 400
    assert read_next() == {"refused": "No matching signature found"}

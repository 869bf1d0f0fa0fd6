"""Subscriptions over the end of the server, its sudden end too, and with receivers that are down or slow."""

import contextlib
import os
import signal
import subprocess
import sys
import threading

import pytest
from patience import wait_until
from runners.conftest import Client, build_store
from runners.subscribers import Receiver, read_uris, subscribe

from connector import Connector
from connector.auth.stores.file_store import FileStore
from connector.subscriptions.places import open_folder

#: The server with a lease that ends soon, so that who comes after a sudden end need not wait for it.
SERVE = """
import os, signal, sys
from connector.cli import main
from connector.subscriptions import loop, receivers, turn
loop.LEASE_S = turn.LEASE_S = 2.0
if os.environ.get("DIES_BEFORE_DELIVERY"):
    receivers.Receivers.deliver = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
sys.argv = ["blocks", *sys.argv[1:]]
main()
"""


@pytest.fixture
def receiver(server, monkeypatch):
    monkeypatch.setenv("CONNECTOR_ALLOWED_HOSTS", "127.0.0.1")
    return Receiver(server)


@pytest.fixture
def save(sandbox):
    """Saves one more track, and gives its URI."""
    ids = iter(sandbox.control.ids("track", 95)[70:])
    with Connector.load(servers=sandbox.servers) as connector:

        def save():
            saved = next(ids)
            assert connector.invoke("saveTrack", {"access_token": sandbox.demo_args["access_token"], "id": saved}).ok
            return f"spotify:track:{saved}"

        yield save


@pytest.fixture
def serve(sandbox, tmp_path):
    """`serve()` is a new process of the server, and its client; both share what is kept on disk."""
    kept = FileStore(tmp_path / "kept")
    kept.save(build_store(sandbox).load("alice"))
    environment = {"CONNECTOR_STORE": f"file:{kept.folder}", "COLUMNS": "200"}
    words = [sys.executable, "-c", SERVE, "serve", "--port", "0", "--connection", "alice", "--shutdown-grace", "1"]
    words += [f"--server={name}={url}" for name, url in sandbox.servers.items()]
    with contextlib.ExitStack() as stack:

        def begin(**more):
            process = subprocess.Popen(
                words, stderr=subprocess.PIPE, text=True, env={**os.environ, **environment, **more}
            )
            stack.callback(process.stderr.close)
            stack.callback(process.wait)
            stack.callback(process.kill)
            said = next(line for line in process.stderr if "/docs" in line)
            url = next(word for word in said.split() if word.startswith("http://")).removesuffix("/docs;")
            return process, stack.enter_context(Client(url))

        yield begin


def end(process, how):
    process.send_signal(how)
    process.wait(60)


@pytest.mark.parametrize("when", ["before it is sent", "while it is sent"])
def test_a_sudden_end_between_keeping_and_delivering_loses_nothing(serve, receiver, save, when):
    process, client = serve(**({"DIES_BEFORE_DELIVERY": "1"} if when == "before it is sent" else {}))
    made = subscribe(client, receiver)
    held = threading.Event()
    receiver.before = lambda: held.wait(60)
    saved = [save(), save()]
    if when == "before it is sent":
        assert process.wait(60) == -signal.SIGKILL
    else:
        wait_until(lambda: receiver.ids)
        end(process, signal.SIGKILL)
    held.set()
    serve()
    wait_until(lambda: len(set(receiver.ids)) == 2)
    events = receiver.read(made["secret"])
    first, *rest = read_uris(events)
    # The one that was being sent comes again, with the same id, and no other.
    assert rest == ([saved[0], saved[1]] if when == "while it is sent" else [saved[1]])
    assert first == saved[0]
    assert len({event["id"] for event in events}) == 2


def test_a_restart_goes_on_where_it_was_and_tells_nothing_twice(serve, receiver, save):
    process, client = serve()
    made = subscribe(client, receiver)
    saved = [save()]
    wait_until(lambda: receiver.ids)
    end(process, signal.SIGTERM)
    saved.append(save())
    _, client = serve()
    wait_until(lambda: len(receiver.ids) == 2)
    assert read_uris(receiver.read(made["secret"])) == saved
    assert [one["id"] for one in client.get("/subscriptions").json()["subscriptions"]] == [made["id"]]


@pytest.fixture
def client(start, connector, store, tmp_path):
    return start(connector, store, place=open_folder(tmp_path / "here"), connection="alice", subscription_threads=4)


def test_a_receiver_that_is_down_gets_all_in_order_when_it_is_up(client, receiver, save, monkeypatch):
    monkeypatch.setattr("connector.subscriptions.deliveries._FIRST_PAUSE_S", 0.01)
    made = subscribe(client, receiver)
    receiver.status = 503
    saved = [save(), save()]
    address = f"/subscriptions/{made['id']}"
    told = wait_until(lambda: [one for one in [client.get(address).json()] if one["failures"] >= 3])[0]
    assert (told["status"], told["delivered"]) == ("active", None)
    assert told["next_delivery"]
    saved.append(save())
    wait_until(lambda: client.get(address).json()["waiting"] == 3)
    assert len(set(receiver.ids)) == 1
    receiver.server.requests.clear()
    receiver.status = 204
    wait_until(lambda: client.get(address).json()["waiting"] == 0)
    assert read_uris(receiver.read(made["secret"]))[-3:] == saved


def test_a_slow_receiver_holds_up_no_other(client, receiver, make_server, save):
    slow, held = Receiver(make_server()), threading.Event()
    slow.before = lambda: held.wait(60)
    made = [subscribe(client, one) for one in (slow, receiver)]
    saved = [save()]
    wait_until(lambda: slow.ids)
    wait_until(lambda: receiver.ids)
    saved.append(save())
    wait_until(lambda: len(receiver.ids) == 2)
    assert read_uris(receiver.read(made[1]["secret"])) == saved
    assert len(slow.ids) == 1
    held.set()
    wait_until(lambda: len(slow.ids) == 2)
    assert read_uris(slow.read(made[0]["secret"])) == saved

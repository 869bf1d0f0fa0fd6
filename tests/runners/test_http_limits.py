"""How much the server takes: bodies, invocations at once, and clients that leave."""

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
from patience import wait_until

PROFILE = "getCurrentUserProfile"
TOKEN = {"access_token": "t"}


class Gatekeeper:
    """An answer that is held back until `open` is set; counts who waits."""

    def __init__(self):
        self.open = threading.Event()
        self.came = threading.Semaphore(0)

    def __call__(self, _seen):
        self.came.release()
        self.open.wait(600)
        return 200, {}, {"id": "me"}

    def wait_for(self, count):
        for _ in range(count):
            assert self.came.acquire(timeout=60)


@pytest.fixture
def gate(server):
    server.answer = keeper = Gatekeeper()
    yield keeper
    keeper.open.set()


def read_metric(client, name):
    lines = client.get("/metrics").text.splitlines()
    return next((float(line.split()[-1]) for line in lines if line.startswith(f"{name} ")), None)


def test_a_body_that_is_too_large(start, connector):
    client = start(connector, max_body=100)
    answer = client.post(f"/blocks/{PROFILE}", data=b" " * 101)
    assert (answer.status_code, answer.json()["kind"]) == (413, "too_large")
    chunks = (b" " * 60 for _ in range(3))
    assert client.post(f"/blocks/{PROFILE}", data=chunks).status_code == 413
    assert client.post(f"/api/SpotifyUserAPI/{PROFILE}", data=b" " * 101).status_code == 413
    assert client.post(f"/blocks/{PROFILE}", data=b"{" + b" " * 98 + b"}").json()["kind"] == "missing_fields"


def test_a_file_of_as_many_rows_as_an_import_takes_fits_in_a_body(client):
    """Ten thousand rows of nineteen columns; refused is the mirror's place, so that nothing is looked for."""
    row = ",".join(["spotify:track:4iV5W9uYEdYUVa79Axb7Rh", *['"A name, of some length"'] * 18])
    text = "\n".join(["Track URI" + "".join(f",Column {place}" for place in range(18)), *[row] * 10_000])
    assert len(text) > 4_500_000
    fields = {"file": text, "target": "3cEYpjA9oz9GiPac4AsH4n", "mode": "mirror", "position": "none", **TOKEN}
    answer = client.post("/blocks/importPlaylist", json=fields)
    assert (answer.status_code, [field["name"] for field in answer.json()["fields"]]) == (422, ["position"])


@pytest.mark.parametrize(
    ("inside", "is_refused"), [(b",", False), (b'\\",', False), (b'","', True), (b'\\\\","', True)]
)
def test_what_stands_in_a_text_is_no_value(client, inside, is_refused):
    body = b'{"connection": "alice", "more": ["' + inside * 150_000 + b'"]}'
    assert (client.post(f"/blocks/{PROFILE}", data=body).status_code == 413) is is_refused


def test_a_body_in_pieces_is_put_together(client):
    pieces = (piece for piece in (b'{"connec', b'tion": ', b'"alice"}'))
    assert client.post(f"/blocks/{PROFILE}", data=pieces).status_code == 200


def test_a_body_that_does_not_come(start, connector):
    client = start(connector, body_timeout=0.1)
    address = urlsplit(client.url)
    with socket.create_connection((address.hostname, address.port), timeout=30) as connection:
        connection.sendall(
            f"POST /blocks/{PROFILE} HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Length: 9\r\n\r\n".encode()
        )
        answer = connection.makefile("rb").read().decode()
    assert answer.startswith("HTTP/1.1 408")
    assert "connection: close" in answer.lower()


def test_a_body_of_too_many_values(client):
    for path in (f"/blocks/{PROFILE}", f"/api/SpotifyUserAPI/{PROFILE}", "/mcp"):
        answer = client.post(path, data=b'{"id": [' + b"{}," * 60_000 + b"{}]}")
        assert (answer.status_code, answer.json()["kind"]) == (413, "too_large")
        assert "more than 100000 values" in answer.json()["detail"]


def test_values_that_are_worked_on_are_bounded_together(start, connect, gate):
    client = start(connect(), max_bodies=50_000)
    large = {**TOKEN, "id": [f"{number:022}" for number in range(1000)]}
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(client.run, "saveTrack", large)
        gate.wait_for(1)
        answer = client.run("saveTrack", large)
        assert (answer.status_code, answer.json()["kind"], answer.headers["retry-after"]) == (503, "busy", "1")
        assert client.run("saveTrack", TOKEN).json()["kind"] == "missing_fields"
        gate.open.set()
        assert running.result().status_code == 200


def test_more_calls_than_may_wait_are_turned_away(start, connect, gate):
    client = start(connect(), threads=2, per_key=2, queue=1)
    with ThreadPoolExecutor(3) as pool:
        running = [pool.submit(client.run, PROFILE, TOKEN) for _ in range(3)]
        gate.wait_for(2)
        wait_until(lambda: read_metric(client, "connector_invocations_waiting") == 1)
        answer = client.run(PROFILE, TOKEN)
        assert (answer.status_code, answer.json()["kind"]) == (503, "busy")
        assert int(answer.headers["retry-after"]) >= 1
        gate.open.set()
        assert [call.result().status_code for call in running] == [200, 200, 200]


@pytest.mark.parametrize("path", ["/connections", "/connect/alice"])
def test_who_signs_in_is_told_when_to_come_back_too(start, connect, store, gate, path):
    client = start(connect(), store, threads=1, queue=0)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(client.run, PROFILE, TOKEN)
        gate.wait_for(1)
        answer = client.get(path, allow_redirects=False)
        gate.open.set()
        assert running.result().status_code == 200
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")


def test_one_key_can_not_take_all_threads(start, connect, gate):
    client = start(connect(), threads=4, per_key=1, queue=8, keys="one:k1 two:k2")
    with ThreadPoolExecutor(3) as pool:

        def call(key):
            return pool.submit(client.run, PROFILE, TOKEN, headers={"X-API-Key": key})

        greedy = [call("k1"), call("k1")]
        gate.wait_for(1)
        modest = call("k2")
        gate.wait_for(1)
        assert not gate.came.acquire(timeout=0.1)
        gate.open.set()
        assert [done.result().status_code for done in (*greedy, modest)] == [200, 200, 200]


def leave(client, block, args=b'{"access_token": "t"}'):
    """Sends a call and gives its connection, to be closed before the answer."""
    address = urlsplit(client.url)
    connection = socket.create_connection((address.hostname, address.port))
    connection.sendall(
        f"POST /blocks/{block} HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Length: {len(args)}\r\n\r\n".encode()
        + args
    )
    return connection


def test_a_client_that_leaves_ends_its_read(start, connect, server, gate):
    client = start(connect(), threads=1)
    leaver = leave(client, PROFILE)
    gate.wait_for(1)
    leaver.close()
    # The only thread is free again although the service never answered.
    wait_until(lambda: read_metric(client, "connector_invocations_running") == 0)
    assert not gate.open.is_set()


def test_a_client_that_leaves_does_not_end_its_write(start, connect, server, gate):
    client = start(connect(), threads=1)
    leaver = leave(client, "followArtist", b'{"access_token": "t", "id": "0TnOYISbd1XYRBk9myaseg"}')
    gate.wait_for(1)
    leaver.close()
    time.sleep(0.3)
    assert read_metric(client, "connector_invocations_running") == 1
    gate.open.set()
    wait_until(lambda: read_metric(client, "connector_invocations_running") == 0)
    assert 'connector_invocations_total{block="followArtist",kind="ok",status="200"} 1.0' in client.get("/metrics").text


def test_a_client_that_leaves_gives_up_its_place_in_the_queue(start, connect, server, gate):
    client = start(connect(), threads=1, queue=1)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(client.run, PROFILE, TOKEN)
        gate.wait_for(1)
        leaver = leave(client, "followArtist", b'{"access_token": "t", "id": "0TnOYISbd1XYRBk9myaseg"}')
        wait_until(lambda: read_metric(client, "connector_invocations_waiting") == 1)
        leaver.close()
        wait_until(lambda: read_metric(client, "connector_invocations_waiting") == 0)
        gate.open.set()
        assert running.result().status_code == 200
    assert [seen.method for seen in server.requests] == ["GET"]

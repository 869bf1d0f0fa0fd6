"""What a client can do to the server without a key: below the application everything is bounded too."""

import contextlib
import os
import re
import resource
import select
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
import requests
from hostile_clients import HOSTILE, build_hostile_client
from patience import wait_until

from connector.runners.http_server import bounds
from connector.runners.http_server.serving import HttpServer
from connector.runners.http_server.settings import Settings

COMMAND = Path(sys.executable).with_name("spotify-blocks")
#: What the server may grow by, in MiB.
GROWTH = 100
PATIENCE_S = 30
GET = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
#: A call that asks the service.
CALL = (
    b'POST /blocks/getCurrentUserProfile HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 21\r\n\r\n{"access_token": "t"}'
)


class Process:
    """The command `serve` in a process of its own."""

    def __init__(self, *words, files=1024):
        variables = {"CONNECTOR_STORE": "environment", "COLUMNS": "200", "PATH": os.environ["PATH"]}
        self._process = subprocess.Popen(
            [COMMAND, "serve", "--port", "0", "--no-access-log", *words],
            stderr=subprocess.PIPE,
            text=True,
            env=variables,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (files, files)),
        )
        self.url = next(found[0] for line in self._process.stderr if (found := re.search(r"http://[\d.:]+", line)))
        address = urlsplit(self.url)
        self.address = (address.hostname, address.port)
        self.said = []
        self._listener = threading.Thread(target=lambda: self.said.extend(self._process.stderr))
        self._listener.start()

    @property
    def memory(self):
        """Resident, in MiB."""
        pages = int(Path(f"/proc/{self._process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

    def get(self, path):
        return requests.get(self.url + path, timeout=PATIENCE_S)

    def post(self, path):
        return requests.post(self.url + path, json={}, timeout=PATIENCE_S)

    def end(self):
        """Ends it by SIGTERM; gives what it said since it was ready."""
        self._process.terminate()
        self._process.wait(PATIENCE_S)
        self._listener.join()
        return "".join(self.said)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.wait()
        self._listener.join()
        self._process.stderr.close()


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_client_takes_no_memory_hinders_nobody_and_delays_no_end(name):
    with Process("--shutdown-grace", "2") as server:
        for path in ("/openapi.json", "/docs", "/blocks"):
            server.get(path)
        before = most = server.memory
        with build_hostile_client(name, server.address) as client:
            limit = time.monotonic() + 1
            while time.monotonic() < limit or client.opened < HOSTILE[name][0] / 2:
                assert server.get("/blocks").status_code == 200
                assert server.post("/blocks/getCurrentUserProfile").json()["kind"] == "missing_fields"
                most = max(most, server.memory)
                assert time.monotonic() < limit + PATIENCE_S
            assert most - before < GROWTH
            # Without bounds the longest of them held it for a minute and a half.
            said = server.end()
    assert "Traceback" not in said
    # Refusals are told once a minute, whatever their number.
    assert said.count("WARNING") <= 6


@pytest.mark.parametrize("addresses", [1, 8], ids=["one address", "several addresses"])
def test_more_sockets_than_the_system_allows_files_lock_nobody_out(addresses):
    # What is silent would be ended for that, and make room, after a time.
    with Process("--head-timeout", "600", files=256) as server, contextlib.ExitStack() as stack:
        for number in range(450):
            source = (f"127.0.0.{1 + number % addresses}", 0)
            stack.enter_context(socket.create_connection(server.address, PATIENCE_S, source))
        assert server.get("/blocks").status_code == 200
        assert "Too many open files" not in server.end()


@pytest.fixture
def held(server):
    """The service's answer, which is held back until `go` is set; `come` is set as it is asked for."""
    held = SimpleNamespace(come=threading.Event(), go=threading.Event())

    def answer(_seen):
        held.come.set()
        held.go.wait(PATIENCE_S)
        return 200, {}, {"id": "me"}

    server.answer = answer
    yield held
    held.go.set()


@pytest.fixture
def talk(client):
    """`talk(data)` sends it on a connection of its own and gives all that comes back until the server ends it."""
    with contextlib.ExitStack() as stack:

        def send(data, to=client):
            address = urlsplit(to.url)
            connection = stack.enter_context(socket.create_connection((address.hostname, address.port)))
            connection.settimeout(PATIENCE_S)
            with contextlib.suppress(OSError):
                connection.sendall(data)
            return connection.makefile("rb").read()

        yield send


def status_and_kind(answer):
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), re.search(rb'"kind": ?"(\w+)"', body)[1].decode()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"GET / HTTP/1.1\r\nX: " + b"a" * 40_000, (431, "head_too_large")),
        (b"GET / HTTP/1.1\r\nX: " + b"a" * 300_000 + b"\r\n\r\n", (431, "head_too_large")),
        (b"GET /?" + b"a" * 40_000 + b" HTTP/1.1\r\n\r\n", (431, "head_too_large")),
        (b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 110, (431, "head_too_large")),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2;" + b"a" * 40_000, (431, "head_too_large")),
        (b"\r\n" * 20_000, (431, "head_too_large")),
        (b"NONSENSE / HTTP/1.1\r\n\r\n", (400, "bad_http")),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", (400, "bad_http")),
        (b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", (400, "bad_http")),
        (b"POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", (400, "bad_http")),
        (b"GET /%ff HTTP/1.1\r\nHost\r\n\r\n", (400, "bad_http")),
    ],
    ids=lambda value: f"{value[:24]!r}" if isinstance(value, bytes) else "",
)
def test_what_is_no_request_is_refused_in_words(talk, client, data, expected):
    answer = talk(data)
    assert status_and_kind(answer) == expected
    assert b"connection: close" in answer.lower()
    counted = f'connector_refusals_total{{kind="{expected[1]}"}} 1.0'
    assert counted in client.get("/metrics").text


def test_a_head_that_comes_in_pieces_is_measured_as_a_whole(client):
    address = urlsplit(client.url)
    with contextlib.ExitStack() as stack:
        slow, other = (
            stack.enter_context(socket.create_connection((address.hostname, address.port))) for _ in range(2)
        )
        slow.settimeout(PATIENCE_S)
        slow.sendall(GET.removesuffix(b"\r\n") + b"Connection: close\r\nX: " + b"a" * 20_000)
        wait_until_read(other)
        slow.sendall(b"a" * 20_000 + b"\r\n\r\n")
        assert status_and_kind(slow.makefile("rb").read()) == (431, "head_too_large")


@pytest.mark.parametrize(
    ("data", "status"),
    [(b"GET / HTTP/1.1\r\nHost:", b"HTTP/1.1 408"), (b"", b"")],
    ids=["half a head", "silence"],
)
def test_headers_that_do_not_come(start, connector, talk, data, status):
    assert talk(data, start(connector, head_timeout=0.2)).startswith(status)


def test_a_body_that_does_not_come_though_its_request_is_answered(start, connector, talk):
    """The connection is ended, for a request without an end would keep it."""
    data = b"POST /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\n1"
    assert talk(data, start(connector, body_timeout=0.2)).startswith(b"HTTP/1.1 405")


def fill(connection, request):
    """Sends the request again and again, as often as the server and the system's buffers take it; gives how many bytes
    that were."""
    connection.setblocking(False)
    sent, rest = 0, b""
    # What the buffers take is a few MiB.
    while sent < 64 * 2**20 and select.select([], [connection], [], 0.5)[1]:
        rest = rest or request * 1000
        try:
            count = connection.send(rest)
        except OSError:
            break
        sent, rest = sent + count, rest[count:]
    return sent


@pytest.mark.parametrize("bound", ["each", "all"])
def test_an_answer_that_nobody_takes_is_given_up(start, connector, monkeypatch, bound):
    if bound == "all":
        monkeypatch.setattr(bounds, "_UNSENT_IN_ALL", 0)
        monkeypatch.setattr(bounds, "_STALLED_S", 0.2)
    client = start(connector, **({"write_timeout": 0.2} if bound == "each" else {}))
    address = urlsplit(client.url)
    with socket.create_connection((address.hostname, address.port)) as connection:
        fill(connection, GET.replace(b"/healthz", b"/openapi.json"))
        wait_until(lambda: 'connector_refusals_total{kind="unread"} 1.0' in client.get("/metrics").text)


def test_an_end_does_not_wait_for_who_takes_no_answer(connector):
    with HttpServer(connector, Settings(port=0, shutdown_grace=0.1)) as runner:
        address = urlsplit(runner.url)
        with socket.create_connection((address.hostname, address.port)) as connection:
            fill(connection, GET.replace(b"/healthz", b"/openapi.json"))
            ending = threading.Thread(target=runner.stop)
            ending.start()
            ending.join(PATIENCE_S)
            assert not ending.is_alive()


def test_requests_one_after_the_other_are_all_answered_in_order(talk):
    paths = ["/healthz", "/blocks", "/nowhere"] * 50
    data = b"".join(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode() for path in paths)
    answer = talk(data + GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
    statuses = [int(status) for status in re.findall(rb"HTTP/1.1 (\d+)", answer)]
    assert statuses == [200, 200, 404] * 50 + [200]


def test_bodies_one_after_the_other_are_told_apart(talk):
    bodies = [b'{"connection": "alice"}', b"[]", b"{}"]
    head = b"POST /blocks/getCurrentUserProfile HTTP/1.1\r\nHost: 127.0.0.1\r\n%sContent-Length: %d\r\n\r\n%s"
    data = b"".join(head % (b"", len(body), body) for body in bodies)
    answer = talk(data + head % (b"Connection: close\r\n", 2, b"{}"))
    assert [int(status) for status in re.findall(rb"HTTP/1.1 (\d+)", answer)] == [200, 400, 422, 422]


def test_any_number_of_bodies_in_one_piece_are_answered(talk):
    data = b"POST /blocks/getCurrentUserProfile HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\n\r\n[]" * 40
    answer = talk(data + GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
    assert [int(status) for status in re.findall(rb"HTTP/1.1 (\d+)", answer)] == [400] * 40 + [200]


def test_of_bodies_in_chunks_only_so_many_are_answered_and_the_last_answer_says_so(talk):
    head = b"POST /blocks/getCurrentUserProfile HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    answers = talk((head + b"2\r\n[]\r\n0\r\n\r\n") * 40).split(b"HTTP/1.1 400")[1:]
    assert ["connection: close" in answer.decode().lower() for answer in answers] == [False] * 16 + [True]


def test_what_follows_a_request_that_is_not_answered_yet_is_not_read(start, connect, held):
    address = urlsplit(start(connect()).url)
    with socket.create_connection((address.hostname, address.port)) as connection:
        connection.sendall(CALL)
        assert held.come.wait(PATIENCE_S)
        assert fill(connection, GET) < 64 * 2**20


def test_what_follows_a_request_and_is_none_ends_the_connection_after_the_answer(start, connect, held, caplog):
    address = urlsplit(start(connect()).url)
    with socket.create_connection((address.hostname, address.port)) as connection:
        connection.settimeout(PATIENCE_S)
        connection.sendall(CALL + b"NONSENSE / HTTP/1.1\r\n\r\n")
        assert held.come.wait(PATIENCE_S)
        sending = threading.Thread(target=_send_what_goes, args=(connection, b"x" * 2_000_000))
        sending.start()
        # What the server would throw away goes at once; what it leaves unread fills the system's buffers.
        sending.join(0.5)
        held.go.set()
        assert re.findall(rb"HTTP/1.1 (\d+)", connection.makefile("rb").read(200)) == [b"200"]
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
        sending.join()
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


def _send_what_goes(connection, data):
    with contextlib.suppress(OSError):
        connection.sendall(data)


def test_an_upgrade_is_not_made_and_the_request_answered(talk):
    upgrade = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
    answer = talk(upgrade + GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
    assert re.findall(rb"HTTP/1.1 (\d+)", answer) == [b"200", b"200"]


def test_who_waits_to_be_asked_for_the_body_is_asked_or_refused_before_it(start, connector, talk):
    client = start(connector, max_body=100)
    head = b"POST /blocks/getCurrentUserProfile HTTP/1.1\r\nHost: 127.0.0.1\r\nExpect: 100-continue\r\n"
    assert talk(head + b"Content-Length: 101\r\n\r\n", client).startswith(b"HTTP/1.1 413")
    answer = talk(head + b"Connection: close\r\nContent-Length: 2\r\n\r\n{}", client)
    assert re.findall(rb"HTTP/1.1 (\d+)", answer) == [b"100", b"422"]


def test_a_large_body_s_refusal_is_read_by_a_client_that_goes_on_sending(start, connector, talk):
    client = start(connector, max_body=100)
    head = b"POST /blocks/getCurrentUserProfile HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    body = b" " * 3_000_000
    for rest in (
        b"Content-Length: 3000000\r\n\r\n" + body,
        b"Transfer-Encoding: chunked\r\n\r\n2dc6c0\r\n" + body + b"\r\n0\r\n\r\n",
    ):
        assert status_and_kind(talk(head + rest, client)) == (413, "too_large")


def idle_until_it_is_ended(address):
    """How long (s) the server keeps an idle connection."""
    with socket.create_connection(address, PATIENCE_S) as connection:
        ask(connection)
        began = time.monotonic()
        assert connection.recv(1) == b""
        return time.monotonic() - began


def test_an_idle_connection_is_kept_for_its_time(start, connector):
    address = urlsplit(start(connector, keep_alive=0.2).url)
    # Without a word of the setting it would be five seconds; a machine that is busy may take as long, but not always.
    assert any(idle_until_it_is_ended((address.hostname, address.port)) < 4 for _ in range(5))
    address = urlsplit(start(connector).url)
    with socket.create_connection((address.hostname, address.port), PATIENCE_S) as connection:
        for _ in range(2):
            ask(connection)


def test_the_longest_idle_make_room_and_who_is_served_is_left_alone(start, connect, held):
    client = start(connect(), per_address=3)
    address = urlsplit(client.url)

    def connect_to():
        connection = socket.create_connection((address.hostname, address.port))
        connection.settimeout(PATIENCE_S)
        return stack.enter_context(connection)

    with contextlib.ExitStack() as stack:
        served, idle = connect_to(), connect_to()
        served.sendall(CALL)
        assert held.come.wait(PATIENCE_S)
        ask(idle)
        silent = connect_to()
        ask(connect_to())
        # A client that comes back finds the connection closed, as after the time for which it is kept.
        assert idle.recv(1) == b""
        ask(connect_to())
        # One that asks too late is told why.
        assert b"503 Service Unavailable" in silent.makefile("rb").read()
        held.go.set()
        assert served.recv(65536).startswith(b"HTTP/1.1 200")


def test_what_a_trusted_proxy_keeps_open_counts_for_no_caller(start, connector):
    """It is about to be used for another one's request, and closed by nobody but the proxy."""
    client = start(connector, per_address=1, trusted_proxy=("127.0.0.1",), keys="desk:key-of-the-desk")
    address = urlsplit(client.url)
    with contextlib.ExitStack() as stack:
        kept = [stack.enter_context(socket.create_connection((address.hostname, address.port))) for _ in range(3)]
        for connection in kept * 2:
            connection.settimeout(PATIENCE_S)
            ask(connection, b"X-Forwarded-For: 203.0.113.9\r\n")


def test_bodies_together_are_bounded_and_the_slowest_goes(start, connector):
    client = start(connector, max_body=1000, max_bodies=1500)
    address = urlsplit(client.url)
    head = b"POST /blocks/getCurrentUserProfile HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\n"
    with contextlib.ExitStack() as stack:
        first, second = (
            stack.enter_context(socket.create_connection((address.hostname, address.port))) for _ in range(2)
        )
        first.settimeout(PATIENCE_S)
        second.settimeout(PATIENCE_S)
        first.sendall(head + b" " * 900)
        third = stack.enter_context(socket.create_connection((address.hostname, address.port)))
        wait_until_read(third)
        second.sendall(head + b" " * 998 + b"{}")
        assert status_and_kind(first.makefile("rb").read()) == (503, "busy")
        assert second.recv(65536).startswith(b"HTTP/1.1 422")


def ask(connection, header=b""):
    """Has one request answered on the connection."""
    connection.sendall(GET.replace(b"\r\n\r\n", b"\r\n" + header + b"\r\n"))
    answer = b""
    while not answer.endswith(b"}"):
        answer += connection.recv(65536)
        assert answer.startswith(b"HTTP/1.1 200")


def wait_until_read(connection):
    """Until the server has taken what came before this; its loop serves connections in turn."""
    for _ in range(3):
        ask(connection)
        time.sleep(0.05)

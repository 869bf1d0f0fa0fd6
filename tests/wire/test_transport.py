"""One request over a real socket: bounded in time and in size, and never to another server than the one it is for."""

import contextlib
import gzip
import os
import socket
import threading
import zlib

import pytest
from patience import PATIENCE_S, wait_until

import connector.wire.transport
from connector.errors import InvocationFailed
from connector.wire.deadline import Deadline
from connector.wire.request import Request
from connector.wire.time_limits import WATCHDOG
from connector.wire.transport import Transport

GET = Request("GET", "api", "/things", (("q", "a b&c"),), (("Authorization", "Bearer s3cret"),))


@pytest.fixture
def transport_to():
    made = []

    def make(url):
        made.append(Transport({"api": url}, "agent/1"))
        return made[-1]

    yield make
    for transport in made:
        transport.close()


@pytest.fixture
def transport(server, transport_to):
    return transport_to(f"{server.url}/v1")


@pytest.fixture
def fail(transport):
    def run(request=GET, *, timeout=5.0, by=transport):
        with pytest.raises(InvocationFailed) as caught:
            by.send(request, Deadline(timeout))
        return caught.value.error

    return run


def test_a_request_arrives_as_it_was_built(server, transport):
    server.queue.append((200, {"X-Extra": "yes"}, b"answer"))
    response = transport.send(GET, Deadline(5))
    assert (response.status, response.headers["x-EXTRA"], response.content) == (200, "yes", b"answer")
    [seen] = server.requests
    assert (seen.method, seen.target, seen.body) == ("GET", "/v1/things?q=a%20b%26c", b"")
    assert seen.headers == {
        "Host": server.url.removeprefix("http://"),
        "Authorization": "Bearer s3cret",
        "User-Agent": "agent/1",
        "Accept-Encoding": "gzip, deflate",
    }


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_a_body_arrives_whole(server, transport, method):
    server.queue.append((200, {}, b""))
    transport.send(Request(method, "api", "/things", content="smør".encode()), Deadline(5))
    assert [(seen.method, seen.body, seen.headers["Content-Length"]) for seen in server.requests] == [
        (method, "smør".encode(), "5")
    ]


@pytest.mark.parametrize(("method", "length"), [("PUT", "0"), ("POST", "0"), ("DELETE", None), ("GET", None)])
def test_a_write_without_body_says_so(server, transport, method, length):
    server.queue.append((204, {}, b""))
    assert transport.send(Request(method, "api", "/things"), Deadline(5)).content == b""
    assert server.requests[0].headers.get("Content-Length") == length


@pytest.mark.parametrize("status", [201, 204, 304, 400, 401, 404, 429, 500, 503])
def test_no_status_is_an_exception(server, transport, status):
    server.queue.append((status, {"Content-Length": "0"}, b""))
    assert transport.send(GET, Deadline(5)).status == status


def test_a_connection_is_kept_and_used_again(server, transport):
    ports = []

    def answer(handler):
        ports.append(handler.client_address[1])
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    server.queue += [answer, answer]
    assert [transport.send(GET, Deadline(5)).content for _ in range(2)] == [b"{}", b"{}"]
    assert ports == [ports[0]] * 2


@pytest.mark.parametrize(
    ("encoding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress), ("identity", bytes)]
)
def test_a_packed_body_is_unpacked(server, transport, encoding, pack):
    server.queue.append((200, {"Content-Encoding": encoding}, pack(b"answer" * 50_000)))
    assert transport.send(GET, Deadline(5)).content == b"answer" * 50_000


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, BR"])
def test_a_body_packed_in_a_way_that_was_not_asked_for_is_not_unpacked(server, fail, encoding):
    server.queue.append((200, {"Content-Encoding": encoding}, b"{}"))
    error = fail()
    assert (error.kind, error.message) == (
        "bad_answer",
        f"{server.url}/v1: the answer is packed in a way that was not asked for.",
    )


def test_a_chunked_body_is_put_together(server, transport):
    def answer(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nans\r\n3\r\nwer\r\n0\r\n\r\n")

    server.queue.append(answer)
    assert transport.send(GET, Deadline(5)).content == b"answer"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed_and_the_other_server_hears_nothing(server, transport, make_server, status):
    other = make_server()
    server.queue.append((status, {"Location": f"{other.url}/v1/me"}, b""))
    assert transport.send(GET, Deadline(5)).status == status
    assert (len(server.requests), other.requests) == (1, [])


@pytest.mark.parametrize("pack", [None, gzip.compress])
def test_no_more_than_the_limit_is_read_of_a_body(server, fail, monkeypatch, pack):
    monkeypatch.setattr(connector.wire.transport, "BODY_LIMIT", 3 * 2**20)
    body = b"x" * (3 * 2**20 + 1)
    server.queue.append((200, {"Content-Encoding": "gzip"}, pack(body)) if pack else (200, {}, body))
    error = fail()
    assert (error.kind, error.message) == (
        "bad_answer",
        f"{server.url}/v1: the answer is larger than 3 MiB.",
    )


def test_a_body_of_exactly_the_limit_is_read(server, transport, monkeypatch):
    monkeypatch.setattr(connector.wire.transport, "BODY_LIMIT", 100_000)
    server.queue.append((200, {}, b"x" * 100_000))
    assert len(transport.send(GET, Deadline(5)).content) == 100_000


def test_a_body_that_can_not_be_unpacked_is_a_bad_answer(server, fail):
    server.queue.append((200, {"Content-Encoding": "gzip"}, b"this is no gzip"))
    error = fail()
    assert (error.kind, error.message) == ("bad_answer", f"{server.url}/v1: the answer can't be decompressed.")


def hang(server):
    def answer(handler):
        server.stopping.wait()
        handler.close_connection = True

    return answer


def test_a_server_that_does_not_answer_is_a_timeout(server, fail):
    server.queue.append(hang(server))
    error = fail(timeout=0.1)
    assert (error.kind, error.message) == ("timeout", f"{server.url}/v1: no answer in the time allowed.")


def test_a_body_that_does_not_end_is_a_timeout(server, fail):
    def answer(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nbegun")
        hang(server)(handler)

    server.queue.append(answer)
    assert fail(timeout=0.1).kind == "timeout"
    # On a busy machine the server comes to it later.
    wait_until(lambda: not server.queue)


@pytest.mark.parametrize("framing", [b"Content-Length: 100000", b"Transfer-Encoding: chunked"])
def test_a_server_that_drips_bytes_does_not_outlast_the_deadline(server, fail, framing):
    dripped = []

    def answer(handler):
        handler.close_connection = True
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + framing + b"\r\n\r\n")
        while len(dripped) < 1000 and not server.stopping.wait(0.01):
            dripped.append(handler.wfile.write(b"1\r\nx\r\n" if framing.endswith(b"chunked") else b"x"))

    server.queue.append(answer)
    error = fail(timeout=0.5)
    assert (error.kind, error.message) == ("timeout", f"{server.url}/v1: the answer did not end in the time allowed.")
    assert len(dripped) < 1000


@pytest.mark.parametrize("timeout", [0.0, -1.0])
def test_nothing_is_sent_when_time_is_up(server, fail, timeout):
    assert fail(timeout=timeout).kind == "timeout"
    assert server.requests == []


def test_a_refused_connection_is_a_network_error(transport_to, fail):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    error = fail(by=transport_to(url))
    assert (error.kind, error.message) == ("network", f"{url}: no connection; check the network and proxies.")


BROKEN_OFF = ("network", "the connection broke off before the answer was complete.")
NO_HTTP = ("bad_answer", "the answer is no HTTP; a proxy may be in between.")


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        pytest.param(b"", BROKEN_OFF, id="nothing"),
        pytest.param(b"nonsense\r\n\r\n", NO_HTTP, id="nonsense"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\ntoo short", BROKEN_OFF, id="half a body"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\ntoo short", BROKEN_OFF, id="half a chunk"
        ),
        pytest.param(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno size\r\n", BROKEN_OFF, id="no chunk"),
        pytest.param(b"HTTP/1.1 200 OK\r\n" + b"X-Filler: x\r\n" * 200 + b"\r\n", NO_HTTP, id="too many headers"),
    ],
)
def test_an_answer_that_breaks_off_is_an_error(server, fail, said, outcome):
    def answer(handler):
        handler.close_connection = True
        handler.wfile.write(said)

    server.queue.append(answer)
    error = fail()
    assert (error.kind, error.message.removeprefix(f"{server.url}/v1: ")) == outcome


def test_a_server_without_a_trusted_certificate_is_a_network_error(server, transport_to, fail):
    def answer(handler):
        handler.close_connection = True

    server.answer = lambda _seen: answer
    error = fail(by=transport_to(server.url.replace("http:", "https:")))
    assert error.kind == "network"
    assert server.requests == []


def test_no_error_holds_what_was_sent(server, fail):
    server.queue.append(hang(server))
    assert "s3cret" not in repr(fail(timeout=0.1))


@pytest.mark.parametrize("name", ["http_proxy", "HTTP_PROXY"])
def test_a_proxy_of_the_environment_is_used(server, transport_to, monkeypatch, name):
    monkeypatch.setenv(name, server.url)
    server.queue.append((200, {}, b"by proxy"))
    response = transport_to("http://service.invalid/v1").send(GET, Deadline(5))
    assert response.content == b"by proxy"
    assert [seen.target for seen in server.requests] == ["http://service.invalid/v1/things?q=a%20b%26c"]


def test_a_server_that_needs_no_proxy_is_called_directly(server, make_server, transport_to, monkeypatch):
    proxy = make_server()
    monkeypatch.setenv("http_proxy", proxy.url)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    server.queue.append((200, {}, b"directly"))
    assert transport_to(server.url).send(GET, Deadline(5)).content == b"directly"
    assert proxy.requests == []


def test_a_password_for_the_server_in_the_home_folder_is_not_sent(server, transport_to, monkeypatch, tmp_path):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login somebody password other\n", "utf-8")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    server.queue.append((200, {}, b""))
    transport_to(server.url).send(GET, Deadline(5))
    assert server.requests[0].headers["Authorization"] == "Bearer s3cret"


def test_a_closed_transport_can_be_used_again(server, transport):
    server.queue += [(200, {}, b"1"), (200, {}, b"2")]
    assert transport.send(GET, Deadline(5)).content == b"1"
    transport.close()
    assert transport.send(GET, Deadline(5)).content == b"2"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_process_opens_connections_of_its_own(server, transport):
    ports = []

    def answer(handler):
        ports.append(handler.client_address[1])
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    server.queue += [answer] * 3
    transport.send(GET, Deadline(5))
    if (child := os.fork()) == 0:
        status = 1
        with contextlib.suppress(BaseException):
            status = 0 if transport.send(GET, Deadline(5)).content == b"{}" else 1
        os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    transport.send(GET, Deadline(5))
    assert ports[0] == ports[2] != ports[1]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_fork_in_the_middle_of_a_request_leaves_the_child_everything(server, transport):
    """A request under way in one thread, a connection being opened in another, while a third one forks."""
    has_come = threading.Event()

    def hang_first(handler):
        has_come.set()
        hang(server)(handler)

    server.queue += [hang_first, (200, {}, b"child")]
    under_way = threading.Thread(target=fail_quietly, args=(transport,))
    under_way.start()
    assert has_come.wait(PATIENCE_S)
    with transport._lock, WATCHDOG._condition:
        if (child := os.fork()) == 0:
            status = 1
            with contextlib.suppress(BaseException):
                status = 0 if transport.send(GET, Deadline(PATIENCE_S)).content == b"child" else 1
            os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    server.stopping.set()
    under_way.join()


def fail_quietly(transport):
    with contextlib.suppress(InvocationFailed):
        transport.send(GET, Deadline(PATIENCE_S))

"""Addresses that anybody may name are fetched from the open internet alone."""

import socket
import ssl
import threading
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
import trustme
from patience import PATIENCE_S, wait_until

import connector.wire.transport
from connector.errors import InvocationFailed
from connector.wire import outside
from connector.wire.deadline import Deadline
from connector.wire.outside import ALLOWED, Poster, fetch, is_open, read_address
from connector.wire.request import Request
from connector.wire.transport import Transport


class Pictures(BaseHTTPRequestHandler):
    def do_GET(self):
        status = {"/picture?size=1": 200, "/moved": 302, "/nothing": 404}[self.path]
        self.send_response(status)
        self.send_header("Content-Length", "7")
        self.send_header("Location", "https://elsewhere.example/")
        self.end_headers()
        self.wfile.write(b"picture")
        self.server.seen.append(dict(self.headers))

    def log_message(self, *_):
        """Nobody reads it."""


@pytest.fixture
def pictures(tmp_path, monkeypatch):
    """A server on this machine that speaks TLS; gives its address."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "ca.pem"))
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pictures)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.seen = []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def refuse(address):
    with pytest.raises(InvocationFailed) as caught:
        fetch(address, Deadline(30))
    return caught.value.error


def test_a_host_that_the_operator_allows_is_fetched_from_and_told_nothing(pictures, monkeypatch):
    monkeypatch.setenv(ALLOWED, "pictures.example, localhost")
    address = f"https://localhost:{pictures.server_port}"
    assert fetch(f"{address}/picture?size=1", Deadline(30)) == b"picture"
    assert not {"Authorization", "Cookie", "Referer"} & pictures.seen[0].keys()
    assert "leads elsewhere" in refuse(f"{address}/moved").message
    assert "answers 404" in refuse(f"{address}/nothing").message


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]"])
def test_this_machine_is_not_reached(pictures, host):
    error = refuse(f"https://{host}:{pictures.server_port}/picture?size=1")
    assert error.kind == "invalid_fields"
    assert error.message.startswith("leads to this computer or its network")
    assert pictures.seen == []


@pytest.mark.parametrize(
    "address",
    [
        *("10.0.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1"),
        *("fe80::1", "fd00::1", "fec0::1", "::", "3fff::1", "5f00::1", "64:ff9b:1::a00:1"),
        # What gateways turn into addresses of IPv4.
        *("::127.0.0.1", "::ffff:10.0.0.1", "::ffff:0:10.0.0.1", "64:ff9b::10.0.0.1", "2002:7f00:1::", "2002:a00:1::"),
    ],
)
def test_no_name_leads_into_a_private_network(monkeypatch, address):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    found = [(family, socket.SOCK_STREAM, 6, "", (address, 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: found)
    assert "or its network" in refuse("https://innocent.example/picture").message


def test_no_proxy_is_asked_to_connect_instead(monkeypatch):
    """It would connect to any address, and nobody would have looked at that."""
    monkeypatch.setenv("HTTPS_PROXY", "http://192.0.2.1:9")
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("198.51.100.7", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: found)
    judged = []
    monkeypatch.setattr(outside, "is_open", judged.append)
    assert refuse("https://innocent.example/picture").kind == "invalid_fields"
    assert judged == ["198.51.100.7"]


@pytest.mark.parametrize(
    "address",
    [
        "http://a.example/",
        "https://",
        "https://u:p@a.example/",
        "https://a.example:port/",
        "ftp://a.example/",
        "https://[",
    ],
)
def test_what_is_no_address_is_not_asked_for(address):
    assert refuse(address).kind == "invalid_fields"


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "64:ff9b::8.8.8.8"])
def test_the_open_internet_is_reached_through_gateways_too(address):
    assert is_open(address)


def test_names_that_anybody_may_give_hold_up_no_others(monkeypatch, server):
    """Who owns a name may have its name server never answer."""
    is_over, asked = threading.Event(), []
    look_up = socket.getaddrinfo

    def look_up_or_hang(host, *more):
        if host != "slow.example":
            return look_up(host, *more)
        asked.append(host)
        is_over.wait()
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", look_up_or_hang)
    waiting = [threading.Thread(target=refuse, args=("https://slow.example/",)) for _ in range(40)]
    for thread in waiting:
        thread.start()
    server.queue.append((200, {}, b"answer"))
    port = urlsplit(server.url).port
    try:
        wait_until(lambda: len(asked) == 32)
        with closing(Transport({"api": f"http://localhost:{port}"}, "agent/1")) as transport:
            assert transport.send(Request("GET", "api", "/"), Deadline(30)).content == b"answer"
    finally:
        is_over.set()
        for thread in waiting:
            thread.join()


def test_connections_are_kept_to_so_many_servers_and_no_more(make_server):
    servers = [make_server() for _ in range(3)]
    with closing(Poster(is_own=True)) as poster, pytest.MonkeyPatch.context() as patch:
        patch.setattr(connector.wire.transport, "_MOST_LINES", 2)
        for server in servers * 2:
            server.queue.append((204, {}, b""))
            assert poster.post(read_address(server.url), b"{}", [], Deadline(PATIENCE_S)).status == 204
        assert len(poster._guarded._lines) == 2

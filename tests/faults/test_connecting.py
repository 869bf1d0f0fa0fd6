"""No connection, or the wrong one: the request certainly never left, and the error says what to look at."""

import contextlib
import os
import socket
import ssl
import subprocess
import threading

import pytest
import trustme

from connector.bounded_wait import BoundedWait
from connector.wire import connecting, transport
from connector.wire.deadline import Cancel
from connector.wire.time_limits import Watchdog

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
OK = HEAD + b'Content-Length: 14\r\n\r\n{"id": "jane"}'
FINE = {"id": "jane"}
TLS = "no trusted connection (TLS); check the address and the CA bundle."


def answer(peer):
    peer.say(OK)


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture
def trust(authority, monkeypatch, tmp_path):
    """Has the connector trust the authority, as a company's CA bundle does."""
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "ca.pem"))


def make_tls(issuer, *names):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    issuer.issue_cert(*names).configure_cert(context)
    return context


@pytest.mark.parametrize("is_repeatable", [True, False])
def test_a_closed_port_is_tried_again_also_for_what_must_not_happen_twice(call_steps, is_repeatable):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    outcome = call_steps(url, is_repeatable=is_repeatable)
    assert (outcome.kind, outcome.meta.retries) == ("network", 3)
    assert outcome.error.message == f"{url}: no connection; check the network and proxies. It was tried 4 times."


@pytest.mark.parametrize("host", ["service.invalid", f"{'x' * 64}.example", "a..b"])
def test_an_unknown_name_is_a_network_error(call, host, monkeypatch):
    def fail(*args, **options):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    if host == "service.invalid":
        # Asking a real server for names can take its time, which no deadline can shorten.
        monkeypatch.setattr(socket, "getaddrinfo", fail)
    outcome = call(f"http://{host}")
    assert outcome.kind == "network"
    assert "its name can't be resolved; check the address and the network." in outcome.error.message


@pytest.fixture
def resolver(monkeypatch):
    """The system's resolver, which hangs until `answer` is set, and two threads at most to ask it in."""
    resolver = Resolver()
    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    monkeypatch.setattr(connecting, "_RESOLVERS", BoundedWait(resolver.name, 2))
    yield resolver
    resolver.is_over.set()


class Resolver:
    def __init__(self):
        self.is_over = threading.Event()
        self.answer = None
        self.asked = 0
        self.name = f"resolver-{id(self)}"

    def __call__(self, _host, port, *_args, **_options):
        self.asked += 1
        if self.answer is None:
            self.is_over.wait(90)
        return [(socket.AF_INET, socket.SOCK_STREAM, 0, "", self.answer or ("127.0.0.1", port))]


def test_a_name_server_that_hangs_is_left_at_the_deadline(call, resolver):
    outcome = call("http://service.example", timeout=0.3)
    assert outcome.kind == "timeout"
    assert "its name was not resolved in the time allowed; check the network's name server." in outcome.error.message


def test_a_name_server_that_hangs_takes_a_bounded_number_of_threads(call_steps, make_raw, resolver):
    for number in range(6):
        outcome = call_steps(f"http://service-{number}.example", timeout=0.1)
        assert (outcome.kind, outcome.meta.retries) == ("timeout", 0)
    assert resolver.asked == sum(thread.name == resolver.name for thread in threading.enumerate()) == 2
    server = make_raw(answer)
    resolver.answer = ("127.0.0.1", server.port)
    resolver.is_over.set()
    assert call_steps("http://service.example", timeout=30).output == FINE


def test_a_look_up_can_be_cancelled(call_steps, resolver):
    switch = Cancel()
    threading.Timer(0.1, switch.set).start()
    outcome = call_steps("http://service.example", timeout=60, cancel=switch)
    assert outcome.kind == "cancelled"
    assert outcome.took_s < 60


def test_what_may_not_happen_twice_is_sent_once_after_a_slow_look_up(call_steps, make_raw, resolver):
    server = make_raw(answer)
    threading.Timer(0.2, resolver.is_over.set).start()
    url = f"http://service.example:{server.port}"
    assert call_steps(url, is_repeatable=False, timeout=30).output == FINE
    assert (len(server.requests), resolver.asked) == (1, 1)


def test_an_address_needs_no_name_server(call, make_raw, resolver):
    assert call(make_raw(answer).url).output == FINE
    assert resolver.asked == 0


def test_where_no_thread_can_be_started_nothing_is_sent(call_steps, make_raw, monkeypatch):
    server = make_raw(answer)

    def refuse(_thread):
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(transport, "WATCHDOG", Watchdog())
        patch.setattr(threading.Thread, "start", refuse)
        outcome = call_steps(server.url, is_repeatable=False)
    assert (outcome.kind, server.connections) == ("network", 0)
    assert "the system lets this process start no further thread" in outcome.error.message
    assert call_steps(server.url).output == FINE


@pytest.fixture
def deaf_port():
    """A port that lets nobody in: its queue is full, so the kernel drops whoever knocks."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        port = listener.getsockname()[1]
        for _ in range(2):
            knocker = stack.enter_context(socket.socket())
            knocker.setblocking(False)
            knocker.connect_ex(("127.0.0.1", port))
        yield port


def test_a_port_that_lets_nobody_in_is_left_at_the_deadline(call, deaf_port):
    outcome = call(f"http://127.0.0.1:{deaf_port}", timeout=0.5)
    assert outcome.kind == "timeout"
    assert outcome.took_s >= 0.5


def test_an_address_that_lets_nobody_in_leaves_time_for_the_next(make_raw, call, deaf_port, monkeypatch):
    server = make_raw(answer)
    found = [(socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", port)) for port in (deaf_port, server.port)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_options: found)
    assert call("http://service.example", timeout=4).output == FINE


def test_a_trusted_server_is_called(make_raw, call, trust, authority):
    server = make_raw(answer, tls=make_tls(authority, "127.0.0.1"))
    assert call(server.url).output == FINE


@pytest.mark.parametrize("who", ["somebody else", "nobody"])
def test_a_server_that_can_not_prove_its_name_is_told_nothing_and_tried_once(make_raw, call, trust, authority, who):
    tls = {"somebody else": (authority, "other.example"), "nobody": (trustme.CA(), "127.0.0.1")}[who]
    server = make_raw(answer, tls=make_tls(*tls))
    outcome = call(server.url)
    assert (outcome.kind, outcome.meta.retries, server.requests, server.connections) == ("network", 0, [], 1)
    assert TLS in outcome.error.message


def test_a_server_without_tls_is_told_nothing(make_raw, call):
    server = make_raw(answer, greeting=b"220 mail.example ESMTP\r\n")
    outcome = call(server.url.replace("http:", "https:"))
    assert (outcome.kind, server.requests) == ("network", [])
    assert TLS.rstrip(".") in outcome.error.message


@pytest.fixture
def mute_port():
    """A port that takes connections, and on which nothing is ever read or said."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_a_server_that_never_ends_its_greeting_is_left_at_the_deadline(call, mute_port):
    assert call(f"https://127.0.0.1:{mute_port}", timeout=0.5).kind == "timeout"


def test_a_server_that_reads_nothing_is_left_at_the_deadline(call_steps, check, mute_port):
    outcome = check(call_steps(f"http://127.0.0.1:{mute_port}", timeout=0.5, content=bytes(20_000_000)))
    assert outcome.kind == "timeout"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_another_origin_is_not_followed(make_raw, call, status):
    other = make_raw(answer)
    said = f"HTTP/1.1 {status} Moved\r\nLocation: {other.url}/me\r\nContent-Length: 0\r\n\r\n".encode()
    server = make_raw(lambda peer: peer.say(said))
    outcome = call(server.url)
    assert (outcome.kind, len(server.requests), other.connections) == ("bad_answer", 1, 0)


BUNDLES = ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR"]


@pytest.fixture
def bundles(authority, tmp_path):
    """A file and a folder in which the authority is, and what is no bundle."""
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    trustme.CA().cert_pem.write_to_path(tmp_path / "other.pem")
    (tmp_path / "empty.pem").touch()
    (tmp_path / "junk.pem").write_text("no certificate", "utf-8")
    (tmp_path / "junk.der").write_bytes(bytes(range(256)))
    for name, kept in (("hashed", authority), ("other", trustme.CA())):
        folder = tmp_path / name
        folder.mkdir()
        kept.cert_pem.write_to_path(folder / "ca.pem")
        asked = ["openssl", "x509", "-noout", "-hash", "-in", folder / "ca.pem"]
        hashed = subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()
        (folder / "ca.pem").rename(folder / f"{hashed}.0")
    (tmp_path / "unhashed").mkdir()
    (tmp_path / "unhashed" / "ca.pem").write_bytes((tmp_path / "ca.pem").read_bytes())
    return tmp_path


@pytest.mark.parametrize("variable", BUNDLES)
@pytest.mark.parametrize("bundle", ["ca.pem", "hashed"])
def test_the_environment_names_the_ca_bundle(make_raw, call_steps, bundles, authority, monkeypatch, variable, bundle):
    monkeypatch.setenv(variable, str(bundles / bundle))
    server = make_raw(answer, tls=make_tls(authority, "127.0.0.1"))
    assert call_steps(server.url).output == FINE


def test_several_folders_may_be_named(make_raw, call_steps, bundles, authority, monkeypatch):
    folders = [bundles / "other", bundles / "missing", bundles / "hashed"]
    monkeypatch.setenv("SSL_CERT_DIR", os.pathsep.join(map(str, folders)))
    server = make_raw(answer, tls=make_tls(authority, "127.0.0.1"))
    assert call_steps(server.url).output == FINE


@pytest.mark.parametrize("first", range(len(BUNDLES)))
def test_the_first_variable_that_is_set_counts(make_raw, call_steps, bundles, authority, monkeypatch, first):
    for position, variable in enumerate(BUNDLES):
        if position >= first:
            monkeypatch.setenv(variable, str(bundles / ("ca.pem" if position == first else "other.pem")))
        else:
            monkeypatch.setenv(variable, "")
    server = make_raw(answer, tls=make_tls(authority, "127.0.0.1"))
    assert call_steps(server.url).output == FINE


NO_PEM = "It is no file of certificates in PEM."


@pytest.mark.parametrize(
    ("variable", "bundle", "reason"),
    [
        *((variable, "missing.pem", "No such file or directory.") for variable in BUNDLES),
        *(("SSL_CERT_FILE", bundle, NO_PEM) for bundle in ("junk.pem", "empty.pem", "junk.der")),
        ("SSL_CERT_DIR", "unhashed", "The folder has no certificates under their hashes; `openssl rehash` gives"),
    ],
)
def test_an_unusable_ca_bundle_is_named(make_raw, call, bundles, monkeypatch, variable, bundle, reason):
    monkeypatch.chdir(bundles)
    monkeypatch.setenv(variable, bundle)
    server = make_raw(answer)
    outcome = call(server.url.replace("http:", "https:"))
    assert (outcome.kind, server.connections, outcome.meta.retries) == ("network", 0, 0)
    assert f"the CA bundle {bundle} can't be read; see {variable}. {reason}" in outcome.error.message


def test_an_empty_folder_trusts_nobody(make_raw, call, monkeypatch, tmp_path, authority):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path))
    server = make_raw(answer, tls=make_tls(authority, "127.0.0.1"))
    outcome = call(server.url)
    assert (outcome.kind, server.requests) == ("network", [])
    assert TLS in outcome.error.message


def test_a_proxy_that_refuses_is_told_nothing(make_raw, call, monkeypatch):
    proxy = make_raw(lambda peer: peer.say(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"))
    monkeypatch.setenv("https_proxy", proxy.url)
    outcome = call("https://service.example")
    assert outcome.kind == "network"
    assert "the proxy refused to lead there (407)." in outcome.error.message.replace(" It was tried 4 times.", "")
    assert all(said.startswith(b"CONNECT ") and b"Authorization" not in said for said in proxy.requests)


def test_a_proxy_that_drips_is_left_at_the_deadline(make_raw, call, monkeypatch):
    def drip(peer):
        peer.say(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        peer.drip(b"x")

    monkeypatch.setenv("https_proxy", make_raw(drip).url)
    assert call("https://service.example", timeout=0.5).kind == "timeout"


def test_a_kept_connection_that_was_closed_is_replaced_at_once(make_raw, call_steps, monkeypatch):
    monkeypatch.setattr("connector.sending.retry.BACKOFF_S", 60)
    # It ends when the request has come: nobody could have known before.
    server = make_raw(answer, lambda peer: peer.reset(), answer)
    call_steps(server.url)
    outcome = call_steps(server.url)
    assert (outcome.output, outcome.meta.retries, server.connections) == (FINE, 1, 2)


def test_a_kept_connection_that_ended_meanwhile_is_not_used(make_raw, call_steps):
    has_ended = threading.Event()

    def answer_and_end(peer):
        peer.say(OK)
        peer.sock.shutdown(socket.SHUT_RDWR)
        has_ended.set()

    server = make_raw(answer_and_end, answer)
    first = call_steps(server.url, is_repeatable=False)
    assert has_ended.wait(60)
    second = call_steps(server.url, is_repeatable=False)
    assert [first.output, second.output] == [FINE, FINE]
    assert second.meta.retries == 0


def test_what_must_not_happen_twice_is_not_repeated_on_a_new_connection(make_raw, call_steps):
    server = make_raw(answer, lambda peer: peer.reset(), answer)
    call_steps(server.url)
    assert call_steps(server.url, is_repeatable=False).kind == "network"
    assert len(server.requests) == 2


@pytest.mark.parametrize("token", ["line\r\nX-Evil: 1", "smør", "to\u2011ken", "\0"])
def test_a_token_that_no_header_can_carry_is_refused_before_anything_is_sent(make_raw, call_steps, token):
    server = make_raw(answer)
    outcome = call_steps(server.url, token=token)
    assert (outcome.kind, server.connections) == ("invalid_fields", 0)
    assert token not in repr(outcome)

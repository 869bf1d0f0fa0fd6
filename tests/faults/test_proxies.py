"""Proxies of the environment: what they are told, what they are not, and what is said of one that can't be used."""

import json
import os
import ssl
import subprocess
import sys

import pytest
import trustme
from proxy_server import ProxyServer

import connector.wire.proxies
from connector.wire.proxies import find_proxy, is_loopback
from connector.wire.trust import SettingError

OK = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 14\r\n\r\n{"id": "jane"}'
FINE = {"id": "jane"}
TOKEN = b"s3cret-t0ken"


@pytest.fixture
def call(call_steps, check):
    return lambda *args, **options: check(call_steps(*args, **options))


@pytest.fixture
def make_proxy():
    made = []

    def make(server, **options):
        made.append(ProxyServer(server.url, **options))
        return made[-1]

    yield make
    for proxy in made:
        proxy.stop()


@pytest.fixture
def service(make_raw):
    return make_raw(lambda peer: peer.say(OK))


@pytest.fixture
def make_tls(monkeypatch, tmp_path):
    """Makes servers prove to be who they are, by an authority that is trusted."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))

    def make(name):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(name).configure_cert(context)
        return context

    return make


@pytest.fixture
def tls_service(make_raw, make_tls):
    return make_raw(lambda peer: peer.say(OK), tls=make_tls("service.example"))


@pytest.mark.parametrize("variable", ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"])
@pytest.mark.parametrize("scheme", ["http://", ""])
def test_a_request_goes_through_the_proxy(call, service, make_proxy, monkeypatch, variable, scheme):
    proxy = make_proxy(service)
    monkeypatch.setenv(variable, scheme + proxy.address)
    assert call("http://service.example").output == FINE
    assert proxy.asked == ["GET http://service.example/me"]


@pytest.mark.parametrize("variable", ["https_proxy", "ALL_PROXY"])
def test_through_a_tunnel_the_proxy_learns_the_server_s_name_alone(
    call, tls_service, make_proxy, monkeypatch, variable
):
    proxy = make_proxy(tls_service)
    monkeypatch.setenv(variable, f"http://{proxy.address}")
    assert call("https://service.example").output == FINE
    assert proxy.asked == ["CONNECT service.example:443"]
    assert TOKEN not in b"".join(proxy.said)
    assert TOKEN in tls_service.requests[0]


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_is_called_by_tls_proves_who_it_is(
    call, service, tls_service, make_proxy, make_tls, monkeypatch, scheme
):
    target = {"http": service, "https": tls_service}[scheme]
    honest, other = (make_proxy(target, tls=make_tls(name)) for name in ("127.0.0.1", "other.example"))
    monkeypatch.setenv(f"{scheme}_proxy", f"https://{honest.address}")
    assert call(f"{scheme}://service.example").output == FINE
    assert len(honest.asked) == 1
    monkeypatch.setenv(f"{scheme}_proxy", f"https://{other.address}")
    outcome = call(f"{scheme}://elsewhere.example")
    assert (outcome.kind, other.asked) == ("network", [])
    assert "no trusted connection (TLS)" in outcome.error.message


def test_within_two_layers_of_tls_the_deadline_holds(call, make_raw, make_proxy, make_tls, monkeypatch):
    dripping = make_raw(
        lambda peer: (peer.say(b"HTTP/1.1 200 OK\r\nX-Slow: "), peer.drip(b"x")), tls=make_tls("service.example")
    )
    proxy = make_proxy(dripping, tls=make_tls("127.0.0.1"))
    monkeypatch.setenv("https_proxy", f"https://{proxy.address}")
    assert call("https://service.example", timeout=1).kind == "timeout"


def test_a_proxy_s_password_is_shown_to_the_proxy_alone(call, tls_service, make_proxy, monkeypatch):
    proxy = make_proxy(tls_service)
    monkeypatch.setenv("https_proxy", f"http://us%40er:p%3Ass@{proxy.address}")
    assert call("https://service.example").output == FINE
    assert b"proxy-authorization: basic dXNAZXI6cDpzcw==" in proxy.said[0].replace(b"Basic", b"basic").replace(
        b"Proxy-Authorization", b"proxy-authorization"
    )
    assert b"uthorization: Basic" not in tls_service.requests[0]


@pytest.mark.parametrize("variable", ["http_proxy", "ALL_PROXY"])
@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
@pytest.mark.parametrize("no_proxy", [None, "", "other.example"])
def test_a_server_on_this_computer_is_called_directly(call, service, make_proxy, monkeypatch, variable, name, no_proxy):
    proxy = make_proxy(service)
    monkeypatch.setenv(variable, f"http://{proxy.address}")
    if no_proxy is not None:
        monkeypatch.setenv("no_proxy", no_proxy)
    assert call(service.url.replace("127.0.0.1", name)).output == FINE
    assert proxy.asked == []


def test_a_token_for_the_sandbox_stays_on_this_computer(service, make_proxy, tmp_path):
    proxy = make_proxy(service)
    surroundings = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    proxies = {f"{scheme}_proxy": f"http://{proxy.address}" for scheme in ("http", "https", "all")}
    main = "from connector.cli import main; main()"
    command = [sys.executable, "-c", main, "run", "getCurrentUserProfile", "--sandbox"]
    # Without HOME, as in a container.
    done = subprocess.run(command, env=surroundings | proxies, cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, "id" in json.loads(done.stdout)) == (0, True), done.stderr
    assert (proxy.asked, service.requests) == ([], [])


HERE = [
    *("localhost", "LOCALHOST", "localhost.", "api.localhost", "127.0.0.1", "127.0.0.1.", "127.255.255.254", "127.1"),
    *("2130706433", "0x7f000001", "0177.0.0.1", "::1", "0:0:0:0:0:0:0:1", "::ffff:127.0.0.1", "0.0.0.0", "::"),  # noqa: S104 - nothing listens there
]
ELSEWHERE = [
    "",
    "128.0.0.1",
    "10.0.0.1",
    "192.168.0.1",
    "fe80::1%eth0",
    "::2",
    "localhost.example",
    "127.0.0.1.example",
]


@pytest.mark.parametrize("host", HERE)
def test_this_computer_is_known_by_all_its_names(host, monkeypatch):
    monkeypatch.setenv("all_proxy", "http://proxy.example:3128")
    assert is_loopback(host)
    assert find_proxy(f"http://[{host}]:80" if ":" in host else f"http://{host}:80") is None


@pytest.mark.parametrize("host", ELSEWHERE)
def test_another_computer_is_not_taken_for_this_one(host):
    assert not is_loopback(host)


def test_what_a_caller_of_a_cgi_program_says_is_no_proxy(monkeypatch):
    monkeypatch.setenv("REQUEST_METHOD", "GET")
    monkeypatch.setenv("HTTP_PROXY", "http://evil.example:3128")
    assert find_proxy("http://service.example") is None
    monkeypatch.setenv("http_proxy", "http://proxy.example:3128")
    assert find_proxy("http://service.example").url == "http://proxy.example:3128"


@pytest.mark.parametrize("url", ["http://service.example", "https://service.example"])
def test_a_proxy_for_the_other_scheme_is_not_used(monkeypatch, url):
    monkeypatch.setenv("http_proxy" if url.startswith("https") else "https_proxy", "http://proxy.example:3128")
    assert find_proxy(url) is None


@pytest.mark.parametrize(
    "value",
    [
        "http://",
        "http://:3128",
        "ftp://us3r:hush@proxy.example",
        "http://us3r:hush@proxy.example:port",
        "://",
        "hush proxy.example",
    ],
)
def test_a_proxy_that_can_not_be_read_is_told_of_without_being_repeated(call, make_raw, monkeypatch, value):
    monkeypatch.setenv("HTTPS_PROXY", value)
    outcome = call("https://service.example")
    assert (outcome.kind, outcome.meta.retries) == ("network", 0)
    assert "the proxy in HTTPS_PROXY can't be read; it is written http://HOST:PORT" in outcome.error.message
    assert "hush" not in repr(outcome)


def test_a_socks_proxy_without_its_package_says_what_to_install(call, monkeypatch):
    monkeypatch.setattr(connector.wire.proxies, "find_spec", lambda _: None)
    monkeypatch.setenv("ALL_PROXY", "socks5h://us3r:hush@127.0.0.1:1080")
    outcome = call("https://service.example")
    assert (outcome.kind, outcome.meta.retries) == ("network", 0)
    assert "the proxy in ALL_PROXY needs a package: pip install 'requests[socks]'." in outcome.error.message
    assert "hush" not in repr(outcome)


def test_a_request_goes_through_a_socks_proxy_which_resolves_the_name(call, tls_service, make_proxy, monkeypatch):
    proxy = make_proxy(tls_service)
    monkeypatch.setenv("ALL_PROXY", f"socks5h://{proxy.address}")
    assert call("https://service.example").output == FINE
    assert proxy.asked == ["SOCKS service.example:443"]


@pytest.mark.parametrize("scheme", ["http", "socks5h"])
def test_a_proxy_that_says_nothing_is_left_at_the_deadline(call, service, make_proxy, monkeypatch, scheme):
    proxy = make_proxy(service, silent=True)
    monkeypatch.setenv("ALL_PROXY", f"{scheme}://us3r:hush@{proxy.address}")
    outcome = call("https://service.example", timeout=0.5)
    assert outcome.kind == "timeout"
    assert "hush" not in repr(outcome)


def test_nothing_is_told_of_a_proxy_that_is_not_there(call, service, make_proxy, monkeypatch):
    proxy = make_proxy(service)
    monkeypatch.setenv("https_proxy", f"http://us3r:hush@{proxy.address}")
    proxy.stop()
    outcome = call("https://service.example")
    assert "no connection; check the network and proxies." in outcome.error.message
    assert "hush" not in repr(outcome)


@pytest.mark.parametrize(
    ("url", "variable"), [("http://service.example", "http_proxy"), ("https://service.example", "ALL_PROXY")]
)
def test_of_several_variables_the_one_that_counts_is_named(monkeypatch, url, variable):
    for name in ("ftp_proxy", "ALL_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "quic://proxy.example")
    with pytest.raises(SettingError, match=f"the proxy in {variable} can't be read"):
        find_proxy(url)

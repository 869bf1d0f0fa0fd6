"""What stands around the server: addresses in one form, settings that contradict each other, proxies and their word."""

import logging
from ipaddress import ip_network

import pytest
from starlette.datastructures import Headers

from connector.runners.http_server.addresses import build_origin, is_loopback, parse_address
from connector.runners.http_server.proxies import TrustedProxies
from connector.runners.http_server.serving import CannotServe, HttpServer
from connector.runners.http_server.settings import Settings

KEY = {"keys": "n8n:k:*", "key": "k"}


@pytest.mark.parametrize(
    ("written", "origin", "path"),
    [
        ("HTTPS://Blocks.Example", "https://blocks.example", ""),
        ("https://blocks.example:443/", "https://blocks.example", ""),
        ("http://blocks.example:80//", "http://blocks.example", ""),
        ("http://blocks.example:443", "http://blocks.example:443", ""),
        ("https://blocks.example:8443/Base/", "https://blocks.example:8443", "/Base"),
        ("https://blocks.example/a/b/", "https://blocks.example", "/a/b"),
        ("https://blocks.example/größe", "https://blocks.example", "/gr%C3%B6%C3%9Fe"),
        ("https://Bücher.example", "https://xn--bcher-kva.example", ""),
        ("https://faß.example", "https://xn--fa-hia.example", ""),
        ("https://my_host", "https://my_host", ""),
        ("https://[2001:DB8:0::1]:443/x", "https://[2001:db8::1]", "/x"),
        ("http://[::1]:8800", "http://[::1]:8800", ""),
        (" https://blocks.example\n", "https://blocks.example", ""),
    ],
)
def test_one_address_has_one_form(written, origin, path):
    address = parse_address(written)
    assert (address.origin, address.path, address.url) == (origin, path, origin + path)


BAD = {
    "no scheme": "blocks.example",
    "another scheme": "ftp://blocks.example",
    "no host": "https://",
    "no host but a path": "https:///base",
    "no host but a port": "https://:8800",
    "user": "https://me@blocks.example",
    "password": "https://me:letmein@blocks.example",
    "query": "https://blocks.example/?letmein",
    "fragment": "https://blocks.example/#letmein",
    "space": "https://blocks .example",
    "line": "https://blocks\n.example",
    "port": "https://blocks.example:99999",
    "port 0": "https://blocks.example:0",
    "port in letters": "https://blocks.example:http",
    "open bracket": "https://[::1",
    "zone": "https://[fe80::1%25eth0]",
    "encoded host": "https://ex%61mple.org",
    "short number": "https://127.1",
    "hexadecimal number": "https://0x7f000001",
    "empty label": "https://blocks..example",
    "emoji that is no name": "https://\u2028.example",
    "two slashes": "https://blocks.example/a//b",
    "dots": "https://blocks.example/a/../b",
    "encoded dots": "https://blocks.example/%2e%2E/b",
    "encoded slash": "https://blocks.example/a%2Fb",
    "backslash": "https://blocks.example/a\\b",
    "semicolon": "https://blocks.example/a;b",
    "all addresses": "http://0.0.0.0:8800",
    "all IPv6 addresses": "http://[::]:8800",
}


@pytest.mark.parametrize("written", BAD.values(), ids=BAD)
def test_a_public_url_that_can_not_be_used_is_refused_at_the_start(connector, written):
    with pytest.raises(CannotServe, match="The public URL can't be used") as refused:
        HttpServer(connector, Settings(port=0, public_url=written, keys="n8n:k"))
    assert "letmein" not in str(refused.value)


@pytest.mark.parametrize(
    "settings",
    [
        {"public_url": "https://blocks.example"},
        {"public_url": "http://192.0.2.1:8800"},
        {"public_url": "https://127.0.0.1.blocks.example"},
        {"trusted_proxy": ("127.0.0.1",)},
    ],
    ids=lambda settings: next(iter(settings)),
)
def test_what_lets_others_in_needs_keys(connector, settings):
    with pytest.raises(CannotServe, match="CONNECTOR_SERVE_KEYS"):
        HttpServer(connector, Settings(port=0, **settings))


@pytest.mark.parametrize("public", ["http://127.0.0.1:9000/base", "https://localhost", "http://[::1]:9000"])
def test_a_public_url_on_this_computer_needs_none(start, connector, public):
    assert start(connector, public_url=public).get("/blocks").status_code == 200


@pytest.mark.parametrize("written", ["nginx", "*", "10.0.0.1/8", "10.0.0.0/33", ""])
def test_a_proxy_is_named_by_its_address(connector, written):
    with pytest.raises(CannotServe, match="--trusted-proxy"):
        HttpServer(connector, Settings(port=0, trusted_proxy=(written,), keys="n8n:k"))


def test_headers_of_proxies_that_nobody_trusts_mean_nothing(connector):
    with pytest.raises(CannotServe, match="--trusted-proxy"):
        HttpServer(connector, Settings(port=0, proxy_headers="forwarded"))


@pytest.mark.parametrize("written", ["*", "app.example", "https://app.example/page", "https://me@app.example"])
def test_an_origin_that_no_browser_sends_is_refused(connector, written):
    with pytest.raises(CannotServe, match="--cors-origin"):
        HttpServer(connector, Settings(port=0, cors_origin=(written,)))


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("https://App.example:443/", "https://app.example"),
        ("http://bücher.example", "http://xn--bcher-kva.example"),
        ("chrome-extension://abcdef", "chrome-extension://abcdef"),
    ],
)
def test_an_origin_is_compared_as_browsers_send_it(start, connector, written, sent):
    client = start(connector, cors_origin=(written,))
    answer = client.get("/blocks", headers={"Origin": sent})
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, sent)


@pytest.mark.parametrize("written", ["https://Blocks.Example:443/base/", "https://blocks.example/base"])
def test_pages_of_the_public_address_may_call(start, connector, written):
    client = start(connector, public_url=written, **KEY)
    assert client.get("/blocks", headers={"Origin": "https://blocks.example"}).status_code == 200
    assert client.get("/blocks", headers={"Origin": "https://blocks.example:8443"}).status_code == 403


@pytest.mark.parametrize("host", ["127.0.0.2", "::1"])
def test_every_number_of_this_computer_is_its_own(start, connector, host):
    client = start(connector, host=host)
    assert client.get("/blocks", headers={"Origin": client.url}).status_code == 200


@pytest.mark.parametrize(
    "host", ["localho\u017ft", "\uff11\uff12\uff17.0.0.1", "127.1", "0x7f000001", "127.0.0.1@x", "x#@127.0.0.1"]
)
def test_a_host_that_no_browser_sends_is_refused(client, host):
    answer = client.get("/blocks", headers={"Host": host.encode()})
    assert (answer.status_code, answer.json()["kind"]) == (403, "origin")


def test_names_that_only_look_like_this_computer():
    assert [name for name in ("localhost.example", "127.0.0.1.example", "128.0.0.1", "") if is_loopback(name)] == []
    assert build_origin("http", "LOCALHOST:80") == "http://localhost"


BASE = {"base path": "/base/blocks", "taken off by the proxy": "/blocks"}


@pytest.mark.parametrize("path", BASE.values(), ids=BASE)
def test_below_a_base_path_it_answers_whether_the_proxy_takes_it_off_or_not(start, connector, path):
    client = start(connector, public_url="https://example.org/base/", **KEY)
    assert client.get(path).json()["package"]
    assert client.post(f"{path}/nothing").json()["kind"] == "unknown_block"
    assert client.get(f"{path}x").json()["kind"] == "unknown_path"


def test_a_base_path_that_begins_like_a_path_of_its_own_is_left_to_the_proxy(start, connector):
    client = start(connector, public_url="https://example.org/api", **KEY)
    assert client.get(f"/api/{connector.manifest.package['name']}").status_code == 200
    assert client.get("/blocks").status_code == 200


@pytest.mark.parametrize("path", ["/", "/base", "/base/"])
def test_the_front_door_leads_to_the_docs_below_the_base_path(start, connector, path):
    client = start(connector, public_url="https://example.org/base", **KEY)
    assert client.get(path, allow_redirects=False).headers["location"] == "/base/docs"


def test_the_docs_lead_nowhere_outside_of_the_base_path(start, connector):
    page = start(connector, public_url="https://example.org/base", **KEY).get("/docs").text
    assert [word for word in ('href="/', 'action="/', 'src="/') if word in page] == []


@pytest.mark.parametrize(
    ("public", "here"),
    [
        (None, "/"),
        ("https://Example.org", "https://example.org"),
        ("https://example.org/base/", "https://example.org/base"),
    ],
)
def test_the_openapi_document_says_where_the_server_is(start, connector, public, here):
    assert start(connector, public_url=public, **KEY).get("/openapi.json").json()["servers"] == [{"url": here}]


def see(start, connector, caplog, headers, **settings):
    """Client and own origin of a request with these headers, as the server sees them."""
    caplog.set_level(logging.INFO)
    client = start(connector, **{**KEY, **settings})
    allowed = client.get("/blocks", headers={"Origin": "https://blocks.example", **headers}).status_code == 200
    path = client.get("/openapi.json", headers=headers).json()["servers"][0]["url"]
    # A line is written once its answer is out: the first request's is there when the second one is answered.
    lines = [line for record in caplog.records if " /blocks " in (line := record.getMessage())]
    return lines[-1].split()[-2], allowed, path


#: The client, scheme and host that the farthest trusted proxy saw.
FARTHEST = ("203.0.113.9", "https", "good.example")
TELL_ALL = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "blocks.example",
    "X-Forwarded-Prefix": "/base/",
}


def test_a_trusted_proxy_is_believed(start, connector, caplog):
    seen = see(start, connector, caplog, TELL_ALL, trusted_proxy=("127.0.0.0/8",))
    assert seen == ("203.0.113.9", True, "/base")


@pytest.mark.parametrize("trusted", [(), ("10.0.0.0/8", "::1")], ids=["nobody", "others"])
def test_nobody_else_is(start, connector, caplog, trusted):
    seen = see(start, connector, caplog, {**TELL_ALL, "Forwarded": "for=203.0.113.9"}, trusted_proxy=trusted)
    assert seen == ("127.0.0.1", False, "/")


def test_the_word_of_the_other_family_is_not_heard(start, connector, caplog):
    forwarded = {"Forwarded": "for=203.0.113.9;proto=https;host=blocks.example"}
    told = {"trusted_proxy": ("127.0.0.1",), "proxy_headers": "forwarded"}
    assert see(start, connector, caplog, forwarded, **told) == ("203.0.113.9", True, "/")
    assert see(start, connector, caplog, forwarded, trusted_proxy=("127.0.0.1",)) == ("127.0.0.1", False, "/")
    seen = see(start, connector, caplog, TELL_ALL, trusted_proxy=("127.0.0.1",), proxy_headers="forwarded")
    assert seen == ("127.0.0.1", False, "/")


def read(header, told, family):
    """What a proxy on this computer says by one header; those in 10.0.0.0/8 are trusted too."""
    networks = [ip_network("127.0.0.1"), ip_network("10.0.0.0/8")]
    return TrustedProxies(networks, family).read("127.0.0.1", Headers({header: told}))


@pytest.mark.parametrize(
    ("told", "client"),
    [
        ("198.51.100.7, 203.0.113.9, 10.1.1.1", "203.0.113.9"),
        ("203.0.113.9:4711", "203.0.113.9"),
        ("[2001:db8::9]:4711", "2001:db8::9"),
        ("2001:DB8::9", "2001:db8::9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("203.0.113.9, unknown", "127.0.0.1"),
        ("evil\x1b[31m, 10.1.1.1", "10.1.1.1"),
        ("10.1.1.2, 10.1.1.1", "10.1.1.2"),
        ("203.0.113.9,,", "203.0.113.9"),
        ("", "127.0.0.1"),
    ],
)
def test_the_client_is_the_first_that_is_no_trusted_proxy(told, client):
    assert read("X-Forwarded-For", told, "x-forwarded").client == client


@pytest.mark.parametrize(
    ("name", "told", "read_as"),
    [
        ("Proto", "HTTPS", "https"),
        ("Proto", "evil, https", "https"),
        ("Proto", "javascript", ""),
        ("Host", "Blocks.Example:8443", "blocks.example:8443"),
        ("Host", "evil.example, blocks.example", "blocks.example"),
        ("Host", "blocks.example/evil", ""),
        ("Host", "[2001:DB8::1]:8443", "[2001:db8::1]:8443"),
        ("Prefix", "/base/", "/base"),
        ("Prefix", "//evil.example", ""),
        ("Prefix", "/\\evil.example", ""),
        ("Prefix", "https://evil.example", ""),
        ("Prefix", "/a/../b", ""),
        ("Prefix", "base", ""),
    ],
)
def test_the_rest_is_the_neighbour_s_own_word(name, told, read_as):
    found = read(f"X-Forwarded-{name}", told, "x-forwarded")
    assert {"Proto": found.scheme, "Host": found.host, "Prefix": found.path}[name] == read_as


@pytest.mark.parametrize(
    ("told", "seen"),
    [
        ('for="[2001:db8::9]:4711";proto=https;host=blocks.example', ("2001:db8::9", "https", "blocks.example")),
        ("For=203.0.113.9;Proto=HTTPS;Host=Blocks.Example", ("203.0.113.9", "https", "blocks.example")),
        ("host=evil.example;for=9.9.9.9, for=203.0.113.9;proto=https;host=good.example", FARTHEST),
        ("for=203.0.113.9;host=good.example;proto=https, for=10.1.1.1;host=inner", FARTHEST),
        ("for=_hidden;proto=https;host=good.example, for=10.1.1.1;host=inner", ("10.1.1.1", *FARTHEST[1:])),
        ('for="203.0.113.9', ("127.0.0.1", "", "")),
        ("for=203.0.113.9;proto=javascript;host=a/b", ("203.0.113.9", "", "")),
        ("", ("127.0.0.1", "", "")),
    ],
)
def test_the_header_of_the_standard_is_read(told, seen):
    found = read("Forwarded", told, "forwarded")
    assert (found.client, found.scheme, found.host) == seen


def test_behind_a_proxy_nobody_is_led_to_the_server_s_own_address(start, connector, store):
    client = start(connector, store, trusted_proxy=("127.0.0.1",), **KEY)
    assert client.post("/connect/carol").json()["kind"] == "public_url"


ELSEWHERE = [
    {"X-Forwarded-For": "203.0.113.9"},
    {"X-Forwarded-For": "127.0.0.1, 203.0.113.9"},
    {"X-Real-IP": "203.0.113.9"},
    {"X-Forwarded-Host": "blocks.example"},
    {"Forwarded": "for=203.0.113.9"},
    {"Forwarded": 'for="unknown"'},
    {"Forwarded": "host=blocks.example"},
    {"Forwarded": "for=127.0.0.1;;;"},
]


@pytest.mark.parametrize("headers", ELSEWHERE, ids=str)
def test_without_keys_a_proxy_lets_nobody_in(client, headers):
    answer = client.get("/blocks", headers=headers)
    assert (answer.status_code, answer.json()["kind"]) == (403, "origin")
    assert "API keys" in answer.json()["detail"]


@pytest.mark.parametrize("headers", [{"X-Forwarded-For": "127.0.0.1", "X-Forwarded-Host": "localhost:3000"}, {}])
def test_without_keys_a_proxy_for_this_computer_is_fine(client, headers):
    assert client.get("/blocks", headers=headers).status_code == 200

"""Events go to the open internet alone, and to what the operator allows by name: by form, and by the address that is
connected to."""

import socket

import pytest
from proxy_server import ProxyServer

from connector.errors import InvocationFailed
from connector.subscriptions.deliveries import WebhookSender
from connector.subscriptions.destinations import check_destination
from connector.subscriptions.sealing import make_secret
from connector.wire import outside
from connector.wire.deadline import Deadline
from connector.wire.outside import ALLOWED, is_open

EVENT = {"id": "5f1d", "type": "shipArrived", "time": None, "data": {}}
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
#: An address on the open internet, which no test connects to.
OPEN = "198.51.100.7"


@pytest.fixture
def deliver():
    senders = []

    def run(url, **options):
        senders.append(WebhookSender("harbour", **options))
        return senders[-1].deliver(EVENT, url, make_secret(), source="s", trigger="t", deadline=Deadline(10))

    yield run
    for sender in senders:
        sender.close()


@pytest.fixture
def resolve(monkeypatch):
    """Has every name lead to these addresses: a list for each time that one is looked up, the last one from then on."""

    def lead(*answers):
        left = list(answers)

        def look_up(_host, port, *_options):
            found = left.pop(0) if len(left) > 1 else left[0]
            return [
                (socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
                for address in found
            ]

        monkeypatch.setattr(socket, "getaddrinfo", look_up)

    return lead


def refuse(url):
    with pytest.raises(InvocationFailed) as caught:
        check_destination(url)
    assert caught.value.error.kind == "invalid_fields"
    [problem] = caught.value.error.fields
    assert problem.name == "url"
    return problem.problem


@pytest.mark.each(
    ("url", "server"),
    [
        ("https://hooks.example.com/a?b=c#d", "https://hooks.example.com:443"),
        ("HTTPS://Hooks.Example.COM./a", "https://hooks.example.com:443"),
        ("https://hooks.example.com:8443", "https://hooks.example.com:8443"),
        ("https://hooks.example.com:/", "https://hooks.example.com:443"),
        ("https://bücher.example.com/", "https://xn--bcher-kva.example.com:443"),
        ("https://8.8.8.8/", "https://8.8.8.8:443"),
        ("https://[2606:4700:0::1111]/", "https://[2606:4700::1111]:443"),
    ],
)
def test_an_address_on_the_open_internet_is_taken(url, server):
    assert check_destination(url).server == server


@pytest.mark.each(
    ("url", "why"),
    [
        *((url, "is no web address") for url in ("", "hooks", "https://", "ftp://a.example/", "file:///etc/passwd")),
        *((url, "is no web address") for url in ("https://[", "https://[::1", "https://a.example:0/", "https://a..b/")),
        *((url, "is no web address") for url in ("https://a.example:99999/", "https://a.example:8O/", "//a.example/")),
        *(
            (url, "is no web address")
            for url in ("https://a%2eb.example/", "https://-a.example/", "https://a\\b.example/")
        ),
        *((url, "is no web address") for url in ("https://[fe80::1%25eth0]/", f"https://{'a' * 64}.example/")),
        *(
            (url, "holds spaces")
            for url in ("https://a.example/a b", "https://a.example/\r\nX: y", " https://a.example")
        ),
        *(
            (url, "holds spaces")
            for url in ("https://a.ex\tample/", "https://a\u200b.example/", "https://a.example/\x00")
        ),
        (f"https://a.example/{'a' * 2048}", "is longer than 2048 characters"),
        *((url, "has a user name") for url in ("https://me:secret@a.example/", "https://@a.example/")),
        *((url, "has a user name") for url in ("https://a.example\\@127.0.0.1/", "https://127.0.0.1@a.example/")),
        ("http://a.example/", "begins with something else than https://"),
    ],
)
def test_what_is_no_address_to_send_to_is_refused_in_words(url, why):
    assert refuse(url).startswith(why)
    assert "secret" not in refuse(url)


@pytest.mark.each(
    "host",
    [
        *("localhost", "LOCALHOST.", "a.localhost", "printer", "printer.local", "db.internal", "nas.home.arpa"),
        *("127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001", "127.0.0.1."),
        *("\uff11\uff12\uff17.0.0.1", "①②⑦.0.0.1", "127。0。0。1", "ⓛocalhost"),
        *("0.0.0", "0", "10.0.0.1", "172.16.0.1", "192.168.0.1", "100.64.0.1", "169.254.169.254", "224.0.0.1"),
        *("255.255.255.255", "192.0.0.192", "168.63.129.16", "100.100.100.200", "metadata.google.internal"),
        *("[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[fd00:ec2::254]", "[fe80::1]", "[ff02::1]"),
        *("[64:ff9b::127.0.0.1]", "[64:ff9b::a9fe:a9fe]", "[2002:7f00:1::]", "[2002:a9fe:a9fe::]", "[::127.0.0.1]"),
    ],
)
def test_this_machine_and_its_network_are_refused_by_their_form(host):
    assert refuse(f"https://{host}/").startswith("leads to this computer or its network")


def test_the_operator_allows_hosts_by_name(monkeypatch):
    monkeypatch.setenv(ALLOWED, "n8n, Hooks.Internal. ,10.0.0.7,[::1],bücher.local")
    for url in ("http://n8n:5678/", "https://hooks.internal/", "http://10.0.0.7/", "http://[0::1]/"):
        assert check_destination(url).is_allowed
    assert check_destination("http://xn--bcher-kva.local/").is_allowed
    for url in ("http://n8n.example.com/", "http://other/", "http://10.0.0.8/", "http://127.0.0.1/"):
        assert refuse(url)
    # One port of a host, so that what else listens there stays out of reach.
    monkeypatch.setenv(ALLOWED, "localhost:5678, [::1]:80,fd00::1:443")
    for url in ("http://localhost:5678/", "http://[::1]/", "https://[fd00::1:443]:8443/"):
        assert check_destination(url).is_allowed
    for url in ("http://localhost/", "http://localhost:6379/", "http://localhost:56780/", "https://[fd00::1]/"):
        assert refuse(url)
    monkeypatch.setenv(ALLOWED, ",:,:80,[")
    assert refuse("https:///")


@pytest.mark.each(
    "address",
    [
        *("127.0.0.1", "10.0.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "168.63.129.16"),
        "0.0.0.0",  # noqa: S104 - not to listen there
        *("::1", "::ffff:127.0.0.1", "fe80::1", "fd00::1", "64:ff9b::10.0.0.1", "2002:7f00:1::"),
    ],
)
def test_no_name_leads_an_event_into_a_private_network(resolve, deliver, address):
    resolve([address])
    found = deliver("https://innocent.example.com/")
    assert (found.ok, found.status) == (False, None)
    assert "may not be connected to" in found.why


def test_a_name_that_leads_elsewhere_by_the_next_look_up_leads_nowhere(make_raw, resolve, deliver, monkeypatch):
    """DNS rebinding: what is connected to is what was looked at, and it is looked at each time."""
    receiver = make_raw(lambda peer: peer.say(OK))
    url = f"https://innocent.example.com:{receiver.port}/"
    looked_at = []
    monkeypatch.setattr(outside, "is_open", lambda address: looked_at.append(address) or is_open(address))
    resolve([OPEN], ["127.0.0.1"], ["127.0.0.1", "::1"])
    assert check_destination(url)
    assert not any(deliver(url).ok for _ in range(3))
    assert looked_at == [OPEN, "127.0.0.1", "127.0.0.1", "::1"]
    assert receiver.connections == 0


def test_of_several_addresses_those_that_are_closed_are_left_out(make_raw, resolve, deliver, monkeypatch):
    receiver = make_raw(greeting=b"this is no TLS, so it is connected to and not understood")
    monkeypatch.setattr(outside, "is_open", lambda address: address == "127.0.0.1")
    resolve(["10.0.0.1", "127.0.0.1"])
    assert "no trusted connection" in deliver(f"https://innocent.example.com:{receiver.port}/").why


def test_this_machines_own_open_address_is_not_reached(monkeypatch):
    """What listens there may be closed to the network by a wall that stands in front of it."""
    monkeypatch.setattr(outside, "_INWARD", ())
    assert outside._is_of_this_machine("127.0.0.1")
    assert not outside._is_of_this_machine(OPEN)
    monkeypatch.setattr(outside, "_is_of_this_machine", lambda address: address == "8.8.8.8")
    assert [is_open(address) for address in ("8.8.8.8", "9.9.9.9", "::ffff:8.8.8.8")] == [False, True, False]


def test_a_proxy_is_asked_for_hosts_that_are_allowed_and_for_no_others(make_raw, deliver, monkeypatch):
    """It would connect to any address, and nobody would have looked at that."""
    receiver = make_raw(lambda peer: peer.say(OK))
    proxy = ProxyServer(receiver.url)
    for variable in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(variable, f"http://{proxy.address}")
    monkeypatch.setenv(ALLOWED, "hooks.example.com")
    monkeypatch.setattr(outside, "is_open", lambda _address: False)
    assert not deliver("https://innocent.example/").ok
    assert proxy.asked == []
    assert deliver("http://hooks.example.com/").status == 200
    assert len(proxy.asked) == 1
    proxy.stop()


def test_whoever_owns_the_machine_may_name_it(make_raw, deliver):
    receiver = make_raw(lambda peer: peer.say(OK))
    assert not deliver(receiver.url).ok
    assert deliver(receiver.url, is_own=True).ok


@pytest.mark.each(
    ("path", "sent"),
    [("", "/"), ("/a%2Fb?c=%20", "/a%2Fb?c=%20"), ("/å?ø=1", "/%C3%A5?%C3%B8=1"), ("/../a;b=c?d&e#f", "/../a;b=c?d&e")],
)
def test_a_path_arrives_as_it_was_given(make_raw, deliver, path, sent):
    receiver = make_raw(lambda peer: peer.say(OK))
    assert deliver(receiver.url + path, is_own=True).ok
    assert receiver.requests[0].startswith(f"POST {sent} HTTP/1.1\r\n".encode())

"""A server's address is judged when a connector is made, wherever it was written, and never by its first call."""

import pytest

from connector import Connector, ConnectorError
from connector.manifest.server_addresses import read_server_address


@pytest.mark.each(
    ("text", "address"),
    [
        ("https://host", "https://host"),
        ("http://127.0.0.1:8900/", "http://127.0.0.1:8900"),
        (" HTTPS://Host/base/\r\n", "https://Host/base"),
        ("\ufeffhttp://[::1]:80/a//", "http://[::1]:80/a"),
        ("http://bücher.example/ä", "http://bücher.example/ä"),
    ],
)
def test_an_address_is_used_without_what_stands_around_it(text, address):
    assert read_server_address(text, "Here") == address


@pytest.mark.each(
    ("text", "why"),
    [
        ("ftp://host", "begin with"),
        ("file:///etc/passwd", "begin with"),
        ("ws://host", "begin with"),
        ("unix:///run/socket", "begin with"),
        ("host", "begin with"),
        ("//host", "begin with"),
        ("localhost:8900", "begin with"),
        ("http:/host", "begin with"),
        ("https:host", "begin with"),
        ("/v1", "begin with"),
        ("s3cret", "begin with"),
        ("http://", "begin with|no host"),
        ("http:///v1", "no host"),
        ("http://:80", "no host"),
        ("http://host:0", "port 0"),
        ("http://host:port", "port can't be read"),
        ("http://host:65536", "port can't be read"),
        ("http://[::1", "can't be read"),
        ("http://user:s3cret@host", "user or a password"),
        ("http://host/?key=s3cret", "query"),
        ("http://host/#part", "fragment"),
        ("http://ho st", "no address has"),
        ("http://host\\evil", "no address has"),
        ("http://host/a\nb", "no address has"),
        ("http://host\x00", "no address has"),
        ('"http://host"', "begin with"),
    ],
)
def test_what_is_no_address_is_told_of_without_repeating_it(text, why):
    with pytest.raises(ConnectorError, match=why) as caught:
        read_server_address(text, "The value of HERE")
    assert str(caught.value).startswith("The value of HERE is no address of a server: ")
    assert "s3cret" not in str(caught.value)


def test_each_place_where_an_address_stands_is_named(manifest, monkeypatch):
    with pytest.raises(ConnectorError, match="given for the server api"):
        Connector(manifest, servers={"api": "ftp://host"})
    monkeypatch.setenv("CONNECTOR_SERVER_API", "file://")
    with pytest.raises(ConnectorError, match="CONNECTOR_SERVER_API"):
        Connector(manifest)
    assert Connector(manifest, servers={"api": "http://host"}).servers["api"] == "http://host"

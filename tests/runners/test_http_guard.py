"""What stands before all endpoints: hosts, origins, headers for browsers, the log."""

import contextlib
import http.client
import json
import logging
import socket
import time
from urllib.parse import urlsplit

import pytest

from connector.runners.http_server.serving import CannotServe, HttpServer
from connector.runners.http_server.settings import Settings

PROFILE = "getCurrentUserProfile"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "198.51.100.1", "runner.example"])  # noqa: S104 - they are refused
def test_an_address_that_others_reach_needs_a_key(connector, host):
    with pytest.raises(CannotServe, match="CONNECTOR_SERVE_KEYS"):
        HttpServer(connector, Settings(host=host, port=0))


def test_with_a_key_any_address_will_do(start, connector):
    client = start(connector, host="0.0.0.0", keys="n8n:k", key="k")  # noqa: S104 - closed again at once
    assert client.get("/blocks").status_code == 200


def test_a_port_that_is_taken(connector):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CannotServe, match="Address already in use"):
            HttpServer(connector, Settings(port=port))


def test_it_listens_at_ipv6_too(start, connector):
    assert start(connector, host="::1").get("/healthz").json() == {"status": "alive"}


def test_a_request_that_names_two_hosts_is_refused(client):
    """What stands in front may have gone by the other one."""
    address = urlsplit(client.url)
    with contextlib.closing(http.client.HTTPConnection(address.hostname, address.port, timeout=30)) as connection:
        connection.putrequest("GET", "/healthz", skip_host=True)
        for host in ("127.0.0.1", "blocks.example"):
            connection.putheader("Host", host)
        connection.endheaders()
        answer = connection.getresponse()
        assert (answer.status, json.load(answer)["kind"]) == (400, "bad_http")


@pytest.mark.parametrize("host", ["rebound.example", "rebound.example:80", "127.0.0.1.rebound.example", "[::1", ""])
def test_a_name_that_was_bent_to_this_computer_is_refused(client, host):
    answer = client.run(PROFILE, {"connection": "alice"}, headers={"Host": host})
    assert answer.status_code in (400, 403)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_this_computer_s_own_names_are_fine(client, host):
    port = urlsplit(client.url).port
    assert client.get("/blocks", headers={"Host": f"{host}:{port}"}).status_code == 200


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1"])
def test_a_page_elsewhere_can_not_make_the_browser_call(client, origin, sandbox):
    sandbox.control.reset()
    answer = client.post(f"/blocks/{PROFILE}", data='{"connection": "alice"}', headers={"Origin": origin})
    assert (answer.status_code, answer.json()["kind"]) == (403, "origin")
    assert "access-control-allow-origin" not in answer.headers
    assert sandbox.control.calls() == []


def test_the_server_s_own_pages_may_call(client):
    assert client.run(PROFILE, {"connection": "alice"}, headers={"Origin": client.url}).status_code == 200


def test_a_public_address_is_an_own_one(start, connector, store):
    client = start(connector, store, public_url="https://blocks.example/", keys="n8n:k:*", key="k")
    answer = client.run(PROFILE, {"connection": "alice"}, headers={"Origin": "https://blocks.example"})
    assert answer.status_code == 200


def test_cors_is_for_configured_origins_only(start, connector, store):
    client = start(connector, store, cors_origin=("https://app.example",))
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-connection,content-type"}
    granted = client.options(f"/blocks/{PROFILE}", headers={"Origin": "https://app.example", **asked})
    assert granted.status_code == 200
    assert granted.headers["access-control-allow-origin"] == "https://app.example"
    refused = client.options(f"/blocks/{PROFILE}", headers={"Origin": "https://evil.example", **asked})
    assert "access-control-allow-origin" not in refused.headers
    answer = client.run(PROFILE, {"connection": "alice"}, headers={"Origin": "https://app.example"})
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, "https://app.example")
    # What the server says in headers of its own, a page may read.
    assert {"Retry-After", "X-Did", "X-Warnings"} <= set(answer.headers["access-control-expose-headers"].split(", "))
    assert client.run(PROFILE, headers={"Origin": "https://evil.example"}).status_code == 403


@pytest.mark.parametrize("path", ["/blocks", "/nothing", "/healthz", "/docs", "/openapi.json"])
def test_browsers_are_told_to_be_careful(client, path):
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "server" not in headers


def wait_for_lines(caplog, count):
    """The access log's lines; each is written once the answer is out, which its client may see first."""
    end = time.monotonic() + 10
    while True:
        lines = [record.getMessage() for record in caplog.records if record.name == "connector.http.access"]
        if len(lines) >= count or time.monotonic() > end:
            return lines
        time.sleep(0.01)


def test_the_log_has_a_line_for_each_request_and_no_secret(start, connector, store, sandbox, caplog):
    caplog.set_level(logging.INFO)
    client = start(connector, store, keys="n8n:key-secret:*", key="key-secret")
    token = sandbox.demo_args["access_token"]
    client.run(PROFILE, {"access_token": token}, params={"code": "code-secret"})
    client.get("/blocks", headers={"X-API-Key": "wrong-secret"})
    client.get("/callback", params={"code": "code-secret", "state": "state-secret"})
    lines = wait_for_lines(caplog, 3)
    assert [line.split()[:3] for line in lines] == [
        ["POST", f"/blocks/{PROFILE}", "200"],
        ["GET", "/blocks", "401"],
        ["GET", "/callback", "400"],
    ]
    assert [line.split()[-1] for line in lines] == ["n8n", "-", "n8n"]
    assert "secret" not in caplog.text
    assert token not in caplog.text


def test_the_log_can_not_be_written_to_from_outside(start, connector, caplog):
    caplog.set_level(logging.INFO)
    server = start(connector)
    server.get("/%0d%0aforged%1b[31m")
    [line] = wait_for_lines(caplog, 1)
    assert line.isprintable()


def test_the_log_can_be_left_out(start, connector, caplog):
    caplog.set_level(logging.INFO)
    client = start(connector, access_log=False)
    # The first one's line would be there when the second one is answered.
    for _ in range(2):
        client.get("/healthz")
    assert [record for record in caplog.records if record.name == "connector.http.access"] == []

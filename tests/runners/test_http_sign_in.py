"""Signing in through the server: a link or a key, a page of the service, and back."""

import os
import re
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from connector.auth import Connection
from connector.auth.stores.file_store import FileStore
from connector.auth.stores.memory_store import MemoryStore
from connector.runners.http_server import connecting

PROFILE = "getCurrentUserProfile"


@pytest.fixture
def app(sandbox, monkeypatch):
    """The sandbox's app as the server's environment names it."""
    demo = sandbox.demo_args
    monkeypatch.setenv("CONNECTOR_CLIENT_ID", demo["client_id"])
    monkeypatch.setenv("CONNECTOR_CLIENT_KEY", demo["client_key"])
    return demo


class Browser(requests.Session):
    """Goes where it is led, and agrees to what the service asks."""

    def __init__(self):
        super().__init__()
        self.trust_env = False

    def agree(self, url, decision="agree"):
        """From `url` to the page where the sign-in ends."""
        asked = self.get(url, timeout=10)
        assert "would like to" in asked.text, asked.text
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', asked.text))
        place = urlsplit(asked.url)
        return self.post(
            f"{place.scheme}://{place.netloc}/authorize", data={**hidden, "decision": decision}, timeout=10
        )


@pytest.fixture
def browser():
    with Browser() as opened:
        yield opened


def test_a_user_signs_in_and_the_connection_works(app, client, store, browser):
    ended = browser.agree(f"{client.url}/connect/carol")
    assert ended.status_code == 200
    assert "carol can be used now, until the server ends: CONNECTOR_STORE would keep it." in ended.text
    assert client.run(PROFILE, {"connection": "carol"}).json()["type"] == "user"
    connection = store.load("carol")
    assert connection.client_id == app["client_id"]
    assert connection.refresh_token
    assert "user-library-read" in connection.scopes


def test_an_app_without_a_secret_signs_in_by_pkce(app, client, store, browser, monkeypatch):
    monkeypatch.delenv("CONNECTOR_CLIENT_KEY")
    assert browser.agree(f"{client.url}/connect/carol").status_code == 200
    assert store.load("carol").client_secret is None


def test_signing_in_again_uses_the_connection_s_own_app(client, store, browser):
    before = store.load("alice")
    assert browser.agree(f"{client.url}/connect/alice").status_code == 200
    after = store.load("alice")
    assert (after.client_id, after.client_secret) == (before.client_id, before.client_secret)
    assert after.access_token != before.access_token


def test_the_cookie_is_out_of_reach(app, client):
    answer = client.get("/connect/carol", allow_redirects=False)
    assert answer.status_code == 303
    cookie = answer.headers["set-cookie"].lower()
    assert all(word in cookie for word in ("httponly", "samesite=lax", "path=/callback", "max-age=600"))
    assert "secure" not in cookie
    assert app["client_key"] not in cookie
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    assert query["code_challenge_method"] == ["S256"]
    assert query["redirect_uri"] == [f"{client.url}/callback"]


def test_behind_https_the_cookie_is_secure_and_belongs_to_the_public_address(app, start, connector, store):
    client = start(connector, store, public_url="https://Blocks.example:443/base/", keys="n8n:k:*", key="k")
    answer = client.get("/connect/carol", headers={"Host": "blocks.example"}, allow_redirects=False)
    assert answer.status_code == 303
    cookie = answer.headers["set-cookie"].lower()
    assert all(word in cookie for word in ("; secure", "path=/base/callback"))
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    assert query["redirect_uri"] == ["https://blocks.example/base/callback"]
    assert client.post("/connect/carol").json()["url"].startswith("https://blocks.example/base/connect/carol?ticket=")


def test_a_visitor_by_another_name_is_led_once_to_where_the_cookie_will_count(app, start, connector, store):
    client = start(connector, store, public_url="https://blocks.example/base", keys="n8n:k:*", key="k")
    led = client.get("/connect/carol?x=1", allow_redirects=False)
    assert (led.status_code, led.headers["location"]) == (307, "https://blocks.example/base/connect/carol?x=1&led=1")
    # A proxy that rewrites Host makes every visitor look like that.
    assert client.get("/connect/carol?x=1&led=1", allow_redirects=False).status_code == 303


def test_a_visitor_by_another_loopback_name_is_led_to_the_number(app, client):
    other = client.url.replace("127.0.0.1", "localhost")
    led = requests.get(f"{other}/connect/carol", allow_redirects=False, timeout=60)
    assert (led.status_code, led.headers["location"]) == (307, f"{client.url}/connect/carol?led=1")


def test_a_sign_in_that_is_kept_says_nothing_of_an_end(app, start, connector, tmp_path, browser):
    client = start(connector, FileStore(tmp_path / "store"))
    assert "carol can be used now. This window" in browser.agree(f"{client.url}/connect/carol").text


def test_a_user_who_says_no(app, client, store, browser):
    ended = browser.agree(f"{client.url}/connect/carol", decision="cancel")
    assert (ended.status_code, store.load("carol")) == (400, None)
    assert "was cancelled" in ended.text


def test_an_answer_to_another_sign_in_is_refused_and_ends_none(app, client, store, browser):
    begun = browser.get(f"{client.url}/connect/carol", allow_redirects=False, timeout=10)
    ended = browser.get(f"{client.url}/callback?code=stolen&state=another", timeout=10)
    assert (ended.status_code, store.load("carol")) == (400, None)
    assert "its state differs" in ended.text
    # What came from elsewhere has not ended the user's own.
    assert "carol can be used now" in browser.agree(begun.headers["location"]).text
    assert "stolen" not in ended.text


@pytest.mark.parametrize("cookie", [None, "", "forged.cookie.value"], ids=str)
def test_a_browser_without_a_sign_in_under_way(client, cookie):
    cookies = {} if cookie is None else {"sign_in": cookie}
    answer = client.get("/callback?code=x&state=y", cookies=cookies)
    assert answer.status_code == 400
    assert "no sign-in under way" in answer.text


def test_a_sign_in_that_takes_too_long(app, client, browser, monkeypatch):
    monkeypatch.setattr(connecting, "LIFETIME_S", -1)
    began = client.get("/connect/carol", allow_redirects=False)
    kept = began.headers["set-cookie"].split("=", 1)[1].split(";")[0]
    answer = client.get("/callback?code=x&state=y", cookies={"sign_in": kept})
    assert "took too long" in answer.text


def test_a_code_that_is_refused_is_told_with_the_service_s_words(app, client, sandbox, browser):
    sandbox.control.fault("invalid_grant_revoked")
    ended = browser.agree(f"{client.url}/connect/carol")
    assert ended.status_code == 401
    assert "The sign-in of carol" in ended.text


def test_a_key_makes_a_link_for_a_browser(app, start, connector, store, browser):
    client = start(connector, store, keys="n8n:k:carol", key="k")
    made = client.post("/connect/carol").json()
    assert made["expires_in"] == 600
    assert browser.agree(made["url"]).status_code == 200
    assert store.load("carol") is not None


def test_a_link_is_for_one_connection(app, start, connector, store, browser):
    client = start(connector, store, keys="n8n:k:carol", key="k")
    link = client.post("/connect/carol").json()["url"]
    assert browser.get(link.replace("/carol", "/alice"), timeout=10).status_code == 403
    assert browser.get(f"{client.url}/connect/carol?ticket=forged", timeout=10).status_code == 403


def test_a_link_expires(app, start, connector, store, browser, monkeypatch):
    client = start(connector, store, keys="n8n:k:carol", key="k")
    link = client.post("/connect/carol").json()["url"]
    monkeypatch.setattr(connecting, "LIFETIME_S", -1)
    assert browser.get(link, timeout=10).status_code == 403


def test_without_key_or_link_nobody_signs_in(app, start, connector, store, browser):
    client = start(connector, store, keys="n8n:k:carol")
    answer = browser.get(f"{client.url}/connect/carol", timeout=10)
    assert answer.status_code == 401
    assert "POST /connect/carol" in answer.text


def test_a_key_signs_in_to_its_own_connections_only(app, start, connector, store):
    client = start(connector, store, keys="n8n:k:carol", key="k")
    assert client.post("/connect/alice").json()["kind"] == "connection"
    assert client.get("/connect/alice", allow_redirects=False).status_code == 403
    assert client.get("/connect/carol", allow_redirects=False).status_code == 303


def test_another_site_can_not_start_a_sign_in(app, client):
    answer = client.get("/connect/carol", headers={"Sec-Fetch-Site": "cross-site"}, allow_redirects=False)
    assert answer.status_code == 403


def test_a_name_that_no_connection_can_have(client):
    assert client.get("/connect/..%2Fetc", allow_redirects=False).status_code in (404, 422)
    answer = client.post("/connect/a%20b")
    assert (answer.status_code, answer.json()["kind"]) == (422, "connection_name")
    page = client.get("/connect/%3Cb%3E", allow_redirects=False)
    assert page.status_code == 422
    assert "<b>" not in page.text


def test_a_server_without_an_app_says_what_to_set(client):
    answer = client.get("/connect/carol", allow_redirects=False)
    assert answer.status_code == 503
    assert "CONNECTOR_CLIENT_ID" in answer.text


def test_a_server_that_listens_everywhere_must_know_its_address(start, connector, store):
    client = start(connector, store, host="0.0.0.0", keys="n8n:k:*", key="k")  # noqa: S104 - closed again at once
    assert client.post("/connect/carol").json()["kind"] == "public_url"
    assert client.get("/connect/carol").status_code == 503


def test_the_list_says_how_long_each_lasts(start, connector, store, sandbox, app, browser, client):
    browser.agree(f"{client.url}/connect/carol")
    listed = {entry["name"]: entry for entry in client.get("/connections").json()["connections"]}
    assert listed.keys() == {"alice", "bob", "carol", "old-account"}
    assert 180 <= listed["carol"]["days_left"] <= 183
    assert listed["alice"] == {"name": "alice", "scopes": None, "days_left": None, "needs_sign_in": False}
    assert not {"access_token", "refresh_token", "client_secret"} & listed["carol"].keys()


def test_a_damaged_connection_is_told_and_the_others_are_listed(start, connector, tmp_path):
    files = FileStore(tmp_path / "connections")
    files.save(Connection("alice", "an-app", refresh_token="r"))
    for name in ("bob", "my notes", os.fsdecode(b"\xff")):
        (files.folder / f"{name}.json").write_text("{", "utf-8")
    client = start(connector, files)
    listed = {entry["name"]: entry for entry in client.get("/connections").json()["connections"]}
    assert {name: entry["needs_sign_in"] for name, entry in listed.items()} == {"alice": False, "bob": True}
    assert listed["bob"]["problem"] == "What is stored of it can't be read."


def test_a_store_that_fails_is_told(start, connector):
    class Broken(MemoryStore):
        def names(self):
            from connector.auth import StoreFailed

            raise StoreFailed("The keyring is locked.")

    client = start(connector, Broken())
    answer = client.get("/connections")
    assert (answer.status_code, answer.json()["kind"], answer.json()["detail"]) == (
        503,
        "store",
        "The keyring is locked.",
    )
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200


def test_without_a_store_there_is_no_sign_in(start, connector):
    assert start(connector).get("/connections").json()["kind"] == "unknown_path"

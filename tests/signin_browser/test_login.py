"""A maker signs in: `login` in a terminal, the service's page in a real browser, and back."""

import os
import socket
import stat
import sys

import pytest
from playwright.sync_api import expect

SECRET = "sandbox-secret-not-real"


def see(page, heading, *words):
    """The page that the browser ended at says this."""
    expect(page.get_by_role("heading")).to_have_text(heading)
    for text in words:
        expect(page.locator("main")).to_contain_text(text)


@pytest.mark.parametrize("secret", ["", SECRET], ids=["PKCE", "secret"])
def test_agreeing(login, page, load, run_block, manifest, secret):
    process = login("--no-browser", CONNECTOR_CLIENT_KEY=secret)
    page.goto(process.url)
    page.get_by_role("button", name="Agree").click()
    see(page, "Signed in", "The connection default is stored.")
    assert process.finish() == 0, process.said
    assert f"the connection default with {len(manifest.data['scopes'])} scopes is in the folder" in process.said
    assert "It lasts until" in process.said
    connection = load()
    assert connection.client_secret == (secret or None)
    assert [word for word in connection.secrets if word in process.said] == []
    assert run_block("getCurrentUserProfile", "default")["display_name"] == "Sandbox Listener"


def test_the_page_is_readable_by_day_and_by_night(login, browser):
    for scheme, is_dark in (("light", False), ("dark", True)):
        process = login("--no-browser")
        context = browser.new_context(color_scheme=scheme)
        page = context.new_page()
        problems = []
        page.on("console", lambda message, problems=problems: problems.append(message.text))
        page.on("request", lambda request, problems=problems: problems.append(request.url))
        page.goto(process.url)
        page.get_by_role("button", name="Agree").click()
        see(page, "Signed in")
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (sum(map(int, ground.strip("rgb()").split(","))) < 3 * 128) is is_dark
        assert process.finish() == 0
        own = [entry for entry in problems if not entry.startswith(process.url.partition("/authorize")[0])]
        assert [entry.partition("?")[0] for entry in own if "/favicon.ico" not in entry] == [process.redirect_uri]
        context.close()


def test_cancelling(login, page, store):
    process = login("--no-browser")
    page.goto(process.url)
    page.get_by_role("button", name="Cancel").click()
    see(page, "Not signed in", "The sign-in was cancelled: nothing was granted.")
    assert process.finish() == 1
    assert "The sign-in was cancelled" in process.said
    assert store.names() == []


def test_a_wrong_state_is_turned_away_and_the_right_one_still_counts(login, page, store, load):
    process = login("--no-browser")
    page.goto(f"{process.redirect_uri}?code=stolen&state=made-up")
    see(page, "Not signed in", "This answer belongs to another sign-in")
    assert store.names() == []
    page.goto(process.url)
    page.get_by_role("button", name="Agree").click()
    see(page, "Signed in")
    assert process.finish() == 0
    assert load().refresh_token


def test_a_code_that_expired_on_its_way(login, page, control, store):
    process = login("--no-browser")

    def dawdle(route):
        answer = route.fetch(max_redirects=0)
        control.clock(601)
        route.fulfill(response=answer)

    page.goto(process.url)
    page.route("**/authorize", dawdle)
    page.get_by_role("button", name="Agree").click()
    see(page, "Not signed in", "Authorization code expired", "A code works once and for ten minutes")
    assert process.finish() == 1
    assert "Authorization code expired" in process.said
    assert store.names() == []


def test_a_port_that_is_taken(login):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = login("--no-browser", "--port", str(port))
        assert process.finish() == 2
    assert f"Port {port} on 127.0.0.1 can't be used" in process.said
    assert "Choose another with --port" in process.said


def test_a_port_that_was_chosen(login, page):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = login("--no-browser", "--port", str(port))
    assert process.redirect_uri == f"http://127.0.0.1:{port}/callback"
    page.goto(process.url)
    page.get_by_role("button", name="Agree").click()
    see(page, "Signed in")
    assert process.finish() == 0


def test_a_redirect_uri_that_the_service_refuses(login, control):
    """The service shows it in the browser and never comes back, so it is found and said before."""
    control.seed(app={"redirect_uris": ["https://example.com/callback"]})
    process = login("--no-browser")
    assert process.finish() == 1
    assert "Spotify refuses this sign-in: Sign-in failed INVALID_CLIENT: Invalid redirect URI" in process.said
    assert "register http://127.0.0.1/callback on the app's page" in process.said


def test_nobody_comes_back(login):
    process = login("--no-browser", "--timeout", "1")
    assert process.finish() == 1
    assert "No answer came back within 1 s." in process.said
    assert "register http://127.0.0.1/callback" in process.said


@pytest.mark.skipif(os.name != "posix", reason="the browser is a shell script here")
def test_the_browser_is_opened(login, page, tmp_path):
    opened, script = tmp_path / "opened", tmp_path / "browser"
    script.write_text(
        f"#!{sys.executable}\nimport pathlib, sys\npathlib.Path({str(opened)!r}).write_text(sys.argv[1])\n"
    )
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    process = login(BROWSER=str(script))
    process.wait_for("Your browser opens. If it doesn't, go to:")
    assert opened.read_text("utf-8") == process.url
    page.goto(process.url)
    page.get_by_role("button", name="Agree").click()
    see(page, "Signed in")
    assert process.finish() == 0


def test_pasting(login, page, load):
    """The browser runs elsewhere: nothing listens where it is sent, and its address bar is the answer."""
    process = login("--paste", "--name", "alice", "--for", "getUserTopTracks")
    url = process.url
    process.wait_for("Paste it here: ")
    page.goto(url)
    with page.expect_event("requestfailed", lambda request: "/callback?" in request.url) as gone:
        page.get_by_role("button", name="Agree").click(no_wait_after=True)
    process.type("not an address")
    process.type(gone.value.url)
    assert process.finish() == 0, process.said
    assert "This is not the address that the sign-in led back to" in process.said
    assert load("alice").scopes == ("user-top-read",)


def test_a_refresh_token_lives_on_through_the_expiry_of_its_first_token(login, page, control, run_block):
    process = login("--no-browser")
    page.goto(process.url)
    page.get_by_role("button", name="Agree").click()
    assert process.finish() == 0
    control.clock(3700)
    assert run_block("getCurrentUserProfile", "default")["id"]

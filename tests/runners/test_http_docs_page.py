"""The page at /docs, as a browser shows it: nothing comes from elsewhere, and the forms work."""

import re

import pytest
import requests
from standardwebhooks import Webhook

from connector.arguments.wording import describe_fit
from connector.manifest.beforehand import tell_cost
from connector.manifest.closed_blocks import tell_closed
from connector.manifest.triggers import iter_triggers
from connector.runners.http_server.docs_block import build_block
from connector.runners.http_server.docs_page import SCRIPTS
from connector.runners.http_server.docs_trigger import build_trigger
from connector.subscriptions.places import open_folder


@pytest.fixture
def page(browser, shared_client):
    """The page, opened; every request to elsewhere and every complaint of the browser fails the test."""
    opened = browser.new_page(viewport={"width": 1200, "height": 900})
    opened.set_default_timeout(10_000)
    asked, complaints = [], []
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("console", lambda message: complaints.append(message.text) if is_complaint(message) else None)
    opened.on("pageerror", lambda problem: complaints.append(str(problem)))
    opened.goto(f"{shared_client.url}/docs")
    yield opened
    opened.close()
    assert [
        url for url in asked if not url.startswith((f"{shared_client.url}/", "data:")) and "/images/" not in url
    ] == []
    assert complaints == []


def is_complaint(message):
    """Whether the browser found fault with the page; an answer that is a problem is none."""
    return message.type in ("error", "warning") and not message.text.startswith("Failed to load resource")


def open_block(page, name):
    page.evaluate("name => (location.hash = name)", name)
    page.locator(".badges code", has_text=re.compile(f"^{name}$")).wait_for()


def run(page):
    page.get_by_role("button", name="Run", exact=True).click()
    page.locator(".output > :is(.status, .problem)").wait_for()


def test_every_block_is_told_with_its_fields(manifest):
    for block in manifest:
        told = build_block(manifest, block)
        assert (told["title"], told["description"]) == (block.title, block.description)
        assert {field["name"] for field in told["fields"]} == set(block.fields)
        for field in told["fields"]:
            declared = block.fields[field["name"]]
            assert (field["title"], field["is_required"]) == (declared.title, declared.required)
            assert field["fits"] == describe_fit(declared.schema) or field["options"]
        assert told["about_closed"] == tell_closed(block)
        assert len(told["cost"]) == len(tell_cost(block))


def test_a_field_has_the_control_that_suits_it(manifest):
    def controls(name):
        return {field["name"]: field["control"] for field in build_block(manifest, manifest.block(name))["fields"]}

    assert controls("createPlaylist") == {
        "access_token": "secret",
        "name": "text",
        "description": "text",
        "public": "switch",
        "collaborative": "switch",
        "if_exists": "menu",
    }
    assert controls("search")["type"] == "several"
    assert controls("addItemsToPlaylist")["uris"] == "lines"
    assert controls("uploadPlaylistCover")["image"] == "picture"
    assert controls("importPlaylist")["file"] == "file"
    assert controls("getFeaturedPlaylists")["timestamp"] == "moment"
    assert (controls("searchTracks")["market"], controls("searchTracks")["max_items"]) == ("offer", "whole")
    assert controls("startPlayback")["position_ms"] == "text"


def test_closed_blocks_are_marked_and_stand_last_in_their_group(page, manifest):
    for group in page.locator("nav .group").all():
        marked = group.locator("li").evaluate_all("all => all.map(each => !!each.querySelector('.closed'))")
        assert marked == sorted(marked)
    assert page.locator("nav .badge.closed").count() == len([block for block in manifest if block.closed])


def test_a_block_is_found_by_words_of_it(page):
    page.fill("#filter", "Profile GET")
    assert page.locator("nav li:visible").all_inner_texts() == ["Get my profile", "Get a user's profile closed"]
    assert page.locator("#found").inner_text() == "2 blocks"
    page.fill("#filter", "podcast new episode trigger")
    assert page.locator("nav li:visible").all_inner_texts() == ["A saved podcast has a new episode trigger"]
    assert page.locator("#found").inner_text() == "1 trigger"
    page.fill("#filter", "nothing has this")
    assert page.locator("nav .group:visible").count() == 0
    page.fill("#filter", "")
    assert page.locator("nav li:visible").count() > 1


def test_a_block_is_tried_with_the_connection_that_is_chosen(page):
    page.locator("#connection").select_option("bob")
    open_block(page, "getCurrentUserProfile")
    with page.expect_request("**/blocks/getCurrentUserProfile") as asked:
        run(page)
    assert asked.value.headers["x-connection"] == "bob"
    assert "country" in page.locator(".output dl").inner_text()


def look(page):
    page.get_by_role("button", name="Look now", exact=True).click()
    page.locator(".output > :is(.status, .problem)").wait_for()


def test_a_second_look_tells_what_is_new_since_the_first(page, shared_client):
    found = shared_client.run("searchTracks", {"q": "garden", "max_items": 2}, headers={"X-Connection": "bob"}).json()
    uris = {"uris": [track["uri"] for track in found["tracks"]["items"]]}
    shared_client.run("removeFromLibrary", uris, headers={"X-Connection": "bob"}).raise_for_status()
    page.locator("#connection").select_option("bob")
    open_block(page, "newSavedTrack")
    look(page)
    assert page.locator(".output .status").inner_text().startswith("The mark is set · 1 call")
    shared_client.run("saveToLibrary", uris, headers={"X-Connection": "bob"}).raise_for_status()
    # The state outlives a visit to a block.
    open_block(page, "getTrack")
    open_block(page, "newSavedTrack")
    look(page)
    assert page.locator(".output .status").inner_text().startswith("2 events · 1 call")
    assert page.locator(".output tbody tr").count() == 2
    assert page.locator(".output thead th").all_inner_texts()[:2] == ["track", "artists"]
    look(page)
    assert page.locator(".output .status").inner_text().startswith("Nothing new")
    # Of other fields or another connection it knows nothing.
    page.locator("#connection").select_option("alice")
    look(page)
    assert page.locator(".output .status").inner_text().startswith("The mark is set")
    assert "began anew" in page.locator(".output").inner_text()
    page.get_by_role("button", name="Begin anew").click()
    assert page.get_by_role("button", name="Begin anew").is_hidden()


def test_a_trigger_s_events_are_shown_with_what_a_person_wants(page):
    open_block(page, "playbackChanged")
    page.get_by_label("Also the last").fill("1")
    look(page)
    heads = page.locator(".output thead th").all_inner_texts()
    assert heads == ["changed", "track", "playing", "device", "context"][-len(heads) :]
    open_block(page, "newPlaylistItem")
    look(page)
    assert page.get_by_label("Playlist required").get_attribute("aria-invalid") == "true"


def test_a_subscription_is_made_tried_paused_and_deleted(
    browser, start, connector, store, server, tmp_path, monkeypatch
):
    monkeypatch.setenv("CONNECTOR_ALLOWED_HOSTS", "127.0.0.1")
    server.answer = lambda _seen: (204, {}, b"")
    client = start(connector, store, place=open_folder(tmp_path), connection="alice")
    page = browser.new_page()
    page.set_default_timeout(10_000)
    page.goto(f"{client.url}/docs")
    open_block(page, "newSavedTrack")
    page.get_by_text("Have events sent to you").click()
    page.get_by_role("button", name="Subscribe").click()
    page.locator(".problem").wait_for()
    assert page.get_by_label("Send to required").get_attribute("aria-invalid") == "true"
    page.get_by_label("Send to required").fill(f"{server.url}/hook")
    page.get_by_role("button", name="Subscribe").click()
    secret = page.get_by_label("Secret", exact=True).input_value()
    assert secret.startswith("whsec_")
    page.get_by_role("link", name="Your subscriptions").click()
    card = page.get_by_role("region", name="Subscription to newSavedTrack")
    card.get_by_role("button", name="Send a test").click()
    card.get_by_text("Taken: the receiver answered 204.").wait_for()
    [seen] = server.requests
    headers = {name.lower(): value for name, value in seen.headers.items()}
    assert Webhook(secret).verify(seen.body, headers)["subject"] == "newSavedTrack"
    assert secret not in page.content()
    card.get_by_role("button", name="Pause").click()
    card.get_by_role("button", name="Resume").click()
    card.get_by_role("button", name="Pause").wait_for()
    card.get_by_role("button", name="Delete").click()
    assert len(client.get("/subscriptions").json()["subscriptions"]) == 1
    card.get_by_role("button", name="Delete it for good").click()
    page.get_by_text("There is none yet").wait_for()
    assert client.get("/subscriptions").json()["subscriptions"] == []
    page.close()


def test_a_server_that_takes_no_subscriptions_shows_none(page):
    open_block(page, "newSavedTrack")
    assert page.get_by_text("Have events sent to you").count() == 0
    assert page.get_by_role("link", name="Subscriptions").count() == 0


def test_a_trigger_is_told_with_what_looks_cost(manifest):
    for trigger in iter_triggers(manifest):
        told = build_trigger(manifest, trigger)
        assert (told["title"], told["cost"]) == (trigger.form.title, trigger.cost._asdict())
        assert {field["name"] for field in told["fields"]} == set(trigger.form.fields)
        assert set(told["how"]) <= set(trigger.form.fields)
        assert told["sample"]["type"] == trigger.name
        assert bool(told["closed"]) == bool(trigger.closed)


def test_what_is_wrong_stands_at_its_field(page):
    open_block(page, "getCategory")
    run(page)
    field = page.get_by_label("Category required")
    assert field.get_attribute("aria-invalid") == "true"
    wrong, _ = (page.locator(f"#{name}") for name in field.get_attribute("aria-describedby").split())
    assert wrong.inner_text() == "Is required. Fits: a category id as getCategories lists it."
    assert page.evaluate("document.activeElement.id") == field.get_attribute("id")


def test_an_answer_is_text_even_if_it_looks_like_markup(page, shared_client):
    answer = "<img src=x onerror='window.bad = 1'>"
    page.route(f"{shared_client.url}/blocks/getCategory", lambda route: route.fulfill(body=answer))
    open_block(page, "getCategory")
    run(page)
    assert page.locator(".output pre").first.inner_text() == answer
    assert page.locator(".output img").count() == 0


def test_what_calls_for_signing_in_leads_there(page, shared_client):
    document = {"title": "The user has to sign in again", "status": 401, "kind": "reauthorize", "detail": "Sign in."}
    page.route(
        f"{shared_client.url}/blocks/getCurrentUserProfile", lambda route: route.fulfill(status=401, json=document)
    )
    open_block(page, "getCurrentUserProfile")
    run(page)
    page.locator(".problem").get_by_role("button", name="Sign in…").click()
    assert page.locator("#new-connection").input_value() == "alice"
    page.get_by_role("button", name="Sign in", exact=True).click()
    assert page.get_by_role("link", name="Go on to sign in").get_attribute("href") == "connect/alice"


def test_secrets_are_not_shown_while_they_are_typed(manifest):
    for block in manifest:
        for field in build_block(manifest, block)["fields"]:
            assert (field["control"] == "secret") == block.fields[field["name"]].secret
        assert not {field for field in build_block(manifest, block)["example"] if block.fields[field].secret}


def test_the_page_needs_no_key_and_tells_no_connection(start, connector, store):
    client = start(connector, store, keys="n8n:key-not-real:alice", connection="alice")
    client.headers.pop("X-API-Key", None)
    page = client.get("/docs")
    assert page.ok
    assert "alice" not in page.text
    assert client.get("/docs/blocks/search").ok
    assert client.get("/docs/triggers/newSavedTrack").ok
    assert client.get("/connections").status_code == 401


def test_files_are_sent_again_only_where_they_are_new(shared_client):
    for name in (*SCRIPTS, "page.css"):
        sent = shared_client.get(f"/docs/{name}")
        again = shared_client.get(f"/docs/{name}", headers={"If-None-Match": sent.headers["ETag"]})
        assert (sent.status_code, again.status_code) == (200, requests.codes.not_modified)
    assert shared_client.get("/docs/docs_page.py").status_code == 404


def test_below_a_base_path_nothing_leaves_it(browser, start, connector, store):
    client = start(connector, store, public_url="http://127.0.0.1/base")
    opened, asked = browser.new_page(), []
    opened.on("request", lambda request: asked.append(request.url))
    opened.goto(f"{client.url}/base/")
    opened.locator("#connection").select_option("alice")
    open_block(opened, "getCurrentUserProfile")
    run(opened)
    assert opened.locator(".status").inner_text().startswith("Here it is")
    opened.get_by_role("link", name="Spotify").click()
    opened.get_by_role("link", name="OpenAPI document").click()
    opened.wait_for_url("**/openapi.json")
    opened.close()
    assert len(asked) >= 3
    assert [
        url for url in asked if not url.startswith((f"{client.url}/base/", "data:")) and "/images/" not in url
    ] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_can_be_read_in_both_schemes(browser, shared_client, scheme):
    page = browser.new_page(color_scheme=scheme)
    page.goto(f"{shared_client.url}/docs")
    ink, ground = (
        [int(part) for part in re.findall(r"\d+", page.evaluate(f"getComputedStyle(document.body).{name}"))[:3]]
        for name in ("color", "backgroundColor")
    )
    assert contrast(ink, ground) > 7
    assert (sum(ground) < sum(ink)) == (scheme == "dark")
    page.close()


def contrast(one, other):
    """WCAG's ratio of two colours."""

    def luminance(colour):
        parts = [part / 255 for part in colour]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, light = sorted(map(luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_policy_stops_what_is_not_the_page_s_own(browser, shared_client):
    page = browser.new_page()
    page.goto(f"{shared_client.url}/docs")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.bad = 1\">')")
    page.evaluate("document.body.appendChild(document.createElement('script')).textContent = 'window.bad = 2'")
    page.wait_for_timeout(200)
    assert page.evaluate("window.bad") is None
    page.close()

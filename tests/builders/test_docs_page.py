"""The page at /docs in a real browser, as on a telephone and at a desk: every block is run against the sandbox."""

import json
import re

import pytest
from builders.axe_install import install_axe
from builders.patience import PATIENCE_MS
from builders.provision import CannotInstall, find_node
from giving_up import give_up
from playwright.sync_api import expect

from connector import Connector
from connector.auth import Connection
from connector.auth.stores.memory_store import MemoryStore
from connector.manifest.manifest import Manifest
from connector.manifest.triggers import iter_triggers
from connector.runners.http_server.serving import HttpServer
from connector.runners.http_server.settings import Settings
from connector.sandbox import Sandbox
from connector.subscriptions.places import open_folder

BLOCKS = list(Manifest.load())
TRIGGERS = list(iter_triggers(Manifest.load()))
WIDTHS = {"telephone": 390, "desk": 1280}
AXE = "axe.run({resultTypes: ['violations']}).then(({violations}) => violations.map(each => ({...each, passes: 0})))"
KEY = "docs-page-key-not-real"


@pytest.fixture
def sandbox():
    with Sandbox(quota_mode="extended") as running:
        yield running


@pytest.fixture
def connector(sandbox):
    # The second one is of another listener, from whom a library is copied.
    people = {"alice": sandbox.demo_args, "old-account": sandbox.control.demo_args("sandbox-second-listener")}
    kept = ("access_token", "refresh_token")
    store = MemoryStore(
        Connection(name, told["client_id"], told["client_key"], **{each: told[each] for each in kept})
        for name, told in people.items()
    )
    with Connector.load(servers=sandbox.servers, store=store) as loaded:
        yield loaded, store


@pytest.fixture
def url(connector, tmp_path, monkeypatch):
    monkeypatch.setenv("CONNECTOR_ALLOWED_HOSTS", "127.0.0.1")
    loaded, store = connector
    settings = Settings(port=0, shutdown_grace=0, connection="alice")
    with HttpServer(loaded, settings, store, open_folder(tmp_path)) as runner:
        yield runner.url


@pytest.fixture(scope="module")
def axe():
    try:
        return install_axe(find_node()).read_text("utf-8")
    except CannotInstall as problem:
        give_up(problem)


@pytest.fixture
def open_page(browser, url):
    """Opens the page at a width (px), or one of its blocks; complaints of the browser fail the test."""
    complaints, pages = [], []

    def begin(width, address=url, **options):
        # The policy is for what the page loads itself; axe comes from outside.
        page = browser.new_page(viewport={"width": width, "height": 850}, bypass_csp=True, **options)
        pages.append(page)
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", lambda message: complaints.append(message.text) if is_complaint(message) else None)
        page.on("pageerror", lambda problem: complaints.append(str(problem)))
        page.goto(f"{address}/docs")
        return page

    yield begin
    for page in pages:
        page.close()
    assert complaints == []


def is_complaint(message):
    """Whether the browser found fault with the page; an answer that is a problem is none."""
    return message.type in ("error", "warning") and not message.text.startswith("Failed to load resource")


def open_block(page, name):
    page.evaluate("name => (location.hash = name)", name)
    expect(page.locator("article .badges code").first).to_have_text(name)


def run(page):
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator(".output > :is(.status, .problem)")).to_be_visible()


def read_width(page):
    return page.evaluate("document.documentElement.scrollWidth")


def find_faults(page, axe):
    """What axe finds that is serious, each with where it is."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe)
    found = page.evaluate(AXE)
    return [
        (each["id"], [node["html"][:120] for node in each["nodes"]])
        for each in found
        if each["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_every_block_runs_and_shows_what_is_wrong_without_sideways_scroll(open_page, sandbox, width):
    page = open_page(width)
    demo, wide, failed = sandbox.demo_args, {}, {}
    for block in BLOCKS:
        open_block(page, block.name)
        if block.example:
            run(page)
            blamed = page.locator(".field.is-wrong").evaluate_all("places => places.map(place => place.dataset.field)")
            if any(field.required and field.name not in ("access_token",) for field in block.fields.values()):
                assert blamed, f"{block.name} says nowhere what is missing"
            assert page.locator(".is-wrong .wrong").evaluate_all("all => all.every(each => each.textContent)")
            wide[f"{block.name}, empty"] = read_width(page)
            if page.get_by_role("button", name="Fill in an example").count():
                page.get_by_role("button", name="Fill in an example").click()
        for name, value in demo.items():
            box = page.locator(f'[data-field="{name}"] input')
            if box.count() and box.is_visible():
                box.fill(value)
        run(page)
        wide[block.name] = read_width(page)
        if page.locator(".problem").count():
            failed[block.name] = page.locator(".problem").inner_text()
    assert {name: found for name, found in wide.items() if found > width} == {}
    assert failed == {}


def look(page):
    page.get_by_role("button", name="Look now", exact=True).click()
    expect(page.locator(".output > :is(.status, .problem)")).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_every_trigger_looks_and_shows_events_without_sideways_scroll(open_page, width):
    page = open_page(width)
    wide, failed, shown = {}, {}, set()
    for trigger in TRIGGERS:
        open_block(page, trigger.name)
        if page.get_by_role("button", name="Fill in an example").count():
            page.get_by_role("button", name="Fill in an example").click()
        page.get_by_label("Also the last").fill("3")
        look(page)
        wide[trigger.name] = read_width(page)
        if page.locator(".problem").count():
            failed[trigger.name] = page.locator(".problem").inner_text()
        if page.locator(".output tbody tr").count():
            shown.add(trigger.name)
    assert {name: found for name, found in wide.items() if found > width} == {}
    assert failed == {}
    assert len(shown) >= 8


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_axe_finds_nothing_serious(open_page, axe, width, scheme):
    page = open_page(width, color_scheme=scheme)
    assert find_faults(page, axe) == []
    for name in ("getUserSavedTracks", "createPlaylist", "search", "getCategories", "startPlayback"):
        open_block(page, name)
        for summary in page.locator("summary").all():
            summary.click()
        run(page)
        assert find_faults(page, axe) == [], name
    for name in ("newSavedTrack", "newPlaylistItem"):
        open_block(page, name)
        page.get_by_label("Also the last").fill("2")
        for summary in page.locator("summary").all():
            summary.click()
        look(page)
        page.get_by_label("Send to required").fill(f"{page.url.partition('/docs')[0]}/hook")
        page.get_by_role("button", name="Subscribe").click()
        expect(page.locator(".problem, .notice").last).to_be_visible()
        assert find_faults(page, axe) == [], name
    page.get_by_role("link", name="Your subscriptions").click()
    expect(page.locator(".subscription")).to_be_visible()
    assert read_width(page) == width
    assert find_faults(page, axe) == []
    page.get_by_role("button", name="Sign in…").first.click()
    assert find_faults(page, axe) == []


def test_a_whole_run_takes_no_more_than_a_keyboard(open_page):
    page = open_page(WIDTHS["desk"])
    page.keyboard.press("/")
    page.keyboard.type("create a playlist")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Create a playlist")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Name required")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Name required")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Name required")).to_be_focused()
    page.keyboard.type("Typed by keys")
    page.keyboard.press("Enter")
    expect(page.locator(".status")).to_contain_text("Typed by keys")
    expect(page.get_by_label("Name required")).not_to_have_attribute("aria-invalid", "true")


def test_a_look_and_a_subscription_take_no_more_than_a_keyboard(open_page):
    page = open_page(WIDTHS["desk"])
    page.keyboard.press("/")
    page.keyboard.type("newSavedTrack")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="A track is saved")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Also the last")).to_be_focused()
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    expect(page.locator(".status")).to_contain_text("2 events")
    page.get_by_text("Have events sent to you").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Send to required")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Send to required")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Send to required")).to_be_focused()


def test_an_answer_is_a_table_with_covers_and_whole_on_demand(open_page):
    page = open_page(WIDTHS["desk"])
    open_block(page, "getUserSavedTracks")
    page.get_by_label("At most").fill("3")
    run(page)
    heads = page.locator("thead th").all_inner_texts()
    assert heads[:3] == ["track", "artists", "album"]
    assert page.locator("tbody tr").count() == 3
    page.wait_for_function("[...document.querySelectorAll('tbody img')].every(each => each.naturalWidth)")
    assert page.locator("tbody img").count() == 3
    page.get_by_text("The whole answer as JSON").click()
    expect(page.get_by_label("The whole answer")).to_contain_text('"items"')


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_a_plan_is_a_table_and_writes_nothing(open_page, sandbox, axe, width):
    page = open_page(width)
    open_block(page, "mirrorSavedTracks")
    page.get_by_label("Target required").fill("All my likes")
    page.get_by_role("button", name="Show the plan").click()
    expect(page.locator(".status")).to_contain_text("Would be: 120 added")
    expect(page.locator("caption")).to_have_text(["Added"])
    assert page.locator("thead th").all_text_contents() == ["name", "uri", "position"]
    assert page.locator("tbody tr").count() == 25
    assert read_width(page) <= width
    assert find_faults(page, axe) == []
    assert {call["method"] for call in sandbox.control.calls()} == {"GET"}
    run(page)
    expect(page.locator(".status")).to_contain_text(re.compile("^120 added"))
    assert "POST" in {call["method"] for call in sandbox.control.calls()}


def test_a_file_that_is_made_is_saved_as_it_is(open_page, axe, tmp_path):
    page = open_page(WIDTHS["telephone"])
    open_block(page, "exportPlaylist")
    page.get_by_role("button", name="Fill in an example").click()
    run(page)
    with page.expect_download() as begun:
        page.get_by_role("button", name=re.compile(r"^Save .*\.csv$")).click()
    begun.value.save_as(tmp_path / "saved.csv")
    page.get_by_text("The whole answer as JSON").click()
    expect(page.get_by_label("The whole answer")).to_contain_text('"text"')
    answer = json.loads(page.get_by_label("The whole answer").inner_text())
    assert (tmp_path / "saved.csv").read_bytes().decode() == answer["text"]
    assert begun.value.suggested_filename == answer["name"]
    assert answer["text"] not in page.locator(".thing").inner_text()
    assert find_faults(page, axe) == []


def test_a_value_is_picked_from_what_the_listener_has(open_page):
    page = open_page(WIDTHS["telephone"])
    open_block(page, "addItemsToPlaylist")
    box = page.get_by_role("combobox", name="Playlist required")
    box.click()
    options = page.get_by_role("listbox", name="Playlist").get_by_role("option")
    expect(options.nth(1)).to_be_visible()
    label = options.nth(1).evaluate("option => option.firstChild.textContent")
    assert read_width(page) == WIDTHS["telephone"]
    box.press("ArrowDown")
    box.press("ArrowDown")
    box.press("Enter")
    expect(options).to_have_count(0)
    expect(page.locator(".picked").first).to_have_text(label)
    assert len(box.input_value()) == 22
    box.fill("typed all the same")
    expect(page.locator(".picked").first).to_have_text("")


def test_no_secret_stands_in_what_is_taken_along(open_page, connector):
    with HttpServer(connector[0], Settings(port=0, shutdown_grace=0, keys=f"docs:{KEY}:alice"), connector[1]) as runner:
        page = open_page(WIDTHS["desk"], runner.url)
        open_block(page, "searchTracks")
        page.get_by_label("Access token required").fill("a-token-not-real")
        page.get_by_role("textbox", name="Search for").fill("it's")
        page.get_by_text("Take it along").click()
        shown = {}
        for language in ("curl", "Python", "Shell"):
            page.get_by_label(language, exact=True).check()
            shown[language] = page.get_by_label("The call", exact=True).inner_text()
        run(page)
        expect(page.locator(".problem")).to_contain_text("API key")
        page.get_by_label("API key").fill(KEY)
        page.get_by_label("API key").press("Tab")
        expect(page.locator("#connection option")).to_have_text(["none", "alice"])
        expect(page.locator("#connection")).to_have_value("alice")
        run(page)
        expect(page.locator(".status")).to_be_visible()
        assert KEY not in page.content()
    assert '"X-API-Key: $API_KEY"' in shown["curl"]
    assert all("ACCESS_TOKEN" in text and "not-real" not in text for text in shown.values()), shown


def test_a_picture_of_it_is_for_the_docs(open_page, pictures):
    page = open_page(WIDTHS["desk"])
    open_block(page, "getUserSavedTracks")
    page.get_by_label("At most").fill("5")
    run(page)
    page.wait_for_function("document.querySelector('tbody img').naturalWidth")
    page.evaluate("scrollTo(0, 0)")
    page.set_viewport_size({"width": WIDTHS["desk"], "height": 1000})
    page.screenshot(path=str(pictures / "http-runner-docs.png"))


def test_a_picture_of_a_plan_is_for_the_docs(open_page, pictures):
    page = open_page(WIDTHS["desk"])
    open_block(page, "mirrorSavedTracks")
    page.get_by_label("Target required").fill("All my likes")
    page.get_by_role("button", name="Show the plan").click()
    expect(page.locator("caption")).to_have_text(["Added"])
    page.set_viewport_size({"width": WIDTHS["desk"], "height": 1000})
    page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=str(pictures / "http-runner-plan.png"))


def test_a_picture_of_a_trigger_is_for_the_docs(open_page, connector, pictures):
    page = open_page(WIDTHS["desk"])
    open_block(page, "newSavedTrack")
    look(page)
    found = connector[0].invoke("searchTracks", {"q": "garden", "max_items": 3}, connection="alice").entries
    connector[0].invoke("saveToLibrary", {"uris": [each["uri"] for each in found]}, connection="alice").unwrap()
    look(page)
    expect(page.locator(".output tbody tr")).to_have_count(3)
    page.wait_for_function("document.querySelector('tbody img').naturalWidth")
    page.evaluate("scrollTo(0, 0)")
    page.set_viewport_size({"width": WIDTHS["desk"], "height": 900})
    page.screenshot(path=str(pictures / "http-runner-trigger.png"))

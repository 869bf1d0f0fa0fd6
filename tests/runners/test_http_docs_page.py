"""The page at /docs, as a browser shows it: nothing comes from elsewhere, and the forms work."""

import re

import pytest

from connector.arguments.wording import describe_fit
from connector.manifest.beforehand import tell_beforehand


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
    assert [url for url in asked if not url.startswith((f"{shared_client.url}/", "data:"))] == []
    assert complaints == []


def is_complaint(message):
    """Whether the browser found fault with the page; an answer that is a problem is none."""
    return message.type in ("error", "warning") and not message.text.startswith("Failed to load resource")


def test_every_block_is_there_with_its_fields(page, manifest):
    for block in manifest:
        shown = page.locator(f"#{block.name}").inner_text()
        assert block.title in shown
        assert block.description in shown
        for field in block.fields.values():
            assert field.name in shown
            assert (describe_fit(field.schema) or "") in shown
        if since := block.closed_since("development"):
            assert f"closed to apps in development mode since {since}" in shown
        for told in tell_beforehand(block):
            assert " ".join(told.split()) in " ".join(shown.split())
    assert page.locator("nav li").count() == len(manifest)


def test_a_long_list_stands_once_for_all_fields_that_offer_it(page, manifest):
    fields = [field for block in manifest for field in block.fields.values() if "x-names" in field.schema]
    named = page.locator("form input[list]").evaluate_all("boxes => boxes.map(box => box.list.options.length)")
    assert len(named) == len(fields)
    assert min(named) > 200
    assert page.locator('option:text-is("BQ")').count() == 1


def test_a_block_is_found_by_a_word_of_it(page):
    page.fill("#filter", "PROFILE")
    assert page.locator("nav li:visible").all_inner_texts() == ["Get my profile", "Get a user's profile"]
    assert page.locator("section.block:visible").count() == 2
    page.fill("#filter", "nothing has this")
    assert page.locator("section.block:visible, nav .group:visible").count() == 0
    page.fill("#filter", "")
    assert page.locator("section.block:visible").count() > 1


def test_a_block_is_tried_with_a_connection(page):
    page.fill("#connection", "alice")
    section = page.locator("#getCurrentUserProfile")
    section.get_by_text("Try it").click()
    section.get_by_role("button", name="Run").click()
    assert section.locator(".status").inner_text().startswith("200 OK")
    assert '"type": "user"' in section.locator("output pre").inner_text()


def test_what_is_wrong_is_shown_where_it_was_tried(page):
    section = page.locator("#getCategory")
    section.get_by_text("Try it").click()
    section.locator("[name=id]").fill("")
    section.get_by_role("button", name="Run").click()
    assert section.locator(".status.failed").inner_text().startswith("422")
    assert "id is required" in section.locator("output pre").inner_text()


def test_an_answer_is_text_even_if_it_looks_like_markup(page):
    answer = "<img src=x onerror='window.bad = 1'>"
    page.route("**/blocks/getCategory", lambda route: route.fulfill(body=answer))
    section = page.locator("#getCategory")
    section.get_by_text("Try it").click()
    section.get_by_role("button", name="Run").click()
    assert section.locator("output pre").inner_text() == answer
    assert page.locator("output img").count() == 0


def test_secrets_are_not_shown_while_they_are_typed(page, manifest):
    for block in manifest:
        for field in block.fields.values():
            if field.secret:
                control = page.locator(f"#{block.name} [name={field.name}]")
                assert control.get_attribute("type") == "password"
                assert control.get_attribute("value") is None


def test_below_a_base_path_nothing_leaves_it(browser, start, connector, store):
    client = start(connector, store, public_url="http://127.0.0.1/base")
    opened, asked = browser.new_page(), []
    opened.on("request", lambda request: asked.append(request.url))
    opened.goto(f"{client.url}/base/")
    opened.fill("#connection", "alice")
    section = opened.locator("#getCurrentUserProfile")
    section.get_by_text("Try it").click()
    section.get_by_role("button", name="Run").click()
    assert section.locator(".status").inner_text().startswith("200 OK")
    opened.get_by_role("link", name="OpenAPI document").click()
    opened.wait_for_url("**/openapi.json")
    opened.close()
    assert len(asked) >= 3
    assert [url for url in asked if not url.startswith((f"{client.url}/base/", "data:"))] == []


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


def test_the_page_fits_a_telephone(browser, shared_client):
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto(f"{shared_client.url}/docs")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()


def test_the_policy_stops_what_is_not_the_page_s_own(browser, shared_client):
    page = browser.new_page()
    page.goto(f"{shared_client.url}/docs")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.bad = 1\">')")
    page.evaluate("document.body.appendChild(document.createElement('script')).textContent = 'window.bad = 2'")
    page.wait_for_timeout(200)
    assert page.evaluate("window.bad") is None
    page.close()

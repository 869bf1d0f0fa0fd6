"""The node in n8n's editor, in a real browser: found, added, wired, filled in, run, and its output read."""

from __future__ import annotations

import pytest
from builders.n8n_editor import Editor
from builders.n8n_server import OWNER
from builders.n8n_workflows import build_chain, build_fan
from playwright.sync_api import expect

from connector.export.n8n.wording import mark_closed, to_action, to_resource

NODE = "Spotify Blocks"
FEATURED = "Get featured playlists (closed to new apps)"
CATEGORY = "Get a category (closed to new apps)"


@pytest.fixture(scope="module")
def signed_in(browser, n8n):
    """The editor of an owner who has signed in by the form."""
    page = browser.new_page(viewport={"width": 1280, "height": 800}, device_scale_factor=1.5)
    editor = Editor(page, n8n.url)
    editor.sign_in(OWNER["email"], OWNER["password"])
    yield editor
    page.close()


@pytest.fixture
def editor(signed_in):
    wrong = []

    def note(problem):
        wrong.append(str(problem))

    signed_in.page.on("pageerror", note)
    yield signed_in
    signed_in.page.remove_listener("pageerror", note)
    assert wrong == []


@pytest.fixture
def place(editor, n8n, workbench, stage, manifest):
    """Saves a workflow of one block, its form filled with `args`, and shows that form in the editor."""

    def place(block, args=None):
        node = workbench.build_node(manifest.block(block), args or {}, name=manifest.block(block).title)
        made = n8n.rest("POST", "/workflows", build_chain(block, [node]))
        editor.show_workflow(made["id"])
        editor.open(node["name"])

    return place


@pytest.fixture
def calls(stage):
    """What has reached the sandbox: path and query of each call."""

    def calls():
        return [(call["path"].removeprefix("/v1"), call["query"]) for call in stage.sandbox.control.calls()]

    return calls


@pytest.fixture
def only_credential(n8n, credential):
    """Afterwards there is no other credential that new nodes could take."""
    yield credential
    for other in n8n.rest("GET", "/credentials"):
        if other["id"] != credential["id"]:
            n8n.rest("DELETE", f"/credentials/{other['id']}")


def test_the_palette_has_all_blocks_by_group_those_that_are_closed_last(editor, manifest, pictures):
    editor.start_workflow()
    rows = editor.show_actions(NODE)
    expect(rows).to_have_count(len(manifest.names))
    texts = rows.all_inner_texts()
    labels = [mark_closed(to_action(b.title)) if b.closed else to_action(b.title) for b in manifest]
    assert texts == labels
    heads = [f"{to_resource(group)} Actions" for group in manifest.groups]
    assert editor.sections() == heads
    editor.shoot(pictures / "n8n-palette.png")


def test_the_credentials_test_tells_a_bad_key_from_a_good_one(editor, only_credential, stage, pictures):
    data = only_credential["data"]
    editor.start_workflow()
    editor.add(NODE, "Get my profile")
    editor.start_credential()
    editor.fill_credential({**data, "apiKey": "another"})
    expect(editor.credential()).to_contain_text("connect with these settings")
    editor.fill_credential({"apiKey": data["apiKey"]})
    expect(editor.credential()).to_be_hidden()
    editor.open_credential()
    expect(editor.credential()).to_contain_text("Connection tested successfully")
    assert data["apiKey"] not in editor.credential().locator("input[type=password]").input_value()
    editor.retry_credential()
    expect(editor.credential()).to_contain_text("Connection tested successfully")
    editor.shoot(pictures / "n8n-credential.png")
    editor.close_credential()
    editor.execute_step()
    assert editor.items()[0]["display_name"] == "Sandbox Listener"


def test_three_blocks_are_added_wired_filled_in_and_run(editor, credential, stage, calls, pictures):
    first, second, third = stage.sandbox.control.ids("track", 3)
    editor.start_workflow()
    editor.add(NODE, FEATURED)
    editor.choose_credential(credential["name"])
    editor.add_field("Language")
    editor.choose("locale", "Swedish (Sweden), sv_SE", typed="swed")
    editor.add_field("Country")
    editor.choose("country", "Sweden, SE", typed="swed")
    editor.add_field("Local Time")
    editor.pick_moment("timestamp", "2026-05-28", "09:30:00")
    editor.fill("limit", "1")
    editor.shoot(pictures / "n8n-form.png")
    editor.close()

    editor.drag_from(FEATURED, 60, 120, NODE, CATEGORY)
    expect(editor.chosen_credential()).to_have_value(credential["name"])
    editor.fill("id", "dinner")
    editor.close()
    editor.zoom_to_fit()
    editor.drag_from(CATEGORY, 60, -120, NODE, "Save tracks")
    expect(editor.chosen_credential()).to_have_value(credential["name"])
    editor.add_entry("id", first)
    editor.add_entry("id", f"{second}, https://open.spotify.com/track/{third}")
    editor.close()
    expect(editor.wires()).to_have_count(3)
    expect(editor.find("node-issues")).to_have_count(0)
    editor.execute()
    expect(editor.succeeded()).to_have_count(4)
    editor.zoom_to_fit()
    editor.shoot(pictures / "n8n-workflow.png")

    featured = {"locale": "sv_SE", "country": "SE", "timestamp": "2026-05-28T09:30:00", "limit": "1"}
    tracks = ",".join(f"spotify:track:{track}" for track in (first, second, third))
    assert calls() == [
        ("/browse/featured-playlists", featured),
        ("/browse/categories/dinner", {}),
        ("/me/library", {"uris": tracks}),
    ]
    expected = stage.connector.invoke("getCategory", {"id": "dinner"}).output
    editor.open(CATEGORY)
    (item,) = editor.items()
    assert (item["id"], item["name"]) == (expected["id"], expected["name"])
    editor.show_output("Schema")
    expect(editor.output()).to_contain_text(f"name{expected['name']}")
    editor.shoot(pictures / "n8n-output.png")
    editor.close()
    editor.open("Save tracks")
    assert editor.items() == [{"success": "true", "did": "Saved 3 tracks"}]
    expect(editor.output()).to_contain_text("Saved 3 tracks.")


def test_a_choice_shows_labels_and_return_all_gives_every_entry(editor, place, stage, calls):
    place("getUserTopTracks", {"max_items": 1})
    expect(editor.parameter("limit")).to_be_visible()
    editor.switch("returnAll")
    expect(editor.parameter("limit")).to_be_hidden()
    editor.add_field("Time Range")
    editor.choose("time_range", "About Four Weeks")
    editor.execute_step()
    expected = stage.connector.invoke("getUserTopTracks", {"time_range": "short_term"}).output["items"]
    expect(editor.output()).to_contain_text(f"{len(expected)} items")
    assert len(expected) > 50
    assert {query["time_range"] for _, query in calls()} == {"short_term"}
    assert [item["id"] for item in editor.items()] == [track["id"] for track in expected[:25]]


def test_an_expression_fills_a_field(editor, place, calls):
    place("getCategory", {"id": ""})
    expect(editor.issues("id")).to_be_visible()
    editor.write_expression("id", "{{ 'DINNER'.toLowerCase() }}")
    expect(editor.issues("id")).to_be_hidden()
    expect(editor.find("node-parameters")).to_contain_text("dinner")
    editor.execute_step()
    assert editor.items()[0]["name"] == "Dinner"
    assert calls() == [("/browse/categories/dinner", {})]


def test_an_error_says_what_is_wrong_and_names_the_field_as_the_form_does(editor, place, calls, pictures):
    place("saveTrack")
    expect(editor.issues("id")).to_be_visible()
    editor.add_entry("id", "https://open.spotify.com/album/4aawyAB9vmqN3uQ7FjRGTy")
    expect(editor.issues("id")).to_be_hidden()
    editor.execute_step()
    expect(editor.find("node-error-message")).to_contain_text("Save tracks: check the field Tracks")
    problem = "Tracks: has an entry, number 1, that leads to the wrong kind of thing: album instead of track"
    expect(editor.find("node-error-description")).to_contain_text(problem)
    expect(editor.notes()).to_contain_text("Save tracks: check the field Tracks")
    editor.shoot(pictures / "n8n-error.png")
    assert calls() == []


def test_what_the_service_refuses_comes_in_the_engines_words(editor, place, stage):
    place("getCategory", {"id": "no_such_category"})
    editor.execute_step()
    expected = stage.connector.invoke("getCategory", {"id": "no_such_category"}).error
    expect(editor.find("node-error-message")).to_contain_text(expected.message)


def test_the_blocks_that_are_closed_in_development_mode_say_so(editor, n8n, workbench, manifest):
    closed = [block for block in manifest if block.closed_since("development")]
    shown = [closed[0], manifest.block("getCurrentUserProfile")]
    made = n8n.rest("POST", "/workflows", build_fan("Closed", [workbench.build_node(block, {}) for block in shown]))
    editor.show_workflow(made["id"])
    for block in shown:
        editor.open(block.name)
        expect(editor.parameter("operation")).to_be_visible()
        form = editor.find("node-parameters")
        if block in closed:
            since = block.closed_since("development")
            expect(form).to_contain_text(f"Closed to apps in development mode since {since}.")
        else:
            expect(form).not_to_contain_text("Closed to apps")
        editor.close()


def test_a_value_is_chosen_from_a_list_that_is_searched_or_found_by_link_or_id(editor, place, stage, pictures):
    first, second, *_ = stage.connector.choices("getPlaylist", "playlist_id").unwrap()
    place("getPlaylist")
    rows = editor.open_list("playlist_id")
    expect(rows.first).to_contain_text(first.label)
    editor.shoot(pictures / "n8n-list.png")
    editor.search_list(second.label[:-1].lower())
    expect(rows.first).to_contain_text(second.label)
    rows.first.click()
    editor.execute_step()
    assert [item["id"] for item in editor.items()] == [second.value]
    editor.choose_way("playlist_id", "url")
    editor.find_value("playlist_id", f"https://open.spotify.com/intl-sv/playlist/{first.value}?si=1")
    editor.execute_step()
    expect(editor.output()).to_contain_text(first.value)
    editor.choose_way("playlist_id", "id")
    editor.find_value("playlist_id", second.value)
    editor.execute_step()
    expect(editor.output()).to_contain_text(second.value)


def test_a_list_is_read_on_as_it_is_scrolled(editor, place, stage):
    stage.reset(saved_tracks=120)
    last = stage.connector.invoke("getUserSavedTracks", {}).output["items"][-1]["track"]
    place("getTrack")
    rows = editor.open_list("id")
    expect(rows).to_have_count(50)
    while rows.count() < 120:
        count = rows.count()
        rows.last.scroll_into_view_if_needed()
        expect(rows).not_to_have_count(count)
    rows.last.click()
    editor.execute_step()
    assert [item["id"] for item in editor.items()] == [last["id"]]


def test_values_of_a_list_are_ticked_beside_those_that_are_typed(editor, place, stage, calls):
    (typed,) = stage.sandbox.control.ids("track", 1)
    ticked = stage.connector.choices("removeSavedTrack", "id").unwrap()[:2]
    place("removeSavedTrack")
    editor.add_entry("id", typed)
    editor.find("collection-parameter-add").first.click()
    editor.open_ticks("idFromList")
    for position in range(2):
        editor.options().nth(position).click()
    expect(editor.ticked("idFromList")).to_have_count(2)
    editor.page.keyboard.press("Escape")
    editor.execute_step()
    assert editor.items() == [{"success": "true", "did": "Removed 3 tracks"}]
    uris = [f"spotify:track:{track}" for track in (typed, *(choice.value for choice in ticked))]
    assert calls()[-1] == ("/me/library", {"uris": ",".join(uris)})


def test_a_list_that_cannot_be_read_says_why_and_a_value_can_be_typed(editor, n8n, workbench, stage, manifest):
    block = manifest.block("transferPlayback")
    node = workbench.build_node(block, {})
    node["parameters"]["options"] = {"connection": "nobody"}
    made = n8n.rest("POST", "/workflows", build_chain("No list", [node]))
    editor.show_workflow(made["id"])
    editor.open(block.name)
    editor.open_list("device_id")
    expect(editor.find("rlc-error-container")).to_contain_text("type the value instead")
    expect(editor.find("rlc-error-container")).to_contain_text("nobody")


def test_a_trigger_is_added_filled_in_and_shows_its_newest_event(editor, credential, stage, calls, pictures):
    playlist, *_ = stage.connector.choices("getPlaylistItems", "playlist_id").unwrap()
    listed = {"playlist_id": playlist.value}
    items = [item for item in stage.connector.invoke("getPlaylistItems", listed).unwrap()["items"] if item["item"]]
    newest = max(items, key=lambda item: item["added_at"] or "")
    editor.start_with(NODE, "Something is put on a playlist")
    expect(editor.find("ndv")).to_contain_text("Spotify Blocks Trigger")
    expect(editor.chosen_credential()).to_have_value(credential["name"])
    expect(editor.find("node-parameters")).to_contain_text("A look takes 1 call")
    rows = editor.open_list("playlist_id")
    expect(rows.first).to_contain_text(playlist.label)
    rows.first.click()
    editor.execute_step()
    [event] = editor.items()
    assert (event["type"], event["time"]) == ("newPlaylistItem", newest["added_at"])
    editor.show_output("Schema")
    expect(editor.output()).to_contain_text(newest["item"]["name"])
    editor.shoot(pictures / "n8n-trigger.png")


def test_a_trigger_that_has_nothing_to_show_says_so_in_the_editor(editor, stage):
    stage.reset(saved_tracks=0)
    editor.start_with(NODE, "A track is saved")
    editor.execute_step()
    expect(editor.find("node-error-message")).to_contain_text("A track is saved: there is nothing yet")
    expect(editor.find("node-error-description")).to_contain_text("Let it happen once")


def test_rows_are_filled_in_name_by_name(editor, place, calls, pictures):
    place("findTrack")
    form = editor.find("ndv")
    form.get_by_role("button", name="Add Row").click()
    for count, (name, value) in enumerate((("artist", "Restless Compass"), ("title", "Every Garden")), start=1):
        # The form's own "Add Field" stands below.
        form.get_by_role("button", name="Add Field").first.click()
        expect(editor.parameter("key")).to_have_count(count)
        for parameter, text in (("key", name), ("value", value)):
            box = editor.parameter(parameter).nth(count - 1).locator("input")
            assert box.get_attribute("placeholder") == {"key": "e.g. artist", "value": "e.g. Paper Lanterns"}[parameter]
            box.fill(text)
            box.blur()
    editor.shoot(pictures / "n8n-rows.png")
    editor.execute_step()
    expect(editor.output()).to_contain_text("1 item")
    [asked] = [query["q"] for path, query in calls() if path == "/search"]
    assert asked == 'track:"Every Garden" artist:"Restless Compass"'

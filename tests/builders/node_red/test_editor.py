"""The palette in Node-RED's editor, in a real browser: dragged, filled in, wired, deployed, run."""

from __future__ import annotations

import json
import re

import pytest
from builders.node_red_editor import Editor
from playwright.sync_api import expect

from connector.export.node_red.flows import build_examples

API_KEY = "a-key-of-the-tests"


@pytest.fixture
def editor(browser, node_red):
    node_red.deploy([{"id": "flow", "type": "tab", "label": "Flow"}])
    page = browser.new_page(viewport={"width": 1280, "height": 800}, device_scale_factor=1.5)
    wrong = []
    page.on("pageerror", lambda problem: wrong.append(problem.stack or str(problem)))
    yield Editor(page, node_red)
    page.close()
    # Node-RED's own outline, on a slow machine, looks for a row that it hasn't drawn yet.
    assert [stack for stack in wrong if not ("reading 'offset'" in stack and ".reveal " in stack)] == []


def add_runner(editor, stage):
    """Makes a runner's settings from a node's open form, and tests them there."""
    page = editor.page
    page.locator("#node-input-btn-runner-add").click()
    page.locator("#node-config-dialog-ok").wait_for()
    editor.wait_for_form()
    page.locator("#node-config-input-url").fill(stage.runner_url)
    page.locator("#node-config-input-name").fill("My runner")
    page.locator("#node-config-input-apiKey").fill(API_KEY)
    connection = page.locator(".form-row", has=page.locator("#node-config-input-connection"))
    note, answers = page.locator("#connector-check-note"), f"with {len(stage.connector.manifest)} blocks."
    connection.locator("input.red-ui-typedInput-input").fill("dmeo")
    page.locator("#connector-check").click()
    expect(note).to_contain_text(f'{answers} But it has no connection "dmeo" for this key')
    connection.locator(".connector-pick").click()
    connection.locator(".connector-choices a", has_text="demo").click()
    expect(connection.locator("input.red-ui-typedInput-input")).to_have_value("demo")
    page.locator("#connector-check").click()
    expect(note).to_contain_text(f'{answers} The connection "demo" is signed in')


def finish_runner(editor):
    editor.page.locator("#node-config-dialog-ok").click()
    editor.page.locator("#node-config-dialog-ok").wait_for(state="detached")
    editor.wait_for_form()


def test_a_block_is_dragged_filled_in_wired_and_run(editor, stage, pictures):
    inject = editor.drag("inject", 150, 120)
    block = editor.drag("spotify-getFeaturedPlaylists", 380, 120, "featured")
    debug = editor.drag("debug", 620, 120)
    editor.wire(inject, block)
    editor.wire(block, debug)

    editor.open(block)
    notice = "Closed to apps in development mode since 2024-11-27"
    expect(editor.page.locator(".connector-notice")).to_contain_text(notice)
    add_runner(editor, stage)
    editor.shoot(pictures / "node-red-runner.png")
    finish_runner(editor)
    editor.unfold("More fields")
    editor.field("locale").press_sequentially("swed")
    editor.choose_suggestion("sv_SE")
    editor.field("country").press_sequentially("swe")
    editor.choose_suggestion("Sweden")
    editor.fill("timestamp", "2026-05-28T09:30")
    editor.fill("max_items", "3")
    assert editor.value("locale") == ["sv_SE", "str"]
    assert editor.value("country") == ["SE", "str"]
    assert editor.value("timestamp") == ["2026-05-28T09:30", "when"]
    editor.shoot(pictures / "node-red-form.png")
    editor.done()
    editor.deploy()
    editor.press(inject)

    expect(editor.messages()).to_have_count(1)
    expect(editor.messages()).to_contain_text("array[3]")
    expect(editor.status(block)).to_have_text("3 entries")
    editor.unfold_message(1)
    editor.filter("playlist")
    editor.shoot(pictures / "node-red-flow.png")
    [call] = stage.sandbox.control.calls()
    given = {name: call["query"][name] for name in ("locale", "country", "timestamp")}
    assert given == {"locale": "sv_SE", "country": "SE", "timestamp": "2026-05-28T09:30:00"}


@pytest.fixture
def place(editor, stage, node_red):
    """Deploys a block between an Inject, a debug and a Catch node, and shows them in the editor."""

    def place(block, payload="", **form):
        nodes = [
            build_inject("button", "run", payload, x=110, y=120, wires=[["block"]]),
            {**stage.build_node(block, {}), **form, "id": "block", "x": 330, "y": 120, "wires": [["output"]]},
            build_debug("output", "output", "payload", x=560, y=120),
            {"id": "catch", "type": "catch", "scope": None, "x": 110, "y": 220, "wires": [["failed"]]},
            build_debug("failed", "what failed", "error.message", x=330, y=220),
        ]
        flow = [{"id": "flow", "type": "tab", "label": "Flow"}, stage.build_runner(name="My runner")]
        node_red.deploy([*flow, *({**node, "z": "flow"} for node in nodes)])
        editor.reload()

    return place


def build_inject(node_id, name, payload, **more):
    settings = {"repeat": "", "crontab": "", "once": False, "onceDelay": 0.1, "topic": ""}
    sent = {"props": [{"p": "payload"}], "payload": payload, "payloadType": "str"}
    return {"id": node_id, "type": "inject", "name": name, **settings, **sent, **more}


def build_debug(node_id, name, shown, **more):
    settings = {"active": True, "tosidebar": True, "console": False, "tostatus": False, "targetType": "msg"}
    return {"id": node_id, "type": "debug", "name": name, "complete": shown, **settings, "wires": [], **more}


def test_a_list_is_edited_and_pasted(editor, stage, place, pictures):
    first, second = stage.sandbox.control.ids("track", 2)
    stage.sandbox.control.seed({"saved_tracks": [second]})
    place("checkSavedTrack")
    editor.open("block")
    row = editor.row("id")
    expect(row.locator(".red-ui-typedInput-container")).to_have_class(re.compile("input-error"))
    row.locator(".red-ui-editableList-addButton").click()
    editor.paste(row.locator("ol input").first, f"{first},, https://open.spotify.com/track/{second}")
    expect(row.locator("ol input")).to_have_count(3)
    expect(row.locator(".red-ui-typedInput-container")).to_have_class(re.compile("input-error"))
    assert editor.problem("id").startswith("id has an entry, number 2, that is blank")
    row.locator(".red-ui-editableList-item-remove").nth(1).click()
    expect(row.locator("ol input")).to_have_count(2)
    expect(row.locator(".red-ui-typedInput-container")).not_to_have_class(re.compile("input-error"))
    editor.show_help()
    editor.shoot(pictures / "node-red-list.png")
    editor.done()
    editor.deploy()
    editor.press("button")
    expect(editor.messages()).to_contain_text("[ false, true ]")


def test_a_choice_shows_labels_and_keeps_the_value(editor, stage, place):
    place("getUserTopTracks")
    editor.open("block")
    editor.choose_option(editor.row("time_range"), "About four weeks")
    editor.unfold("More fields")
    editor.choose_option(editor.plain_row("result"), "one message for each entry")
    assert editor.value("time_range") == ["short_term", "choice"]
    editor.fill("max_items", "2")
    editor.done()
    editor.deploy()
    editor.press("button")
    expect(editor.messages()).to_have_count(2)
    [call] = stage.sandbox.control.calls()
    assert call["query"]["time_range"] == "short_term"


def test_text_and_expressions_are_kept(editor, place, node_red):
    place("getCategory")
    editor.open("block")
    editor.fill("id", "dinner")
    editor.unfold("More fields")
    editor.choose_type("country", "msg")
    editor.fill("country", "payload.land")
    editor.done()
    editor.deploy()
    [kept] = [node for node in node_red.get("flows") if node["id"] == "block"]
    assert (kept["arg_id"], kept["argtype_id"]) == ("dinner", "str")
    assert (kept["arg_country"], kept["argtype_country"]) == ("payload.land", "msg")
    editor.open("block")
    assert editor.value("country") == ["payload.land", "msg"]


def test_a_secret_never_comes_back(editor, place, node_red, stage):
    token = stage.sandbox.demo_args["access_token"]
    place("getCurrentUserProfile")
    editor.open("block")
    editor.unfold("Sign-in")
    editor.choose_type("access_token", "secret")
    editor.row("access_token").locator("input[type=password]").fill(token)
    editor.done()
    editor.deploy()
    editor.press("button")
    expect(editor.messages()).to_contain_text("object")
    assert token not in json.dumps(node_red.get("flows"))
    editor.open("block")
    assert editor.row("access_token").locator("input[type=password]").input_value() == "__PWRD__"


def test_a_wrong_value_is_marked_at_its_field(editor, place):
    place("getRecommendations")
    editor.open("block")
    tip = "seed_artists is required (fits: at least one of seed_artists, seed_genres, seed_tracks)"
    assert editor.problem("seed_artists") == tip
    editor.choose_type("seed_genres", "text with commas")
    editor.fill("seed_genres", "a,b,c,d,e,f")
    assert editor.problem("seed_artists") is None
    assert editor.problem("seed_genres") == (
        "seed_genres is one value too many: seed_artists, seed_genres, seed_tracks hold 6 together (fits: 5 at most)"
    )
    editor.unfold("More fields")
    editor.fill("limit", "101")
    assert editor.problem("limit") == "limit is above 100 (fits: a whole number from 1 to 100)"


def test_an_error_is_shown_caught_and_marked_at_its_field(editor, place, pictures):
    album = "https://open.spotify.com/album/4aawyAB9vmqN3uQ7FjRGTy"
    place("saveTrack", album, arg_id="payload", argtype_id="msg")
    editor.press("button")
    problem = "id has an entry, number 1, that leads to the wrong kind of thing: album instead of track"
    expect(editor.messages()).to_have_count(1)
    expect(editor.messages()).to_contain_text("what failed")
    # The sidebar shows a long text's beginning.
    expect(editor.messages()).to_contain_text("saveTrack: id has an entry, number 1, that leads to the wrong kind")
    expect(editor.status("block")).to_contain_text("Tracks has an entry, number 1")
    editor.shoot(pictures / "node-red-error.png")
    editor.open("block")
    expect(editor.row("id").locator(".connector-problem")).to_contain_text(
        f"At the last run: {problem.replace('id has', 'Tracks has')}"
    )
    editor.shoot(pictures / "node-red-problem.png")


def test_an_error_that_nothing_catches_can_be_read(editor, stage, node_red, pictures):
    node = stage.build_node("saveTrack", {"id": ["no id"]}, id="block", x=330, y=120, wires=[[]])
    button = build_inject("button", "run", "", x=110, y=120, wires=[["block"]])
    tab = {"id": "flow", "type": "tab", "label": "Flow"}
    node_red.deploy([tab, stage.build_runner(), *({**each, "z": "flow"} for each in (button, node))])
    editor.reload()
    editor.press("button")
    expect(editor.messages()).to_have_count(1)
    editor.messages().locator(".red-ui-debug-msg-object-handle").first.click()
    expect(editor.messages()).to_contain_text("saveTrack: id has an entry, number 1, that does not have the right form")
    expect(editor.messages()).to_contain_text('cause: "invalid fields"')
    editor.shoot(pictures / "node-red-uncaught.png")


def test_the_palette_shows_a_category_for_each_group(editor, stage, pictures):
    found = editor.page.locator(".red-ui-palette-category[id*=Spotify_]")
    expect(found).to_have_count(len(stage.manifest.groups))
    shown = [each.strip() for each in found.locator(".red-ui-palette-header").all_inner_texts()]
    assert shown == [look["category"] for look in stage.palette["groups"].values()]
    found.first.scroll_into_view_if_needed()
    editor.filter("playlist")
    editor.shoot(pictures / "node-red-palette.png")
    # Ready-made and Search stand before it.
    labels = found.nth(2).locator(".red-ui-palette-label").all_inner_texts()
    assert " ".join(labels[-1].split()) == "Get a user's playlists (closed to new apps)"


def test_a_write_says_what_it_did_below_the_node(editor, stage, place):
    place("saveTrack", arg_id=json.dumps(stage.sandbox.control.ids("track", 3)))
    editor.press("button")
    expect(editor.status("block")).to_have_text("Saved 3 tracks")


def test_a_new_node_gives_brief_entries_and_says_so(editor, stage, place):
    stage.sandbox.control.seed({"saved_tracks": 2})
    place("getUserSavedTracks")
    editor.open("block")
    # A node from before there was a choice gives all.
    expect(editor.plain_row("detail")).to_contain_text("whole: all that the service says")
    editor.choose_option(editor.plain_row("detail"), "brief")
    editor.done()
    editor.deploy()
    editor.press("button")
    expect(editor.messages()).to_contain_text("array[2]")
    new = editor.drag("spotify-getUserSavedTracks", 380, 220, "saved tracks")
    assert editor.page.evaluate("id => RED.nodes.node(id).detail", new) == "brief"


def test_values_are_picked_from_a_list(editor, stage, place, pictures):
    stage.sandbox.control.seed({"saved_tracks": 60})
    place("addItemsToPlaylist")
    editor.open("block")
    playlist, items = editor.row("playlist_id"), editor.row("uris")
    mine = stage.connector.invoke("createPlaylist", {"name": "Morning"}).output
    playlist.locator(".connector-pick").click()
    playlist.locator(".connector-picks input").press_sequentially(mine["name"])
    playlist.locator(".connector-choices a", has_text=mine["name"]).first.click()
    expect(playlist.locator(".connector-picked")).to_have_text(mine["name"])
    assert editor.value("playlist_id") == [mine["id"], "str"]
    items.locator(".connector-pick").click()
    choices = items.locator(".connector-choices a")
    expect(choices).to_have_count(50)
    items.locator(".connector-picks a", has_text="more").click()
    expect(choices).to_have_count(60)
    choices.nth(0).click()
    choices.nth(1).click()
    choices.nth(0).click()
    saved = stage.connector.invoke("getUserSavedTracks", {"max_items": 2}).output["items"]
    assert json.loads(editor.value("uris")[0]) == [entry["track"]["uri"] for entry in saved]
    editor.shoot(pictures / "node-red-picks.png")
    editor.done()
    editor.deploy()
    editor.press("button")
    expect(editor.status("block")).to_have_text("Added 2 items")


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"connection": ""}, "Choose a connection in the runner's settings"),
        ({"connection": "payload", "connectionType": "msg"}, "Whose list it is comes with the message"),
        ({"url": "http://127.0.0.1:9"}, "can't be reached"),
    ],
    ids=["no connection", "connection of the message", "no runner"],
)
def test_a_list_that_can_t_be_had_says_why(editor, stage, node_red, settings, reason):
    node = stage.build_node("getPlaylist", {}, id="block", z="flow", x=330, y=120, wires=[[]])
    node_red.deploy([{"id": "flow", "type": "tab", "label": "Flow"}, stage.build_runner(**settings), node])
    editor.reload()
    editor.open("block")
    row = editor.row("playlist_id")
    row.locator(".connector-pick").click()
    expect(row.locator(".connector-picks [role=status]")).to_contain_text(reason)


def test_a_list_waits_for_the_runner_s_settings_to_be_deployed(editor, stage, place):
    editor.drag("spotify-getPlaylist", 380, 120, "get a playlist")
    editor.open(editor.page.evaluate("RED.nodes.filterNodes({})[0].id"))
    add_runner(editor, stage)
    finish_runner(editor)
    row = editor.row("playlist_id")
    row.locator(".connector-pick").click()
    expect(row.locator(".connector-picks [role=status]")).to_have_text(
        "Deploy first: the runner's settings were changed."
    )


def test_a_changed_address_takes_the_saved_key_out_of_the_form(editor, place, stage, node_red):
    place("getCurrentUserProfile")
    editor.open("block")
    editor.page.locator("#node-input-btn-runner-edit").click()
    editor.wait_for_form()
    url, key = (editor.page.locator(f"#node-config-input-{name}") for name in ("url", "apiKey"))
    expect(key).to_have_value("__PWRD__")
    url.fill("http://127.0.0.1:9")
    url.blur()
    expect(key).to_have_value("")
    url.fill(f"{stage.runner_url}/")
    url.blur()
    expect(key).to_have_value("__PWRD__")
    url.fill("http://127.0.0.1:9")
    url.blur()
    finish_runner(editor)
    editor.done()
    editor.deploy()
    editor.press("button")
    expect(editor.messages()).to_contain_text("can't be reached")
    credentials = node_red.get(f"credentials/{stage.palette['runner']['type']}/runner")
    assert credentials == {"has_apiKey": False}


def test_an_example_is_imported_by_the_menu(editor, stage):
    group, *_ = stage.manifest.groups
    editor.import_example("node-red-contrib-spotify-blocks", group)
    assert editor.types(stage.palette["title"]) == [
        entry["type"] for entry in stage.palette["blocks"] if entry["group"] == group
    ]
    assert editor.invalid() == []


def test_the_editor_finds_no_fault_with_any_example(editor, stage, node_red):
    examples = build_examples(stage.manifest, stage.palette)
    nodes = {node["id"]: node for flow in examples.values() for node in flow}
    node_red.deploy(list(nodes.values()))
    editor.reload()
    entries = stage.palette["blocks"] + stage.palette["triggers"]
    assert set(editor.types(stage.palette["title"])) == {entry["type"] for entry in entries}
    assert editor.invalid() == []


def test_a_trigger_is_dragged_filled_in_deployed_and_looks_at_a_button_s_press(editor, stage, node_red, pictures):
    node_red.deploy([{"id": "flow", "type": "tab", "label": "Flow"}, stage.build_runner(name="My runner")])
    editor.reload()
    trigger = editor.drag("spotify-newPlaylistItem", 220, 120, "put on a playlist")
    debug = editor.drag("debug", 540, 120)
    editor.wire(trigger, debug)
    mine = stage.connector.invoke("createPlaylist", {"name": "Morning"}).output

    editor.open(trigger)
    assert editor.problem("playlist_id").startswith("playlist_id is required")
    playlist, every = editor.row("playlist_id"), editor.plain_row("every")
    playlist.locator(".connector-pick").click()
    playlist.locator(".connector-choices a", has_text="Morning").first.click()
    expect(every).to_contain_text("as the day's calls allow")
    every.locator(".red-ui-typedInput-type-select").click()
    editor.page.locator(".red-ui-typedInput-options:visible a", has_text="minutes").click()
    count = every.locator("input.red-ui-typedInput-input")
    expect(every.locator(".red-ui-typedInput-container")).to_have_class(re.compile("input-error"))
    count.fill("15")
    count.blur()
    expect(every.locator(".red-ui-typedInput-container")).not_to_have_class(re.compile("input-error"))
    # Nothing comes in of which a field could be a property.
    playlist.locator(".red-ui-typedInput-type-select").click()
    expect(editor.page.locator(".red-ui-typedInput-options:visible a", has_text="flow.")).to_be_visible()
    expect(editor.page.locator(".red-ui-typedInput-options:visible a", has_text="msg.")).to_have_count(0)
    editor.page.locator(".red-ui-typedInput-options:visible a", has_text="string").click()
    editor.shoot(pictures / "node-red-trigger-form.png")
    editor.done()
    assert editor.invalid() == []

    editor.deploy()
    expect(editor.status(trigger)).to_contain_text("watching · ")
    for uri in stage.sandbox.control.ids("track", 3):
        added = {"playlist_id": mine["id"], "uris": [f"spotify:track:{uri}"]}
        stage.connector.invoke("addItemsToPlaylist", added).unwrap()
    editor.press(trigger)
    expect(editor.messages()).to_have_count(3)
    expect(editor.status(trigger)).to_have_text(re.compile(r"3 new · \d\d:\d\d · next \d\d:\d\d · 2 calls"))
    editor.unfold_message(1)
    editor.filter("playlist")
    editor.shoot(pictures / "node-red-trigger.png")
    [kept] = [node for node in node_red.get("flows") if node["id"] == trigger]
    assert (kept["every"], kept["everyType"], kept["detail"]) == ("15", "min", "brief")


def test_what_a_ready_made_block_is_told_is_offered_row_by_row(editor, stage, place, pictures):
    place("findTrack")
    editor.open("block")
    assert editor.problem("title") == (
        "title is required (fits: one of text, or some of title, artist, album, duration and isrc, or rows)"
    )
    rows = editor.row("rows")
    rows.locator(".red-ui-editableList-addButton").click()
    boxes = rows.locator(".connector-pair input")
    offered = [box.get_attribute("placeholder") for box in boxes.all()]
    assert offered == ["e.g. artist", "e.g. Paper Lanterns", "e.g. title", "e.g. Slow River"]
    for box, text in zip(boxes.all(), ["artist", "Restless Compass", "title", "Every Garden"], strict=True):
        box.fill(text)
        box.blur()
    expect(rows.locator(".red-ui-typedInput-container")).not_to_have_class(re.compile("input-error"))
    assert editor.problem("title") is None
    editor.shoot(pictures / "node-red-rows.png")
    editor.done()
    editor.deploy()
    editor.press("button")
    expect(editor.messages()).to_contain_text("object")
    [call] = [call for call in stage.sandbox.control.calls() if call["path"].endswith("/search")]
    assert call["query"]["q"] == 'track:"Every Garden" artist:"Restless Compass"'


def test_connections_switches_and_lists_show_what_there_is_to_choose(editor, place):
    place("copyLibrary")
    editor.open("block")
    editor.row("dry_run").locator(".red-ui-typedInput-option-trigger").click()
    options = editor.page.locator(".red-ui-typedInput-options:visible a")
    assert options.all_inner_texts() == ["not set", "yes", "no (what you get without it)"]
    editor.page.keyboard.press("Escape")
    source = editor.row("source")
    source.locator(".connector-pick").click()
    source.locator(".connector-choices a", has_text="old-account").click()
    assert editor.value("source") == ["old-account", "str"]
    what = editor.row("what")
    what.locator(".red-ui-editableList-addButton").click()
    known = what.locator(f"datalist#{what.locator('ol input').get_attribute('list')} option")
    assert [each.get_attribute("value") for each in known.all()][:2] == ["tracks", "albums"]

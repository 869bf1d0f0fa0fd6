"""A maker's story in Node-RED's editor, by clicks: a playlist is made, gets a cover and songs, and plays in a room."""

from __future__ import annotations

from itertools import pairwise

import pytest
from builders.node_red_editor import Editor
from playwright.sync_api import expect
from typed_values import PICTURE_BYTES


@pytest.fixture
def editor(browser, node_red, stage):
    node_red.deploy([{"id": "flow", "type": "tab", "label": "Flow"}, stage.build_runner(name="My runner")])
    page = browser.new_page(viewport={"width": 1280, "height": 800}, device_scale_factor=1.5)
    yield Editor(page, node_red)
    page.close()


@pytest.fixture
def cover(tmp_path):
    file = tmp_path / "cover.jpg"
    file.write_bytes(PICTURE_BYTES)
    return file


def test_a_playlist_is_made_dressed_filled_and_played(editor, cover, stage, pictures):
    stage.sandbox.control.seed(playing=None)
    page = editor.page
    button = editor.drag("inject", 140, 80)
    create = editor.drag("spotify-createPlaylist", 350, 80)
    keep = editor.drag("change", 570, 80)
    picture = editor.drag("file in", 140, 180)
    dress = editor.drag("spotify-uploadPlaylistCover", 370, 180)
    search = editor.drag("spotify-searchTracks", 620, 180)
    fill = editor.drag("spotify-addItemsToPlaylist", 150, 280)
    play = editor.drag("spotify-startPlayback", 370, 280)
    debug = editor.drag("debug", 590, 280)
    for source, target in pairwise([button, create, keep, picture, dress, search, fill, play, debug]):
        editor.wire(source, target)

    editor.open(create)
    editor.fill("name", "Sunday morning")
    editor.done()

    editor.open(keep)
    rule = page.locator("#node-input-rule-container li").first
    rule.locator(".red-ui-typedInput-input:visible").nth(0).fill("playlist")
    rule.locator(".red-ui-typedInput-type-select").nth(1).click()
    page.locator(".red-ui-typedInput-options:visible a", has_text="msg.").click()
    rule.locator(".red-ui-typedInput-input:visible").nth(1).fill("payload.id")
    editor.done()

    editor.open(picture)
    page.locator("#node-input-name").fill("the cover")
    page.locator(".form-row", has=page.locator("#node-input-filename")).locator(".red-ui-typedInput-input").fill(
        str(cover)
    )
    page.locator("#node-input-format").select_option(label="a single Buffer object")
    editor.done()

    editor.open(dress)
    take_from_message(editor, playlist_id="playlist", image="payload")
    editor.done()

    editor.open(search)
    editor.fill("artist", "Restless Compass")
    editor.unfold("More fields")
    editor.fill("max_items", "3")
    editor.done()

    editor.open(fill)
    take_from_message(editor, playlist_id="playlist")
    editor.choose_type("uris", "expression")
    editor.fill("uris", "payload.uri")
    editor.done()

    editor.open(play)
    editor.choose_type("context_uri", "expression")
    editor.fill("context_uri", '"spotify:playlist:" & playlist')
    editor.unfold("More fields")
    row = editor.row("device_id")
    row.locator(".connector-pick").click()
    kitchen = row.locator(".connector-choices a", has_text="Kitchen")
    expect(kitchen).to_be_visible()
    editor.shoot(pictures / "node-red-story-device.png")
    kitchen.click()
    expect(row.locator(".connector-picked")).to_have_text("Kitchen")
    editor.done()

    assert editor.invalid() == []
    editor.deploy()
    editor.press(button)
    expect(editor.messages()).to_have_count(1)
    expect(editor.status(create)).to_have_text("Created Sunday morning")
    expect(editor.status(fill)).to_have_text("Added 3 items")
    editor.shoot(pictures / "node-red-story.png")

    state = stage.connector.invoke("getPlaybackState", {}).output
    assert (state["is_playing"], state["device"]["name"]) == (True, "Kitchen")
    [playlist] = [
        each for each in stage.connector.invoke("getUserPlaylists", {}).entries if each["name"] == "Sunday morning"
    ]
    assert state["context"]["uri"] == playlist["uri"]
    assert playlist["items"]["total"] == 3
    sent = [f"{call['method']} {call['path']}" for call in stage.sandbox.control.calls()]
    assert f"PUT /v1/playlists/{playlist['id']}/images" in sent


def take_from_message(editor, **paths):
    """Has fields of the open form take properties of the message."""
    for field, path in paths.items():
        editor.choose_type(field, "msg.")
        editor.fill(field, path)

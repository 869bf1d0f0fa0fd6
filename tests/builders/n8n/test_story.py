"""A maker's story in n8n's editor, by clicks: a playlist is made, gets a cover and songs, and plays in a room."""

from __future__ import annotations

import pytest
from builders.n8n_editor import Editor
from builders.n8n_server import OWNER
from playwright.sync_api import expect
from typed_values import PICTURE_BYTES

from connector.export.n8n.wording import to_action

NODE = "Spotify Blocks"
PLAYLIST = "{{ $('Create a playlist').first().json.id }}"
PLAYED = "{{ $('Create a playlist').first().json.uri }}"


@pytest.fixture
def editor(browser, n8n):
    page = browser.new_page(viewport={"width": 1280, "height": 800}, device_scale_factor=1.5)
    editor = Editor(page, n8n.url)
    editor.sign_in(OWNER["email"], OWNER["password"])
    yield editor
    page.close()


@pytest.fixture
def cover(n8n):
    n8n.files.mkdir(exist_ok=True)
    file = n8n.files / "cover.jpg"
    file.write_bytes(PICTURE_BYTES)
    return file


def test_a_playlist_is_made_dressed_filled_and_played(editor, credential, cover, stage, pictures):
    stage.sandbox.control.seed(playing=None)
    editor.start_workflow()

    editor.add(NODE, "Create a playlist")
    editor.choose_credential(credential["name"])
    editor.fill("name", "Sunday morning")
    editor.close()

    editor.add("Read/Write Files from Disk", "Read File(s) From Disk")
    editor.fill("fileSelector", str(cover))
    editor.close()

    # The picture is what n8n calls the file that came before: data.
    editor.add(NODE, to_action("Upload a playlist's cover"))
    editor.write_expression("playlist_id", PLAYLIST)
    editor.close_with(to_action("Upload a playlist's cover"), playlist_id=PLAYLIST)

    editor.add(NODE, "Search for tracks")
    editor.fill("artist", "Restless Compass")
    editor.fill("limit", "3")
    editor.close()

    editor.add_plain("Aggregate")
    editor.fill("fieldToAggregate", "uri")
    editor.close()

    editor.add(NODE, "Add to a playlist")
    editor.write_expression("playlist_id", PLAYLIST)
    editor.write_entry("uris", "{{ $json.uri }}")
    editor.close_with("Add to a playlist", playlist_id=PLAYLIST, uris="{{ $json.uri }}")

    editor.add(NODE, "Play something")
    editor.write_expression("context_uri", PLAYED)
    editor.add_field("Device")
    devices = editor.list_of("device_id")
    editor.shoot(pictures / "n8n-story-device.png")
    devices.filter(has_text="Kitchen").click()
    expect(editor.find("resource-locator-device_id").locator("input").last).to_have_value("Kitchen (Speaker)")
    editor.close_with("Play something", context_uri=PLAYED)

    editor.tidy_up()
    editor.execute()
    expect(editor.succeeded()).to_have_count(8)
    editor.shoot(pictures / "n8n-story.png")

    state = stage.connector.invoke("getPlaybackState", {}).output
    assert (state["is_playing"], state["device"]["name"]) == (True, "Kitchen")
    lists = stage.connector.invoke("getUserPlaylists", {}).entries
    [playlist] = [each for each in lists if each["name"] == "Sunday morning"]
    assert (state["context"]["uri"], playlist["items"]["total"]) == (playlist["uri"], 3)
    sent = [f"{call['method']} {call['path']}" for call in stage.sandbox.control.calls()]
    assert f"PUT /v1/playlists/{playlist['id']}/images" in sent

"""What is wrong with blocks that are made of blocks, and with their lists, is found before anyone runs them."""

import copy
import shutil
from functools import reduce
from pathlib import Path

import pytest

from connector.lint import check_manifest
from connector.lint.procedures import check_lists, check_procedure
from connector.manifest.manifest import Manifest

ROOT = Path(__file__).parents[2]
SOUND = Manifest.load().data
MIRROR = ("blocks", "mirrorPlaylist")
PLAYLIST = ("lists", "playlist")


def spoil(place, value):
    """The manifest's data with another value at a place; `None` takes away what is there."""
    data = copy.deepcopy({**SOUND})
    *steps, last = place
    at = reduce(lambda found, step: found[step], steps, data)
    if value is None:
        del at[last]
    else:
        at[last] = value
    return Manifest(data, ROOT)


@pytest.mark.parametrize(
    ("place", "value", "where", "message"),
    [
        ((*PLAYLIST, "read"), "getPlaylistItemz", (*PLAYLIST, "read"), "There is no block 'getPlaylistItemz'"),
        ((*PLAYLIST, "field"), "list_id", (*PLAYLIST, "read"), "list_id is no field of getPlaylistItems"),
        ((*PLAYLIST, "insert", "at"), "place", (*PLAYLIST, "insert"), "place is no field of addItemsToPlaylist"),
        ((*PLAYLIST, "move", "count"), "many", (*PLAYLIST, "move"), "many is no field of reorderPlaylistItems"),
        ((*PLAYLIST, "create", "title"), "called", (*PLAYLIST, "create"), "called is no field of createPlaylist"),
        ((*PLAYLIST, "look", "total"), "items.[", (*PLAYLIST, "look", "total"), "is no JMESPath expression"),
        ((*PLAYLIST, "entry", "key"), "item..uri", (*PLAYLIST, "entry", "key"), "is no JMESPath expression"),
        ((*PLAYLIST, "sorts", "title"), ["("], (*PLAYLIST, "sorts", "title"), "is no JMESPath expression"),
        ((*PLAYLIST, "columns", "ISRC", "at"), "item.[", (*PLAYLIST, "columns", "ISRC"), "is no JMESPath expression"),
        ((*PLAYLIST, "columns", "Added At"), "(", (*PLAYLIST, "columns", "Added At"), "is no JMESPath expression"),
        (
            (*PLAYLIST, "columns", "ISRC", "means"),
            "title",
            (*PLAYLIST, "columns", "ISRC"),
            "means title, as Track Name does",
        ),
        ((*PLAYLIST, "find", "known"), "[a", (*PLAYLIST, "find", "known"), "is no regular expression"),
    ],
)
def test_a_list_is_said_in_fields_that_there_are_and_expressions_that_can_be_read(place, value, where, message):
    found = list(check_lists(spoil(place, value)))
    assert [(spot, message in text) for spot, text in found if spot == where] == [(where, True)], found


@pytest.mark.parametrize(
    ("place", "value", "where", "message"),
    [
        ((*MIRROR, "procedure", "lists", "source"), None, ("procedure",), "sync needs a list as source"),
        (
            (*MIRROR, "procedure", "lists", "target"),
            "savedTracks",
            ("procedure", "lists", "target"),
            "savedTracks doesn't say how to look, remove",
        ),
        (
            (*PLAYLIST, "create"),
            None,
            ("procedure", "lists", "target"),
            "playlist doesn't say how to create",
        ),
        ((*PLAYLIST, "me"), None, ("procedure", "lists", "target"), "playlist doesn't say how to me"),
        (
            (*PLAYLIST, "insert", "at"),
            None,
            ("procedure", "lists", "target"),
            "playlist doesn't say at which place entries come in",
        ),
        (
            (*MIRROR, "input", "properties", "by"),
            SOUND["blocks"]["sortPlaylist"]["input"]["properties"]["by"],
            ("input", "properties", "by"),
            "says nothing to sync",
        ),
        ((*MIRROR, "scopes"), ["playlist-modify-private"], ("scopes",), "needs playlist-read-private"),
    ],
)
def test_a_block_gives_its_procedure_what_it_needs_and_nothing_else(place, value, where, message):
    manifest = spoil(place, value)
    found = list(check_procedure(manifest, manifest.block("mirrorPlaylist"), MIRROR))
    assert [message in text for spot, text in found if spot == (*MIRROR, *where)] == [True], found


def test_a_block_that_is_missing_is_found_where_it_is_named_and_malformed_ones_hide_nothing(tmp_path):
    shutil.copytree(ROOT / "schemas", tmp_path / "schemas")
    text = (ROOT / "manifest.yaml").read_text("utf-8")
    path = tmp_path / "manifest.yaml"
    path.write_text(text.replace("move: {block: reorderPlaylistItems", "move: {block: reorderItems"), "utf-8")
    assert ["There is no block 'reorderItems'" in finding.message for finding in check_manifest(path)] == [True]
    path.write_text(text.replace("title: Move what is on a playlist", "title: </script>"), "utf-8")
    assert ["does not fit" in finding.message for finding in check_manifest(path)] == [True]


@pytest.mark.parametrize(
    ("block", "place", "value", "where", "message"),
    [
        ("importPlaylist", ("procedure", "with", "own"), None, ("procedure", "with"), "import has to be told own"),
        ("exportPlaylist", ("procedure", "with", "file"), None, ("procedure", "with"), "export has to be told file"),
        (
            "exportLibrary",
            ("procedure", "lists", "albums"),
            "bare",
            ("procedure", "lists", "albums"),
            "bare has no columns, of which export makes rows",
        ),
    ],
)
def test_what_makes_and_reads_files_is_told_how(block, place, value, where, message):
    manifest = spoil(("blocks", block, *place), value)
    bare = {"title": "albums", "read": "getUserSavedAlbums", "entry": {"key": "uri"}}
    manifest = Manifest({**manifest.data, "lists": {**manifest.data["lists"], "bare": bare}}, ROOT)
    found = list(check_procedure(manifest, manifest.block(block), ("blocks", block)))
    assert [message in text for spot, text in found if spot == ("blocks", block, *where)] == [True], found


@pytest.mark.parametrize(
    ("name", "place", "value", "message"),
    [
        ("copyLibrary", ("procedure", "lists", "tracks"), "playedTracks", "playedTracks doesn't say how to insert"),
        ("newReleasesToPlaylist", ("procedure", "lists", "each"), None, "gather needs a list as each"),
        ("queueItems", ("scopes",), ["user-modify-playback-state"], "getUserPlaylists, of which it is made, needs"),
    ],
)
def test_each_procedure_says_what_it_needs_of_its_lists(name, place, value, message):
    manifest = spoil(("blocks", name, *place), value)
    found = list(check_procedure(manifest, manifest.block(name), ("blocks", name)))
    assert any(message in text for _, text in found), found


def test_of_lists_that_are_only_read_nothing_else_is_asked_for():
    manifest = Manifest(SOUND, ROOT)
    needs = manifest.block("queueItems").scope_needs
    assert not any("playlist-modify-private" in need.any_of for need in needs)


def test_nothing_is_found_where_all_is_well():
    manifest = Manifest(SOUND, ROOT)
    made = [block for block in manifest if block.procedure]
    assert [*check_lists(manifest), *(found for block in made for found in check_procedure(manifest, block, ()))] == []
    assert {block.group for block in made} == {"Ready-made"}

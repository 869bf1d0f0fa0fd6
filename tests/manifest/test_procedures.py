"""What a manifest says of blocks that are made of blocks, as values."""

from connector.manifest.closed_blocks import tell_closed
from connector.manifest.manifest import Manifest

MANIFEST = Manifest.load()


def test_a_block_of_blocks_knows_its_lists_and_their_blocks():
    block = MANIFEST.block("mirrorSavedTracks")
    procedure = block.procedure
    assert (procedure.name, procedure.words) == ("sync", {"as": "same"})
    source, target = procedure.lists["source"], procedure.lists["target"]
    assert (source.field, source.blocks) == (
        None,
        {"read": "getUserSavedTracks", "insert": "saveToLibrary"},
    )
    assert (target.field, target.blocks["look"], target.words["look"]["title"]) == (
        "playlist_id",
        "getPlaylist",
        "name",
    )
    # A source is read and never written to; a mirror replaces nothing.
    others = {"saveToLibrary", "replacePlaylistItems"}
    assert set(procedure.parts) == {*source.blocks.values(), *target.blocks.values()} - others
    assert (block.routes, block.page, block.batch, block.server) == ((), None, None, "api")


def test_a_list_says_how_much_it_takes_and_where_its_newest_stand():
    lists = MANIFEST.block("mirrorSavedTracks").procedure.lists
    assert (lists["target"].most, lists["target"].is_newest_first) == (10_000, False)
    assert (lists["source"].most, lists["source"].is_newest_first) == (None, True)


def test_a_field_can_name_a_second_connection():
    assert {block.name: block.connection_fields for block in MANIFEST if block.connection_fields} == {
        "copyLibrary": {"source"}
    }


def test_how_many_entries_a_call_takes_is_what_its_block_says():
    target = MANIFEST.block("mirrorSavedTracks").procedure.lists["target"]
    assert target.sizes == {"insert": 100, "remove": 100, "replace": 100}
    assert (target.part_size, target.reads_in_parts(50), target.reads_in_parts(51)) == (50, False, True)
    assert [target.count_calls("insert", count) for count in (0, 1, 100, 101, 5_000)] == [0, 1, 1, 2, 50]


def close(*names):
    """The manifest where these blocks are closed to apps in development mode."""
    data = {**MANIFEST.data, "blocks": {**MANIFEST.data["blocks"]}}
    for name in names:
        block = {**data["blocks"][name]}
        block["routes"] = [{**route, "quota": {"development": "closed 2026-02-11"}} for route in block["routes"]]
        data["blocks"][name] = block
    return Manifest(data, MANIFEST.folder)


def test_a_block_of_blocks_is_closed_where_one_is_that_it_can_not_do_without():
    closed = close("getUserSavedTracks")
    assert closed.block("mirrorSavedTracks").closed == {"development": "2026-02-11"}
    # These can take another list, or don't read it at all.
    assert not closed.block("keepLastItems").closed
    assert not closed.block("mirrorPlaylist").closed


def test_what_only_some_runs_need_closes_nothing_and_is_told():
    closed = close("createPlaylist", "addToQueue")
    assert closed.block("queueItems").closed == {"development": "2026-02-11"}
    mirror = closed.block("mirrorPlaylist")
    assert (mirror.closed, tell_closed(mirror)) == ({}, ["In development mode without createPlaylist, closed there."])
    # What doesn't make playlists does without.
    sort = closed.block("sortPlaylist")
    assert "createPlaylist" not in {*sort.procedure.parts, *MANIFEST.block("queueItems").procedure.parts}
    assert tell_closed(sort) == []
    assert "createPlaylist" in mirror.procedure.parts
    assert "createPlaylist" not in mirror.procedure.needed


def test_a_block_that_only_reads_knows_no_block_of_its_lists_that_writes():
    parts = MANIFEST.block("exportPlaylist").procedure.parts
    assert set(parts) == {"getPlaylistItems", "getPlaylist", "getUserPlaylists", "getCurrentUserProfile"}
    assert "addItemsToPlaylist" in MANIFEST.block("importPlaylist").procedure.parts


def test_a_column_has_an_expression_and_may_mean_something():
    columns = {column.name: column for column in MANIFEST.block("exportPlaylist").procedure.lists["playlist"].columns}
    assert (columns["Added At"].at, columns["Added At"].means, columns["Added At"].also) == ("added_at", None, ())
    assert columns["Track Name"].means == "title"
    assert "Song" in columns["Track Name"].also


def test_the_columns_are_those_of_exportify_in_its_order():
    """github.com/watsonbox/exportify, README.md, "Export Format"; the last two stand in its files too."""
    assert [column.name for column in MANIFEST.block("exportPlaylist").procedure.lists["playlist"].columns] == [
        "Track URI",
        "Track Name",
        "Artist URI(s)",
        "Artist Name(s)",
        "Album URI",
        "Album Name",
        "Album Artist URI(s)",
        "Album Artist Name(s)",
        "Album Release Date",
        "Album Image URL",
        "Disc Number",
        "Track Number",
        "Track Duration (ms)",
        "Track Preview URL",
        "Explicit",
        "Popularity",
        "ISRC",
        "Added By",
        "Added At",
    ]

"""What a manifest says of blocks that are made of blocks, as values."""

from connector.manifest.manifest import Manifest

MANIFEST = Manifest.load()


def test_a_block_of_blocks_knows_its_lists_and_their_blocks():
    block = MANIFEST.block("mirrorSavedTracks")
    procedure = block.procedure
    assert (procedure.name, procedure.words) == ("sync", {"as": "same"})
    source, target = procedure.lists["source"], procedure.lists["target"]
    assert (source.field, source.blocks) == (None, {"read": "getUserSavedTracks"})
    assert (target.field, target.blocks["look"], target.words["look"]["title"]) == (
        "playlist_id",
        "getPlaylist",
        "name",
    )
    assert set(procedure.parts) == {*source.blocks.values(), *target.blocks.values()}
    assert (block.routes, block.page, block.batch, block.server) == ((), None, None, "api")


def test_how_many_entries_a_call_takes_is_what_its_block_says():
    target = MANIFEST.block("mirrorSavedTracks").procedure.lists["target"]
    assert target.sizes == {"insert": 100, "remove": 100, "replace": 100}
    assert (target.part_size, target.reads_in_parts(50), target.reads_in_parts(51)) == (50, False, True)
    assert [target.count_calls("insert", count) for count in (0, 1, 100, 101, 5_000)] == [0, 1, 1, 2, 50]


def test_a_part_that_is_closed_closes_the_whole():
    data = {**MANIFEST.data, "blocks": {**MANIFEST.data["blocks"]}}
    reading = {**data["blocks"]["getUserSavedTracks"]}
    reading["routes"] = [{**route, "quota": {"development": "closed 2026-02-11"}} for route in reading["routes"]]
    data["blocks"]["getUserSavedTracks"] = reading
    closed = Manifest(data, MANIFEST.folder)
    assert closed.block("mirrorSavedTracks").closed_since("development")
    assert not closed.block("mirrorPlaylist").closed_since("development")

"""What is missing comes onto a list, and the newest stay on it."""

import pytest

from connector.composites.editing import plan_list
from connector.composites.run import run
from connector.composites.task import Task
from connector.errors import InvocationFailed
from connector.manifest.manifest import Manifest
from connector.manifest.procedures import Procedure
from connector.result import Listing, Meta, Result
from tests.composites.shelf import KIND, Shelf, make_kind

MANIFEST = Manifest.load()


def test_what_is_missing_is_added_in_order_at_a_place_once(invoke, make, read, tracks, count, give):
    target = make("Party", tracks[:4])
    wanted = [tracks[8], tracks[2], tracks[7], tracks[8], tracks[6]]
    count()
    told = give(invoke("addMissingItems", uris=wanted, target=target, position=1))
    # A look, the list, the end read back; one call adds all.
    assert count() == (3, 1)
    assert [entry["uri"] for entry in told["added"]] == [tracks[8], tracks[7], tracks[6]]
    assert read(target) == [tracks[0], tracks[8], tracks[7], tracks[6], *tracks[1:4]]
    count()
    again = give(invoke("addMissingItems", uris=wanted, target=target, position=1))
    assert (count()[1], again["added"], again["kept"]) == (0, [], 7)


def test_another_list_is_given_in_place_of_items(invoke, make, read, tracks, give):
    target = make("Party", tracks[:2])
    give(invoke("addMissingItems", source=make("More", tracks[1:5]), target=target))
    assert read(target) == tracks[:5]
    error = invoke("addMissingItems", uris=tracks[:1], source="More", target=target).error
    assert {problem.name for problem in error.fields} == {"uris", "source"}


def test_the_same_recording_is_not_added_where_that_is_asked_for():
    song = {"artist": "Band", "title": "Song", "ms": 200_000}
    shelf = Shelf([{"uri": "spotify:track:old", "added": "1", "own": False, **song}])
    looked_up = []

    def invoke(block, args, who=None, **_):
        if block != "lookUp":
            return shelf.call(block, args)
        looked_up.extend(args["ids"])
        things = [{"uri": "spotify:track:twin", **song, "ms": 201_000}, None]
        return Result(block, {"things": things}, meta=Meta(requests=1), listing=Listing(("things",)))

    entry = {**KIND.entry, "title": "title", "artist": "artist", "length_ms": "ms", "isrc": "isrc"}
    given = make_kind(field="ids", blocks={"read": "lookUp"}, entry=entry)
    words = {"as": "missing", "looks_up": "track"}
    procedure = Procedure("sync", words, {"target": make_kind(entry=entry), "given": given}, {}, "api", {})
    uris = ["spotify:track:twin", "spotify:track:gone", "spotify:episode:talk"]
    args = {"uris": uris, "target": "", "same": "recording"}
    told = run(Task(procedure, args, invoke, MANIFEST.references))
    assert looked_up == uris[:2]
    assert [entry["uri"] for entry in told["added"]] == uris[1:]
    assert shelf.uris == ["spotify:track:old", *uris[1:]]


def test_the_newest_saved_tracks_are_read_from_the_top_alone(invoke, sandbox, make, read, count, give):
    sandbox.control.seed(saved_tracks=500, page_null_at={})
    target = make("Newest")
    count()
    told = give(invoke("keepLastItems", target=target, count=30))
    assert count() == (3, 1)
    newest = [entry["track"]["uri"] for entry in invoke("getUserSavedTracks", max_items=30).entries]
    assert read(target) == newest
    assert told["kept"] == 0


def test_more_than_a_list_takes_is_told_before_anything_is_written():
    kind = make_kind(most=4)
    with pytest.raises(InvocationFailed, match="would hold 5 entries, and a shelf takes 4 at most"):
        plan_list(kind, [], list("abcde"), "moves")
    assert plan_list(kind, [], list("abcd"), "moves").writes == 2

"""Blocks that are made of blocks, on real HTTP: what they cost, and what stands on the lists afterwards."""

import pytest

from connector import Connector
from connector.composites.kept_list import build_entry
from connector.manifest.manifest import Manifest
from connector.wire.deadline import Cancel

MANIFEST = Manifest.load()
#: A list of the listener's own with a file of theirs and an entry of which nothing is left.
OWN = "3cEYpjA9oz9GiPac4AsH4n"
LOCAL = "spotify:local:Garage+Neighbours:Demo+Tape:Rehearsal+3:215"


def test_a_mirror_costs_what_changed(invoke, sandbox, make, count, give):
    sandbox.control.seed(saved_tracks=5_000, page_null_at={})
    target = make("Likes")
    count()
    told = give(invoke("mirrorSavedTracks", target=target))
    # The source, a look before and the end read back after.
    assert count() == (100 + 2, 50)
    assert (len(told["added"]), told["calls"]) == (5_000, {"read": 102, "write": 50})
    saved = [entry["uri"] for entry in told["added"]]
    again = give(invoke("mirrorSavedTracks", target=target))
    # Both lists, and a look before and after.
    assert count() == (100 + 100 + 2, 0)
    assert (again["added"], again["removed"], again["moved"], again["kept"]) == ([], [], [], 5_000)

    gone, new = [saved[7], saved[4_000]], find_unsaved(sandbox, saved, 3)
    invoke("removeFromLibrary", uris=gone).unwrap()
    invoke("saveToLibrary", uris=new).unwrap()
    count()
    changed = give(invoke("mirrorSavedTracks", target=target))
    # The source has 5,001 now; what was written is read back.
    assert count() == (101 + 100 + 2 + 1, 2)
    assert {entry["uri"] for entry in changed["added"]} == set(new)
    assert [(entry["uri"], entry["position"]) for entry in changed["removed"]] == [(gone[0], 7), (gone[1], 4_000)]
    assert (changed["moved"], changed["kept"]) == ([], 4_998)
    first = invoke("getPlaylistItems", playlist_id=target, max_items=50).entries
    assert [entry["item"]["uri"] for entry in first[3:]] == [uri for uri in saved if uri not in gone][:47]


def find_unsaved(sandbox, saved, most):
    known = set(saved)
    every = (f"spotify:track:{identifier}" for identifier in sandbox.control.ids("track", 6_000))
    return [uri for uri in every if uri not in known][:most]


def test_deduping_reads_a_list_once_and_writes_for_what_goes(invoke, make, read, tracks, count, give):
    target = make("Party", [*tracks[:300], tracks[2], tracks[250]])
    count()
    told = give(invoke("dedupePlaylist", playlist=target))
    reads, writes = count()
    # ⌈302/50⌉ pages, a look before and after, and the end read back; removing takes both copies, so two come anew.
    assert (reads, writes) == (7 + 3, 1 + 2)
    assert [(entry["uri"], entry["position"]) for entry in told["removed"]] == [(tracks[2], 300), (tracks[250], 301)]
    assert read(target) == tracks[:300]
    count()
    give(invoke("dedupePlaylist", playlist=target))
    assert count() == (6 + 2, 0)


def test_ten_thousand_entries_are_deduped_with_one_reading(invoke, sandbox, make, count, give):
    tracks = [f"spotify:track:{identifier}" for identifier in sandbox.control.ids("track", 9_950)]
    target = make("All", [*tracks, *tracks[100:150]])
    count()
    told = give(invoke("dedupePlaylist", playlist=target))
    # A page of the fifty copies; what went with them comes back at once, where it stood.
    assert count() == (200 + 3, 1 + 1)
    assert (len(told["removed"]), told["kept"]) == (50, 9_950)


def test_what_was_put_there_anew_is_told_as_that(invoke, make, tracks):
    target = make("Disorder", tracks[:60])
    told = invoke("shufflePlaylist", playlist=target, seed="x", how="replace", dry_run=True)
    done = invoke("shufflePlaylist", playlist=target, seed="x", how="replace")
    assert (told.meta.did, done.meta.did) == ("Would be: 60 put there anew", "60 put there anew")


def test_what_can_not_be_put_elsewhere_is_left_out_and_told(invoke, make, read, give):
    source = read(OWN)
    assert LOCAL in source
    assert None in source
    told = give(invoke("copyPlaylist", source=OWN, target=make("Copy")))
    left = [(entry["uri"], entry["why"]) for entry in told["left_out"]]
    assert left == [(LOCAL, "A file of one's own can't be put on another list."), (None, "It can't be read.")]
    assert read(told["target"]["id"]) == [uri for uri in source if uri not in (LOCAL, None)]


def test_what_could_not_be_put_back_stays_whatever_is_wanted(invoke, make, read, tracks, give):
    source = make("Few", tracks[:2])
    before = read(OWN)
    told = give(invoke("mirrorPlaylist", source=source, target=OWN))
    assert sorted(map(str, read(OWN))) == sorted(map(str, [*tracks[:2], LOCAL, None]))
    assert told["kept"] + len(told["removed"]) == len(before)


@pytest.mark.parametrize("named", ["name", " NAME ", "id", "uri", "link"])
def test_a_list_is_named_by_whatever_names_it(invoke, make, read, tracks, named, give):
    made = make("Morning run", tracks[:3])
    texts = {
        "name": "Morning run",
        " NAME ": " morning RUN ",
        "id": made,
        "uri": f"spotify:playlist:{made}",
        "link": f"https://open.spotify.com/playlist/{made}?si=0",
    }
    told = give(invoke("dedupePlaylist", playlist=texts[named]))
    assert told["playlist"] == {"id": made, "name": "Morning run"}


@pytest.mark.parametrize("block", ["mirrorPlaylist", "mirrorSavedTracks"])
def test_a_track_that_a_market_shows_as_another_is_named_as_the_list_knows_it(block):
    track = {"uri": "spotify:track:shown", "linked_from": {"uri": "spotify:track:kept"}, "type": "track"}
    for kind in MANIFEST.block(block).procedure.lists.values():
        entry = build_entry(kind, {"item": track, "track": track}, 0)
        assert (entry.key, entry.names) == ("spotify:track:kept", {"spotify:track:kept", "spotify:track:shown"})


def test_a_name_that_is_not_one_list_s_alone_is_refused(invoke, make, tracks, count):
    twins = {make("Twins"), make("Twins")}
    source = make("Source", tracks[:3])
    count()
    error = invoke("copyPlaylist", source=source, target="Twins").error
    assert [problem.name for problem in error.fields] == ["target"]
    assert all(identifier in error.message for identifier in twins)
    assert "is the name of no playlist" in invoke("sortPlaylist", playlist="Nowhere", by="title").error.message
    assert (
        "is the name of no playlist" in invoke("copyPlaylist", source=source, target="New", create=False).error.message
    )
    merging = invoke("mergePlaylists", sources=[source, "Nowhere"], target="New").error
    lacking = invoke("mergePlaylists", target="New").error.message
    assert "sources is required (fits: playlists' ids, URIs or links, or names)" in lacking
    assert "sources has an entry, number 2, that is the name of no playlist that you own" in merging.message
    assert (
        "another kind of thing" in invoke("copyPlaylist", source="spotify:album:" + source, target="New").error.message
    )
    assert count()[1] == 0


def test_a_target_that_would_be_another_one_after_each_run_is_refused(invoke, make, tracks, count):
    one, two = make("One", tracks[:3]), make("Two", tracks[2:4])
    count()
    taken = invoke("subtractPlaylists", sources=[one, two], target="Two").error
    growing = invoke("mergePlaylists", sources=[one, two], target=one, duplicates=True).error
    assert [error.fields[0].name for error in (taken, growing)] == ["target", "target"]
    assert ("is a list of what is taken away" in taken.message, "would grow" in growing.message) == (True, True)
    assert count()[1] == 0


def test_a_list_that_is_missing_is_made_once(invoke, make, read, tracks, count, give):
    source = make("Source", tracks[:3])
    count()
    first = give(invoke("copyPlaylist", source=source, target="Made"))
    # Who asks and their lists, the source, and what was written read back: nobody has to look at a list just made.
    assert count() == (2 + 1 + 1, 2)
    again = give(invoke("copyPlaylist", source=source, target="Made"))
    assert (first["created"], again["created"]) == (True, False)
    assert first["target"] == again["target"]
    assert read(first["target"]["id"]) == tracks[:3]


@pytest.mark.parametrize(
    ("block", "args"),
    [
        ("copyPlaylist", {"source": "Long", "target": "New"}),
        ("mergePlaylists", {"sources": ["Long", "Short"], "target": "Short"}),
        ("subtractPlaylists", {"sources": ["Long", "Short"], "target": "Long"}),
        ("intersectPlaylists", {"sources": ["Long", "Short"], "target": "Long"}),
        ("keepLastItems", {"source": "Long", "target": "Long", "count": 2}),
        ("dedupePlaylist", {"playlist": "Long"}),
        ("sortPlaylist", {"playlist": "Long", "by": "title"}),
        ("shufflePlaylist", {"playlist": "Long", "seed": "x"}),
    ],
)
def test_a_dry_run_writes_nothing_and_tells_what_the_run_does_then(invoke, make, tracks, count, block, args, give):
    make("Long", [*tracks[:6], tracks[0]])
    make("Short", tracks[4:8])
    count()
    plan = give(invoke(block, **args, dry_run=True))
    assert count()[1] == 0
    done = give(invoke(block, **args))
    assert plan["dry_run"] is True
    assert plan["calls"]["write"] == done["calls"]["write"] == count()[1] > 0
    for part in ("added", "removed", "moved", "kept", "left_out", "ways"):
        assert plan[part] == done[part]


def test_lists_are_merged_subtracted_and_intersected_in_order(invoke, make, read, tracks, give):
    a, b, c, d = tracks[:4]
    one, two = make("One", [a, b, a, c]), make("Two", [c, d, b])
    wanted = {
        "mergePlaylists": [a, b, c, d],
        "subtractPlaylists": [a, a],
        "intersectPlaylists": [b, c],
    }
    for block, uris in wanted.items():
        told = give(invoke(block, sources=[one, two], target=block))
        assert read(told["target"]["id"]) == uris
    every = give(invoke("mergePlaylists", sources=[one, two], target="All", duplicates=True))
    assert read(every["target"]["id"]) == [a, b, a, c, c, d, b]


def test_a_list_that_may_have_been_made_is_not_made_twice(invoke, sandbox, make, read, tracks):
    source = make("Source", tracks[:3])
    sandbox.control.fault("no_json", match="POST /me/playlists", applied=True)
    error = invoke("copyPlaylist", source=source, target="Made").error
    assert (error.kind, error.is_uncertain) == ("bad_answer", True)
    again = invoke("copyPlaylist", source=source, target="Made").unwrap()
    assert (again["created"], read(again["target"]["id"])) == (False, tracks[:3])


def test_a_failure_midway_tells_what_was_done_and_the_next_run_finishes(
    invoke, sandbox, make, read, tracks, count, give
):
    source = make("Source")
    for start in (0, 100, 200):
        invoke("addItemsToPlaylist", playlist_id=source, uris=tracks[start : start + 100]).unwrap()
    target = make("Target", tracks[310:312])
    sandbox.control.fault("forbidden_no_message", match="POST /playlists", after=1)
    error = invoke("mirrorPlaylist", source=source, target=target).error
    assert (error.kind, error.is_uncertain) == ("forbidden", False)
    assert list(error.done) == [*tracks[310:312], *tracks[:100]]
    assert list(error.not_done) == tracks[100:300]
    count()
    told = give(invoke("mirrorPlaylist", source=source, target=target))
    assert count()[1] == 2
    assert (len(told["added"]), told["kept"]) == (200, 100)
    assert read(target) == tracks[:300]


def test_a_write_that_took_effect_though_it_failed_is_not_repeated(invoke, sandbox, make, read, tracks, count, give):
    source, target = make("Source", tracks[:5]), make("Target", tracks[3:8])
    sandbox.control.fault("bad_gateway", match="POST /playlists", applied=True)
    count()
    give(invoke("mirrorPlaylist", source=source, target=target))
    assert count()[1] == 2
    assert read(target) == tracks[:5]


def test_a_source_that_can_not_be_read_to_its_end_changes_nothing(invoke, sandbox, make, count):
    target = make("Target")
    sandbox.control.fault("server_error", match="GET /me/tracks", after=1, times=9)
    count()
    error = invoke("mirrorSavedTracks", target=target).error
    assert (error.kind, error.is_uncertain, error.came, error.resume) == ("server_error", False, None, None)
    assert "resume" not in error.message
    assert count()[1] == 0


@pytest.mark.parametrize("left", ["cancel", "deadline"])
def test_what_was_taken_off_is_put_back_though_whoever_waits_has_left(connector, sandbox, make, read, tracks, left):
    target = make("Target", [*tracks[:60], *tracks[:20]])
    cancel = Cancel()

    def leave(progress):
        if sandbox.control.calls()[-1]["method"] == "DELETE":
            cancel.set()

    args = {"access_token": sandbox.demo_args["access_token"], "playlist": target}
    sandbox.control.fault("slow", seconds=0.5, match="GET /playlists")
    limits = {"cancel": cancel} if left == "cancel" else {"deadline": 1.0}
    error = connector.invoke("dedupePlaylist", args, on_progress=leave, **limits).error
    assert error.kind == ("cancelled" if left == "cancel" else "timeout")
    assert set(read(target)) == set(tracks[:60])


@pytest.mark.parametrize(("calls", "kind"), [(3, "rate_limited"), (5, None)])
def test_nothing_is_taken_off_that_no_call_of_the_day_is_left_to_put_back(sandbox, make, read, tracks, calls, kind):
    target = make("Target", [*tracks[:3], tracks[0]])
    args = {"access_token": sandbox.demo_args["access_token"], "playlist": target}
    with Connector(MANIFEST, servers=sandbox.servers, daily_calls=calls) as connector:
        error = connector.invoke("dedupePlaylist", args).error
    assert (error and error.kind) == kind
    assert read(target) == ([*tracks[:3], tracks[0]] if kind else tracks[:3])


def test_what_others_put_on_a_list_meanwhile_is_seen(connector, sandbox, make, read, tracks, give):
    source, target = make("Source", tracks[:5]), make("Target", tracks[3:8])
    token = sandbox.demo_args["access_token"]
    edits = []

    def edit(progress):
        # Once the list was read, and before anything is written on it.
        if not edits and any(call["method"] == "DELETE" for call in sandbox.control.calls()):
            args = {"access_token": token, "playlist_id": target, "uris": tracks[9:10], "position": 0}
            edits.append(connector.invoke("addItemsToPlaylist", args).unwrap())

    args = {"access_token": token, "source": source, "target": target}
    give(connector.invoke("mirrorPlaylist", args, on_progress=edit))
    assert edits
    assert read(target) == tracks[:5]

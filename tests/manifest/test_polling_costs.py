"""What is known of a trigger before it is polled: what looks cost, what the state grows to, and who may not use it."""

from dataclasses import replace

from connector.manifest.closed_blocks import describe_quota
from connector.manifest.manifest import Manifest
from connector.manifest.triggers import describe_trigger, find_trigger, iter_triggers

HARBOUR = Manifest.load("tests/harbour/manifest.yaml")


def test_each_way_says_what_a_look_costs(manifest):
    costs = {trigger.name: describe_trigger(trigger)["cost"] for trigger in iter_triggers(manifest)}
    whole = "1 call for every 50 entries"
    assert costs["newSavedTrack"] == {"quiet": "1 call", "change": "1 call, and one for each further 50 new entries"}
    assert costs["savedTrackRemoved"] == {"quiet": "1 call", "change": f"the whole list, {whole}"}
    assert costs["newPlaylistItem"] == {
        "quiet": "1 call",
        "change": f"2 calls where something came at the end, else the whole list, {whole}",
    }
    assert costs["newPlaylist"] == {"quiet": whole, "change": whole}
    assert costs["topTracksChanged"] == costs["playedTrack"] == {"quiet": "1 call", "change": "1 call"}
    assert costs["playbackChanged"] == {"quiet": "1 call", "change": "1 call"}
    assert costs["newEpisodeOfSavedShow"]["change"] == f"{whole}, and 1 or 2 more for each that grew"
    rota = f"10 calls, and at the start of a round {whole}"
    assert costs["newReleaseByFollowedArtist"] == {"quiet": rota, "change": rota}
    for trigger in iter_triggers(HARBOUR):
        assert all(trigger.cost), trigger.name


def test_a_trigger_is_closed_where_a_block_that_it_reads_is():
    trigger = find_trigger(HARBOUR, "keeperChanged")
    assert (trigger.closed, describe_quota(trigger)["development"]) == ({}, "open")
    shut = next(block for block in HARBOUR if block.closed)
    beside = replace(trigger, others={shut.name: shut})
    assert describe_quota(beside)["development"] == describe_quota(shut)["development"] == "closed 2026-01-31"

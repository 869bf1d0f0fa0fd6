"""A poll through the connector: its arguments, its state, its errors, its cost, for every trigger of the manifest."""

import copy
import json

import pytest

from connector import Connector, UnknownTrigger
from connector.manifest.manifest import Manifest
from connector.manifest.triggers import find_trigger, iter_triggers
from connector.sandbox import Sandbox

MANIFEST = Manifest.load()
#: What is gone can't be read; which playlist changed last, and whether anything ran low, no answer tells; and which
#: releases are the latest is known when all artists were read, which takes several looks.
NOTHING_LAST = {
    "savedTrackRemoved",
    "playlistItemRemoved",
    "playlistChanged",
    "newReleaseByFollowedArtist",
    "signInEndsSoon",
    "quotaExceeded",
}
TRIGGERS = [trigger.name for trigger in iter_triggers(MANIFEST)]


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox() as running:
        yield running


@pytest.fixture
def connector(sandbox):
    sandbox.control.reset()
    with Connector(MANIFEST, servers=sandbox.servers) as loaded:
        yield loaded


def find_args(sandbox, trigger):
    known = {**trigger.block.example, "q": "a", **sandbox.demo_args}
    return {name: value for name, value in known.items() if name in trigger.form.fields and name not in ("track",)}


@pytest.mark.parametrize("name", TRIGGERS)
def test_a_trigger_begins_quietly_goes_on_and_tells_its_last_where_asked(connector, sandbox, name):
    trigger = find_trigger(MANIFEST, name)
    args = find_args(sandbox, trigger)
    begun = connector.poll(name, args)
    assert (begun.error, begun.events) == (None, ())
    quiet = connector.poll(name, args, json.loads(json.dumps(begun.state)))
    assert (quiet.error, quiet.events, quiet.more) == (None, (), False)
    assert quiet.meta.requests <= begun.meta.requests
    assert (quiet.meta.requests == 1) == (trigger.cost.quiet == "1 call" or begun.meta.requests == 1)
    assert quiet.next_s >= 1
    last = connector.poll(name, {**args, "also_last": 2})
    assert len(last.events) == (0 if name in NOTHING_LAST else 1 if trigger.way == "value" else 2)
    for event in last.events:
        assert event.type == name
        assert json.dumps(event.to_dict())
        assert event.brief is None or 0 < len(json.dumps(event.brief)) < len(json.dumps(event.data))
    again = connector.poll(name, {**args, "also_last": 2})
    assert [event.id for event in again.events] == [event.id for event in last.events]


def test_the_latest_of_many_things_are_told_where_the_first_look_reads_them_all(connector, sandbox):
    token = {"access_token": sandbox.demo_args["access_token"]}
    sandbox.control.seed(followed_artists=4, saved_shows=3)
    for name, block, field, read in (
        ("newReleaseByFollowedArtist", "getArtistAlbums", "id", "getFollowedArtists"),
        ("newEpisodeOfSavedShow", "getShowEpisodes", "id", "getUserSavedShows"),
    ):
        things = [thing.get("show", thing)["id"] for thing in connector.invoke(read, token).entries]
        every = [entry for id_ in things for entry in connector.invoke(block, {**token, field: id_}).entries if entry]
        kept = [entry for entry in every if entry.get("album_group", "album") in ("album", "single")]
        seen = connector.poll(name, {**token, "also_last": 3})
        assert [event.time for event in seen.events] == sorted(entry["release_date"] for entry in kept)[-3:]
        after = connector.poll(name, token, seen.state)
        assert (after.error, after.events) == (None, ())
    # Sixty podcasts would take sixty calls: their list is read twice, as at each first look, and the mark is set.
    sandbox.control.seed(saved_shows=60)
    seen = connector.poll("newEpisodeOfSavedShow", {**token, "also_last": 3})
    assert (seen.events, seen.meta.requests) == ((), 4)


def test_a_save_is_told_with_its_time_and_in_brief(connector, sandbox):
    token = {"access_token": sandbox.demo_args["access_token"]}
    begun = connector.poll("newSavedTrack", token)
    saved = connector.invoke("saveTrack", {**token, "id": sandbox.control.ids("track", 90)[80:83]})
    assert saved.ok
    seen = connector.poll("newSavedTrack", token, begun.state)
    newest = connector.invoke("getUserSavedTracks", {**token, "max_items": 3}).entries
    assert [event.data for event in seen.events] == newest[::-1]
    assert [event.time for event in seen.events] == [entry["added_at"] for entry in newest[::-1]]
    assert seen.events[0].brief["track"]["name"] == newest[-1]["track"]["name"]
    assert len(seen.events[0].brief["track"]) < len(newest[-1]["track"])
    # Who stores the state before it has delivered is told the same again from the state before.
    assert connector.poll("newSavedTrack", token, begun.state).events == seen.events


def change(state, **parts):
    return {**copy.deepcopy(state), **parts}


def test_what_is_no_state_of_this_poll_is_refused(connector, sandbox):
    token = {"access_token": sandbox.demo_args["access_token"]}
    state = connector.poll("newSavedTrack", token).state
    calls = len(sandbox.control.calls())
    foreign = connector.poll("newSavedAlbum", token).state
    for wrong in ([], "text", {}, foreign, change(state, v=0), change(state, v=99), change(state, memory=None)):
        seen = connector.poll("newSavedTrack", token, wrong)
        assert (seen.ok, seen.error.kind, seen.state) == (False, "invalid_fields", wrong)
        assert [field.name for field in seen.error.fields] == ["state"]
    assert not connector.poll("newSavedTrack", {**token, "market": "SE"}, state)
    assert not connector.poll("newSavedTrack", token, state, connection="bob")
    assert len(sandbox.control.calls()) == calls + 1


def test_an_error_leaves_the_state_as_it_was_and_says_when_to_come_back(connector, sandbox):
    token = {"access_token": sandbox.demo_args["access_token"]}
    state = connector.poll("newSavedTrack", token).state
    sandbox.control.fault("rate_limited", retry_after=86_400)
    seen = connector.poll("newSavedTrack", token, state)
    assert (seen.error.kind, seen.state, seen.events) == ("rate_limited", state, ())
    assert seen.error.message.startswith("newSavedTrack: ")
    # Not all at once: each at a moment of its own.
    assert 86_400 <= seen.next_s <= 90_000
    assert connector.poll("newSavedAlbum", token).next_s != seen.next_s


def test_triggers_of_one_account_take_turns_and_those_that_see_something_come_sooner(connector, sandbox):
    token = {"access_token": sandbox.demo_args["access_token"]}
    state = connector.poll("newSavedTrack", token).state
    assert connector.poll("newSavedTrack", token, state).next_s == pytest.approx(2 * 86_400 / 300, abs=60)
    assert connector.poll("newSavedAlbum", token).next_s == 900
    assert connector.poll("playedTrack", token).next_s == pytest.approx(4 * 86_400 / 300, abs=60)
    with Connector(MANIFEST, servers=sandbox.servers, daily_calls=100_000) as rich:
        saved = sandbox.control.ids("track", 95)[90]
        assert rich.invoke("saveTrack", {**token, "id": saved}).ok
        seen = rich.poll("newSavedTrack", token, state)
        assert (len(seen.events), seen.next_s) == (1, 150)
        assert rich.poll("newSavedTrack", token, seen.state).next_s == 300


def test_polls_leave_calls_for_actions(sandbox):
    token = {"access_token": sandbox.demo_args["access_token"]}
    with Connector(MANIFEST, servers=sandbox.servers, daily_calls=10) as connector:
        assert [connector.poll("newSavedTrack", token).meta.calls_left for _ in range(8)] == [*range(9, 1, -1)]
        refused = connector.poll("newSavedTrack", token)
        assert (refused.error.kind, refused.error.reason) == ("rate_limited", "quota_exceeded")
        assert (
            "the 8 calls of the day's budget (CONNECTOR_DAILY_CALLS, less 2 that are kept for actions) are used up"
            in refused.error.message
        )
        assert refused.next_s >= refused.error.retry_after > 80_000
        assert [connector.invoke("getUserSavedTracks", {**token, "max_items": 1}).ok for _ in range(3)] == [
            True,
            True,
            False,
        ]


def test_wrong_fields_are_told_before_anything_is_sent(connector, sandbox):
    seen = connector.poll("newPlaylistItem", {"access_token": "t", "also_last": -1, "max_items": 3})
    assert {field.name for field in seen.error.fields} == {"also_last", "max_items", "playlist_id"}
    assert sandbox.control.calls() == []
    with pytest.raises(UnknownTrigger, match="Did you mean newSavedTrack"):
        connector.poll("newSavedTrak")


def test_what_chooses_a_place_in_a_window_is_no_field_of_what_watches_it(connector):
    seen = connector.poll("playedTrack", {"access_token": "t", "after": 0})
    assert [(field.name, field.problem) for field in seen.error.fields] == [("after", "is not a field of playedTrack")]


def test_the_time_ends_a_poll_of_many_calls(connector, sandbox):
    args = {"access_token": sandbox.demo_args["access_token"]}
    sandbox.control.fault("slow", times=20, seconds=2)
    assert connector.poll("newReleaseByFollowedArtist", args, deadline=1).error.kind == "timeout"

"""The tool `whats_new`: what has changed since an earlier call, with a short name for the state."""

import json
import re
import sys
from pathlib import Path

import jsonschema
import pytest

from connector import Connector, InvocationFailed
from connector.runners.mcp_server import kept_states
from connector.runners.mcp_server.kept_states import KeptStates
from connector.runners.mcp_server.offer import ESSENTIALS, Offer
from connector.runners.mcp_server.server import build_server
from connector.sandbox import Sandbox

COMMAND = Path(sys.executable).with_name("spotify-blocks")


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox() as running:
        yield running


@pytest.fixture
def connector(sandbox):
    sandbox.control.reset()
    with Connector.load(servers=sandbox.servers) as loaded:
        yield loaded


@pytest.fixture
def token(sandbox):
    return {"access_token": sandbox.demo_args["access_token"]}


@pytest.fixture
def serve(open_mcp, connector, token):
    """`with serve(offer) as client:` talks to a server that has the token."""

    def begin(offer=ESSENTIALS):
        def find_known(block):
            return token if "access_token" in block.fields else {}

        return open_mcp(build_server(connector, offer=offer, find_known=find_known))

    return begin


def read_since(answer):
    assert not answer.is_error, answer.content
    return re.search(r"since=(\w+)", answer.content[-1].text)[1]


def save(connector, sandbox, token, count=1):
    ids = sandbox.control.ids("track", 95)[70 : 70 + count]
    assert connector.invoke("saveTrack", {**token, "id": ids}).ok
    return [f"spotify:track:{track}" for track in ids]


def test_a_model_is_told_what_came_since_its_last_call_and_again_for_the_same_since(serve, connector, sandbox, token):
    with serve() as client:
        begun = client.call("whats_new", {"trigger": "newSavedTrack"})
        assert begun.content[0].text.startswith("The mark is set")
        since = read_since(begun)
        quiet = client.call("whats_new", {"trigger": "newSavedTrack", "since": since})
        assert quiet.content[0].text == "Nothing new."
        saved = save(connector, sandbox, token, 2)
        for _ in range(2):
            seen = client.call("whats_new", {"trigger": "newSavedTrack", "since": since})
            events = json.loads(seen.content[0].text)
            assert {event["data"]["track"]["uri"] for event in events} == set(saved)
            assert all(event.keys() == {"time", "event", "data"} for event in events)
            assert len(seen.content[0].text) < 1_000
        assert re.fullmatch(
            r"It pays to look again in \d+ min, with since=\w+ and the same trigger and args\.", seen.content[-1].text
        )
        assert client.call("whats_new", {"trigger": "newSavedTrack", "since": read_since(seen)}).content[0].text == (
            "Nothing new."
        )


def test_what_waits_is_told_at_once(serve, connector, sandbox, token):
    with serve() as client:
        since = read_since(client.call("whats_new", {"trigger": "newSavedTrack"}))
        save(connector, sandbox, token, 5)
        arguments = {"trigger": "newSavedTrack", "since": since, "args": {"max_events": 3}}
        assert client.call("whats_new", arguments).content[-1].text.startswith("More wait: call again now")


def test_the_latest_few_are_told_at_first_and_fields_are_taken_beside_args_too(serve, manifest):
    playlist = manifest.block("getPlaylistItems").example["playlist_id"]
    with serve() as client:
        for given in (
            {"args": {"playlist_id": playlist}},
            {"playlist_id": playlist},
            {"args": f'{{"playlist_id": "{playlist}"}}'},
        ):
            answer = client.call("whats_new", {"trigger": "newPlaylistItem", "also_last": 2, **given})
            assert len(json.loads(answer.content[0].text)) == 2


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "whats_new: trigger is none that is offered here (fits: one of newSavedTrack, "),
        (
            {"trigger": "newSavedTrack", "args": [1]},
            "whats_new: args is no object (fits: the trigger's fields by name)",
        ),
        ({"trigger": "newSavedTrack", "since": "abc"}, "since is not known here, or not any more. Fits: what the last"),
        ({"trigger": "newSavedTrack", "since": "{"}, "since is neither a name nor JSON"),
        ({"trigger": "newSavedTrack", "since": {"v": 1}}, "since is no state of a poll"),
        ({"trigger": "newPlaylistItem"}, "newPlaylistItem: playlist_id is required"),
        ({"trigger": "newSavedTrack", "args": {"access_token": "t"}}, "access_token is not taken here"),
        ({"trigger": "newSavedTrack", "also_last": -1}, "also_last"),
    ],
)
def test_what_does_not_fit_is_told_in_the_tool_s_words(serve, sandbox, given, words):
    with serve() as client:
        answer = client.call("whats_new", given)
    assert answer.is_error
    assert words in answer.content[0].text
    assert sandbox.control.calls() == []


def test_the_state_of_another_trigger_is_none_to_go_on_from(serve):
    with serve() as client:
        since = read_since(client.call("whats_new", {"trigger": "newSavedTrack"}))
        answer = client.call("whats_new", {"trigger": "newSavedAlbum", "since": since})
    assert answer.is_error
    assert answer.content[0].text.startswith("since belongs to another trigger, other arguments")


def test_a_program_gets_data_and_gives_the_whole_state_back(serve, connector, sandbox, token):
    offer = Offer(has_output_schemas=True)
    with serve(offer) as client:
        schema = client.tools()["whats_new"].output_schema
        state = client.call("whats_new", {"trigger": "newSavedTrack"}).meta["connector/state"]
    [saved] = save(connector, sandbox, token)
    # Another server, as after a restart.
    with serve(offer) as client:
        for since in (state, json.dumps(state)):
            answer = client.call("whats_new", {"trigger": "newSavedTrack", "since": since})
            jsonschema.validate(answer.structured_content, schema)
            assert json.loads(answer.content[0].text) == answer.structured_content
            [event] = answer.structured_content["events"]
            assert (event["data"]["track"]["uri"], event["type"]) == (saved, "newSavedTrack")
            assert answer.structured_content["next_s"] > 0


@pytest.mark.parametrize(
    ("offer", "offered", "others"),
    [
        (Offer(), {"newSavedAlbum", "searchResult"}, set()),
        (Offer(("Search",)), {"searchResult"}, {"newSavedTrack"}),
        (Offer(("getUserSavedTracks",), is_read_only=True), {"newSavedTrack", "savedTrackRemoved"}, {"newSavedAlbum"}),
    ],
)
def test_triggers_are_offered_with_the_blocks_that_they_watch(serve, offer, offered, others):
    with serve(offer) as client:
        tool = client.tools()["whats_new"]
        named = set(tool.input_schema["properties"]["trigger"]["enum"])
        assert offered <= named
        assert not others & named
        assert all(f"\n{name}" in tool.description for name in named)
        assert tool.annotations.read_only_hint
        for name in others:
            assert client.call("whats_new", {"trigger": name}).is_error


def test_where_no_trigger_is_offered_there_is_no_tool(serve):
    with serve(Offer(("saveTrack",))) as client:
        assert set(client.tools()) == {"saveTrack"}


def test_over_standard_streams_a_name_holds_for_the_session(open_mcp):
    with open_mcp([COMMAND, "mcp", "--sandbox"]) as client:
        since = read_since(client.call("whats_new", {"trigger": "playedTrack"}))
        assert client.call("whats_new", {"trigger": "playedTrack", "since": since}).content[0].text == "Nothing new."


def test_few_states_are_kept_and_the_oldest_go_first(monkeypatch):
    monkeypatch.setattr(kept_states, "_MOST", 2)
    states = KeptStates()
    names = [states.keep({"number": number}) for number in range(3)]
    assert [states.find(name) for name in names[1:]] == [{"number": 1}, {"number": 2}]
    with pytest.raises(InvocationFailed, match="not known here"):
        states.find(names[0])
    monkeypatch.setattr(kept_states, "_MOST_BYTES", 10)
    large = states.keep({"much": list(range(1000))})
    assert list(states._states) == [large]

"""The palette in a real Node-RED, without its editor: flows are deployed by the admin API and called by HTTP."""

from __future__ import annotations

import contextlib
import json
import time
from pathlib import Path

import pytest
import requests
from builders.node_red_server import build_line
from builders.patience import PATIENCE_S
from moving import leave_nothing_to_chance, without_what_moves
from typed_values import PICTURE, PICTURE_BYTES, PLAYLIST, TYPED, find_sent, tell

from connector.cassettes.cases import shape_of
from connector.export.node_red.flows import build_examples, build_node, build_runner
from connector.export.node_red.palette import build_palette
from connector.manifest.manifest import Manifest
from connector.manifest.triggers import iter_triggers

MANIFEST = Manifest.load()
HARBOUR = Manifest.load(Path(__file__).resolve().parents[2] / "harbour" / "manifest.yaml")
BLOCKS = list(MANIFEST)
TRIGGERS = list(iter_triggers(MANIFEST))
#: One block of each shape: what the runtime does alike for all of a shape is tried once.
SHAPES = list({shape_of(MANIFEST, block): block for block in BLOCKS}.values())
#: What a token endpoint makes up anew each time.
FRESH = ("access_token", "refresh_token", "expires_in")
API_KEY = "a-key-of-the-tests"
SET_GLOBAL = {"t": "set", "p": "status", "pt": "global", "to": "status", "tot": "msg"}


def by_name(block):
    return block.name


def example_args(stage, block):
    """Arguments of a block; a listener's access token comes from the connection."""
    demo = stage.sandbox.demo_args
    known = {name: value for name, value in demo.items() if name in block.fields}
    args = {**block.example, **leave_nothing_to_chance(block), **known}
    return {name: value for name, value in args.items() if name != "access_token"}


def without_fresh(output):
    kept = {name: value for name, value in output.items() if name not in FRESH} if isinstance(output, dict) else output
    return without_what_moves(kept)


def wait_until(condition):
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end, "It did not happen in time."
        time.sleep(0.1)


def test_node_red_has_every_block_and_trigger_of_both_palettes(node_red, stage):
    found = {entry["module"]: entry for entry in node_red.get("nodes")}
    own = found["node-red-contrib-spotify-blocks"]
    assert own["enabled"]
    entries = stage.palette["blocks"] + stage.palette["triggers"]
    assert own["types"] == [stage.palette["runner"]["type"], *(entry["type"] for entry in entries)]
    assert "harbour-listBerths" in found["node-red-contrib-connector"]["types"]
    assert not [entry for entry in found.values() if entry.get("err")]


@pytest.mark.parametrize("block", BLOCKS, ids=by_name)
def test_each_block_gives_what_the_engine_gives(node_red, stage, deploy, block):
    node = stage.build_node(block.name, example_args(stage, block), result="whole")
    deploy({block.name: node})
    answer = node_red.run(block.name)
    assert answer.status_code == 200, answer.text
    stage.reset()
    expected = stage.connector.invoke(block.name, example_args(stage, block))
    assert expected.error is None
    assert without_fresh(answer.json()) == without_fresh(expected.output)


@pytest.mark.parametrize("block", [block for block in SHAPES if block.page], ids=by_name)
@pytest.mark.parametrize("result", ["array", "messages"])
def test_a_paged_block_gives_every_entry(node_red, stage, deploy, block, result):
    stage.sandbox.control.seed({"every_list": 52})
    node = stage.build_node(block.name, example_args(stage, block), result=result)
    join = [{"type": "join", "mode": "auto"}] if result == "messages" else []
    deploy({block.name: {"node": node, "after": join}})
    answer = node_red.run(block.name)
    assert answer.status_code == 200, answer.text
    assert answer.json() == list(stage.connector.stream(block.name, example_args(stage, block)))


def to_form(entry, args):
    """A form's properties where `args` were typed into it: lists as text where they are text."""
    node = build_node(entry, args)
    for field in entry["fields"]:
        if field["widget"] == "list" and isinstance(args.get(field["name"]), str):
            node[f"argtype_{field['name']}"] = "str"
    return node


@pytest.mark.parametrize("case", TYPED, ids=repr)
def test_what_people_type_reaches_the_service_as_what_they_mean(node_red, stage, deploy, case):
    result = "whole" if MANIFEST.block(case.block).page else None
    expected = tell(stage.sandbox, stage.connector.invoke(case.block, case.meant).unwrap())
    stage.reset()
    deploy({"typed": {**to_form(stage.entry(case.block), case.typed), "runner": "runner", "result": result}})
    answer = node_red.run("typed")
    assert answer.status_code == 200, answer.text
    assert tell(stage.sandbox, answer.json()) == expected


def test_a_picture_may_come_as_a_buffer(node_red, stage, deploy, tmp_path):
    (tmp_path / "cover.jpg").write_bytes(PICTURE_BYTES)
    read = {"type": "file in", "filename": str(tmp_path / "cover.jpg"), "filenameType": "str", "format": ""}
    form = {"arg_image": "payload", "argtype_image": "msg"}
    node = {**stage.build_node("uploadPlaylistCover", {"playlist_id": PLAYLIST}), **form}
    deploy({"cover": {"node": node, "before": [read]}})
    answer = node_red.run("cover")
    assert answer.status_code == 200, answer.text
    assert find_sent(stage.sandbox)[-1] == PICTURE


def test_a_harbour_node_runs_with_every_kind_of_value(node_red, make_server):
    """The second manifest's palette calls its own runner; here a server that shows what it was sent."""
    runner = make_server()
    runner.answer = lambda seen: (200, {}, json.loads(seen.body))
    palette = build_palette(HARBOUR)
    entries = {entry["name"]: entry for entry in palette["blocks"]}
    args = {"place": "57.70, 11.97", "size": "large", "day": "2026-06-01"}
    berths = build_node(
        entries["listBerths"], args, runner="harbour", result="whole", credentials={"secret_api_key": "k"}
    )
    crew = build_node(entries["bookBerth"], {"berth": "A/7", "crew": [{"name": "Ada"}]}, runner="harbour")
    settings = {**build_runner(palette, "harbour"), "url": runner.url}
    node_red.deploy([settings, *build_line("berths", berths), *build_line("crew", crew)])
    sent = {"api_key": "k", "place": "57.70, 11.97", "size": "large", "day": "2026-06-01 00:00:00"}
    assert node_red.run("berths").json() == sent
    assert node_red.run("crew").json() == {"berth": "A/7", "crew": [{"name": "Ada"}]}
    assert [seen.target for seen in runner.requests] == ["/blocks/listBerths", "/blocks/bookBerth"]


@pytest.fixture
def echo(node_red, stage, make_server):
    """Runs one block's node against a runner that answers with what it was sent: arguments, connection and key."""
    runner = make_server()

    def answer(seen):
        headers = {name: seen.headers.get(name) for name in ("X-Connection", "Authorization", "Accept")}
        return 200, {}, {"args": json.loads(seen.body), **headers}

    runner.answer = answer

    def run(block, form, body=None, *, before=(), **settings):
        node = {**stage.build_node(block, {}, result="whole"), **form}
        config = stage.build_runner(**{"url": runner.url, "connection": "", **settings})
        line = build_line("echo", node, before=before)
        line[0]["env"] = [{"name": "A_LAND", "value": "SE", "type": "str"}]
        node_red.deploy([config, *line])
        return node_red.run("echo", body)

    return run


def set_from_payload(*names):
    """A Change node that moves properties of the payload to the message."""
    return [
        {
            "type": "change",
            "rules": [{"t": "set", "p": n, "pt": "msg", "to": f"payload.{n}", "tot": "msg"} for n in names],
        }
    ]


@pytest.mark.parametrize(
    ("kind", "text", "sent"),
    [
        ("str", "SE", "SE"),
        ("msg", "payload.land", "SE"),
        ("jsonata", "$uppercase(payload.small)", "SE"),
        ("jsonata", "payload.nothing", None),
        ("msg", "payload.nothing", None),
        ("env", "A_LAND", "SE"),
        ("flow", "land", None),
        ("str", "", None),
        ("msg", "", None),
    ],
)
def test_a_field_may_be_an_expression(echo, kind, text, sent):
    form = {"arg_country": text, "argtype_country": kind}
    answer = echo("getNewReleases", form, {"land": "SE", "small": "se"}).json()
    assert answer["args"] == ({} if sent is None else {"country": sent})


def test_numbers_booleans_and_lists_are_sent_as_such(echo):
    form = {"arg_public": "false", "argtype_public": "choice"}
    # The runner asks for an owner, who goes nowhere.
    assert echo("followPlaylist", form).json()["args"] == {"owner_id": "smedjan", "public": False}
    form = {"arg_limit": "7", "argtype_limit": "num", "arg_seed_genres": '["a", "b"]', "argtype_seed_genres": "list"}
    assert echo("getRecommendations", form).json()["args"] == {"limit": 7, "seed_genres": ["a", "b"]}
    form = {"arg_seed_genres": "a, b", "argtype_seed_genres": "str"}
    assert echo("getRecommendations", form).json()["args"] == {"seed_genres": "a, b"}


def test_an_expression_that_fails_names_its_field(echo):
    answer = echo("getNewReleases", {"arg_country": "$nothing(", "argtype_country": "jsonata"})
    assert answer.status_code == 500
    assert answer.json()["problem"]["kind"] == "invalid_fields"
    assert [field["name"] for field in answer.json()["problem"]["fields"]] == ["country"]


def test_fields_in_msg_args_win_over_the_form(echo):
    form = {"arg_country": "SE", "argtype_country": "str", "arg_max_items": "3", "argtype_max_items": "num"}
    body = {"args": {"country": "NO"}}
    assert echo("getNewReleases", form, body, before=set_from_payload("args")).json()["args"] == {
        "country": "NO",
        "max_items": 3,
    }


@pytest.mark.parametrize(
    ("given", "zone", "sent"),
    [
        (1_780_000_000_000, "Europe/Stockholm", "2026-05-28 22:26:40"),
        (1_780_000_000_000, "UTC", "2026-05-28 20:26:40"),
        ("2026-05-28T20:26:40Z", "Europe/Stockholm", "2026-05-28 22:26:40"),
        ("2026-05-28T23:30:00+0200", "Asia/Tokyo", "2026-05-29 06:30:00"),
        ("2026-05-28 20:26:40", "Europe/Stockholm", "2026-05-28 20:26:40"),
        ("2026-05-28T20:26", "Europe/Stockholm", "2026-05-28 20:26:00"),
        ("2026-05-28", "Europe/Stockholm", "2026-05-28"),
        ("soon", "Europe/Stockholm", "soon"),
    ],
)
def test_a_moment_is_told_in_the_zone_of_the_runner_s_settings(echo, given, zone, sent):
    form = {"arg_timestamp": "payload.when", "argtype_timestamp": "msg"}
    answer = echo("getFeaturedPlaylists", form, {"when": given}, zone=zone)
    assert answer.json()["args"] == {"timestamp": sent}


def test_a_date_of_the_picker_is_sent_in_the_documented_form(echo):
    form = {"arg_timestamp": "2026-05-28T09:30", "argtype_timestamp": "when"}
    assert echo("getFeaturedPlaylists", form).json()["args"] == {"timestamp": "2026-05-28 09:30:00"}


def test_who_calls_is_said_by_the_settings_and_the_message(echo):
    settings = {"connection": "payload.user", "connectionType": "msg"}
    answer = echo("getCurrentUserProfile", {}, {"user": "alice"}, **settings).json()
    assert (answer["X-Connection"], answer["Authorization"]) == ("alice", f"Bearer {API_KEY}")
    body = {"user": "alice", "connection": "bob"}
    answer = echo("getCurrentUserProfile", {}, body, before=set_from_payload("connection"), **settings).json()
    assert answer["X-Connection"] == "bob"


@pytest.mark.parametrize("block", SHAPES, ids=by_name)
def test_a_block_tells_a_catch_node_what_is_wrong(node_red, stage, deploy, block):
    field = next(iter(reversed([name for name in block.fields if name != "resume"])))
    deploy({"wrong": {"node": stage.build_node(block.name, {}), "before": set_from_payload("args")}})
    args = {**block.example, field: {"an": "object"}}
    answer = node_red.run("wrong", {"args": args})
    expected = stage.connector.invoke(block.name, args).error
    assert answer.status_code == 500
    told = answer.json()
    assert told["error"]["message"] == expected.message
    assert told["error"]["code"] == expected.code
    assert told["error"]["cause"] == told["problem"]
    assert "stack" not in told["error"]
    assert told["problem"]["kind"] == expected.kind
    assert [problem["name"] for problem in told["problem"]["fields"]] == [problem.name for problem in expected.fields]


def test_a_blank_in_a_list_whose_places_mean_something_is_told_by_its_place(node_red, stage, deploy):
    first, second = stage.sandbox.control.ids("track", 2)
    deploy({"check": {"node": stage.build_node("checkSavedTrack", {}), "before": set_from_payload("args")}})
    [problem] = node_red.run("check", {"args": {"id": [first, None, second]}}).json()["problem"]["fields"]
    assert (problem["name"], problem["problem"][:39]) == ("id", "has an entry, number 2, that is blank, ")


def test_what_was_wrong_before_does_not_stay_in_the_message(node_red, stage, deploy):
    stale = [{"type": "change", "rules": [{"t": "set", "p": "problem", "pt": "msg", "to": "old", "tot": "str"}]}]
    shown = [{"t": "set", "p": "payload", "pt": "msg", "to": '{"is_left": $exists(problem)}', "tot": "jsonata"}]
    node = stage.build_node("getCurrentUserProfile", {})
    deploy({"again": {"node": node, "before": stale, "after": [{"type": "change", "rules": shown}]}})
    assert node_red.run("again").json() == {"is_left": False}


@pytest.fixture
def watch(node_red, stage, deploy):
    """Deploys one node whose status goes to the global context; gives a function that reads its text."""

    def watch(node, **settings):
        status = [
            {"id": "status", "type": "status", "z": "tab-seen", "scope": None, "x": 1, "y": 1, "wires": [["keep"]]},
            {"id": "keep", "type": "change", "z": "tab-seen", "x": 1, "y": 1, "wires": [[]], "rules": [SET_GLOBAL]},
        ]
        node_red.deploy([stage.build_runner(**settings), *build_line("seen", node), *status])

        def read():
            found = node_red.get("context/global/status").get("msg", "{}")
            return json.loads(found).get("text", "")

        return read

    return watch


def test_a_wrong_field_is_named_below_the_node(node_red, stage, watch):
    status = watch(stage.build_node("saveTrack", {"id": ["no id"]}))
    assert node_red.run("seen").status_code == 500
    wait_until(lambda: "Tracks has an entry, number 1" in status())
    problems = node_red.get(f"{stage.palette['runner']['type']}/problems/tab-seen-line-1")
    assert [problem["name"] for problem in problems] == ["id"]


def test_a_write_says_what_it_did(node_red, stage, watch):
    ids = stage.sandbox.control.ids("track", 3)
    status = watch(stage.build_node("saveTrack", {"id": ids}))
    assert node_red.run("seen").status_code == 200
    wait_until(lambda: status() == "Saved 3 tracks")


def test_a_playlist_is_followed_without_its_owner(node_red, stage, deploy):
    deploy({"follow": stage.build_node("followPlaylist", {"playlist_id": stage.sandbox.control.ids("playlist", 1)[0]})})
    assert node_red.run("follow").status_code == 200


@pytest.mark.parametrize("result", ["array", "messages", "whole"])
def test_brief_entries_are_those_of_the_engine(node_red, stage, deploy, result):
    stage.sandbox.control.seed({"saved_tracks": 2})
    node = stage.build_node("getUserSavedTracks", {"max_items": 1}, result=result, detail="brief")
    deploy({"brief": node})
    expected = stage.connector.invoke("getUserSavedTracks", {"max_items": 1}).brief_output()
    entries = node_red.run("brief").json()
    whole = {"whole": expected, "array": expected["items"], "messages": expected["items"][0]}
    assert entries == whole[result]


def test_choices_come_by_node_red_which_keeps_the_key(node_red, stage, deploy):
    [kitchen] = [each for each in stage.connector.invoke("getDevices").output["devices"] if each["name"] == "Kitchen"]
    deploy({})
    asked = {"runner": "runner", "block": "pausePlayback", "field": "device_id", "search": "kitch"}
    answer = node_red.post(f"{stage.palette['runner']['type']}/choices", asked)
    assert API_KEY not in answer.text
    assert [choice["value"] for choice in answer.json()["choices"]] == [kitchen["id"]]


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"runner": "none"}, "Deploy first"),
        ({"field": "market"}, "Nothing lists"),
        ({"field": "constructor"}, "Nothing lists"),
        ({"block": "none"}, "Nothing lists"),
        ({"after": "nowhere"}, "is no place in this list"),
    ],
)
def test_choices_that_can_t_be_had_are_told_in_words(node_red, stage, deploy, asked, reason):
    deploy({})
    usual = {"runner": "runner", "block": "getPlaylist", "field": "playlist_id"}
    told = node_red.post(f"{stage.palette['runner']['type']}/choices", {**usual, **asked}).json()
    assert not told["ok"]
    assert reason in told["text"]


def test_the_runner_s_test_knows_the_connections(node_red, stage, deploy):
    deploy({})
    settings = {"id": "runner", "url": stage.runner_url}
    listed = node_red.post(f"{stage.palette['runner']['type']}/connections", settings)
    assert [choice["value"] for choice in listed.json()["choices"]] == ["demo", "old-account"]
    assert API_KEY not in listed.text
    for name, is_there in [("demo", True), ("nobody", False), ("", True)]:
        told = node_red.post(f"{stage.palette['runner']['type']}/check", {**settings, "connection": name}).json()
        assert told["ok"] is is_there, told


def test_a_rate_limit_counts_down_below_the_node(node_red, stage, watch, make_server):
    runner = make_server()
    problem = {"detail": "Too many calls.", "kind": "rate_limited", "code": "API_ERROR", "retry_after": 4000.2}
    runner.answer = lambda _: (429, {"Content-Type": "application/problem+json"}, problem)
    status = watch(stage.build_node("getCurrentUserProfile", {}), url=runner.url)
    told = node_red.run("seen").json()
    assert (told["problem"]["kind"], told["problem"]["retryAfter"]) == ("rate_limited", 4000.2)
    wait_until(lambda: status().startswith("rate limited, open in 1:06:"))
    first = status()
    wait_until(lambda: status() != first)
    assert status().startswith("rate limited, open in 1:06:")


def test_a_write_that_may_have_taken_effect_says_so(node_red, stage, deploy):
    stage.sandbox.control.fault("custom", status=501, body={})
    ids = stage.sandbox.control.ids("track", 2)
    deploy({"doubt": stage.build_node("saveTrack", {"id": ids})})
    problem = node_red.run("doubt").json()["problem"]
    assert (problem["kind"], problem["is_uncertain"], problem["uncertain"]) == ("server_error", True, ids)


def test_entries_that_came_before_a_failure_are_sent_on(node_red, stage):
    stage.sandbox.control.seed({"every_list": 120})
    stage.sandbox.control.fault("bad_request", match="GET /me/tracks", after=1, times=None)
    node = stage.build_node("getUserSavedTracks", {}, result="messages")
    count = {"t": "set", "p": "seen", "pt": "global", "to": "parts.index", "tot": "msg"}
    # A Switch without rules lets nothing through: the line is answered by what failed.
    keep = [{"type": "change", "rules": [count]}, {"type": "switch", "property": "payload", "rules": []}]
    node_red.deploy([stage.build_runner(), *build_line("part", node, after=keep)])
    told = node_red.run("part").json()
    assert told["problem"]["kind"] == "bad_request"
    assert node_red.read_global("seen") == 49


def test_no_entries_are_no_messages_and_an_empty_array(node_red, stage, deploy):
    stage.sandbox.control.seed({"every_list": 0})
    deploy({"none": stage.build_node("getUserSavedTracks", {}, result="array")})
    assert node_red.run("none").json() == []


def test_a_deploy_ends_what_runs(node_red, stage, deploy):
    stage.sandbox.control.fault("slow", seconds=60, times=None)
    deploy({"slow": stage.build_node("getCurrentUserProfile", {})})

    with contextlib.suppress(requests.Timeout):
        node_red.post("run/slow", timeout=1)
    said = len(node_red.log)
    deploy({"other": stage.build_node("getCurrentUserProfile", {})})
    # Node-RED gives a node that doesn't close 15 seconds, and complains.
    assert "Error stopping node" not in node_red.log[said:]


def test_a_runner_that_is_not_there_is_named(node_red, stage, deploy):
    deploy({"away": stage.build_node("getCurrentUserProfile", {})}, stage.build_runner(url="http://127.0.0.1:9"))
    told = node_red.run("away").json()
    assert told["problem"]["kind"] == "network"
    assert told["error"]["message"] == (
        "The runner at http://127.0.0.1:9 can't be reached (ECONNREFUSED): "
        'start it with "spotify-blocks serve", or correct its URL.'
    )


@pytest.mark.parametrize(
    ("settings", "is_good", "text"),
    [
        ({}, True, f"The runner answers, with {len(BLOCKS)} blocks."),
        ({"key": "wrong"}, False, "key"),
        ({"url": "http://127.0.0.1:9", "key": API_KEY}, False, "can't be reached"),
        ({"url": "ftp://127.0.0.1", "key": API_KEY}, False, "must begin with http"),
    ],
)
def test_the_settings_can_be_tested(node_red, stage, deploy, settings, is_good, text):
    deploy({"any": stage.build_node("getCurrentUserProfile", {})})
    path = f"{stage.palette['runner']['type']}/check"
    answer = node_red.post(path, {"id": "runner", "url": stage.runner_url, **settings}).json()
    assert answer["ok"] is is_good
    assert text in answer["text"]


@pytest.mark.parametrize(
    ("lists", "lacking"),
    [
        ({"/blocks": ["blocks", BLOCKS[1:]], "/triggers": ["triggers", TRIGGERS]}, BLOCKS[0].name),
        ({"/blocks": ["blocks", BLOCKS], "/triggers": ["triggers", TRIGGERS[1:]]}, TRIGGERS[0].name),
        ({"/blocks": ["blocks", BLOCKS]}, f"{', '.join(map(by_name, TRIGGERS[:5]))} and {len(TRIGGERS) - 5} more"),
    ],
    ids=["a block", "a trigger", "all triggers"],
)
def test_a_palette_that_knows_more_than_the_runner_says_so(node_red, stage, make_server, lists, lacking):
    older = make_server()

    def answer(seen):
        if seen.target not in lists:
            return 404, {}, {"detail": "There is no such address.", "kind": "not_found"}
        kind, entries = lists[seen.target]
        return 200, {}, {kind: [{"name": entry.name} for entry in entries]}

    older.answer = answer
    told = node_red.post(f"{stage.palette['runner']['type']}/check", {"url": older.url}).json()
    assert not told["ok"]
    assert told["text"].startswith(f"The runner lacks {lacking}. ")


@pytest.mark.parametrize("group", MANIFEST.groups)
def test_each_example_flow_is_deployed_and_runs(node_red, stage, group):
    flow = build_examples(MANIFEST, stage.palette)[group]
    for node in flow:
        if node["type"] == stage.palette["runner"]["type"]:
            node |= {"url": stage.runner_url, "connection": "demo", "credentials": {"apiKey": API_KEY}}
    for node in flow:
        if node["type"] == "debug":
            node["console"] = True
    node_red.deploy(flow)
    said = len(node_red.log)
    blocks = [block for block in BLOCKS if block.group == group]
    assert blocks
    # Each from the start: they change the same playlist.
    for block, node in zip(blocks, (node for node in flow if node["type"] == "inject"), strict=True):
        stage.reset()
        assert node_red.post(f"inject/{node['id']}").status_code == 200
        # An example can hold no secret: blocks that need one say so.
        lacks = any(map(is_own_secret, block.fields.values()))
        told = f"{block.name}: " if lacks else f"[debug:{block.title}: output]"
        wait_until(lambda told=told: told in node_red.log[said:])
    assert ("[debug:what failed]" in node_red.log[said:]) is (group == "Sign-in")


def is_own_secret(field):
    """Whether a field is a secret that no connection brings along."""
    return field.secret and field.name != "access_token"

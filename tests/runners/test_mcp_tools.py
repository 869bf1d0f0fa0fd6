"""What of the manifest a tool shows, and what of a result an answer."""

import json
import re
from dataclasses import replace
from typing import get_args

import jsonschema
import pytest

from connector.errors import PUT_BACK_WORDS, ErrorDetail, FieldProblem, UnknownBlock
from connector.manifest.manifest import Manifest
from connector.result import Meta, Result
from connector.runners.mcp_server import whats_new
from connector.runners.mcp_server.answers import build_answer
from connector.runners.mcp_server.offer import Dialect, Offer, choose_blocks
from connector.runners.mcp_server.tools import build_input_schema, build_output_schema, build_tool, is_wrapped

ESSENTIALS = Manifest.load().package["essentials"]
#: What the protocol lets a tool be called (specification 2025-11-25, "Tool names").
TOOL_NAME = re.compile(r"[A-Za-z0-9_.-]{1,128}")


def test_a_tool_has_the_block_s_name_and_words(each_block):
    tool = build_tool(each_block)
    assert TOOL_NAME.fullmatch(tool.name)
    assert (tool.name, tool.title) == (each_block.name, each_block.title)
    assert tool.description.startswith(each_block.description)


def walk(schema):
    """A schema and all schemas in it."""
    yield schema
    for part in [*schema.get("properties", {}).values(), *filter(None, [schema.get("items")])]:
        yield from walk(part)


def test_what_long_lists_hold_is_told_in_words(each_block):
    for name, schema in build_tool(each_block).input_schema["properties"].items():
        assert len(schema.get("enum", ())) <= 30
        assert len(schema.get("pattern", "")) <= 200
        own = each_block.fields.get(name)
        if own is not None and "x-names" in own.schema:
            assert schema["description"] == f"{own.description} Fits: {own.schema['x-fits']}."
            assert schema.keys() & {"enum", "pattern"} == set()


@pytest.mark.parametrize("dialect", get_args(Dialect))
def test_a_tool_takes_the_example_of_its_block_in_every_dialect(each_block, dialect):
    schema = build_input_schema(each_block, offer=Offer(dialect=dialect))
    jsonschema.Draft202012Validator.check_schema(schema)
    args = dict(each_block.example)
    if dialect == "openai-strict":
        args = dict.fromkeys(schema["required"]) | args
    if dialect != "plain":
        args = {
            name: str(value) if "string" in schema["properties"][name]["type"] and isinstance(value, int) else value
            for name, value in args.items()
        }
    jsonschema.validate(args, schema)


@pytest.mark.parametrize("dialect", get_args(Dialect))
def test_a_tool_says_nothing_that_a_model_s_interface_refuses(each_block, dialect):
    """One such tool, and no tool of the list can be used: seen in the issues of many MCP servers."""
    schema = build_input_schema(each_block, offer=Offer(dialect=dialect))
    assert schema.keys() & {"anyOf", "oneOf", "allOf", "not", "enum", "if", "then", "else"} == set()
    for part in walk(schema):
        assert [word for word in part if word.startswith("x-")] == []
        assert len(part.get("enum", ())) <= 20
        if dialect == "openai-strict" and "properties" in part:
            assert (part["required"], part["additionalProperties"]) == (list(part["properties"]), False)
        if dialect == "gemini":
            assert part.keys() & {"additionalProperties", "pattern", "default", "$ref"} == set()
            assert isinstance(part["type"], str)


def test_a_rule_over_several_fields_is_told_in_words(manifest):
    block = manifest.block("getRecommendations")
    assert block.together is not None
    assert (
        "Give at least 1 of seed_artists, seed_genres and seed_tracks, and no more than 5 values in all of them."
        in build_tool(block).description
    )
    free = replace(block, together=replace(block.together, at_least=0))
    assert (
        "Give no more than 5 values in all of seed_artists, seed_genres and seed_tracks."
        in build_tool(free).description
    )


LINK = "https://open.spotify.com/playlist/3cEYpjA9oz9GiPac4AsH4n?si=1"


@pytest.mark.parametrize(
    ("block", "field", "value"),
    [
        ("getPlaylistItems", "playlist_id", LINK),
        ("addItemsToPlaylist", "uris", [LINK, "spotify:track:7ouMYWpwJ422jRcDASZB7P", "7ouMYWpwJ422jRcDASZB7P"]),
        ("seekToPosition", "position_ms", "1:30"),
        ("seekToPosition", "position_ms", 90000),
        ("setVolume", "volume_percent", "+10"),
        ("setVolume", "volume_percent", 50),
        ("startPlayback", "device_id", "kitchen"),
        ("searchTracks", "market", "se"),
    ],
)
def test_the_input_schema_takes_what_its_words_invite(manifest, block, field, value):
    jsonschema.validate(value, build_tool(manifest.block(block)).input_schema["properties"][field])


def test_fields_that_the_server_fills_in_are_left_out_and_nothing_else_changes(each_block):
    secrets = {name for name, field in each_block.fields.items() if field.secret}
    schema, whole = build_input_schema(each_block, secrets), build_input_schema(each_block)
    assert schema["properties"] == {name: each for name, each in whole["properties"].items() if name not in secrets}
    assert schema.get("required", []) == [name for name in whole.get("required", []) if name not in secrets]


def test_without_output_schemas_a_tool_has_none_and_gives_brief_answers(each_block):
    assert build_tool(each_block).output_schema is None
    offered = build_tool(each_block).input_schema["properties"].get("detail", {}).get("enum")
    assert offered == (["brief", "full"] if each_block.brief else None)
    whole = build_tool(each_block, offer=Offer(has_output_schemas=True))
    assert "detail" not in whole.input_schema["properties"]


def test_the_output_schema_is_an_object_with_the_block_s_own_in_it(each_block):
    schema = build_output_schema(each_block)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["type"] == "object"
    own = schema["properties"]["result"] if is_wrapped(each_block) else schema
    assert {"type": "object", **each_block.output_schema} in (
        {**own, "type": "object", "$defs": schema["$defs"]},
        {**schema, "type": "object"},
    )


def test_the_hints_come_from_the_effect(each_block):
    """What isn't said is what the protocol takes for granted: a tool destroys, and not the same again."""
    hints = build_tool(each_block).annotations
    assert bool(hints.read_only_hint) == (each_block.effect == "read")
    if each_block.effect != "read":
        assert hints.destructive_hint == (each_block.effect == "destructive")
        assert bool(hints.idempotent_hint) == each_block.is_idempotent


def test_a_closed_block_says_since_when_and_what_to_use_instead(manifest, each_closed_block):
    words = build_tool(each_closed_block).description
    assert each_closed_block.closed_since("development") in words
    assert each_closed_block.instead in words


def test_a_paged_block_says_how_many_entries_it_gives(each_paged_block):
    limit = build_tool(each_paged_block).input_schema["properties"]["max_items"]
    count = 10 if each_paged_block.group == "Search" or each_paged_block.name == "getArtistAlbums" else 50
    assert limit["description"] == f"Most entries to give; {count} without it."


def measure(tools):
    told = [tool.model_dump(by_alias=True, exclude_none=True, mode="json") for tool in tools]
    return len(json.dumps({"tools": told}, ensure_ascii=False, separators=(",", ":")))


@pytest.mark.parametrize("dialect", get_args(Dialect))
def test_the_list_of_tools_stays_short(manifest, dialect):
    """With a connection, as clients are set up; the plain list without one too."""
    blocks = choose_blocks(manifest)
    assert 20 <= len(blocks) <= 30
    offer = Offer(dialect=dialect)
    news = whats_new.build_tool(whats_new.find_offered(manifest, offer, ()), offer)
    assert measure([*(build_tool(block, {"access_token"}, offer) for block in blocks), news]) <= 25_000
    assert measure([*(build_tool(block) for block in blocks), news]) <= 25_000


@pytest.mark.parametrize(
    ("only", "is_read_only", "fits"),
    [
        ([], False, lambda block: block.name in ESSENTIALS),
        ([], True, lambda block: block.name in ESSENTIALS and block.effect == "read"),
        (["search"], False, lambda block: block.name == "search"),
        (["Search"], False, lambda block: block.group == "Search"),
        (["library"], False, lambda block: block.group == "Library"),
        (["Library", "getCategories"], False, lambda block: block.group == "Library" or block.name == "getCategories"),
        (["Library"], True, lambda block: block.group == "Library" and block.effect == "read"),
        (["saveAlbum"], False, lambda block: "saveAlbum" in block.aliases),
    ],
)
def test_groups_and_blocks_are_chosen(manifest, only, is_read_only, fits):
    chosen = choose_blocks(manifest, only, is_read_only=is_read_only)
    assert chosen
    assert list(chosen) == [block for block in manifest if fits(block)]


def test_a_name_that_is_neither_group_nor_block_is_refused(manifest):
    with pytest.raises(UnknownBlock, match=r"saveTrak.*saveTrack"):
        choose_blocks(manifest, ["Library", "saveTrak"])


def test_all_blocks_are_offered_where_that_is_asked_for(manifest):
    assert choose_blocks(manifest, is_whole=True) == tuple(manifest)


def answer(result, block, detail="full", limit=50):
    return build_answer(result, block, Manifest.load().references, detail, limit)


def paged(manifest, items, total):
    block = manifest.block("getNewReleases")
    return block, Result(block.name, {"albums": {"items": [{}] * items, "total": total, "next": None}})


@pytest.mark.parametrize(
    ("items", "total", "limit", "note"),
    [
        (50, 120, 50, "50 of 120 entries, in albums.items. A higher max_items gives more of them."),
        (7, 7, 50, "All 7 entries, in albums.items."),
        (50, 50, 50, "All 50 entries, in albums.items."),
        (20, 120, 50, "20 of 120 entries, in albums.items."),
        (7, None, 50, "All 7 entries, in albums.items."),
        (50, None, 50, "50 entries, in albums.items. There may be more: a higher max_items tells."),
    ],
)
def test_an_answer_says_how_many_entries_there_are(manifest, items, total, limit, note):
    block, result = paged(manifest, items, total)
    assert [content.text for content in answer(result, block, limit=limit).content][1:] == [note]
    briefly = [content.text for content in answer(result, block, "brief", limit).content]
    assert briefly[1:] == [note.replace(", in albums.items", ""), BRIEF]


BRIEF = "This is brief; detail=full gives all of each. A uri is taken wherever an id or a link is."


def test_a_warning_of_the_engine_is_told(manifest):
    block = manifest.block("getCurrentUserProfile")
    result = Result(block.name, {}, meta=Meta(days_left=3, warnings=["Sign in again within 3 days."]))
    told = answer(result, block)
    assert [content.text for content in told.content] == ["{}", "Sign in again within 3 days."]
    assert told.meta["connector/meta"]["days_left"] == 3


def test_a_write_tells_what_it_did(manifest):
    result = Result("skipToNext", {}, meta=Meta(did="Skipped to the next"))
    told = [content.text for content in answer(result, manifest.block("skipToNext"), "full").content]
    assert told == ["{}", "Skipped to the next."]


@pytest.mark.parametrize("output", [[], [{"name": "A", "n": 1}, {"name": "B"}]])
def test_a_brief_list_is_whole_wherever_it_stands(manifest, output):
    result = Result("getPlaylistCover", output, brief_fields=("name",))
    told = answer(result, manifest.block("getPlaylistCover"), "brief").content[0].text
    assert json.loads(told) == [{"name": entry["name"]} for entry in output]


def test_a_field_with_alternatives_of_its_own_keeps_them(manifest):
    block = manifest.block("getCategory")
    forms = [{"minLength": 2}, {"pattern": "^[a-z]$"}]
    field = replace(block.fields["id"], schema={**block.fields["id"].schema, "anyOf": forms})
    schema = build_input_schema(replace(block, fields={**block.fields, "id": field}))
    assert schema["properties"]["id"]["anyOf"] == forms


ERROR = ErrorDetail("rate_limited", "saveTrack: too many calls.", status=429, retry_after=30.0, body={"error": "slow"})


@pytest.mark.parametrize(
    ("error", "lines", "data"),
    [
        (
            ERROR,
            ["saveTrack: too many calls.", "Call again in 30 s."],
            {"status": 429, "retry_after": 30.0, "body": {"error": "slow"}},
        ),
        (
            replace(ERROR, retry_after=None, done=("a", "b"), not_done=("c",), uncertain=("d",)),
            ["saveTrack: too many calls.", "Done: a, b", "Not done: c", "Uncertain: d"],
            {"status": 429, "body": {"error": "slow"}, "done": ["a", "b"], "not_done": ["c"], "uncertain": ["d"]},
        ),
        (
            replace(ERROR, status=None, retry_after=None, body=None, came=100, resume="100"),
            ["saveTrack: too many calls.", '100 entries had come; go on with resume="100".'],
            {"came": 100, "resume": "100"},
        ),
        (
            ErrorDetail("missing_fields", "saveTrack: id is required.", fields=(FieldProblem("id", "is required"),)),
            ["saveTrack: id is required."],
            {"fields": [{"name": "id", "problem": "is required", "fits": None}]},
        ),
    ],
    ids=["wait", "told apart", "resume", "fields"],
)
def test_an_error_says_in_words_and_in_data_what_to_do(manifest, error, lines, data):
    told = answer(Result("saveTrack", error=error), manifest.block("saveTrack"))
    assert told.is_error
    assert told.structured_content is None
    assert told.content[0].text.split("\n") == lines
    assert told.meta["connector/error"] == {
        "kind": error.kind,
        "code": error.code,
        "message": error.message,
        **data,
    }


def test_an_error_names_of_long_lists_what_is_needed_to_go_on(manifest):
    keys = tuple(f"#{number}" for number in range(120))
    error = replace(ERROR, retry_after=None, done=keys, not_done=keys, uncertain=keys)

    def tell(name, error=error, detail="brief"):
        told = answer(Result(name, error=error), manifest.block(name), detail)
        assert told.meta["connector/error"]["not_done"] == list(keys)
        return [(line.count("#"), line.endswith(", and 70 more")) for line in told.content[0].text.split("\n")[1:]]

    some, whole, words = (50, True), (120, False), (0, False)
    # What another run finds by itself nobody has to know; what none finds has to be given again.
    assert tell("mirrorPlaylist") == [some, some, some, words]
    assert tell("mirrorPlaylist", detail="full") == [whole, whole, whole, words]
    lost = replace(error, message=f"{error.message} 3 of what not_done lists was taken off, {PUT_BACK_WORDS}")
    assert tell("mirrorPlaylist", lost) == tell("queueItems") == [some, whole, whole]


def test_an_output_of_another_type_than_declared_still_reaches_the_client():
    manifest = Manifest.load()
    block = manifest.block("getCurrentUserProfile")
    assert answer(Result(block.name, [1]), block, "structured").structured_content == {"result": [1]}

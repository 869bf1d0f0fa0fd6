"""What of the manifest a tool shows, and what of a result an answer."""

import re
from dataclasses import replace

import jsonschema
import pytest

from connector.errors import ErrorDetail, FieldProblem, UnknownBlock
from connector.manifest.manifest import Manifest
from connector.result import Meta, Result
from connector.runners.mcp_server.answers import build_answer
from connector.runners.mcp_server.tools import (
    build_input_schema,
    build_output_schema,
    build_tool,
    choose_blocks,
    is_wrapped,
)

#: What the protocol lets a tool be called (specification 2025-11-25, "Tool names").
TOOL_NAME = re.compile(r"[A-Za-z0-9_.-]{1,128}")


def test_a_tool_has_the_block_s_name_and_words(manifest, each_block):
    tool = build_tool(each_block)
    assert TOOL_NAME.fullmatch(tool.name)
    assert (tool.name, tool.title) == (each_block.name, each_block.title)
    assert tool.description.startswith(each_block.description)


def without_listed(schema, block):
    """A block's input schema without the rule over several fields, and without fields of a country or a language."""
    listed = {name for name, field in block.fields.items() if "x-names" in field.schema}
    properties = {name: each for name, each in schema["properties"].items() if name not in listed}
    return {**{key: value for key, value in schema.items() if key != "anyOf"}, "properties": properties}


def test_the_input_schema_is_the_block_s_own(manifest, each_block):
    schema = build_tool(each_block).input_schema
    assert without_listed(schema, each_block) == without_listed(each_block.input_schema, each_block)
    assert schema["properties"].keys() == each_block.fields.keys()


def test_what_long_lists_hold_is_told_in_words(manifest, each_block):
    for name, schema in build_tool(each_block).input_schema["properties"].items():
        assert len(schema.get("enum", ())) <= 30
        assert len(schema.get("pattern", "")) <= 200
        if "x-names" in schema:
            own = each_block.fields[name]
            assert schema["description"] == f"{own.description} Fits: {own.schema['x-fits']}."
            assert schema.keys() & {"enum", "pattern", "x-suggestions"} == set()


def test_no_tool_has_at_its_root_what_a_model_s_interface_refuses(manifest, each_block):
    """One such tool, and no tool of the list can be used: seen in the issues of many MCP servers."""
    words = {"anyOf", "oneOf", "allOf", "not", "enum", "if", "then", "else"}
    assert build_tool(each_block).input_schema.keys() & words == set()


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


def test_fields_that_the_server_fills_in_are_left_out_and_nothing_else_changes(each_block):
    secrets = {name for name, field in each_block.fields.items() if field.secret}
    schema, whole = build_input_schema(each_block, secrets), each_block.input_schema
    assert schema["properties"].keys() == whole["properties"].keys() - secrets
    assert schema.get("required", []) == [name for name in whole.get("required", []) if name not in secrets]
    rest = ("properties", "required", "anyOf")
    assert {k: v for k, v in schema.items() if k not in rest} == {k: v for k, v in whole.items() if k not in rest}
    jsonschema.Draft202012Validator.check_schema(schema)


def test_the_output_schema_is_an_object_with_the_block_s_own_in_it(each_block):
    schema = build_output_schema(each_block)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["type"] == "object"
    own = schema["properties"]["result"] if is_wrapped(each_block) else schema
    assert {"type": "object", **each_block.output_schema} in (
        {**own, "type": "object", "$defs": schema["$defs"]},
        {**schema, "type": "object"},
    )


def test_the_hints_come_from_the_effect(manifest, each_block):
    hints = build_tool(each_block).annotations
    assert hints.read_only_hint == (each_block.effect == "read")
    assert hints.destructive_hint == (each_block.effect == "destructive")
    assert hints.idempotent_hint == each_block.is_idempotent
    assert hints.open_world_hint is True


def test_a_closed_block_says_since_when_and_what_to_use_instead(manifest, each_closed_block):
    words = build_tool(each_closed_block).description
    assert each_closed_block.closed_since("development") in words
    assert each_closed_block.instead in words


def test_a_paged_block_says_how_many_entries_it_gives(manifest, each_paged_block):
    assert "50 entries unless max_items says otherwise" in build_tool(each_paged_block).description


@pytest.mark.parametrize(
    ("only", "is_read_only", "fits"),
    [
        ([], False, lambda _block: True),
        ([], True, lambda block: block.effect == "read"),
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
    assert [content.text for content in build_answer(result, block, limit).content][1:] == [note]


def test_a_warning_of_the_engine_is_told(manifest):
    block = manifest.block("getCurrentUserProfile")
    result = Result(block.name, {}, meta=Meta(days_left=3, warnings=["Sign in again within 3 days."]))
    answer = build_answer(result, block)
    assert [content.text for content in answer.content] == ["{}", "Sign in again within 3 days."]
    assert answer.meta["connector/meta"]["days_left"] == 3


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
    answer = build_answer(Result("saveTrack", error=error), manifest.block("saveTrack"))
    assert answer.is_error
    assert answer.structured_content is None
    assert answer.content[0].text.split("\n") == lines
    assert answer.meta["connector/error"] == {
        "kind": error.kind,
        "code": error.code,
        "message": error.message,
        **data,
    }


def test_an_output_of_another_type_than_declared_still_reaches_the_client():
    manifest = Manifest.load()
    block = manifest.block("getCurrentUserProfile")
    assert build_answer(Result(block.name, [1]), block).structured_content == {"result": [1]}

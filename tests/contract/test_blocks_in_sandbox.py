"""Every block, under each of its names, by each of its routes, on real HTTP."""

import jsonschema
import pytest
from second_account import sign_in_second

from connector import Connector
from connector.manifest.manifest import Manifest
from connector.manifest.schema_parts import find_file
from connector.sandbox import Sandbox

MANIFEST = Manifest.load()
#: Lists that fit on a page, and that nothing can make longer.
SHORT = {
    "getAlbumTracks",
    "getPlaylistsOfUser",
    "getRecentlyPlayed",
    "searchAlbums",
    "searchArtists",
    "searchAudiobooks",
    "searchShows",
}
NAMES = [name for block in MANIFEST for name in (block.name, *block.aliases)]


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(quota_mode="extended") as running:
        yield running


@pytest.fixture
def connector(sandbox):
    sandbox.control.reset()
    with Connector(MANIFEST, servers=sandbox.servers) as loaded:
        yield loaded


def example_args(sandbox, block):
    known = {name: value for name, value in sandbox.demo_args.items() if name in block.fields}
    return {**block.example, **known}


def assert_fits(result, block):
    assert result.error is None
    jsonschema.validate(result.output, block.output_schema, jsonschema.Draft202012Validator)


@pytest.mark.each("name", NAMES)
def test_a_block_succeeds_under_each_name(connector, sandbox, monkeypatch, name):
    block = connector.manifest.block(name)
    args = example_args(sandbox, block)
    sign_in_second(sandbox, monkeypatch, block)
    result = connector.invoke(name, args)
    assert_fits(result, block)
    assert result.block == block.name
    # Only what writes, to the service or into a file, has done something, and says so in the past, without what no one
    # has filled in.
    assert bool(result.meta.did) is (block.effect != "read" or find_file(block.output_schema) is not None)
    assert not set(result.meta.did or "") & set("{}[]|")


def test_each_route_does_the_same(sandbox, each_route, only_by, every_arg):
    sandbox.control.reset()
    block, route = each_route
    args = example_args(sandbox, block)
    if route.consent:
        args |= {name: value for name, value in every_arg(block).items() if name in route.fields}
        args = {name: value for name, value in args.items() if name not in route.cannot}
    with Connector(only_by(block, route), servers=sandbox.servers, substitutes=["reccobeats"]) as connector:
        result = connector.invoke(block.name, args)
    assert_fits(result, block)
    assert result.meta.route == route.name


def test_a_paged_block_returns_everything(connector, sandbox, each_paged_block):
    block = each_paged_block
    sandbox.control.reset()
    sandbox.control.seed({"every_list": 52})
    args = example_args(sandbox, block)
    whole = connector.invoke(block.name, args)
    page = whole.output
    for step in block.page.at:
        page = page[step]
    total = page.get("total", block.page.reach)
    assert whole.meta.pages == max(1, -(-total // block.page.size))
    assert whole.meta.pages > 1 or block.name in SHORT
    assert len(page["items"]) == total
    assert page["next"] is None
    assert list(connector.stream(block.name, args)) == [entry for entry in page["items"] if entry is not None]
    some = list(connector.stream(block.name, {**args, "max_items": 3}))
    assert some == page["items"][:3]


def test_a_long_list_is_split_and_joined_in_order(connector, sandbox, each_batched_block):
    block = each_batched_block
    sandbox.control.reset()
    field = block.routes[0].batch.field
    entries = (block.example[field] * 50)[:95]
    result = connector.invoke(block.name, {**example_args(sandbox, block), field: ",".join(entries)})
    assert_fits(result, block)
    assert result.meta.requests == -(-len(entries) // block.routes[0].batch.size)
    if block.effect == "read":
        assert len(result.entries) == len(entries)


@pytest.mark.parametrize(("body", "after"), [("[true]", 0), ("[]", 0), ("", 1), ("{}", 1)])
def test_answers_that_do_not_match_the_list_are_no_answer(connector, sandbox, body, after):
    block = next(block for block in MANIFEST if block.batch and block.effect == "read")
    sandbox.control.fault("custom", status=200, headers={}, body=body, after=after)
    field = block.routes[0].batch.field
    result = connector.invoke(block.name, {**example_args(sandbox, block), field: block.example[field] * 21})
    assert result.error.kind == "bad_answer"
    assert "one entry for each of the" in result.error.message

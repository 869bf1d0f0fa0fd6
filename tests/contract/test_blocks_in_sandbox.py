"""Every block, under each of its names, by each of its routes and in both quota modes, on real HTTP."""

from dataclasses import replace

import jsonschema
import pytest

from connector import Connector
from connector.manifest.manifest import Manifest
from connector.sandbox import Sandbox

MANIFEST = Manifest.load()
NAMES = [name for block in MANIFEST for name in (block.name, *block.aliases)]
ROUTES = [
    pytest.param(block.name, position, id=f"{block.name}-{route.name}")
    for block in MANIFEST
    for position, route in enumerate(block.routes)
]


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox() as running:
        yield running


@pytest.fixture
def connector(sandbox):
    sandbox.control.reset()
    with Connector(Manifest.load(), servers=sandbox.servers) as loaded:
        yield loaded


def example_args(sandbox, block):
    known = {name: value for name, value in sandbox.demo_args.items() if name in block.fields}
    return {**block.example, **known}


def assert_fits(result, block):
    assert result.error is None
    jsonschema.validate(result.output, block.output_schema, jsonschema.Draft202012Validator)


@pytest.mark.parametrize("name", NAMES)
def test_a_block_succeeds_under_each_name(connector, sandbox, name):
    block = connector.manifest.block(name)
    result = connector.invoke(name, example_args(sandbox, block))
    assert_fits(result, block)
    assert result.block == block.name


@pytest.mark.parametrize(("name", "position"), ROUTES)
def test_each_route_does_the_same(connector, sandbox, name, position):
    block = connector.manifest.block(name)
    connector.manifest._blocks[name] = replace(block, routes=block.routes[position : position + 1])
    result = connector.invoke(name, example_args(sandbox, block))
    assert_fits(result, block)
    assert result.meta.route == block.routes[position].name


@pytest.mark.parametrize("block", list(MANIFEST), ids=lambda block: block.name)
def test_in_development_mode_a_block_works_or_says_why_not(connector, sandbox, block):
    sandbox.control.seed({"app": {"client_id": sandbox.demo_args["client_id"], "quota_mode": "development"}})
    result = connector.invoke(block.name, example_args(sandbox, block))
    since = block.closed_since("development")
    if since is None:
        assert_fits(result, block)
    else:
        assert result.error.kind == "unavailable"
        assert since in result.error.message
        assert block.instead in result.error.message


@pytest.mark.parametrize("block", [block for block in MANIFEST if block.page], ids=lambda block: block.name)
def test_a_paged_block_returns_everything(connector, sandbox, block):
    sandbox.control.seed({"every_list": 52})
    args = example_args(sandbox, block)
    whole = connector.invoke(block.name, args)
    page = whole.output
    for step in block.page.at:
        page = page[step]
    assert whole.meta.pages > 1
    assert len(page["items"]) == page["total"]
    assert page["next"] is None
    assert list(connector.stream(block.name, args)) == page["items"]
    some = list(connector.stream(block.name, {**args, "max_items": 3}))
    assert some == page["items"][:3]


@pytest.mark.parametrize(
    "block", [block for block in MANIFEST if block.routes[0].batch_field], ids=lambda block: block.name
)
def test_a_long_list_is_split_and_joined_in_order(connector, sandbox, block):
    field = block.routes[0].batch_field
    entries = (block.example[field] * 50)[:95]
    result = connector.invoke(block.name, {**example_args(sandbox, block), field: ",".join(entries)})
    assert_fits(result, block)
    assert result.meta.requests == -(-len(entries) // block.routes[0].batch_size)
    if block.effect == "read":
        assert len(result.output) == len(entries)


@pytest.mark.parametrize(
    "block",
    [block for block in MANIFEST if block.routes[0].batch_field and block.effect == "read"],
    ids=lambda block: block.name,
)
@pytest.mark.parametrize(("body", "after"), [("[true]", 0), ("[]", 0), ("", 1), ("{}", 1)])
def test_answers_that_do_not_match_the_list_are_no_answer(connector, sandbox, block, body, after):
    sandbox.control.fault("custom", status=200, headers={}, body=body, after=after)
    field = block.routes[0].batch_field
    result = connector.invoke(block.name, {**example_args(sandbox, block), field: block.example[field] * 21})
    assert result.error.kind == "bad_answer"
    assert "one entry for each of the" in result.error.message

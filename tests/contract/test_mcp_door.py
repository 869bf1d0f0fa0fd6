"""Every block through the MCP server gives what `Connector.invoke` gives, and a block of each shape the same errors.

Over both transports, on real processes and ports.
"""

import contextlib
import sys
from pathlib import Path

import pytest
from moving import leave_nothing_to_chance, without_what_moves
from starlette.applications import Starlette
from starlette.routing import Route
from typed_values import TYPED, tell

from connector import Connector
from connector.cassettes.cases import shape_of
from connector.errors import UNCERTAIN_WORDS
from connector.manifest.manifest import Manifest
from connector.runners.mcp_server.offer import Offer
from connector.runners.mcp_server.server import build_mcp_app
from connector.runners.mcp_server.tools import count_entries, is_wrapped
from connector.sandbox import Sandbox

COMMAND = Path(sys.executable).with_name("spotify-blocks")
MANIFEST = Manifest.load()
#: Of other connections a server lets none be named, unless it says so.
BLOCKS = [block for block in MANIFEST if not block.connection_fields]
#: Every block over one transport, and one for each thing that the engine does over the other, which carries the same.
SHAPES = {shape_of(MANIFEST, block): block for block in reversed(BLOCKS)}
EACH_SHAPE = pytest.mark.parametrize("block", SHAPES.values(), ids=SHAPES)
EACH_BLOCK = pytest.mark.parametrize(
    ("client", "block"),
    [
        pytest.param(transport, block, id=f"{transport}-{block.name}")
        for transport, blocks in (("http", BLOCKS), ("stdio", SHAPES.values()))
        for block in blocks
    ],
    indirect=["client"],
)


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(quota_mode="extended") as running:
        yield running


@pytest.fixture(scope="module")
def connector(sandbox):
    with Connector.load(servers=sandbox.servers) as loaded:
        yield loaded


@pytest.fixture(scope="module", params=["stdio", "http"])
def client(request, sandbox, connector, open_mcp, serve_asgi):
    with contextlib.ExitStack() as stack:
        if request.param == "stdio":
            target = [
                COMMAND,
                "mcp",
                "--all",
                "--output-schemas",
                *(f"--server={name}={url}" for name, url in sandbox.servers.items()),
            ]
        else:
            app = build_mcp_app(connector, offer=Offer(is_whole=True, has_output_schemas=True))
            mounted = Starlette(routes=[Route("/mcp", app)], lifespan=lambda _: app.run())
            target = stack.enter_context(serve_asgi(mounted)) + "/mcp"
        yield stack.enter_context(open_mcp(target))


def example_args(sandbox, block):
    known = {name: value for name, value in sandbox.demo_args.items() if name in block.fields}
    return {**block.example, **leave_nothing_to_chance(block), **known}


def invoke(connector, block, args):
    return connector.invoke(block.name, {"max_items": count_entries(block), **args} if block.page else args)


def give_both(sandbox, connector, client, block, args=None):
    """The result of `Connector.invoke` and the answer of the tool, each from the same beginning."""
    outcomes = []
    for do in (invoke, lambda _, block, args: client.call(block.name, args)):
        sandbox.control.reset()
        outcomes.append(do(connector, block, example_args(sandbox, block) if args is None else args))
    return outcomes


@EACH_BLOCK
def test_a_block_gives_the_same_through_the_door(sandbox, connector, client, block):
    result, answer = give_both(sandbox, connector, client, block)
    assert (result.error, answer.is_error) == (None, False)
    expected = {"result": result.output} if is_wrapped(block) else result.output
    assert without_what_moves(answer.structured_content) == without_what_moves(expected)
    account = answer.meta["connector/meta"]
    assert (account["route"], account["requests"], account["pages"]) == (
        result.meta.route,
        result.meta.requests,
        result.meta.pages,
    )


@pytest.mark.each("case", TYPED)
def test_what_people_type_reaches_the_service_as_what_they_mean(sandbox, connector, client, case):
    sandbox.control.reset()
    result = connector.invoke(case.block, {**case.meant, "access_token": sandbox.demo_args["access_token"]})
    expected = tell(sandbox, result.unwrap())
    sandbox.control.reset()
    answer = client.call(case.block, {**case.typed, "access_token": sandbox.demo_args["access_token"]})
    assert not answer.is_error, answer.content
    assert tell(sandbox, answer.structured_content) == expected


def test_what_is_missing_is_told_the_same_through_the_door(sandbox, connector, client, a_block_of_each_shape):
    block = a_block_of_each_shape
    result, answer = give_both(sandbox, connector, client, block, {})
    assert answer.is_error
    assert [content.text for content in answer.content] == [result.error.message]
    error = answer.meta["connector/error"]
    assert (error["kind"], error["code"]) == (result.error.kind, result.error.code)
    assert error["fields"] == [problem.to_dict() for problem in result.error.fields]


@EACH_SHAPE
def test_an_error_of_the_service_is_told_the_same_through_the_door(sandbox, connector, client, block):
    spoilt = {name: "spoilt" for name, field in block.fields.items() if field.secret}
    result, answer = give_both(sandbox, connector, client, block, {**block.example, **spoilt})
    assert answer.is_error
    assert answer.content[0].text.splitlines()[0] == result.error.message
    error = answer.meta["connector/error"]
    assert (error["kind"], error["status"], error["body"]) == (
        result.error.kind,
        result.error.status,
        result.error.body,
    )


@EACH_SHAPE
def test_whether_a_write_may_have_taken_effect_is_told_through_the_door(sandbox, connector, client, block):
    sandbox.control.reset()
    sandbox.control.fault("custom", status=501, body={}, times=9)
    error = connector.invoke(block.name, example_args(sandbox, block)).error
    # Most of what is made of other blocks reads first.
    assert error.is_uncertain is (block.effect != "read") or block.procedure
    answer = client.call(block.name, example_args(sandbox, block))
    assert answer.is_error
    assert answer.meta["connector/error"].get("is_uncertain", False) is error.is_uncertain
    assert (UNCERTAIN_WORDS in answer.content[0].text) is error.is_uncertain

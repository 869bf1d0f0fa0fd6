"""Which scopes a block needs is told in the same words at every door."""

import pytest

from connector.export.node_red.helps import build_help
from connector.export.openapi import build_openapi
from connector.manifest.manifest import Manifest
from connector.manifest.scope_needs import tell_needs
from connector.runners.http_server.docs_block import build_block
from tests.test_second_manifest import PATH

HARBOUR = Manifest.load(PATH)


@pytest.mark.parametrize(
    ("block", "args", "told", "asked"),
    [
        ("bookBerth", {}, "moor", ("moor",)),
        ("queueBoats", {}, "moor or steer", ("moor", "steer")),
        ("readLogBackwards", {}, "pry, without which it tells less", ("pry",)),
        ("raiseSignal", {"signal": "gale"}, "", ("steer",)),
        ("raiseSignal", {"signal": "gale", "target": "harbour:berth:A7"}, "", ("steer",)),
        (
            "raiseSignal",
            {"target": "harbour:boat:Ejder"},
            "hail where target has boat; steer unless signal is gale",
            ("steer",),
        ),
    ],
)
def test_what_is_needed_follows_from_the_arguments(block, args, told, asked):
    block = HARBOUR.block(block)
    assert tell_needs(block.find_needs(args)) == told
    assert block.scopes_to_ask == asked


def test_every_door_tells_it():
    openapi = build_openapi(HARBOUR)
    block = HARBOUR.block("queueBoats")
    assert "Scopes that the user grants: `moor` or `steer`." in str(openapi["paths"])
    marked = "<p>Scopes that the user grants: <code>moor</code> or <code>steer</code>.</p>"
    assert build_block(HARBOUR, block)["scopes"] == "`moor` or `steer`"
    assert marked in build_help(block)


def test_it_stands_in_documents_as_the_manifest_writes_it():
    needs = [need.to_dict() for need in HARBOUR.block("raiseSignal").scope_needs]
    plain = {"any_of": ["hail"], "optional": False, "when": {"target": {"kinds": ["boat"]}}, "except": {}}
    assert needs == [plain, {"any_of": ["steer"], "optional": False, "when": {}, "except": {"signal": "gale"}}]


def test_what_is_looked_for_before_it_is_made_needs_the_scopes_of_looking(manifest):
    reusing = [block for block in manifest if block.reuse]
    assert reusing
    for block in reusing:
        needed = {scope for need in block.find_needs(block.reuse.when) for scope in need.any_of}
        assert needed >= set(manifest.block(block.reuse.block).scopes)

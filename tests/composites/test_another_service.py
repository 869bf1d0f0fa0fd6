"""Blocks that are made of blocks at another service: ships by their numbers, on watches that nobody owns and on which
nothing can be moved, read in pages by a cursor and struck off one by one."""

import json
import sys
from pathlib import Path
from subprocess import run

import jsonschema
import pytest

from connector.lint import check_manifest
from connector.manifest.manifest import Manifest
from connector.runners.mcp_server.offer import Offer
from connector.runners.mcp_server.server import build_server
from tests.watch.office import PASSAGES, Watches

PATH = Path(__file__).parents[1] / "watch" / "manifest.yaml"
WATCH = Manifest.load(PATH)
MADE = [block for block in WATCH if block.procedure]
KEY = {"api_key": "harbour-key"}
PASSED = [each["number"] for each in PASSAGES]


@pytest.fixture
def watches(server):
    kept = Watches()
    server.answer = lambda seen: kept.answer(seen) or (404, {}, {})
    return kept


@pytest.fixture
def invoke(connect, watches):
    harbour = connect(WATCH)
    return lambda block, **args: harbour.invoke(block, {**KEY, **args})


@pytest.fixture
def sent(server):
    """What was sent that writes since the last time, as method and path."""
    seen = [0]

    def since():
        new, seen[0] = server.requests[seen[0] :], len(server.requests)
        return [f"{request.method} {request.path}" for request in new if request.method != "GET"]

    return since


def give(result):
    assert result.error is None, result.error
    jsonschema.validate(result.output, WATCH.block(result.block).output_schema)
    return result.output


def test_a_list_becomes_another_by_what_its_blocks_can_do(invoke, watches, sent):
    told = give(invoke("watchPassages", target="North"))
    assert watches.list_numbers(7) == PASSED
    # Four a call come in.
    assert sent() == ["POST /watches/7/ships"] * 2
    assert [(entry["ship"], entry["name"]) for entry in told["added"][:2]] == [("9074729", "Ejder"), ("9241061", "Alk")]
    assert told["target"] == {"id": "7", "name": "North"}

    give(invoke("watchPassages", target=7))
    assert sent() == []

    # One is struck off by its number; what stands out of order can't be moved, so it comes in anew.
    watches.fill(7, [9241061, 1111111, *PASSED[2:], PASSED[0]])
    told = give(invoke("watchPassages", target="harbour:watch:7"))
    assert watches.list_numbers(7) == PASSED
    assert [entry["ship"] for entry in told["removed"]] == ["1111111"]
    # Both copies go with it, and are back before anything else is done.
    assert sent() == [
        "DELETE /watches/7/ships/9074729",
        "POST /watches/7/ships",
        "POST /watches/7/ships",
        "DELETE /watches/7/ships/1111111",
    ]


def test_a_list_takes_as_many_as_it_is_said_to(invoke, watches, sent):
    told = give(invoke("watchShips", target=7, ships=[5, 6, 5, 7]))
    assert (watches.list_numbers(7), [entry["ship"] for entry in told["added"]]) == ([5, 6, 7], ["5", "6", "7"])
    give(invoke("watchShips", target=7, ships=[6, 8]))
    assert watches.list_numbers(7) == [5, 6, 7, 8]
    sent()
    error = invoke("watchShips", target=7, ships=list(range(10, 20))).error
    assert (error.kind, "a watch takes 8 at most" in error.message, sent()) == ("invalid_fields", True, [])


def test_what_passed_in_a_month_is_on_a_list_of_its_own(invoke, watches):
    told = give(invoke("watchByMonth"))
    assert [(each["target"]["name"], [entry["ship"] for entry in each["added"]]) for each in told["periods"]] == [
        ("2026-05", ["9420045"]),
        ("2026-06", ["9333010", "9074729", "9187394", "9241061"]),
    ]
    assert sorted(watches.names.values()) == ["2026-05", "2026-06", "North"]


def test_a_list_goes_into_a_file_and_comes_from_one(invoke, watches):
    watches.fill(7, PASSED[:3])
    text = give(invoke("exportWatch", watch="north"))["text"]
    assert text.splitlines() == [
        "Number,Name,Since",
        *(
            f"{number},{name},2026-05-0{day}T08:00:00Z"
            for day, (number, name) in enumerate(zip(PASSED[:3], ("Ejder", "Alk", "Lom"), strict=True), 1)
        ),
    ]
    told = give(invoke("importWatch", file=f"{text}impounded:1,,\n,Nameless,\n", target="South"))
    assert watches.list_numbers(8) == PASSED[:3]
    assert [(row["outcome"], row.get("ship")) for row in told["rows"]] == [
        *(("added", str(number)) for number in PASSED[:3]),
        ("left out", "impounded:1"),
        ("left out", None),
    ]
    assert [row.get("why") for row in told["rows"][3:]] == [
        "An impounded ship can't be put on another list.",
        "It has no URI or link.",
    ]


def test_a_list_that_nobody_owns_is_made_where_none_is_called_so(invoke, watches):
    plan = give(invoke("watchPassages", target="South", dry_run=True))
    assert (plan["created"], plan["target"], list(watches.ships)) == (True, {"id": None, "name": "South"}, [7])
    told = give(invoke("watchPassages", target="South"))
    assert (told["created"], told["target"], watches.list_numbers(8)) == (True, {"id": "8", "name": "South"}, PASSED)
    watches.ships[9], watches.names[9], watches.editions[9] = [], "south", 1
    error = invoke("watchPassages", target="SOUTH").error
    assert error.message.endswith("target is the name of 2: 8, 9 (fits: the id of one of them).")
    error = invoke("sortWatch", watch="West", by="name").error
    assert [problem.name for problem in error.fields] == ["watch"]
    assert "watch is the name of no watch (fits: a watch's number or address, or its name)." in error.message


def test_a_list_is_sorted_without_moving_and_keeps_what_could_not_be_put_back(invoke, watches, sent):
    watches.fill(7, [9420045, 9333010, 9187394, 9241061], impounded=[9333010])
    plan = give(invoke("sortWatch", watch="north", by="name", dry_run=True))
    assert sent() == []
    result = invoke("sortWatch", watch="north", by="name")
    told = give(result)
    assert [entry["ship"]["name"] for entry in watches.ships[7]] == ["Alk", "Lom", "Sule", "Tejst"]
    assert (told["watch"], told["moved"], told["ways"]) == ({"id": "7", "name": "North"}, plan["moved"], plan["ways"])
    assert "9333010" not in {entry["ship"] for entry in told["moved"]}
    assert any("counts as added now" in warning for warning in result.meta.warnings)
    assert not any("playlist" in str(word) or "track" in str(word) for word in (*result.meta.warnings, result.meta.did))


def test_the_linter_finds_nothing():
    assert check_manifest(PATH) == []


@pytest.mark.parametrize("block", list(WATCH), ids=lambda block: block.name)
def test_each_block_runs(invoke, block):
    give(invoke(block.name, **block.example))


def test_the_command_line_and_the_mcp_server_give_the_same(connect, server, invoke, watches, open_mcp):
    command = Path(sys.executable).with_name("spotify-blocks")
    args = {**KEY, "target": "South", "dry_run": True}
    output = give(invoke("watchPassages", **args))
    words = ["run", "watchPassages", "--args", json.dumps(args), "--server", f"office={server.url}"]
    done = run([command, "--manifest", PATH, *words], capture_output=True, text=True, check=False)
    assert (done.returncode, json.loads(done.stdout)) == (0, output)
    with open_mcp(
        build_server(connect(WATCH), offer=Offer(is_whole=True, has_output_schemas=True), find_known=lambda _block: KEY)
    ) as client:
        assert {block.name for block in MADE} <= set(client.tools())
        answer = client.call("watchPassages", {"target": "South", "dry_run": True})
    assert answer.structured_content == output


@pytest.mark.parametrize("block", MADE, ids=lambda block: block.name)
def test_an_error_says_in_which_part_it_happened(connect, server, block):
    server.answer = lambda _seen: (403, {}, {"problem": "No mooring fee was paid."})
    error = connect(WATCH).invoke(block.name, {**block.example, **KEY}).error
    whole, part, *rest = error.message.split(": ")
    assert (whole, part in block.procedure.parts) == (block.name, True)
    assert ": ".join(rest) == "Watch answered 403: No mooring fee was paid. Pay the mooring fee."

"""Another service's manifest runs through the engine, the command line and the linter with nothing changed."""

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from connector.lint import check_manifest
from connector.manifest import Manifest

PATH = Path(__file__).parent / "harbour" / "manifest.yaml"
HARBOUR = Manifest.load(PATH)
ROWS = [{"berth": f"A/{number}"} for number in range(1, 7)]


def answer(seen):
    """What the harbour office answers."""
    if seen.headers.get("X-Api-Key") != "harbour-key":
        return 403, {}, {"problem": "No mooring fee was paid."}
    if seen.path == "/berths":
        start, size = int(seen.query["from"]) if "from" in seen.query else 0, int(seen.query["per"])
        more = "yes" if start + size < len(ROWS) else None
        return 200, {}, {"rows": ROWS[start : start + size], "count": len(ROWS), "more": more}
    if seen.path == "/log":
        start = int(seen.query.get("since", 0))
        last = str(start + 2) if start + 2 < 5 else None
        return 200, {}, {"rows": list(range(start, min(start + 2, 5))), "more": last, "mark": {"last": last}}
    if seen.path == "/boats/in":
        return 200, {}, [name.startswith("E") for name in seen.query["names"].split(",")]
    return 201, {}, {"booking": len(json.loads(seen.body)["crew"])}


@pytest.fixture
def office(server):
    server.answer = answer
    return server


@pytest.mark.parametrize("block", list(HARBOUR), ids=lambda block: block.name)
def test_each_block_runs(office, connect, block):
    result = connect(HARBOUR).invoke(block.name, block.example)
    assert result.error is None
    jsonschema.validate(result.output, block.output_schema)


def test_pages_by_position_are_merged(office, connect):
    result = connect(HARBOUR).invoke("berths", {"api_key": "harbour-key", "place": "57.7,11.97", "day": "2026-06-01"})
    assert result.output == {"rows": ROWS, "count": 6, "more": None}
    assert [seen.query for seen in office.requests] == [
        {"near": "57.7,11.97", "on": "2026-06-01T00:00:00", "per": "4"},
        {"near": "57.7,11.97", "on": "2026-06-01T00:00:00", "per": "4", "from": "4"},
    ]


def test_pages_by_cursor_are_merged(office, connect):
    result = connect(HARBOUR).invoke("readLog", {"api_key": "harbour-key"})
    assert result.output == {"rows": [0, 1, 2, 3, 4], "more": None, "mark": {"last": None}}


def test_a_list_is_split_and_an_id_stays_in_its_segment(office, connect):
    connector = connect(HARBOUR)
    boats = connector.invoke("checkBoats", {"api_key": "harbour-key", "boats": "Alk, Ejder, Lom, Eka"})
    assert boats.output == [False, True, False, True]
    connector.invoke("bookBerth", {"api_key": "harbour-key", "berth": "A/7", "crew": '[{"name": "Ada"}]'})
    assert [seen.target for seen in office.requests] == [
        "/boats/in?names=Alk%2CEjder%2CLom",
        "/boats/in?names=Eka",
        "/berths/A%2F7/bookings",
    ]
    assert json.loads(office.requests[-1].body) == {"crew": [{"name": "Ada"}]}


def test_an_error_is_explained_in_the_service_s_terms(office, connect):
    error = connect(HARBOUR).invoke("readLog", {"api_key": "wrong-key"}).error
    assert (error.kind, error.message) == (
        "forbidden",
        "readLog: Harbour answered 403: No mooring fee was paid. Pay the mooring fee.",
    )


def test_the_linter_finds_nothing():
    assert check_manifest(PATH) == []


def run(*words):
    return subprocess.run(
        [sys.executable, "-c", "from connector.cli import main; main()", "--manifest", str(PATH), *words],
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_line_lists_and_runs_it(office):
    listed = json.loads(run("blocks", "--json").stdout)
    assert [block["name"] for block in listed["blocks"]] == list(HARBOUR.names)
    done = run("run", "checkBoats", "boats=Eka", "api_key=harbour-key", "--server", f"office={office.url}")
    assert (done.returncode, json.loads(done.stdout)) == (0, [True])


def test_the_sandbox_of_another_service_is_refused():
    done = run("run", "readLog", "--sandbox")
    assert done.returncode == 2
    assert "another service" in done.stderr

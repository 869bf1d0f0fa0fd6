"""Each slip that a maker of blocks can make is found, with its line and its block."""

import json
import shutil
from pathlib import Path

import jsonschema
import pytest

from connector.lint import check_manifest

ROOT = Path(__file__).parents[2]
HARBOUR = ROOT / "tests" / "harbour"
SCHEMA = json.loads((ROOT / "schemas" / "manifest.schema.json").read_text("utf-8"))


def test_the_manifest_is_sound():
    assert check_manifest(ROOT / "manifest.yaml") == []


#: A text in the second manifest, what is put in its place, the block named, and what the finding says.
SLIPS = {
    "unknown word": ("    effect: write", "    efect: write", "bookBerth", "'efect' was unexpected"),
    "no request line": ("GET /boats/in", "FETCH /boats/in", "checkBoats", "does not match"),
    "dangling field": ("$defs/Boats", "$defs/Ships", "checkBoats", "leads nowhere"),
    "dangling output": ("objects.json#/$defs/Log", "objects.json#/$defs/Diary", "readLog", "leads nowhere"),
    "missing schema file": (
        "schemas/objects.json#/$defs/Log",
        "schemas/gone.json#/$defs/Log",
        "readLog",
        "can't be read",
    ),
    "declared, not sent": (
        "        body: [crew]",
        "        body: [{x: {value: 1}}]",
        "bookBerth",
        "crew is declared and sent",
    ),
    "sent, not declared": ("[{names: boats}]", "[{names: boats}, flag]", "checkBoats", "flag is used and not declared"),
    "required, not declared": (
        "required: [place]",
        "required: [place, plaice]",
        "listBerths",
        "plaice is required and not",
    ),
    "path variable optional": ("required: [berth, crew]", "required: [crew]", "bookBerth", "berth stands in the path"),
    "no page there": ("size: 4}", "size: 4, at: berths}", "listBerths", "the output schema has nothing at berths"),
    "no cursor there": ("cursor: mark.last}", "cursor: mark.first}", "readLog", "the output schema has no mark.first"),
    "alias clash": ("aliases: [berths]", "aliases: [readLog]", "readLog", "is also what listBerths answers to"),
    "split, not a list": (
        "batch: {boats: boats}",
        "batch: {api_key: boats}",
        "checkBoats",
        "api_key is split and not sent",
    ),
    "unknown batch size": ("batch: {boats: boats}", "batch: {boats: ships}", "checkBoats", "can't be built"),
    "unknown scope": (
        "    effect: write",
        "    effect: write\n    scopes: [sail]",
        "bookBerth",
        "sail is not described",
    ),
    "closed without a substitute": (
        "kind=all",
        "kind=all\n        quota: {development: closed 2026-01-01}",
        "readLog",
        "instead",
    ),
    "substitute without need": (
        "    effect: write",
        "    effect: write\n    instead: Row.",
        "bookBerth",
        "open to development",
    ),
    "not sent, but sent": (
        "    effect: write",
        "    effect: write\n    not_sent: {crew: No.}",
        "bookBerth",
        "sent all the same",
    ),
    "not sent, unknown": (
        "    effect: write",
        "    effect: write\n    not_sent: {cargo: No.}",
        "bookBerth",
        "cargo is not",
    ),
    "comment in prose": ("near a place.", "near #1 place.", "listBerths", "the text ends at ' #'"),
    "word read as a truth": ("title: Read the log", "title: yes", "readLog", "is read as true or false"),
    "date read as a date": ("title: Read the log", "title: 2026-01-01", "readLog", "is read as a date"),
    "number read as a number": ("title: Read the log", "title: 7", "readLog", "is read as a number"),
    "key twice": ("    effect: write", "    effect: write\n    effect: write", "bookBerth", "stands here twice"),
    "unused authentication": ('v3", auth: key}', 'v3"}', None, "no server uses the authentication key"),
    "unused batch size": (
        "batch_sizes: {boats: 3}",
        "batch_sizes: {boats: 3, ships: 2}",
        None,
        "uses the batch size ships",
    ),
    "unused server": (
        "servers:\n",
        "servers:\n  quay: {url: 'https://q.example'}\n",
        None,
        "no block uses the server office",
    ),
    "broken pattern": ("^boat:(?P<kind>", "^boat:(?P<kind", None, "is no pattern"),
    "pattern without groups": ("(?P<kind>[a-z]+)", "([a-z]+)", None, "no groups called kind and id"),
    "no YAML": ("    group: Boats", "    group: [Boats", None, "is no YAML"),
}


@pytest.fixture
def copy(tmp_path):
    shutil.copytree(HARBOUR, tmp_path / "harbour")
    return tmp_path / "harbour" / "manifest.yaml"


@pytest.mark.parametrize(("before", "after", "block", "message"), SLIPS.values(), ids=SLIPS)
def test_a_slip_is_found_with_its_line(copy, before, after, block, message):
    text = copy.read_text("utf-8")
    assert text.count(before) >= 1
    copy.write_text(text.replace(before, after, 1), "utf-8")
    findings = check_manifest(copy)
    fitting = [finding for finding in findings if message in finding.message]
    assert fitting, [str(finding) for finding in findings]
    [*_, finding] = fitting
    assert finding.block == block
    assert str(finding).startswith(f"{copy}:{finding.line}:")
    changed = text[: text.index(before)].count("\n") + 1
    if block and message not in ("instead",):
        lines = copy.read_text("utf-8").splitlines()
        start = next(number for number, line in enumerate(lines, 1) if line == f"  {block}:")
        assert start <= finding.line
    assert changed >= 1


def test_a_field_type_s_own_slips_are_found(copy):
    fields = copy.parent / "schemas" / "fields.json"
    declared = json.loads(fields.read_text("utf-8"))
    declared["$defs"]["BoatSize"]["examples"] = ["huge"]
    declared["$defs"]["Day"]["x-field"] = "Calendar"
    declared["$defs"]["Place"]["examples"] = ["97, 0"]
    declared["$defs"]["Crew"].pop("examples")
    fields.write_text(json.dumps(declared), "utf-8")
    messages = [finding.message for finding in check_manifest(copy)]
    assert [message for message in messages if "does not fit its own schema" in message]
    assert [message for message in messages if "x-field Calendar is none of" in message]
    assert [message for message in messages if "has a latitude outside -90 to 90" in message]
    assert [message for message in messages if "crew has no example" in message]


def test_a_missing_manifest_is_a_finding(tmp_path):
    [finding] = check_manifest(tmp_path / "none.yaml")
    assert "can't be read" in finding.message


def iter_nodes(schema, path="manifest"):
    yield path, schema
    for name, inner in schema.get("properties", {}).items():
        yield from iter_nodes(inner, f"{path}.{name}")
    for keyword in ("items", "additionalProperties"):
        if isinstance(schema.get(keyword), dict):
            yield from iter_nodes(schema[keyword], f"{path}.{keyword}")


NODES = [
    pytest.param(node, id=path)
    for start, schema in [("manifest", SCHEMA), *SCHEMA["$defs"].items()]
    for path, node in iter_nodes(schema, start)
    if ("$ref" not in node and "anyOf" not in node) or "title" in node
]


@pytest.mark.parametrize("node", NODES)
def test_every_word_of_the_manifest_is_explained_with_an_example_that_fits(node):
    assert node["title"]
    assert node["description"]
    whole = {**node, "$defs": SCHEMA["$defs"]}
    for example in node["examples"]:
        jsonschema.validate(example, whole, jsonschema.Draft202012Validator)

"""The manifest against the specification: every documented block and field, with its name, type and optionality."""

import re
from difflib import SequenceMatcher

import digest
import pytest

from connector.manifest.manifest import Manifest

MANIFEST = Manifest.load()
DOCUMENTED = digest.load("specification.json")
LIKENESS = 0.8


def is_copy(ours, theirs):
    """Whether the words are theirs, give or take a few; what is said in four words can't be said in many ways."""
    ours, theirs = (re.findall(r"\w+", text.lower()) for text in (ours, theirs.removeprefix("Optional:")))
    return len(ours) > 4 and SequenceMatcher(None, ours, theirs).ratio() > LIKENESS


def test_all_documented_blocks_are_there():
    documented = {entry["name"] for entry in DOCUMENTED}
    assert documented <= set(MANIFEST.names)
    assert len(documented) == 29


@pytest.mark.each("documented", DOCUMENTED)
def test_a_block_s_aliases_and_scopes_are_the_documented_ones(documented):
    block = MANIFEST.block(documented["name"])
    assert (list(block.aliases), list(block.scopes)) == (documented["aliases"], documented["scopes"])


@pytest.mark.each("documented", DOCUMENTED)
def test_a_block_s_fields_are_the_documented_ones(documented):
    block = MANIFEST.block(documented["name"])
    seeds = block.together.fields if block.together else ()
    assert [
        (field.name, field.type.lower(), field.required) for field in block.fields.values() if field.documented
    ] == [
        (field["name"], field["type"], not field["optional"] and field["name"] not in seeds)
        for field in documented["fields"]
    ]
    assert {field.name for field in block.fields.values() if not field.documented} <= {"max_items", "resume"}


@pytest.mark.each("documented", DOCUMENTED)
def test_documented_choices_limits_and_defaults_are_kept(documented):
    block = MANIFEST.block(documented["name"])
    for field in documented["fields"]:
        schema = block.fields[field["name"]].schema
        assert sorted(schema.get("enum", ())) == field["choices"] if "choices" in field else True
        for word in {"default", "minimum", "maximum"} & field.keys():
            assert str(schema[word]) == field[word]


@pytest.mark.skipif(not digest.SOURCES.exists(), reason="the specification's own words are not on this machine")
@pytest.mark.each("position", range(len(DOCUMENTED)))
def test_a_block_is_described_in_our_own_words(position):
    spec = digest.SOURCES / "spec"
    block = MANIFEST.block(DOCUMENTED[position]["name"])
    [text] = [path.read_text("utf-8") for path in spec.glob("*.txt")]
    lines = text.splitlines()
    theirs = [lines[row - 1] for row, line in enumerate(lines) if line.startswith("Field | Type")]
    assert not is_copy(block.description, theirs[position])
    for name, _, description in digest.read_field_tables(spec)[position]:
        assert not is_copy(block.fields[name].description, description), name

"""The manifest against the specification: every documented block and field, with its name, type and optionality."""

import re
from difflib import SequenceMatcher
from pathlib import Path

import pytest

from connector.manifest.manifest import Manifest

SPEC = Path(__file__).resolve().parents[3] / "shared" / "spec"
pytestmark = pytest.mark.skipif(not SPEC.exists(), reason="the specification is not on this machine")
MANIFEST = Manifest.load()
DOCUMENTED = 29
LIKENESS = 0.8


def read_rows():
    """Rows of the table of blocks: name, aliases, fields, scopes."""
    text = (SPEC / "BLOCKS.md").read_text("utf-8")
    return [
        [cell.strip() for cell in line.strip("|").split("|")][1:]
        for line in text.splitlines()
        if re.match(r"\| \d+ \|", line)
    ]


def read_field_tables():
    """The specification's field tables in the order of the blocks: (name, type, description) a row."""
    [text] = [path.read_text("utf-8") for path in SPEC.glob("*.txt")]
    tables = []
    for line in text.splitlines():
        if line.startswith("Field | Type"):
            tables.append([])
        elif tables and (match := re.match(r"^(\w+) \| (\w+) \| (.+) \|$", line)):
            tables[-1].append(match.groups())
    return tables


def read_descriptions():
    """What the specification says of each block: the line above its field table."""
    [text] = [path.read_text("utf-8") for path in SPEC.glob("*.txt")]
    lines = text.splitlines()
    return [lines[position - 1] for position, line in enumerate(lines) if line.startswith("Field | Type")]


def is_copy(ours, theirs):
    """Whether the words are theirs, give or take a few; what is said in four words can't be said in many ways."""
    ours, theirs = (re.findall(r"\w+", text.lower()) for text in (ours, theirs.removeprefix("Optional:")))
    return len(ours) > 4 and SequenceMatcher(None, ours, theirs).ratio() > LIKENESS


def test_all_documented_blocks_are_there_in_order():
    documented = [row[0] for row in read_rows()]
    assert documented == [name for name in MANIFEST.names if name in documented]
    assert len(read_field_tables()) == len(documented) == DOCUMENTED


@pytest.mark.parametrize("position", range(DOCUMENTED), ids=MANIFEST.names[:DOCUMENTED])
def test_a_block_s_aliases_and_scopes_are_the_documented_ones(position):
    row = read_rows()[position]
    block = MANIFEST.block(row[0])
    assert tuple(filter(None, row[1].split(", "))) == block.aliases
    scopes = read_rows()[position - 1][-1] if row[-1] == "same" else row[-1]
    assert tuple(filter(None, scopes.split(", "))) == block.scopes


@pytest.mark.parametrize("position", range(DOCUMENTED), ids=MANIFEST.names[:DOCUMENTED])
def test_a_block_s_fields_are_the_documented_ones(position):
    documented = read_field_tables()[position]
    block = MANIFEST.block(read_rows()[position][0])
    ours = [field for field in block.fields.values() if field.documented]
    assert [field.name for field in ours] == [name for name, _, _ in documented]
    seeds = set(block.together.fields) if block.together else set()
    for field, (name, kind, description) in zip(ours, documented, strict=True):
        assert field.type.lower() == kind.lower()
        assert field.required == (not description.startswith("Optional:") and name not in seeds)
        assert field.description != description
    assert {field.name for field in block.fields.values() if not field.documented} <= {"max_items", "resume"}


@pytest.mark.parametrize("position", range(DOCUMENTED), ids=MANIFEST.names[:DOCUMENTED])
def test_a_block_is_described_in_our_own_words(position):
    block = MANIFEST.block(read_rows()[position][0])
    assert not is_copy(block.description, read_descriptions()[position])
    for name, _, theirs in read_field_tables()[position]:
        assert not is_copy(block.fields[name].description, theirs), name


@pytest.mark.parametrize("position", range(DOCUMENTED), ids=MANIFEST.names[:DOCUMENTED])
def test_documented_choices_limits_and_defaults_are_kept(position):
    block = MANIFEST.block(read_rows()[position][0])
    for name, kind, theirs in read_field_tables()[position]:
        schema = block.fields[name].schema
        if kind == "Select":
            assert set(schema["enum"]) == set(re.findall(r"\w+(?= \()", theirs.partition("Valid values:")[2]))
        for word, key in (("Default", "default"), ("Minimum", "minimum"), ("Maximum", "maximum")):
            if match := re.search(rf"{word}: (\w+)", theirs):
                assert str(schema[key]) == match[1]

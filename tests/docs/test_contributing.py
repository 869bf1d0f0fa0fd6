"""CONTRIBUTING says where things are, and they are there."""

import ast
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| (?P<what>[^|]+) \| `(?P<file>[^`|]+[.]py)` \| `(?P<name>[^`|]+)` \|$", re.MULTILINE)
PLACES = [match.groups() for match in ROW.finditer((ROOT / "CONTRIBUTING.md").read_text("utf-8"))]


def test_every_word_of_a_trigger_is_told():
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8").partition("## Add a trigger")[2].partition("\n## ")[0]
    schema = json.loads((ROOT / "schemas" / "manifest.schema.json").read_text("utf-8"))["$defs"]["Trigger"]
    rows = "".join(re.findall(r"^\| .*$", text, re.MULTILINE))
    told = {word for code in re.findall(r"`([^`]+)`", rows) for word in re.findall(r"\w+", code)}
    ways = set(schema["properties"]["way"]["enum"])
    assert (schema["properties"].keys() | ways) - told - {"title", "description", "watches"} == set()


def test_twenty_behaviours_are_listed():
    assert len(PLACES) >= 20


@pytest.mark.each(("file", "name"), [(file, name) for _, file, name in PLACES])
def test_what_is_sought_is_where_it_is_said_to_be(file, name):
    tree = ast.parse((ROOT / "connector" / file).read_text("utf-8"))
    defined = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    assert name in defined

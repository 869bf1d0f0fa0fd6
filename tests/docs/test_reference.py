"""The reference is written from the manifest, and its examples are calls that fit, the same at every door."""

import ast
import json
import re
import shlex
from pathlib import Path

import pytest
from write_reference import build_reference

from connector.arguments.validation import InputValidator
from connector.cli.arguments import parse_pairs
from connector.manifest.manifest import Manifest
from connector.manifest.triggers import POLLING, iter_triggers

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "reference"
MANIFEST = Manifest.load()


@pytest.fixture(scope="module")
def pages():
    return build_reference(MANIFEST)


def test_the_reference_is_the_manifest_s(pages):
    written = {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.md")}
    assert written == pages, "run `make docs`"


@pytest.fixture(scope="module")
def parts(pages):
    """What the pages say of each block."""
    texts = "".join(text for name, text in pages.items() if name not in ("README.md", "objects.md"))
    return {text.partition("\n")[0]: text for text in re.split(r"^## ", texts, flags=re.MULTILINE)}


def test_a_trigger_s_part_says_all_of_it(parts):
    triggers = list(iter_triggers(MANIFEST))
    assert triggers
    for trigger in triggers:
        part = parts[trigger.name]
        own = [
            name
            for name, field in trigger.form.fields.items()
            if not field.secret and name not in MANIFEST.data[POLLING]
        ]
        assert [name for name in own if f"| `{name}` |" not in part] == []
        assert [scope for scope in trigger.form.scopes if f"`{scope}`" not in part] == []
        facts = re.findall(r"^- \*\*(\w[\w ]*):\*\* \S", part, re.MULTILINE)
        assert facts == ["Watches", "Data", "Scopes", "New apps", "Costs", "Worth a look", "State"]
        [event] = re.findall(r"^```json\n(.*)\n```$", part, re.MULTILINE)
        assert json.loads(event)["type"] == trigger.name


def test_a_trigger_s_examples_are_one_poll_that_fits(parts):
    for trigger in iter_triggers(MANIFEST):
        part = parts[trigger.name]
        [shell] = re.findall(r"^\$ (.*spotify-blocks poll .*)$", part, re.MULTILINE)
        [curl] = re.findall(r"^\$ (curl .*)$", part, re.MULTILINE)
        [python] = re.findall(r"^spotify\.poll\((.*)\)$", part, re.MULTILINE)
        [tool] = re.findall(r"^MCP: `whats_new` with `(.*?)`\. n8n: ", part, re.MULTILINE)
        name, args, *_ = *ast.literal_eval(f"({python},)"), {}
        assert (name, json.loads(tool)) == (trigger.name, {"trigger": name, **({"args": args} if args else {})})
        assert json.loads(shlex.split(curl)[-1]) == {"args": args, "state": None}
        words = shlex.split(shell)
        typed = parse_pairs(words[words.index("poll") + 2 : words.index("--state")])
        validator = InputValidator(trigger.form, MANIFEST.references)
        secret = {"access_token": "a-secret"}
        assert validator.validate({**args, **secret}) == validator.validate({**typed, **secret})


def test_a_block_s_part_says_all_of_it(parts, each_block):
    part = parts[each_block.name]
    assert [name for name in each_block.fields if f"| `{name}` |" not in part] == []
    assert [scope for scope in each_block.scopes if f"`{scope}`" not in part] == []
    assert [route.name for route in each_block.routes if f"`{route.name}`" not in part] == []
    facts = re.findall(r"^- \*\*(\w[\w ]*):\*\* \S", part, re.MULTILINE)
    made = each_block.procedure
    others = ["May need"] if made and made.needed and set(made.parts) - set(made.needed) else []
    assert facts == ["Gives", "Scopes", "Costs", "Effect", "Made of" if made else "Goes by", *others]
    assert [
        name for name in (each_block.procedure.parts if each_block.procedure else ()) if f"`{name}`" not in part
    ] == []
    assert ("Closed to apps in development mode" in part) == bool(each_block.closed_since("development"))


def test_a_block_s_examples_are_one_call_that_fits(parts, each_block):
    part = parts[each_block.name]
    [shell] = re.findall(r"^\$ (.*spotify-blocks run .*)$", part, re.MULTILINE)
    [curl] = re.findall(r"^\$ (curl .*)$", part, re.MULTILINE)
    [python] = re.findall(r"^spotify\.invoke\((.*)\)$", part, re.MULTILINE)
    [tool] = re.findall(rf"^MCP: `{each_block.name}` with `(.*?)`\. n8n: ", part, re.MULTILINE)
    name, args, *_ = *ast.literal_eval(f"({python},)"), {}
    words = shlex.split(shell)
    assert name == each_block.name == words[words.index("run") + 1]
    assert json.loads(shlex.split(curl)[-1]) == args
    assert json.loads(tool) == {field: value for field, value in args.items() if not each_block.fields[field].secret}
    typed = parse_pairs(words[words.index("run") + 2 :])
    given = {name: "a-secret" for name, field in each_block.fields.items() if field.secret}
    validator = InputValidator(each_block, MANIFEST.references)
    assert validator.validate({**args, **given}) == validator.validate({**typed, **given})

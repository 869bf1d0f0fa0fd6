"""What the linter leaves to taste and this connector holds to: every block and every field, as people meet them."""

import json
import re
from collections import Counter
from pathlib import Path

import jsonschema
import pytest

from connector.arguments.normal_form import to_normal_form
from connector.arguments.validation import InputValidator
from connector.arguments.wording import describe_fit

ROOT = Path(__file__).parents[2]
FIELDS = json.loads((ROOT / "schemas" / "fields.json").read_text("utf-8"))["$defs"]
SENTENCE_END = re.compile(r"[.!?](?=\s|$)")
METHODS = {"read": {"GET"}, "write": {"POST", "PUT"}, "destructive": {"DELETE", "PUT"}}
GROUPS = [
    "Ready-made",
    "Search",
    "Playlists",
    "Player",
    "Library",
    "Catalogue",
    "Podcasts and audiobooks",
    "Following",
    "Personal",
    "Browse",
    "Sign-in",
]
LONGEST_TITLE, LONGEST_SENTENCE, LONGEST_FIT = 40, 120, 80


def test_an_example_of_each_block_is_accepted(each_block, manifest):
    validator = InputValidator(each_block, manifest.references)
    assert validator.validate(each_block.example).keys() == each_block.example.keys()


def test_an_example_of_every_field_is_accepted(each_block, manifest, every_arg):
    args = every_arg(each_block)
    assert InputValidator(each_block, manifest.references).validate(args).keys() == args.keys()


def test_a_normal_form_is_its_own_normal_form(each_block, manifest):
    for field in each_block.fields.values():
        for example in field.schema["examples"]:
            form = to_normal_form(field.schema, example, manifest.references)
            assert to_normal_form(field.schema, form, manifest.references) == form


def test_a_block_is_idempotent_by_its_own_word(each_block, manifest):
    """Whether a write may be tried again is decided for each, never by default; a read needs no word."""
    assert ("idempotent" in manifest.data["blocks"][each_block.name]) == (each_block.effect != "read")
    assert each_block.is_idempotent or each_block.effect == "write"


def test_each_route_s_method_does_what_the_block_says(each_route):
    block, route = each_route
    assert route.method in METHODS[block.effect]


def test_a_get_has_no_content(each_route):
    _, route = each_route
    assert route.method != "GET" or not route.form + route.body


def test_a_wire_name_is_sent_once(each_route):
    _, route = each_route
    for params in (route.query, route.form, route.body):
        assert [name for name, count in Counter(param.wire for param in params).items() if count > 1] == []


def test_what_changes_a_listener_s_things_needs_a_scope(each_block, manifest):
    auth = manifest.auth[each_block.server]
    assert auth is not None
    assert each_block.effect == "read" or each_block.scopes or auth.type == "basic"


def test_an_open_route_is_tried_before_a_closed_one_unless_it_costs_more(each_block):
    closed = ["development" in route.closed for route in each_block.routes if not (route.each or route.warning)]
    assert closed == sorted(closed)


def test_a_block_s_description_is_one_sentence(each_block):
    text = each_block.description
    assert [match.start() for match in SENTENCE_END.finditer(text)] == [len(text) - 1]
    assert text[0].isupper()
    assert len(text) <= LONGEST_SENTENCE


def test_a_block_s_title_is_a_short_phrase(each_block):
    assert each_block.title[0].isupper()
    assert each_block.title[-1].isalnum()
    assert len(each_block.title) <= LONGEST_TITLE


def test_titles_and_descriptions_of_blocks_are_unique(manifest):
    for words in ([block.title for block in manifest], [block.description for block in manifest]):
        assert [text for text, count in Counter(words).items() if count > 1] == []


def test_the_blocks_of_a_group_stand_together_in_the_order_of_palettes(manifest):
    groups = [block.group for block in manifest]
    changes = [group for position, group in enumerate(groups) if position == 0 or groups[position - 1] != group]
    assert changes == GROUPS


def test_each_group_has_a_look_of_its_own(manifest):
    looks = [(group.icon, group.colour) for group in manifest.groups.values()]
    assert "" not in {part for look in looks for part in look}
    assert [len(set(parts)) for parts in zip(*looks, strict=True)] == [len(GROUPS), len(GROUPS)]


@pytest.mark.each("group", GROUPS)
def test_what_is_closed_to_new_apps_stands_last_in_its_group(manifest, group):
    closed = [block.closed_since("development") is not None for block in manifest if block.group == group]
    assert closed == sorted(closed)


def test_a_block_s_fields_are_told_apart(each_block):
    titles = Counter(field.title for field in each_block.fields.values())
    assert [title for title, count in titles.items() if count > 1] == []
    for field in each_block.fields.values():
        assert field.title[0].isupper()
        assert field.description.endswith(".")
        assert field.title != field.description.rstrip(".")


def test_a_secret_is_marked_as_one(each_block, manifest):
    """What tells a server who calls, and what a platform stores, is never shown."""
    for field in each_block.fields.values():
        is_secret = field.type == "credentials" or field.name.endswith("token") or field.name == "code"
        assert field.secret == is_secret, field.name


def test_what_to_use_instead_names_blocks_that_are_open(each_closed_block, manifest):
    """A block that is named as the way out must exist, and must not be closed itself."""
    named = [manifest.block(word) for word in re.findall(r"\b[a-z]+[A-Z]\w*", each_closed_block.instead)]
    assert named
    assert [block.name for block in named if block.closed_since("development")] == []


@pytest.mark.each("name", FIELDS)
def test_a_declared_field_is_sound_whether_a_block_uses_it_or_not(name, manifest):
    schema = manifest.schema_files.inline({"$ref": f"schemas/fields.json#/$defs/{name}"})
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["x-field"] in ("String", "Datepicker", "Map", "List", "Select", "Array", "credentials")
    assert schema["title"]
    assert schema["description"].endswith(".")
    values = [*schema["examples"], *([schema["default"]] if "default" in schema else [])]
    for value in values:
        jsonschema.validate(to_normal_form(schema, value, manifest.references), schema)


@pytest.mark.each("name", FIELDS)
def test_what_fits_is_said_in_a_few_words(name):
    """A pattern or a list of two hundred codes is no help in a message."""
    schema = FIELDS[name]
    fits = describe_fit(schema)
    assert fits is None or len(fits) <= LONGEST_FIT
    if "pattern" in schema:
        assert "x-fits" in schema

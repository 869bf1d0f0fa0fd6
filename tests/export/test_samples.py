"""Samples fit the schemas that they are made from."""

import jsonschema
import pytest

from connector.export.event_samples import build_event_sample
from connector.export.samples import build_sample
from connector.manifest.manifest import Manifest
from connector.manifest.triggers import find_trigger, iter_triggers


def test_a_sample_fits_the_block_s_output(each_block):
    sample = build_sample(each_block.output_schema)
    jsonschema.validate(sample, each_block.output_schema, jsonschema.Draft202012Validator)


@pytest.mark.parametrize("block", list(Manifest.load("tests/harbour/manifest.yaml")), ids=lambda block: block.name)
def test_a_sample_of_another_service_fits_too(block):
    jsonschema.validate(build_sample(block.output_schema), block.output_schema, jsonschema.Draft202012Validator)


@pytest.mark.parametrize(
    ("schema", "sample"),
    [
        ({"type": "string"}, "text"),
        ({"type": "string", "format": "date-time"}, "2016-05-28T00:00:00Z"),
        ({"type": ["integer", "null"], "minimum": 5}, 5),
        ({"type": "integer", "maximum": 0}, 0),
        ({"type": "number", "maximum": 0.5, "minimum": 0}, 0.5),
        ({"type": "boolean"}, True),
        ({"type": "null"}, None),
        ({"enum": ["a", "b"]}, "a"),
        ({"const": 3}, 3),
        ({"type": "string", "examples": ["SE", "BR"]}, "SE"),
        ({"anyOf": [{"type": "null"}, {"type": "boolean"}]}, True),
        ({"type": "array", "items": {"type": "boolean"}, "minItems": 2}, [True, True]),
        ({"properties": {"a": {"type": "boolean"}}}, {"a": True}),
        ({"type": "object"}, {}),
    ],
)
def test_a_sample_of(schema, sample):
    assert build_sample(schema) == sample
    jsonschema.validate(sample, schema, jsonschema.Draft202012Validator)


TREE = {
    "$ref": "#/$defs/Node",
    "$defs": {
        "Node": {
            "type": "object",
            "required": ["children", "twin"],
            "properties": {
                "children": {"type": "array", "items": {"$ref": "#/$defs/Node"}},
                "twin": {"anyOf": [{"$ref": "#/$defs/Node"}, {"type": "null"}]},
                "parent": {"$ref": "#/$defs/Node"},
            },
        }
    },
}


def test_what_contains_itself_comes_to_an_end():
    assert build_sample(TREE) == {"children": [], "twin": None}


def test_an_event_of_each_trigger_can_be_shown_before_one_came(manifest):
    for trigger in iter_triggers(manifest):
        event = build_event_sample(trigger)
        assert event["type"] == trigger.name
        assert isinstance(event["time"], str) == ("time" in trigger.words and trigger.words.get("tells") != "gone")
        assert not trigger.brief or event["brief"]
    for trigger in iter_triggers(Manifest.load("tests/harbour/manifest.yaml")):
        assert build_event_sample(trigger)["type"] == trigger.name


def test_a_sample_of_an_event_says_what_its_trigger_tells(manifest):
    def show(name):
        return build_event_sample(find_trigger(manifest, name))["data"]

    assert show("savedTrackRemoved").keys() == {"uri", "name"}
    assert show("playbackChanged")["changed"] == ["track"]
    assert "release_date" in show("newEpisodeOfSavedShow")

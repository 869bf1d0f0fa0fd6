"""The facts that tests hold the project against are those of their sources, and hold none of their values or words."""

import digest
import pytest

has_sources = pytest.mark.skipif(not digest.SOURCES.exists(), reason=f"the sources are not at {digest.SOURCES}")


@has_sources
def test_the_facts_are_those_of_the_sources():
    for name, facts in digest.digest(digest.SOURCES).items():
        assert digest.load(name) == facts, f"Run `python tests/digest.py {digest.SOURCES}`."


def test_a_shape_tells_what_was_seen():
    values = [{"items": [{"id": "a", "n": 1.0}, {"id": None}, None], "on": True}, {"items": [], "on": False, "x": 0.5}]
    assert digest.take_shape(values) == {
        "": "object",
        "items": "array",
        "items[]": "null|object",
        "items[].id": "null|string",
        "items[].n": "integral?",
        "on": "boolean",
        "x": "number?",
    }


def test_shapes_hold_types_and_no_values():
    words = {"null", "boolean", "integer", "integral", "number", "string", "array", "object"}
    for operation, seen in digest.load("answers.json").items():
        for path, types in seen["shape"].items():
            assert set(types.removesuffix("?").split("|")) <= words, (operation, path)

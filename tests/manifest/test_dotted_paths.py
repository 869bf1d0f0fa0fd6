"""Dotted paths into JSON values."""

import pytest

from connector.manifest.dotted_paths import find_text, follow


@pytest.mark.parametrize(
    ("value", "path", "found"),
    [
        ({"a": {"b": 1}}, ["a", "b"], 1),
        ({"a": {"b": 1}}, [], {"a": {"b": 1}}),
        ({"a": {"b": 1}}, ["a", "c"], None),
        ({"a": [1]}, ["a", "0"], None),
        (None, ["a"], None),
    ],
)
def test_a_path_is_followed_through_objects(value, path, found):
    assert follow(value, path) == found


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"error": {"message": "Bad"}}, "Bad"),
        ({"error": "Bad"}, "Bad"),
        ({"error": {"message": 7}}, ""),
        ([], ""),
    ],
)
def test_the_first_path_with_text_gives_the_text(value, text):
    assert find_text(value, ["error.message", "error"]) == text

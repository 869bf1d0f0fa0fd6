"""Patterns that some text keeps busy for ages are found, sound ones are left alone."""

import re

import pytest

from connector.lint.patterns import find_difference, is_slow

SLOW = [
    r"^(a+)+$",
    r"^(a|a)*$",
    r"^(a|b|ab)*c$",
    r"^(\w+\s?)*$",
    r"^(.*,)*$",
    r"^x(?:y+)+z$",
    r"^([0-9A-Za-z]+[._-]?)+@x$",
    r"(x+x+)+y",
    r"^(?=(a+)+$)b",
    r"^(a?){50}a{50}$",
    r"^(?:[a-c]{1,30}){1,30}$",
    r"^(é+,?)+$",
    r"^[0-9]+[0-9]*[0-9]*$",
    r"\s+$",
]


@pytest.mark.parametrize("pattern", SLOW)
def test_a_pattern_that_reads_a_text_in_many_ways_is_found(pattern):
    assert is_slow(pattern)


@pytest.mark.each(
    "pattern",
    [
        r"",
        r"^a+$",
        r"^(a+,)*a+$",
        r"^([a-z]+-)+[0-9]{2,30}$",
        r"^(ab|cd)+(?![,;])$",
        r"^[+-]?[0-9]+([.][0-9]+)?[ ]*,[ ]*[+-]?[0-9]+$",
        r'^([^"\\]|\\.)*"$',
        r"^(?:[A-Za-z0-9._~-]|%[0-9A-F]{2})+$",
        r"^[^\x00-\x1F\x7F]+$",
    ],
)
def test_a_sound_pattern_is_left_alone(pattern):
    assert not is_slow(pattern)


def test_a_short_text_is_no_trouble():
    assert not is_slow(r"^[0-9]+[0-9]*[0-9]*$", limit=100)


def test_capitals_count_where_they_do():
    assert not is_slow(r"^(AB|ab)*$")
    assert is_slow(r"^(AB|ab)*$", re.IGNORECASE)


@pytest.mark.each(
    ("pattern", "part"),
    [
        (r"^\d+$", r"\d"),
        (r"^[\w.]+$", r"\w"),
        (r"\Aa\Z", r"\A"),
        (r"(?P<x>a)", "(?P"),
        (r"(?i)a", "(?i)"),
        (r"a++", "++"),
        (r"(?>a)", "(?>"),
        (r"\\d+[+]\+\.", None),
        (r"^(?:a|b)(?=c)(?!d)$", None),
    ],
)
def test_what_javascript_reads_otherwise_is_named(pattern, part):
    assert find_difference(pattern) == part

"""What a list shall be, of what it is and what others hold."""

from itertools import pairwise

import pytest

from connector.composites.entries import Entry, name_recording
from connector.composites.wanted import (
    add_missing,
    dedupe,
    intersect,
    leave_fixed,
    mirror,
    shuffle,
    sort,
    subtract,
    take_newest,
)


def make(letters, added="", fixed=""):
    """An entry for each letter, added at the digit below it, those in `fixed` such as can't be put back."""
    times = dict(enumerate(added))
    return [
        Entry(letter, frozenset([letter]), letter in fixed, times.get(place, "").strip() or None)
        for place, letter in enumerate(letters)
    ]


def spell(entries):
    return "".join(entry.key for entry in entries)


@pytest.mark.parametrize(
    ("current", "source", "fixed", "wanted"),
    [
        ("", "ba", "", ["b", "a"]),
        ("abc", "cda", "", [2, "d", 0]),
        # Copies are matched one by one, the first ones first.
        ("aab", "aba", "", [0, 2, 1]),
        ("aab", "aaa", "", [0, 1, "a"]),
        # What could not be put back stays behind what it stood behind, or at the top.
        ("xayb", "ba", "xy", [0, 3, 1, 2]),
    ],
)
def test_a_mirror_takes_what_is_there_and_keeps_what_could_not_be_put_back(current, source, fixed, wanted):
    assert mirror(make(current, fixed=fixed), make(source)) == wanted


@pytest.mark.parametrize(
    ("current", "source", "after"),
    [
        ("xa", "axb", "axb"),
        ("a", "axb", "ab"),
        ("xaxb", "bxaxx", "bxax"),
        # Which of two is meant nobody knows: both stay behind what they stood behind.
        ("axbx", "xba", "bxax"),
    ],
)
def test_a_mirror_of_what_could_not_be_put_back_is_the_same_the_second_time(current, source, after):
    def become(current):
        before = make(current, fixed="x")
        wanted = mirror(before, leave_fixed(before, make(source, fixed="x")))
        return "".join(before[each].key if isinstance(each, int) else each for each in wanted)

    assert become(current) == become(after) == after


def test_what_is_missing_comes_in_once_at_its_place_or_at_the_end():
    current, source = make("abc"), make("bxbxa")
    assert add_missing(current, source) == [0, 1, 2, "x"]
    assert add_missing(current, source, 1) == [0, "x", 1, 2]
    assert add_missing(current, source, 9) == [0, 1, 2, "x"]


def test_lists_are_set_against_each_other_in_the_order_of_the_first():
    assert spell(subtract(make("abcab"), [make("b"), make("x")])) == "aca"
    assert spell(intersect([make("abcab"), make("bca"), make("ab")])) == "ab"


def test_the_newest_come_first_and_the_undated_last():
    assert spell(take_newest(make("abcde", "13 33"), 4)) == "bdea"


def test_of_copies_the_oldest_stays_or_the_first_and_whatever_could_not_be_put_back():
    assert dedupe(make("abab", "2111"), keep_first=False) == [1, 2]
    assert dedupe(make("abab", "2111"), keep_first=True) == [0, 1]
    assert dedupe(make("xbxb", fixed="x"), keep_first=False) == [0, 1, 2]


def test_one_recording_is_told_by_its_code_or_by_title_artist_and_about_its_length():
    def record(key, *facts):
        return Entry(key, frozenset([key, *name_recording(*facts)]))

    song = [
        record("a", "isrc1", "Song", "Band", 200_000),
        record("b", "ISRC1", "Song (live)", "Band", 260_000),
        record("c", None, " song ", "BAND", 201_400),
        record("d", None, "Song", "Band", 204_600),
    ]
    assert dedupe(song, keep_first=True) == [0, 3]


def test_equal_ones_stay_as_they_stand_and_what_has_no_value_comes_last():
    values = {"a": 2, "b": 1, "c": None, "d": 1}
    assert sort(make("abcd"), lambda entry: values[entry.key], descending=False) == [1, 3, 0, 2]
    assert sort(make("abcd"), lambda entry: values[entry.key], descending=True) == [0, 1, 3, 2]


def test_a_shuffle_parts_those_of_a_group_as_long_as_it_can():
    for seed in range(50):
        mixed = shuffle(make("aaabbc"), lambda entry: entry.key, seed)
        assert sorted(mixed) == list(range(6))
        letters = ["aaabbc"[place] for place in mixed]
        assert all(one != other for one, other in pairwise(letters))
        assert mixed == shuffle(make("aaabbc"), lambda entry: entry.key, seed)

"""Outputs of any shape as tables: which part is shown, which columns, and that nothing in them steers a terminal."""

import io

import pytest
from rich.console import Console

from connector.cli.rows import show_output
from connector.manifest.routes import Page

PAGE = Page("offset", 2, ("shelf",), {"items": "rows", "total": "count"})


def show(output, *more, width=100):
    file = io.StringIO()
    show_output(
        Console(file=file, width=width, markup=False, emoji=False, highlight=False, color_system=None), output, *more
    )
    return [line.rstrip() for line in file.getvalue().splitlines()]


@pytest.mark.parametrize(
    ("output", "lines"),
    [
        ({}, ["Done."]),
        ([], ["No entries."]),
        ({"things": []}, ["No entries."]),
        ("text", ["answer  text"]),
        (True, ["answer  yes"]),
        ({"expires": 3600, "is_new": False, "nothing": None}, ["expires  3600", "is_new   no"]),
        ({"id": "x", "owner": {"name": "Ada"}}, ["id     x", "owner  Ada"]),
        ({"id": "x", "fans": {"href": None, "total": 7}}, ["id          x", "fans.total  7"]),
        ({"id": "x", "icons": [{"url": "u"}], "codes": ["a", "b"]}, ["id     x", "icons  1 entry", "codes  a, b"]),
        ({"name": "x", "codes": [str(number) for number in range(9)]}, ["name   x", "codes  9 entries"]),
        ([False, True], ["#  answer", "1  no", "2  yes"]),
        ([None, 3], ["#  answer", "1", "2  3"]),
    ],
    ids=str,
)
def test_shapes(output, lines):
    assert show(output) == lines


def test_an_entry_that_holds_a_renamed_thing_under_both_names_is_shown_once():
    boat = {"id": "b1", "name": "Alk"}
    assert show([{"at": "noon", "item": boat, "boat": boat}]) == ["#  name  id  at", "1  Alk   b1  noon"]
    other = {"id": "b2", "name": "Lom"}
    assert "Alk" in show([{"item": boat, "boat": other}])[1]
    assert "Lom" in show([{"item": boat, "boat": other}])[1]


def test_answers_stand_beside_what_was_asked():
    assert show([False, True], None, ("boats", ["Alk", "Lom"])) == ["boats  answer", "Alk    no", "Lom    yes"]


def test_entries_of_a_page_and_how_many_there_are():
    output = {"hint": "h", "shelf": {"rows": [{"name": "A", "size": 1}, {"name": "B", "size": 20}], "count": 9}}
    assert show(output, PAGE) == ["#  name  size", "1  A        1", "2  B       20", "2 of 9 entries."]
    output["shelf"]["count"] = 2
    assert show(output, PAGE)[-1] == "2  B       20"


@pytest.mark.parametrize("output", [{}, {"shelf": None}, {"shelf": {"rows": None}}, {"shelf": {}}, []])
def test_a_page_that_is_not_where_it_should_be(output):
    assert show(output, PAGE)


def test_of_two_lists_the_one_with_names_is_shown():
    seeds = [{"id": "s", "size": 3}, {"id": "t", "size": 4}]
    for output in ({"seeds": seeds, "things": [{"name": "A"}]}, {"things": [{"name": "A"}], "seeds": seeds}):
        assert show(output) == ["#  name", "1  A"]


def test_of_two_lists_without_names_the_last_is_shown():
    assert show({"seeds": [{"id": "s"}] * 2, "things": [{"id": "t"}]}) == ["#  id", "1  t"]


def test_no_more_than_five_columns_and_only_numbers_stand_to_the_right():
    entries = [
        {"name": name, "is_open": name == "A", **{f"n{column}": column * 10**size for column in range(1, 9)}}
        for size, name in enumerate("AB")
    ]
    assert show(entries, width=200) == [
        "#  name  is_open  n1  n2  n3",
        "1  A     yes       1   2   3",
        "2  B     no       10  20  30",
    ]


def test_columns_are_names_then_what_it_belongs_to_then_id_then_figures():
    entries = [
        {
            "uri": f"place:thing:{number}",
            "link": "https://example.org/1",
            "kind": "thing",
            "year": year,
            "id": f"id{number}",
            "images": [{"url": "u"}],
            "makers": [{"name": "Ada"}, {"name": "Grace"}],
            "set": {"title": "Tides"},
            "name": f"N{number}",
        }
        for number, year in enumerate((1843, 1952))
    ]
    assert show(entries) == [
        "#  name  makers      set    id   year",
        "1  N0    Ada, Grace  Tides  id0  1843",
        "2  N1    Ada, Grace  Tides  id1  1952",
    ]


def test_an_entry_that_wraps_one_thing_is_shown_as_that_thing_with_its_notes():
    entries = [
        {"added": "2025-06-01", "thing": {"name": "A", "id": "1"}},
        {"added": "2025-06-02", "thing": {"name": "B", "id": "2"}},
        {"added": "2025-06-03", "thing": None},
    ]
    assert show(entries) == [
        "#  name  id  added",
        "1  A     1   2025-06-01",
        "2  B     2   2025-06-02",
        "3            2025-06-03",
    ]


def test_empty_and_plain_entries_among_others_keep_their_place():
    assert show([None, {"name": "B"}]) == ["#  name", "1", "2  B"]


def test_a_narrow_terminal_gets_fewer_columns_and_whole_ids():
    entries = [{"name": "A" * 30, "id": "i" * 22, "when": f"2025-06-01T00:00:0{n}Z"} for n in range(2)]
    assert show(entries, width=100)[0].split() == ["#", "name", "id", "when"]
    narrow = show(entries, width=60)
    assert narrow[0].split() == ["#", "name", "id"]
    assert "i" * 22 in narrow[1]


def test_names_are_shown_as_they_are_and_steer_nothing():
    entries = [{"name": "[bold]Live[/x] :smile:"}, {"name": "a\x1b]0;owned\x07\x9bb\r\nc\ud800d"}]
    assert show(entries) == ["#  name", "1  [bold]Live[/x] :smile:", "2  a ]0;owned b c d"]
    assert show({"a\x1b[2Jb": "[/x]"}) == ["a [2Jb  [/x]"]

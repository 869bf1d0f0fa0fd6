import pytest

from connector.sandbox.ids import EXAMPLES, is_id, make_id, parse_uri, position_of


@pytest.mark.parametrize("kind", EXAMPLES)
def test_an_id_leads_back_to_its_position(kind):
    positions = [*range(50), 12_345, 1_000_003, 2**48 - 1]
    ids = [make_id(kind, position) for position in positions]
    assert len(set(ids)) == len(positions)
    assert [position_of(kind, identifier) for identifier in ids] == positions
    assert all(is_id(identifier) for identifier in ids if identifier not in EXAMPLES[kind])


def test_examples_of_the_documentation_come_first():
    assert make_id("track", 0) == "4iV5W9uYEdYUVa79Axb7Rh"
    assert make_id("category", 1) == "party"


def test_ids_are_the_same_in_every_process():
    assert make_id("artist", 100) == "5CYLjB8zNSQpMOzBeCNnj2"


@pytest.mark.parametrize("identifier", ["", "x", "a" * 22, "Z" * 22, "é" * 22, make_id("album", 77)])
def test_other_ids_name_no_track(identifier):
    assert position_of("track", identifier) is None


def test_uris():
    assert parse_uri("spotify:track:abc") == ("track", "abc")
    assert parse_uri("spotify:user:some.name") == ("user", "some.name")
    assert [parse_uri(text) for text in ("track:abc", "spotify:track:", "spotify:track:a:b", "")] == [None] * 4

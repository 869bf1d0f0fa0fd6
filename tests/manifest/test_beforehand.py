"""What a block costs in calls is said before it is run, where it is more than one looks for."""

import pytest

from connector.manifest.beforehand import tell_cost
from connector.manifest.manifest import Manifest
from tests.test_second_manifest import PATH

HARBOUR = Manifest.load(PATH)


@pytest.mark.parametrize(
    ("block", "told"),
    [
        ("listBookings", []),
        ("bookBerth", ["With again true it looks first what listBookings lists."]),
        ("listBerths", ["Costs a call per 4 entries."]),
        ("readBoats", ["Costs a call for each of boats in development mode, a call per 3 of boats in extended mode."]),
        ("findKeeper", ["Costs 2 calls in development mode."]),
        (
            "hoistFlag",
            ["A name as mast costs a call more.", "A sign before height costs a call more."],
        ),
        ("queueBoats", ["Costs a call per 3 of boats."]),
        ("findMast", ["Costs the calls that reading the whole list takes, however many are looked for."]),
    ],
)
def test_each_kind_of_cost_is_told(block, told):
    assert tell_cost(HARBOUR.block(block)) == told


def test_looking_for_things_by_name_costs_as_many_calls_as_there_are_ways_to_ask_at_most():
    blocks = Manifest.load()
    told = [tell_cost(blocks.block(name)) for name in ("findTrack", "findArtist")]
    assert told == [
        ["Costs one call for each row as a rule, and 3 at most."],
        ["Costs one call for each row."],
    ]

"""What a block costs in calls is said before it is run, where it is more than one looks for."""

import pytest

from connector.manifest.beforehand import tell_cost
from connector.manifest.manifest import Manifest
from tests.test_second_manifest import PATH

HARBOUR = Manifest.load(PATH)


@pytest.mark.parametrize(
    ("block", "told"),
    [
        ("listBerths", []),
        ("readBoats", ["In development mode it takes a call for each of boats."]),
        ("findKeeper", ["In development mode it takes 2 calls."]),
        (
            "hoistFlag",
            [
                "A mast that is given by its name takes a call more.",
                "A height with a sign in front takes a call more.",
            ],
        ),
    ],
)
def test_each_kind_of_cost_is_told(block, told):
    assert tell_cost(HARBOUR.block(block)) == told

"""A state on its way through whoever keeps it: some of them write numbers in their own fashion."""

import json

import pytest

from connector.triggers.state import close_state, open_state


@pytest.mark.parametrize(
    ("given", "kept"),
    [("1.0", "1"), ("-0.0", "0"), ("1e+20", "100000000000000000000"), ("1e-07", "1e-7"), ("0.25", "0.25")],
)
def test_a_number_is_the_same_however_javascript_writes_it(given, kept):
    state = close_state("whose", {"level": json.loads(given)}, 0)
    text = json.dumps(state).replace(f": {given}}}", f": {kept}}}")
    assert open_state(json.loads(text), "whose").memory == {"level": json.loads(given)}

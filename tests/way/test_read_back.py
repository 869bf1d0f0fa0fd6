"""What became of values whose answer was lost is told where the list tells, and where it doesn't nobody guesses."""

from pathlib import Path

import pytest

from connector.errors import ErrorDetail
from connector.manifest.manifest import Manifest
from connector.result import Result
from connector.way.read_back import settle_doubt

HARBOUR = Manifest.load(Path(__file__).parents[1] / "harbour" / "manifest.yaml")
BLOCK = HARBOUR.block("queueBoats")
BEFORE, LOST = ["Alk", "Lom"], ["Ejder", "Sule"]
TOLD = {True: "done", False: "not done", None: "uncertain"}


def settle(queue, total, done, args):
    """What is told of `LOST`, after `done`, by a service that holds `queue` and says that it is `total` long."""
    error = ErrorDetail("timeout", "Lost.", done=tuple(done), uncertain=tuple(LOST), is_uncertain=True)

    def ask(block, given):
        start, page = int(given.get("resume", 0)), HARBOUR.block(block).page
        entries = [name if name is None else {"boat": {"name": name}} for name in queue]
        output = {page.names["items"]: entries[start : start + given["max_items"]], page.names["total"]: total}
        for step in reversed(page.at):
            output = {step: output}
        return Result(block, output, listing=HARBOUR.block(block).listing)

    told = settle_doubt(BLOCK.routes[0], args, error, ask, HARBOUR)
    assert told.is_uncertain == bool(told.uncertain)
    return "uncertain" if told.uncertain else "done" if tuple(LOST) == told.done[len(done) :] else "not done"


@pytest.mark.each(
    ("queue", "done", "expected"),
    [
        (["Svan", *BEFORE, *LOST], BEFORE, True),
        (["Svan", "Anka", *BEFORE], BEFORE, False),
        (BEFORE, BEFORE, False),
        (["Svan", "Anka"], [], False),
        # Nobody knows whether they were there before.
        (["Svan", *LOST], [], None),
        ([*LOST, *LOST], LOST, None),
        # Somebody else has changed the list meanwhile.
        (["Svan", *BEFORE, *LOST, "Anka"], BEFORE, None),
        (["Svan", *BEFORE, *LOST, "Anka", "Eka"], BEFORE, None),
        (["Svan", *BEFORE, "Anka"], BEFORE, None),
        (["Svan", *LOST, "Anka"], [], None),
        (["Alk", *LOST], BEFORE, None),
        (["Sule"], [], None),
        (["Anka"], [], False),
        ([], [], False),
        ([], BEFORE, None),
        # What has no name may be any of them.
        (["Svan", *BEFORE, None, "Sule"], BEFORE, None),
        (["Svan", *BEFORE, None, None], BEFORE, None),
    ],
)
def test_the_end_of_a_list_tells(queue, done, expected):
    assert settle(queue, len(queue), done, {}) == TOLD[expected]


@pytest.mark.each("total", [None, "4", True, -5, 10**400, 1e308, [], {}])
def test_a_list_that_does_not_say_how_long_it_is_tells_nothing(total):
    assert settle([*BEFORE, *LOST], total, BEFORE, {}) == "uncertain"


@pytest.mark.each(
    ("queue", "expected"),
    [
        (["Svan", *BEFORE, *LOST, "Anka"], True),
        (["Svan", *BEFORE, "Anka"], False),
        (["Svan", *BEFORE], False),
        (["Svan", "Eka", *BEFORE, *LOST], None),
        (["Svan", "Eka", "Anka", "Tejst", "Grissla"], None),
        (["Svan", *BEFORE, None, None], None),
    ],
)
def test_a_place_inside_a_list_tells(queue, expected):
    assert settle(queue, len(queue), BEFORE, {"place": 1}) == TOLD[expected]

"""Who may not call a block is said in the same words everywhere."""

from dataclasses import replace

import pytest

from connector.manifest.closed_blocks import describe_closing, describe_quota, tell_closed

EARLY, LATE = "2024-11-27", "2026-03-09"


@pytest.fixture
def build(manifest):
    """A block with a route for each mapping of modes to dates."""
    block = manifest.block("getRecommendations")

    def run(*closed):
        return replace(block, instead="Ask a friend.", routes=tuple(replace(block.routes[0], closed=c) for c in closed))

    return run


@pytest.mark.parametrize(
    ("routes", "closed"),
    [
        ([{"development": EARLY}], {"development": EARLY}),
        ([{"development": EARLY}, {"development": LATE}], {"development": LATE}),
        ([{"development": EARLY}, {}], {}),
        ([{"development": EARLY}, {"extended": EARLY}], {}),
        ([{}], {}),
    ],
)
def test_a_block_is_closed_from_the_day_on_which_the_last_of_its_routes_was(build, routes, closed):
    assert build(*routes).closed == closed


def test_it_is_told_for_whom_a_block_is_closed_where_it_works_and_what_does_the_job_instead(build):
    assert tell_closed(build({"development": EARLY})) == [
        f"Closed to apps in development mode since {EARLY}.",
        "It works in extended mode.",
        "Instead: Ask a friend.",
    ]


def test_what_is_closed_to_all_works_nowhere(build):
    told = tell_closed(build({"development": EARLY, "extended": LATE}))
    assert told[0] == f"Closed to apps in development mode since {EARLY} and in extended mode since {LATE}."
    assert told[1:] == ["Instead: Ask a friend."]


def test_of_a_block_with_an_open_route_only_a_route_that_was_tried_is_told(build):
    block = build({"development": EARLY}, {})
    assert tell_closed(block) == []
    assert tell_closed(block, block.routes[0].closed)[0] == f"Closed to apps in development mode since {EARLY}."
    assert describe_closing({}) == ""


def test_programs_read_a_word_and_a_date(build):
    assert describe_quota(build({"development": EARLY})) == {"development": f"closed {EARLY}", "extended": "open"}

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


@pytest.mark.parametrize(
    ("block", "told"),
    [
        ("findTrack", "one call for each row as a rule, 3 at most."),
        ("findArtist", "one call for each row."),
        ("findPlaylist", "the calls that reading the whole list takes, however many are looked for."),
        ("exportPlaylist", "a call per 50 entries that it reads."),
        ("addMissingItems", "a call per 50 entries that it reads and one per 100 that come; with “Only plan” it"),
        (
            "mirrorPlaylist",
            "a call per 50 entries that it reads, one per 100 that come or go and one for each stretch that",
        ),
        (
            "importPlaylist",
            "and one or more for each row without an address; with “Only plan” it tells them first.",
        ),
        ("collectByPeriod", "it reads, one per 100 that come and one for each list that is made; with “Only plan”"),
        ("copyLibrary", "it reads, one per 40 to 100 that come and one for each list that is made; with “Only plan”"),
        (
            "newReleasesToPlaylist",
            "a call for each of the followed artists, times the kinds, one for each of the releases",
        ),
        (
            "latestEpisodesToPlaylist",
            "a call for each of the saved podcasts, a call per 50 entries that the target holds",
        ),
        ("queueItems", "a call for each that is queued and those that reading what is queued takes;"),
        ("playOn", "one for each second of waiting and one for each step of a fade, 50 at most;"),
        ("addCurrentTrack", "two or three calls and those that reading a target takes;"),
    ],
)
def test_what_is_made_of_blocks_tells_what_it_reads_and_writes(block, told):
    """Each procedure has words of its own, with the sizes of its lists."""
    found = Manifest.load().block(block)
    (cost,) = tell_cost(found, lambda name: f"“{found.fields[name].title}”")
    assert told in cost

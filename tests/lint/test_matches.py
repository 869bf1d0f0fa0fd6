"""What is wrong with blocks that find things by what they are called is found before anyone runs them."""

import copy
from functools import reduce
from pathlib import Path

import pytest

from connector.lint.procedures import check_procedure
from connector.manifest.manifest import Manifest

ROOT = Path(__file__).parents[2]
SOUND = Manifest.load().data
PROCEDURE = ("blocks", "findTrack", "procedure")


@pytest.mark.parametrize(
    ("place", "value", "where", "message"),
    [
        (("blocks",), {"seek": "searchTracks"}, ("blocks",), "needs a block as search, or else as list"),
        (("blocks", "list"), "getUserPlaylists", ("blocks",), "needs a block as search, or else as list"),
        (("with", "asks"), [], ("with",), "asks say what a search is asked"),
        (("with", "asks", 1, "song"), "title", ("with", "asks", 1), "song is no field of searchTracks"),
        (("with", "asks", 1, "track"), "name", ("with", "asks", 1), "name is none of isrc, artist, title, words"),
        (("with", "entry", "key"), None, ("with",), "entry doesn't say what the key of an entry is"),
        (("with", "entry", "length"), "duration_ms", ("with", "entry", "length"), "length is none of key, title"),
        (("with", "entry", "artists"), "artists[", ("with", "entry", "artists"), "is no JMESPath expression"),
    ],
)
def test_a_match_says_how_it_asks_and_what_it_reads(place, value, where, message):
    data = copy.deepcopy({**SOUND})
    *steps, last = (*PROCEDURE, *place)
    at = reduce(lambda found, step: found[step], steps, data)
    if value is None:
        del at[last]
    else:
        at[last] = value
    manifest = Manifest(data, ROOT)
    found = list(check_procedure(manifest, manifest.block("findTrack"), PROCEDURE[:2]))
    assert [message in text for spot, text in found if spot == (*PROCEDURE, *where)] == [True], found

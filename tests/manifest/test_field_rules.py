"""Which fields exclude or need one another is told before anything is given."""

import pytest

from connector.export.openapi import build_openapi
from connector.manifest.field_rules import tell_rules
from connector.manifest.manifest import Manifest
from connector.runners.mcp_server.tools import describe


@pytest.mark.parametrize(
    ("block", "told"),
    [
        ("getTrack", []),
        ("getRecentlyPlayed", ["Give at most one of after or before."]),
        (
            "startPlayback",
            ["Give one of context_uri or uris.", "Give no more than 1 of offset_position and offset_uri."],
        ),
        (
            "findTrack",
            ["Give one of text, or some of title, artist, album, duration and isrc, or rows."],
        ),
        ("updatePlaylist", ["Give at least 1 of name, description, public and collaborative."]),
        (
            "getRecommendations",
            ["Give at least 1 of seed_artists, seed_genres and seed_tracks, and no more than 5 values in all of them."],
        ),
    ],
)
def test_each_kind_of_rule_is_told(manifest, block, told):
    assert tell_rules(manifest.block(block)) == told


def test_documents_tell_it():
    manifest = Manifest.load()
    text = "Give one of context_uri or uris."
    assert text in describe(manifest.block("startPlayback"))
    assert text in str(build_openapi(manifest)["paths"])

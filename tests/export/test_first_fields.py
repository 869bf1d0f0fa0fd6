"""Which fields a form shows at once: what must be given, and what some must be given of."""

import pytest

from connector.export.first_fields import find_first_fields


@pytest.mark.parametrize(
    ("block", "first"),
    [
        ("getCategory", {"access_token", "id"}),
        ("getRecommendations", {"access_token", "seed_artists", "seed_genres", "seed_tracks"}),
        ("startPlayback", {"access_token", "context_uri", "uris"}),
        ("getRecentlyPlayed", {"access_token"}),
        ("playOn", {"access_token", "device", "source", "uris"}),
    ],
)
def test_what_must_be_given_comes_first(manifest, block, first):
    assert find_first_fields(manifest.block(block)) == first

"""The document that a marketplace reads, in the specification's own spelling."""

import pytest

from connector.manifest import Manifest
from connector.manifest.documents import build_metadata


@pytest.fixture(scope="module")
def args(manifest):
    """Arguments in the document, by block and name."""
    return {(block["name"], arg["name"]): arg for block in build_metadata(manifest)["blocks"] for arg in block["args"]}


def test_a_select_lists_its_options(args):
    assert args["getUserTopTracks", "time_range"]["options"] == ["long_term", "medium_term", "short_term"]


def test_nothing_else_has_options(args):
    assert {arg["type"] for arg in args.values() if "options" in arg} == {"Select"}


def test_a_date_is_spelt_as_a_block_s_fields_spell_it(args):
    assert args["getFeaturedPlaylists", "timestamp"]["type"] == "DatePicker"


@pytest.mark.parametrize(
    ("repo", "home"), [("https://git.harbour.example/x", "https://git.harbour.example/x"), ("", "https://spotify.com")]
)
def test_the_repository_is_named_or_else_where_people_read_more(manifest, repo, home):
    package = {**manifest.package, "repo": repo}
    assert build_metadata(Manifest({**manifest.data, "package": package}, manifest.folder))["repo"] == home

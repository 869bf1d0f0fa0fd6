"""What the shell offers, asked the way a shell asks."""

import pytest


@pytest.fixture
def complete(cli):
    """The offers for the last of the words, as fish would get them."""

    def ask(*words):
        done = cli(
            _BLOCKS_TOOL_COMPLETE="complete_fish",
            _TYPER_COMPLETE_FISH_ACTION="get-args",
            _TYPER_COMPLETE_ARGS=" ".join(("blocks-tool", *words)),
        )
        assert done.stderr == ""
        return [line.partition("\t")[0] for line in done.stdout.splitlines() if line]

    return ask


@pytest.mark.parametrize(
    ("words", "offers"),
    [
        (("describe", "getNew"), ["getNewReleases"]),
        (("run", "saveAl"), ["saveAlbumForUser", "saveAlbum"]),
        (("record", "getNewReleases", "getCategory"), ["getCategoryPlaylists", "getCategory"]),
        (("blocks", "--group", "Sign"), ["Sign-in"]),
        (("run", "getNewReleases", "co"), ["country="]),
        (("run", "getNewReleases", "country=SE", "co"), []),
        (("run", "saveAlbum", "i"), ["id="]),
        (("run", "noSuchBlock", "i"), []),
        (("run", "getUserTopTracks", "time_range=s"), ["time_range=short_term"]),
        (("run", "getUserTopTracks", "nothing=s"), []),
        (("run", "getUserTopTracks", "--server", "a"), ["api=", "accounts="]),
        (("--manifest", "/no/such/manifest.yaml", "run", "get"), []),
        (("--manifest", "/no/such/manifest.yaml", "run", "getX", "i"), []),
        (("--manifest", "/no/such/manifest.yaml", "blocks", "--group", "S"), []),
        (("--manifest", "/no/such/manifest.yaml", "run", "getX", "--server", "a"), []),
    ],
    ids=" ".join,
)
def test_offers(complete, words, offers):
    assert complete(*words) == offers


def test_every_block_is_offered(complete, manifest):
    offered = complete("run", "")
    assert [name for name in manifest.names if name not in offered] == []

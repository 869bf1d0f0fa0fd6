"""Screens as a person sees them at 40, 80 and 120 columns, compared with those in `tests/cli/screens`.

`make screens` writes them anew: look at what has changed before you commit it.
"""

import os
from pathlib import Path

import pytest

KEPT = Path(__file__).with_name("screens")
WIDTHS = (40, 80, 120)
OWN = "3cEYpjA9oz9GiPac4AsH4n"
SCREENS = {
    "help": ["--help"],
    "run-help": ["run", "--help"],
    "login-help": ["login", "--help"],
    "blocks": ["blocks", "--group", "Personal"],
    "describe-write": ["describe", "createPlaylist"],
    "describe-list": ["describe", "getUserTopTracks"],
    "triggers": ["triggers"],
    "describe-trigger": ["describe", "newPlaylistItem"],
    "table": ["run", "searchAlbums", "artist=Ferry", "max_items=3", "--sandbox", "--table"],
    "one-thing": ["run", "getArtist", "id=0TnOYISbd1XYRBk9myaseg", "--sandbox", "--table"],
    "plan": ["run", "keepLastItems", f"source={OWN}", f"target={OWN}", "count=60", "--dry-run", "--sandbox", "--table"],
    "periods": ["run", "collectByPeriod", "name={year}-{month}", "--sandbox", "--table"],
    "import": [
        "run",
        "importPlaylist",
        "file=spotify:track:7ouMYWpwJ422jRcDASZB7P\nno such thing",
        "target=New",
        "--sandbox",
        "--table",
    ],
    "fields-need-attention": ["run", "getUserTopTracks", "limit=3", "time_range=ever"],
    "wrong-usage": ["run"],
    "no-such-block": ["describe", "getNewReleasez"],
    "no-connection": ["connections"],
}


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_is_as_it_was(cli, name):
    shown = ""
    for width in WIDTHS:
        done = cli(*SCREENS[name], COLUMNS=str(width), CONNECTOR_STORE="file:/no/such/folder")
        lines = [line.rstrip() for line in (done.stdout + done.stderr).splitlines()]
        shown += f"{f' {width} ':=^{width}}\n" + "\n".join(lines) + "\n"
    file = KEPT / f"{name}.txt"
    if os.environ.get("WRITE_SCREENS"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(shown, "utf-8")
    assert file.read_text("utf-8") == shown, "look at it, then `make screens`"


def test_no_screen_is_kept_that_nobody_draws():
    assert sorted(file.stem for file in KEPT.iterdir()) == sorted(SCREENS)

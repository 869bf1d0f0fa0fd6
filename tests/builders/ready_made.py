"""What makers have blocks of blocks do for them, told once for all builders: a workflow of each kind, one after the
other, what each is given, what of it comes from a step before, and what must be so afterwards.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from workflow_stories import Scene

#: As a spreadsheet writes it: with a byte order mark, and semicolons.
SONGS: Final = (
    "\ufeffArtist;Title\r\nRestless Compass;Every Garden\r\nrestless compass;every anchor\r\nNobody;No such song\r\n"
)
#: What a maker should know of the first import.
WARNINGS: Final = ("1 of 3 was not found", "1 of 3 rows were left out; they are in the file that came back")
IN_ORDER: Final = ["Every Anchor", "Every Garden", "Every River"]
OLD: Final = "Old ones"


@dataclass(frozen=True, slots=True)
class Given:
    """What a step gave, at a path in it such as `"target.id"`."""

    step: str
    path: str


@dataclass(frozen=True, slots=True)
class Corrected:
    """The text that a step gave at a path in it, with `wrong` in it put right."""

    step: str
    path: str
    wrong: str
    right: str


@dataclass(frozen=True, slots=True)
class FileBefore:
    """The file that the node before has read."""


@dataclass(frozen=True, slots=True)
class Step:
    """A node of the workflow, called `name`: the `block` and what its form holds."""

    name: str
    block: str
    args: Mapping[str, Any]


STEPS: Final = (
    Step("import", "importPlaylist", {"file": FileBefore(), "target": "From a file"}),
    Step(
        "import again",
        "importPlaylist",
        {
            "file": Corrected("import", "not_imported.text", "Nobody;No such song", "Restless Compass;Every River"),
            "target": Given("import", "target.id"),
        },
    ),
    Step("plan", "sortPlaylist", {"playlist": "From a file", "by": "title", "dry_run": True}),
    Step("sort", "sortPlaylist", {"playlist": "From a file", "by": "title"}),
    Step(
        "find", "findTrack", {"rows": [{"artist": "Tide & Marble", "title": "Lantern, Arcade"}, {"text": "Qqq - Zzz"}]}
    ),
    Step("mirror", "mirrorPlaylist", {"source": "From a file", "target": "Evening"}),
    Step("add", "addMissingItems", {"uris": Given("find", "uris"), "target": "Evening"}),
    Step("collect", "collectByPeriod", {"every": "year", "name": "Liked in {year}", "since": "2026-01-01"}),
    Step("gather", "latestEpisodesToPlaylist", {"target": "News", "since": "2025-05-20"}),
    Step("copy", "copyLibrary", {"source": "old-account", "what": ["playlists"]}),
    Step("play", "playOn", {"device": "Kitchen", "uris": Given("find", "uris"), "volume": 30}),
    Step("export", "exportPlaylist", {"playlist": Given("mirror", "target.id")}),
)


def arrange(scene: Scene, old: Any) -> None:
    """Sets the stage: the songs in a file, one of them liked today, and a playlist of the account that `old(block,
    **args)` calls for."""
    (scene.folder / "songs.csv").write_text(SONGS, "utf-8")
    scene.sandbox.control.seed(saved_tracks=0)
    scene.listener("saveToLibrary", uris=scene.tracks(1))
    made = old("createPlaylist", name=OLD)
    old("addItemsToPlaylist", playlist_id=made["id"], uris=scene.tracks(3))


def judge(scene: Scene, told: Mapping[str, Any], did: Mapping[str, str | None]) -> None:
    """Asserts that all of it is done, as each step `told` and in words `did`."""
    assert [row["outcome"] for row in told["import"]["rows"]] == ["added", "added", "left out"]
    assert told["import"]["not_imported"]["name"] == "From a file left out.csv"
    assert (did["import"], did["import again"]) == ("2 added; 0 kept", "1 added; 2 kept")
    assert (did["plan"], did["sort"]) == ("Would be: 1 moved; 3 kept", "1 moved; 3 kept")
    assert told["plan"]["moved"] == told["sort"]["moved"]
    [found] = told["find"]["uris"]
    listed = uris_named(scene, "From a file")
    assert [name_of(scene, uri) for uri in listed] == IN_ORDER
    assert uris_named(scene, "Evening") == [*listed, found]
    assert did["mirror"] == "3 added; 0 kept"
    [period] = told["collect"]["periods"]
    assert uris_named(scene, period["target"]["name"]) == scene.tracks(1)
    news = [entry["uri"] for entry in told["gather"]["added"]]
    assert news
    assert uris_named(scene, "News") == news
    # They had one at the start.
    assert (uris_named(scene, OLD), did["copy"]) == (scene.tracks(3), "2 lists copied")
    state = scene.listener("getPlaybackState")
    assert (state["item"]["uri"], state["device"]["name"], state["device"]["volume_percent"]) == (found, "Kitchen", 30)
    assert did["play"] == "Playing on Kitchen at 30 %"
    assert did["export"] == "Exported 4 rows"
    assert read_uris((scene.folder / "Evening.csv").read_text("utf-8")) == [*listed, found]


def uris_named(scene: Scene, name: str) -> list[str]:
    """What is on the listener's one playlist of that name."""
    [playlist] = scene.named(name)
    return scene.uris_on(playlist["id"])


def name_of(scene: Scene, uri: str) -> str:
    name: str = scene.listener("getTrack", id=uri)["name"]
    return name


def read_uris(text: str) -> list[str]:
    """The tracks in a table that was exported."""
    return [row["Track URI"] for row in csv.DictReader(io.StringIO(text, newline=""))]

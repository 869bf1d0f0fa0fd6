"""What type checkers know of the packaged manifest's blocks."""

import re

from mypy import api

from connector.export.python_types import STUB, build_types

SCRIPT = """\
from connector import Connector, Result
from connector.manifest.manifest import Manifest

def use(names: list[str]) -> None:
    spotify = Connector.load(connection="alice")
    result: Result = spotify.invoke("getNewReleases", {"country": "SE"}, deadline=3)
    spotify.invoke("saveAlbum")
    given = {"country": "SE"}
    spotify.invoke("getNewReleases", given)
    spotify.invoke("getNewReleasez")  # wrong
    spotify.stream("getNewReleasez")  # wrong
    if result.error is not None and result.error.kind == "rate_limitd":  # wrong
        return
    with Connector.load() as inner:
        inner.invoke("getNewReleasez")  # wrong
    seen = spotify.poll("newSavedTrack", {"also_last": 3})
    spotify.poll("newSavedTrack", state=seen.state, deadline=3)
    spotify.poll("newSavedTrak", {"also_last": 3}, seen.state)  # wrong
    for event in spotify.watch("newPlaylistItem", {"playlist_id": "p"}, store="state.json"):
        print(event.brief)
    spotify.watch("getNewReleases")  # wrong
    any_names: Connector = Connector.load()
    for name in names:
        any_names.invoke(name)
        any_names.poll(name)
    Connector.load("other.yaml").invoke("whatever")
    Connector(Manifest.load()).invoke("whatever")
"""


def test_the_stub_is_the_manifest_s(manifest):
    assert STUB.read_text("utf-8") == build_types(manifest), "run `make types`"


def test_a_block_that_is_none_is_an_error_and_other_manifests_have_others(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, "utf-8")
    told, problem, _ = api.run(["--strict", str(script)])
    wrong = [number for number, line in enumerate(SCRIPT.splitlines(), start=1) if line.endswith("# wrong")]
    assert problem == ""
    assert [
        int(number)
        for number in re.findall(r"script\.py:(\d+): error: N[a-z]*(?: overload variant|-overlapping)", told)
    ] == wrong
    assert f"Found {len(wrong)} errors in 1 file" in told

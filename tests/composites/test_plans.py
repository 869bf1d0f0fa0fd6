"""What is about to be written is told before it is, for no calls more, and may be turned down."""

import pytest

from connector.composites import filling

OWN = "3cEYpjA9oz9GiPac4AsH4n"
BLOCKS = {
    "mirrorPlaylist": {"source": "Short", "target": "Long"},
    "copyPlaylist": {"source": "Long", "target": "New"},
    "sortPlaylist": {"playlist": "Long", "by": "title", "how": "replace"},
    "importPlaylist": {"file": "spotify:track:7ouMYWpwJ422jRcDASZB7P\nno such thing", "target": "Short"},
    "collectByPeriod": {"source": "saved", "every": "year"},
    "newReleasesToPlaylist": {"target": "New", "since": "2019-01-01"},
    "queueItems": {"source": "Short"},
    "playOn": {"device": "laptop", "volume": 3},
    "addCurrentTrack": {"target": "Short"},
}


@pytest.fixture
def ask(connector, sandbox, make, tracks):
    make("Long", [*tracks[:6], tracks[0]])
    make("Short", tracks[4:8])

    def invoke(block, on_plan=None, **args):
        return connector.invoke(block, {"access_token": sandbox.demo_args["access_token"], **args}, on_plan=on_plan)

    ask = invoke
    ask("startPlayback", uris=tracks[20:22]).unwrap()
    return ask


@pytest.mark.parametrize("block", BLOCKS)
def test_a_plan_is_what_a_dry_run_tells_and_takes_no_calls(ask, count, block):
    count()
    dry = ask(block, **BLOCKS[block], dry_run=True)
    reads, _ = count()
    seen = []

    def look(plan):
        seen.append((plan.output, plan.meta.did, plan.meta.warnings, count()))
        return False

    error = ask(block, look, **BLOCKS[block]).error
    assert seen == [(dry.output, dry.meta.did, dry.meta.warnings, (reads, 0))]
    assert (error.kind, error.done, count()) == ("cancelled", (), (0, 0))
    assert "nothing was written" in error.message
    done = ask(block, lambda _: True, **BLOCKS[block])
    assert done.output["calls"]["write"] == count()[1] == dry.output["calls"]["write"]
    assert done.meta.warnings == dry.meta.warnings


def test_where_nothing_is_to_be_written_nobody_is_asked(ask):
    ask("dedupePlaylist", playlist="Long").unwrap()
    asked = []
    ask("dedupePlaylist", asked.append, playlist="Long").unwrap()
    assert asked == []


def test_what_others_change_while_somebody_thinks_is_told_too(ask, monkeypatch, tracks, read):
    monkeypatch.setattr(filling, "_FRESH_S", 0.0)
    [target] = [each["id"] for each in ask("getUserPlaylists").entries if each["name"] == "Long"]
    removed = []

    def think(plan):
        removed.append([entry["uri"] for entry in plan.output["removed"]])
        if len(removed) == 1:
            ask("addItemsToPlaylist", playlist_id=target, uris=tracks[30:31]).unwrap()
        return True

    ask("mirrorPlaylist", think, source="Short", target="Long").unwrap()
    assert removed == [[*tracks[:4], tracks[0]], [*tracks[:4], tracks[0], tracks[30]]]
    assert read(target) == tracks[4:8]

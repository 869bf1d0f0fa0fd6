"""Node-RED reaches the runner through a real nginx, with the configurations that docs/reverse-proxies.md shows."""

from __future__ import annotations

import pytest
from runners.nginx import standing_before


@pytest.mark.parametrize("name", ["own host", "base path", "Host rewritten"])
def test_blocks_run_and_the_runner_is_found_good(node_red, stage, deploy, tmp_path, name):
    stage.sandbox.control.seed({"saved_tracks": 120})
    with standing_before(tmp_path, name, stage.runner_url) as url:
        read = stage.build_node("getUserSavedTracks", {}, result="array")
        write = stage.build_node("removeSavedTrack", {"id": ["4iV5W9uYEdYUVa79Axb7Rh"]})
        deploy({"read": read, "write": write}, stage.build_runner(url=url))
        entries, done = node_red.run("read"), node_red.run("write")
        asked = {"id": "runner", "url": url}
        told = node_red.post(f"{stage.palette['runner']['type']}/check", asked).json()
    assert (entries.status_code, len(entries.json())) == (200, 120)
    assert (done.status_code, done.json()) == (200, {})
    assert told["ok"], told

"""n8n reaches the runner through a real nginx, with the configurations that docs/reverse-proxies.md shows."""

from __future__ import annotations

import pytest
from builders.n8n_workflows import build_chain
from runners.nginx import standing_before

API_KEY = "a-key-of-the-tests"


@pytest.mark.parametrize("name", ["own host", "base path", "Host rewritten"])
def test_blocks_run_and_the_credential_is_found_good(n8n, workbench, stage, credential, manifest, tmp_path, name):
    stage.reset(saved_tracks=120)
    with standing_before(tmp_path, name, stage.runner_url) as url:
        data = {"url": url, "apiKey": API_KEY, "connection": "demo"}
        made = n8n.rest("POST", "/credentials", {"name": url, "type": credential["type"], "data": data})
        nodes = [
            workbench.build_node(manifest.block(block), args)
            for block, args in {
                "removeSavedTrack": {"id": ["4iV5W9uYEdYUVa79Axb7Rh"]},
                "getUserSavedTracks": {},
            }.items()
        ]
        for node in nodes:
            node["credentials"] = {credential["type"]: {"id": made["id"], "name": url}}
        runs = n8n.run(build_chain(f"Behind nginx: {name}", nodes))
        tested = n8n.rest("POST", "/credentials/test", {"credentials": {**made, "data": data}})
    assert [item["json"] for item in runs["removeSavedTrack"][0]["data"]["main"][0]] == [
        {"success": True, "did": "Removed 1 track"}
    ]
    assert len(runs["getUserSavedTracks"][0]["data"]["main"][0]) == 119
    assert tested["status"] == "OK", tested

"""What a terminal is told while a call is under way."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from patience import wait_until

from connector import Connector, Meta
from connector.cli.progress import tell_progress


@pytest.mark.parametrize(
    ("meta", "told"),
    [
        (Meta(), "Waiting for the answer …"),
        (Meta(pages=3, came=150, total=600), "150 of 600 …"),
        (Meta(pages=1, came=20), "20 entries in 1 page so far …"),
        (Meta(pages=1), "Waiting for the answer …"),
        (Meta(pages=9, step="writing call 3 of 50"), "Writing call 3 of 50 …"),
        (
            Meta(step="matching 40 of 200 rows", parts=[Meta(), Meta(parts=[Meta(waits_until=112.0)])]),
            "Matching 40 of 200 rows. Next call in 12 s (rate limit, or trouble at the service) …",
        ),
        (Meta(waits_until=112.0), "Next call in 12 s (rate limit, or trouble at the service) …"),
        (
            Meta(pages=3, came=150, total=600, waits_until=112.0),
            "150 of 600. Next call in 12 s (rate limit, or trouble at the service) …",
        ),
        (Meta(pages=3, came=150, total=600, waits_until=99.0), "150 of 600 …"),
    ],
)
def test_how_far_it_is(meta, told):
    assert tell_progress(meta, 100.0) == told


def test_how_much_came_of_how_much(server):
    pages = [[{"track": {"name": name}}] * 50 for name in "ab"]
    server.queue = [(200, {}, {"items": page, "next": "more", "total": 170, "limit": 50}) for page in pages]
    seen = []
    with Connector.load(servers={"api": server.url}, concurrency=1) as connector:
        connector.invoke(
            "getUserSavedTracks",
            {"access_token": "abc", "max_items": 90},
            on_progress=lambda meta: seen.append((meta.came, meta.total)),
        )
    assert seen == [(50, 90), (90, 90)]


def test_how_many_values_of_a_list_are_done(server):
    server.queue = [(200, {}, b"")] * 3
    seen = []
    with Connector.load(servers={"api": server.url}) as connector:
        connector.invoke(
            "saveTrack",
            {"access_token": "abc", "id": [f"{number:022}" for number in range(95)]},
            on_progress=lambda meta: seen.append((meta.came, meta.total)),
        )
    assert seen == [(40, 95), (80, 95), (95, 95)]


def test_a_wait_is_told_while_it_lasts(server):
    meta = Meta()
    server.queue = [(429, {"Retry-After": "1"}, {}), (200, {}, {"id": "x"})]
    with Connector.load(servers={"api": server.url}) as connector, ThreadPoolExecutor() as pool:
        call = pool.submit(connector.invoke, "getCurrentUserProfile", {"access_token": "abc"}, meta=meta)
        wait_until(lambda: meta.waits_until is not None)
        assert call.result().ok
    assert meta.waits_until is None


STEPS = {
    "mirrorSavedTracks": (
        {"target": "All my likes"},
        ["reading saved tracks: 50 of 120", "reading saved tracks: 120 of 120", "writing call 1 of 3"],
    ),
    "newReleasesToPlaylist": (
        {"target": "New", "since": "2019-01-01"},
        ["reading followed artists: 50 of 70", "reading 140 of 140 lists of releases", "reading 56 of 56 releases"],
    ),
    "importPlaylist": ({"file": "one\ntwo\nthree", "target": "New"}, ["matching 1 of 3 rows", "matching 3 of 3 rows"]),
}


@pytest.mark.parametrize("block", STEPS)
def test_which_step_a_block_of_blocks_is_at(block):
    from connector.sandbox import Sandbox

    args, wanted = STEPS[block]
    seen, meta = [], Meta()
    with Sandbox() as sandbox, Connector.load(servers=sandbox.servers) as connector:
        given = {"access_token": sandbox.demo_args["access_token"], **args}
        connector.invoke(
            block, given, on_progress=lambda meta: seen.append(meta.step), on_plan=lambda _: True, meta=meta
        ).unwrap()
    assert [step for step in dict.fromkeys(seen) if step in wanted] == wanted
    assert (meta.step, meta.parts) == (None, [])

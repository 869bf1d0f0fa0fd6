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

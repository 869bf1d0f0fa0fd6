"""One connector, many threads: every one gets its own answer."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from connector import Connector, InvocationFailed
from connector.sandbox import Sandbox

THREADS = 16


def test_threads_share_a_connector():
    with Sandbox() as sandbox, Connector.load(servers=sandbox.servers) as connector:
        token = sandbox.demo_args["access_token"]
        ids = sandbox.control.ids("artist", THREADS)

        def follow_and_check(artist):
            args = {"access_token": token, "id": artist}
            for block in ("followArtist", "checkFollowArtist", "unfollowArtist"):
                result = connector.invoke(block, args)
                assert result.error is None
                if block == "checkFollowArtist":
                    assert result.output == [True]
            return connector.invoke("checkFollowArtist", args).output

        with ThreadPoolExecutor(THREADS) as pool:
            assert list(pool.map(follow_and_check, ids)) == [[False]] * THREADS


def test_an_error_of_a_stream_names_its_block_too():
    nowhere = {"api": "http://127.0.0.1:9", "accounts": "http://127.0.0.1:9"}
    with (
        Connector.load(servers=nowhere) as connector,
        pytest.raises(InvocationFailed, match=r"^getUserSavedTracks: http://127\.0\.0\.1:9: ") as failure,
    ):
        list(connector.stream("getUserSavedTracks", {"access_token": "fake"}))
    assert failure.value.error.kind == "network"

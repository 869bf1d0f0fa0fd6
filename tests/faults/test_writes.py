"""A write that failed says what is known of its effect: done, not done, or nobody can tell."""

import socket

import pytest

from connector import Connector
from connector.auth import Connection
from connector.auth.stores.memory_store import MemoryStore

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
IDS = [f"{position:022}" for position in range(50)]


def answer(status, content=b"{}"):
    said = b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s" % (status, len(content), content)
    return lambda peer: peer.say(said)


FINE = answer(b"200 OK")
FORBIDDEN = answer(b"403 Forbidden", b'{"error": {"status": 403, "message": "Insufficient client scope"}}')
FAILED = answer(b"500 Internal Server Error")
REFUSED = answer(b"429 Too Many Requests\r\nRetry-After: 100")
EXPIRED = answer(b"401 Unauthorized", b'{"error": {"status": 401, "message": "The access token expired"}}')
RENEWED = answer(b"200 OK", b'{"access_token": "an0ther", "token_type": "Bearer", "expires_in": 3600}')
REVOKED = answer(b"400 Bad Request", b'{"error": "invalid_grant"}')
MISFIT = answer(b"400 Bad Request", b'{"error": {"status": 400, "message": "Invalid uri"}}')


def lose(peer):
    peer.reset()


@pytest.fixture
def save(make_raw, manifest):
    """Saves `count` tracks, or does what `block` does, at a server that answers by `plays`; with a token of its own, or
    with a connection whose token can be renewed."""

    def run(*plays, count=1, block="saveTrack", is_signed_in=False, is_renewed_first=False):
        server = make_raw(*plays)
        alice = Connection(
            "alice", "client", "key", access_token=None if is_renewed_first else "s3cret", refresh_token="r3fresh"
        )
        servers = dict.fromkeys(manifest.servers, server.url)
        with Connector(manifest, servers=servers, store=MemoryStore([alice]), timeout=5) as connector:
            who = {} if is_signed_in else {"access_token": "s3cret"}
            ids = IDS[:count] if manifest.block(block).fields["id"].is_list else IDS[0]
            return connector.invoke(block, {**who, "id": ids}, connection="alice" if is_signed_in else None)

    return run


@pytest.fixture
def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@pytest.mark.parametrize(
    ("plays", "kind", "is_uncertain"),
    [
        pytest.param([FORBIDDEN], "forbidden", False, id="refused"),
        pytest.param([REFUSED], "rate_limited", False, id="not let in"),
        pytest.param([FAILED], "server_error", True, id="failed"),
        pytest.param([lose], "network", True, id="lost"),
        pytest.param([answer(b"200 OK", b"<html>")], "bad_answer", True, id="not understood"),
        pytest.param([FAILED, FORBIDDEN], "forbidden", True, id="failed, then refused"),
        pytest.param([lose, FORBIDDEN], "forbidden", True, id="lost, then refused"),
        pytest.param([lose, REFUSED], "rate_limited", True, id="lost, then not let in"),
    ],
)
def test_an_error_says_whether_a_write_may_have_taken_effect(save, plays, kind, is_uncertain):
    error = save(*plays).error
    assert (error.kind, error.is_uncertain) == (kind, is_uncertain)


@pytest.mark.parametrize(
    ("plays", "kind", "is_uncertain"),
    [
        pytest.param([FINE, FORBIDDEN], "forbidden", False, id="refused"),
        pytest.param([FINE, lose], "network", True, id="lost"),
        pytest.param([FINE, lose, FORBIDDEN], "forbidden", True, id="lost, then refused"),
    ],
)
def test_the_ids_of_a_request_that_may_have_taken_effect_are_uncertain(save, plays, kind, is_uncertain):
    error = save(*plays, count=50).error
    assert (error.kind, error.done) == (kind, tuple(IDS[:40]))
    assert (error.uncertain, error.not_done) == ((tuple(IDS[40:]), ()) if is_uncertain else ((), tuple(IDS[40:])))


@pytest.mark.parametrize(
    ("plays", "uncertain"),
    [
        pytest.param([lose, FORBIDDEN], IDS[:3], id="lost, then refused"),
        pytest.param([FORBIDDEN], [], id="refused"),
    ],
)
def test_ids_that_fit_into_one_request_are_told_apart_too(save, plays, uncertain):
    error = save(*plays, count=3).error
    assert (error.done, error.not_done, error.uncertain) == ((), (), tuple(uncertain))
    assert error.message.endswith("Of 3 values 0 were done and 0 were not; for 3 it is uncertain.") == bool(uncertain)


def test_what_never_left_is_not_done(manifest, free_port):
    servers = dict.fromkeys(manifest.servers, f"http://127.0.0.1:{free_port}")
    with Connector(manifest, servers=servers, timeout=5) as connector:
        error = connector.invoke("saveTrack", {"access_token": "s3cret", "id": IDS}).error
    assert (error.kind, error.is_uncertain) == ("network", False)
    assert (error.done, error.not_done, error.uncertain) == ((), tuple(IDS), ())


@pytest.mark.parametrize(
    ("plays", "kind", "is_uncertain"),
    [
        pytest.param([EXPIRED, RENEWED, FORBIDDEN], "forbidden", False, id="expired, then refused"),
        pytest.param([EXPIRED, RENEWED, EXPIRED], "unauthorized", False, id="expired twice"),
        pytest.param([EXPIRED, REVOKED], "reauthorize", False, id="expired for good"),
        pytest.param([EXPIRED, RENEWED, lose, FORBIDDEN], "forbidden", True, id="expired, lost, then refused"),
        pytest.param([lose, EXPIRED, RENEWED, FORBIDDEN], "forbidden", True, id="lost, expired, then refused"),
        pytest.param([lose, EXPIRED, RENEWED, EXPIRED], "unauthorized", True, id="lost, then expired twice"),
        pytest.param([lose, EXPIRED, REVOKED], "reauthorize", True, id="lost, then expired for good"),
    ],
)
def test_a_renewed_token_takes_no_doubt_away(save, plays, kind, is_uncertain):
    error = save(*plays, count=2, is_signed_in=True).error
    assert (error.kind, error.is_uncertain) == (kind, is_uncertain)
    assert error.uncertain == (tuple(IDS[:2]) if is_uncertain else ())


def test_a_renewal_that_is_lost_leaves_the_write_undone(save):
    error = save(EXPIRED, lose, count=50, is_signed_in=True).error
    assert (error.kind, error.is_uncertain, error.not_done, error.uncertain) == ("network", False, tuple(IDS), ())


def test_a_token_that_can_not_be_had_leaves_the_write_undone(save):
    error = save(lose, count=50, is_signed_in=True, is_renewed_first=True).error
    assert (error.kind, error.is_uncertain, error.uncertain) == ("network", False, ())


@pytest.mark.parametrize(
    ("plays", "kind", "is_uncertain"),
    [
        pytest.param([MISFIT, REFUSED], "rate_limited", False, id="refused, then not let in"),
        pytest.param([lose, MISFIT, REFUSED], "rate_limited", True, id="lost, refused, then not let in"),
        pytest.param([lose, MISFIT, MISFIT], "bad_request", True, id="lost, then refused on both"),
        pytest.param([MISFIT, lose, MISFIT], "bad_request", True, id="refused, then lost"),
    ],
)
def test_another_way_takes_no_doubt_away(save, plays, kind, is_uncertain):
    error = save(*plays, block="followArtist").error
    assert (error.kind, error.is_uncertain) == (kind, is_uncertain)


@pytest.mark.parametrize(
    ("plays", "kind"), [([lose], "network"), ([FAILED], "server_error"), ([lose, FORBIDDEN], "forbidden")]
)
def test_a_read_that_failed_leaves_no_doubt(save, plays, kind):
    error = save(*plays, block="checkFollowArtist").error
    assert (error.kind, error.is_uncertain) == (kind, False)


@pytest.mark.parametrize("play", [FAILED, lose])
def test_a_write_that_failed_once_is_made_good(save, play):
    result = save(play, FINE)
    assert (result.ok, result.meta.requests, result.meta.retries) == (True, 2, 1)
